import { systemClock } from "../base/clock.ts";
import { bareObject, isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/nearest.ts";
import { CommandFailure } from "../cli/command.ts";
import type { Scan, Where } from "../cli/ports.ts";
import type { ConfiguredServer } from "../config/servers.ts";
import type { Definitions } from "../gateway/definitions.ts";
import { Server } from "../gateway/server.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { createMasker, type Masker } from "../upstream/mask.ts";
import { openUpstream } from "../upstream/open.ts";
import { UpstreamFailure, type FailureKind, type Spoken, type Upstream } from "../upstream/port.ts";
import { LATEST_MODERN, META, type ModernMeta } from "../wire/revisions.ts";
import { configurationAt, type Found } from "./configuration.ts";
import type { From } from "./ports.ts";
import { readCommand, secretsIn } from "./scan-secrets.ts";
import { withServers } from "./with-servers.ts";

/** Starts a server of the configuration, reads its tools as the gate would, and stops it. */
export const scanServer = async (from: From, where: Where, name: string): Promise<Scan> => {
  const { loaded } = configurationAt(from, where);
  const servers = loaded?.config.servers ?? [];
  const configured = servers.find(({ spec }) => spec.name === name);
  if (loaded === undefined || configured === undefined) {
    throw new CommandFailure(unknownServer(name, loaded));
  }
  const { spec, shown = "" } = configured;
  const secrets = [...loaded.config.secrets, ...secretsIn(spec.transport)];
  return scanConfigured(from, { spec, shown: readCommand(shown.split(" ")).shown }, secrets);
};

/** The same for a command that is in no configuration. */
export const scanCommand = (
  from: From,
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  startMs: number = DEFAULT_BOUNDS.startMs,
): Promise<Scan> => {
  const { cwd } = from.terminal;
  const transport = { kind: "stdio", command, args, env: {}, cwd } as const;
  const spec = { name, transport, ...DEFAULT_BOUNDS, startMs };
  const { shown, secrets } = readCommand([command, ...args]);
  return scanConfigured(from, { spec, shown, adHoc: true }, secrets);
};

/** What a server has that nobody configured. */
const DEFAULT_BOUNDS = {
  isolation: "session",
  startMs: LIMITS.start_ms,
  callMs: LIMITS.call_ms,
  callMaxMs: LIMITS.call_ms_max,
  idleMs: LIMITS.idle_ms,
  resultBytes: LIMITS.result_bytes_max,
} as const;

/** What a scan is made with. */
export interface Scanner {
  readonly compileSchema: SchemaCompiler;
  readonly version: string;
}

/** Starts a server, reads its tools as the gate would, and stops it. */
export const scanConfigured = (
  scanner: Scanner,
  configured: Scannable,
  secrets: readonly string[],
): Promise<Scan> => withServers(() => scanHere(scanner, configured, secrets));

const scanHere = async (
  { compileSchema, version }: Scanner,
  configured: Scannable,
  secrets: readonly string[],
): Promise<Scan> => {
  const masker = createMasker(secrets, LIMITS.masked_named_characters_min);
  const upstream = openUpstream(configured.spec, { version, mask: masker.maskText });
  await using server = new Server(upstream, {
    clock: systemClock,
    compileSchema,
    log: SILENT,
    onChanged: undefined,
    version,
  });
  const began = performance.now();
  try {
    const client = clientOf(version);
    const link = await server.grantLink("scan", client);
    const definitions = await link.definitions(client);
    return scanned(masker, link.channel.spoken, definitions, Math.round(performance.now() - began));
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return failed(error, configured, upstream, masker.maskText);
    }
    throw error;
  }
};

interface Scannable extends Pick<ConfiguredServer, "spec" | "shown"> {
  /** A command that is in no configuration. */
  readonly adHoc?: boolean;
}

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

const unknownServer = (name: string, loaded: Found["loaded"]): string => {
  if (loaded === undefined) {
    return "the configuration is not valid; run: tollgate doctor";
  }
  const near = nearest(
    name,
    loaded.config.servers.map(({ spec }) => spec.name),
  );
  const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
  return `The configuration has no server ${JSON.stringify(name)}.${meant}`;
};

/** The gate itself as a client, which can do nothing that a server might ask for. */
const clientOf = (version: string): ModernMeta => ({
  kind: "modern",
  revision: LATEST_MODERN,
  clientCapabilities: bareObject(),
  clientInfo: Object.assign(bareObject(), { name: "tollgate", version }),
  logLevel: undefined,
});

/** What a server says of itself may echo the secrets it was given; its digests are of what it said. */
const scanned = (masker: Masker, spoken: Spoken, definitions: Definitions, tookMs: number): Scan => {
  const { maskText } = masker;
  const masked = (value: JsonObject): JsonObject => {
    const found = masker.maskJson(value);
    return isJsonObject(found) ? found : bareObject();
  };
  return {
    ok: true,
    revision: maskText(spoken.bridged ?? spoken.revision),
    product: productOf(masked(spoken.hello)),
    tools: [...definitions.tools.values()].map(({ name, tool, digest }) => ({
      name: maskText(name),
      definition: masked(tool),
      digest,
    })),
    withheld: new Map([...definitions.withheld].map(([name, reason]) => [maskText(name), maskText(reason)])),
    tookMs,
  };
};

const productOf = (hello: JsonObject): { readonly name: string; readonly version: string } | undefined => {
  const meta = member(hello, "_meta");
  const info = isJsonObject(meta) ? member(meta, META.serverInfo) : undefined;
  const name = isJsonObject(info) ? member(info, "name") : undefined;
  const version = isJsonObject(info) ? member(info, "version") : undefined;
  return typeof name === "string" ? { name, version: typeof version === "string" ? version : "" } : undefined;
};

const REASONS: Readonly<Record<FailureKind, string>> = {
  never_ran: "It cannot be started or reached",
  lost: "It went away",
  timeout: "It did not answer in time",
  nonsense: "It answered something that cannot be read",
  cancelled: "It was stopped",
};

const failed = (
  error: UpstreamFailure,
  configured: Scannable,
  upstream: Upstream,
  mask: (text: string) => string,
): Scan => {
  const stderr = upstream.stderrTail();
  // What a stdio server prints beside its messages is noted there by the upstream itself.
  const prints = error.kind !== "nonsense" && stderr.includes("A line on standard output is not a message");
  return {
    ok: false,
    // Of what is late there is nothing more to tell.
    reason:
      error.kind === "timeout"
        ? `${REASONS.timeout}.`
        : `${REASONS[error.kind]}: ${mask(error.detail).replace(/\.$/, "")}.`,
    advice: mask(adviceOn(prints ? "nonsense" : error.kind, configured)),
    stderr,
  };
};

const BARE =
  "It gets next to nothing of your environment (PATH, HOME, LANG, TMPDIR). Give it what it needs: -- env NAME=value COMMAND. npx may need the variables of npm and of proxies.";

const adviceOn = (kind: FailureKind, { spec, shown = "", adHoc = false }: Scannable): string => {
  const stdio = spec.transport.kind === "stdio";
  if (adHoc && kind !== "nonsense") {
    return `${BARE} Try it by hand: ${shown}`;
  }
  if (kind === "timeout") {
    return `It may need longer than ${String(spec.startMs)} ms: raise "tollgate": { "startMs": … } in its entry.`;
  }
  if (kind === "nonsense") {
    return stdio
      ? "A stdio server may write nothing but MCP messages to standard output; its log belongs on standard error."
      : "Check that the URL is that of an MCP endpoint.";
  }
  return stdio ? `Try it by hand: ${shown}` : `Check that it runs and that its URL is right: ${shown}`;
};
