import { resolve } from "node:path";
import { LIMITS } from "../base/limits.ts";
import { isServerName, SERVER_NAME_RULE } from "../base/names.ts";
import { readServerUrl } from "./address.ts";
import type { Path, Report } from "./problems.ts";
import type { Resolver } from "./resolve.ts";
import type { ServerShape } from "./shape.ts";

/** How a server is reached, with everything from outside the file resolved. */
export type ServerTransport =
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Absolute. */
      readonly cwd: string;
    }
  | {
      /** `sse`: the HTTP+SSE transport of 2024-11-05. */
      readonly kind: "http" | "sse";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

/** What the upstream room needs to know of a server. */
export interface ConfiguredSpec {
  readonly name: string;
  readonly transport: ServerTransport;
  readonly isolation: "session" | "shared";
  readonly startMs: number;
  readonly callMs: number;
  /** With progress, at most this long in all; never less than `callMs`. */
  readonly callMaxMs: number;
  readonly idleMs: number;
  readonly resultBytes: number;
}

export interface ConfiguredServer {
  readonly spec: ConfiguredSpec;
  readonly pin: "off" | "warn";
  readonly trustFirst: boolean;
  readonly allowPrivateAddresses: boolean;
  /** The command line or URL as the file writes it, nothing put in from outside, for people; absent without a file. */
  readonly shown?: string;
}

interface Tools {
  readonly directory: string;
  readonly resolver: Resolver;
  readonly report: Report;
}

/** One entry of `mcpServers`; `undefined` where it is disabled, or something of it is wrong and reported. */
export const readServer = (name: string, shape: ServerShape, tools: Tools): ConfiguredServer | undefined => {
  const path: Path = ["mcpServers", name];
  if (!isServerName(name)) {
    tools.report(path, SERVER_NAME_RULE, { which: "key", nearest: possibleName(name) });
  }
  reportUnsupported(shape, path, tools.report);
  const kind = kindOf(shape, path, tools.report);
  if (kind === undefined || shape.disabled === true) {
    return undefined; // What a server needs that is not served may be missing.
  }
  const transport = kind === "stdio" ? readStdio(shape, path, tools) : readHttp(kind, shape, path, tools);
  return transport === undefined
    ? undefined
    : { spec: { name, transport, ...optionsOf(shape) }, ...pinningOf(shape), shown: shownOf(shape) };
};

/** A query may hold a key, so it is not shown. */
const shownOf = (shape: ServerShape): string =>
  shape.url === undefined
    ? [shape.command, ...(shape.args ?? [])].join(" ")
    : shape.url.replace(/[?#].*$/su, "");

const optionsOf = ({ tollgate = {} }: ServerShape): Omit<ConfiguredSpec, "name" | "transport"> => ({
  isolation: tollgate.isolation ?? "session",
  startMs: tollgate.startMs ?? LIMITS.start_ms,
  callMs: tollgate.callMs ?? LIMITS.call_ms,
  callMaxMs: Math.max(tollgate.callMaxMs ?? LIMITS.call_ms_max, tollgate.callMs ?? LIMITS.call_ms),
  idleMs: tollgate.idleMs ?? LIMITS.idle_ms,
  resultBytes: tollgate.resultBytes ?? LIMITS.result_bytes_max,
});

const pinningOf = ({ tollgate = {} }: ServerShape): Omit<ConfiguredServer, "spec"> => ({
  pin: tollgate.pin === "off" ? "off" : "warn",
  trustFirst: tollgate.trustFirst ?? true,
  allowPrivateAddresses: tollgate.allowPrivateAddresses ?? false,
});

const possibleName = (name: string): string | undefined => {
  const mended = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 32);
  return isServerName(mended) ? mended : undefined;
};

const reportUnsupported = (shape: ServerShape, path: Path, report: Report): void => {
  const refuse = (step: string, sentence: string): void => report([...path, "tollgate", step], sentence);
  if (shape.tollgate?.isolation === "shared" && !isCommand(shape)) {
    refuse(
      "isolation",
      'isolation "shared" is for servers of type stdio only: each client session has an upstream session of its own over HTTP',
    );
  }
  if (shape.tollgate?.pin === "enforce") {
    refuse("pin", 'pin "enforce" is not supported by this release yet; "warn" records changes');
  }
  if (shape.tollgate?.trustFirst === false) {
    refuse("trustFirst", "approving definitions (trustFirst false) is not supported by this release yet");
  }
};

const isCommand = ({ type, command }: ServerShape): boolean =>
  type === undefined ? command !== undefined : type === "stdio";

/** What the entry is, by `type` or by what it has; keys of the other kind mean nothing and are errors. */
const kindOf = (shape: ServerShape, path: Path, report: Report): ServerTransport["kind"] | undefined => {
  if (shape.type === undefined && shape.command === undefined && shape.url === undefined) {
    report(path, "a server has a `command` (stdio) or a `url` (http)");
    return undefined;
  }
  const kind = KIND_OF_TYPE[shape.type ?? (shape.command === undefined ? "http" : "stdio")];
  const { needed, foreign } = KINDS[kind];
  for (const key of foreign.filter((key) => shape[key] !== undefined)) {
    report([...path, key], `\`${key}\` means nothing for a server of type ${kind}`, { which: "key" });
  }
  if (shape[needed] === undefined) {
    report(path, `${needed} is missing`);
    return undefined;
  }
  return kind;
};

const KIND_OF_TYPE = {
  stdio: "stdio",
  http: "http",
  "streamable-http": "http",
  sse: "sse",
} as const satisfies Record<NonNullable<ServerShape["type"]>, ServerTransport["kind"]>;

const HAS_URL = { needed: "url", foreign: ["command", "args", "env", "cwd"] } as const;
const KINDS = {
  stdio: { needed: "command", foreign: ["url", "headers"] },
  http: HAS_URL,
  sse: HAS_URL,
} as const satisfies Record<ServerTransport["kind"], unknown>;

const readStdio = (shape: ServerShape, path: Path, tools: Tools): ServerTransport | undefined => {
  const { resolver, directory, report } = tools;
  const command = resolver.text(shape.command ?? "", [...path, "command"]);
  const args = (shape.args ?? []).map((arg, index) => resolver.argument(arg, [...path, "args", index]));
  const env = readTable(shape.env, [...path, "env"], tools);
  const cwd = resolver.text(shape.cwd ?? ".", [...path, "cwd"]);
  reportVariables(env ?? {}, [...path, "env"], report);
  if (command === undefined || cwd === undefined || env === undefined || !args.every(isDefined)) {
    return undefined;
  }
  reportNul([command, cwd, ...args, ...Object.values(env)], path, report);
  // A path is relative to the file; a bare name is looked up in PATH.
  const program = command.includes("/") ? resolve(directory, command) : command;
  return { kind: "stdio", command: program, args, env, cwd: resolve(directory, cwd) };
};

const reportNul = (texts: readonly string[], path: Path, report: Report): void => {
  if (texts.some((text) => text.includes("\0"))) {
    report(path, "a NUL character cannot be passed to a program");
  }
};

const reportVariables = (env: Readonly<Record<string, string>>, path: Path, report: Report): void => {
  for (const name of Object.keys(env)) {
    if (!/^[^=\0]+$/.test(name)) {
      report([...path, name], "this is no name for an environment variable", { which: "key" });
    }
  }
};

const isDefined = (text: string | undefined): text is string => text !== undefined;

/** Headers that the transport itself writes (RFC 9110 section 7.6.1; MCP "Transports"). */
const OWN_HEADERS = new Set([
  "accept",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "last-event-id",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const readHttp = (
  kind: "http" | "sse",
  shape: ServerShape,
  path: Path,
  tools: Tools,
): ServerTransport | undefined => {
  const text = tools.resolver.text(shape.url ?? "", [...path, "url"]);
  const headers = readTable(shape.headers, [...path, "headers"], tools);
  const url = text === undefined ? undefined : readServerUrl(text);
  if (url !== undefined && "problem" in url) {
    tools.report([...path, "url"], url.problem);
    return undefined;
  }
  reportHeaders(headers ?? {}, [...path, "headers"], tools.report);
  return url === undefined || headers === undefined ? undefined : { kind, url: url.href, headers };
};

const reportHeaders = (headers: Readonly<Record<string, string>>, path: Path, report: Report): void => {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const at = [...path, name];
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      report(at, "this is no name for a header", { which: "key" });
    } else if (OWN_HEADERS.has(lower) || lower.startsWith("mcp-")) {
      report(at, "this header is written by the gateway itself", { which: "key" });
    } else if (seen.has(lower)) {
      report(at, "this header is given twice", { which: "key" });
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      report(at, "the value holds characters that a header cannot carry");
    }
    seen.add(lower);
  }
};

/** Strings by name, secrets resolved; `undefined` where one is missing. */
const readTable = (
  table: Readonly<Record<string, string>> | undefined,
  path: Path,
  { resolver }: Tools,
): Readonly<Record<string, string>> | undefined => {
  const resolved: Record<string, string> = {};
  let whole = true;
  for (const [name, written] of Object.entries(table ?? {})) {
    const value = resolver.secret(written, [...path, name]);
    whole &&= value !== undefined;
    resolved[name] = value ?? "";
  }
  return whole ? resolved : undefined;
};
