import { parseArgs } from "node:util";
import type { Face } from "../mcp/serve.ts";
import type { Where } from "./editor/find.ts";
import { isSecret, SECRET_SHAPE, type SecretSource } from "./editor/secret.ts";

// What the server is started with.

export interface Options {
  readonly face: Face;
  readonly where: Where;
  readonly secret: SecretSource;
  readonly docs: string | undefined;
  readonly docsHosts: ReadonlySet<string>;
  readonly timeoutMs: number;
}

export type Read =
  | { readonly kind: "options"; readonly options: Options }
  | { readonly kind: "help" | "version" }
  | { readonly kind: "wrong"; readonly problem: string };

const FIRST_PORT = 8765;
const LAST_PORT = 8770;
const PORT_MAX = 65_535;
/** Ports of a range are all asked at once. */
const RANGE_PORTS_MAX = 64;
const TIMEOUT_S = 35;
const TIMEOUT_S_MAX = 600;

export const HELP = `Serves the tools of the UEFN editor over MCP.

  --http              over Streamable HTTP on loopback, not over standard input and output
  --port N            the port for --http (0, and by default: any free one)
  --editor-port N     the port of the editor's listener
  --editor-ports A-B  where to look for it (${String(FIRST_PORT)}-${String(LAST_PORT)})
  --secret-file FILE  a secret that the listener must prove to know (or the variable UEFN_SECRET);
                      the file is read before each command
  --timeout SECONDS   for one call (${String(TIMEOUT_S)})
  --docs DIR          a folder of Verse documentation to search (*.md, *.txt, *.verse)
  --docs-hosts A,B    hosts that documentation pages may be read from
  -h, --help          says this
  -V, --version       says its version
`;

const OPTIONS = {
  http: { type: "boolean", default: false },
  port: { type: "string" },
  "editor-port": { type: "string" },
  "editor-ports": { type: "string" },
  "secret-file": { type: "string" },
  timeout: { type: "string" },
  docs: { type: "string" },
  "docs-hosts": { type: "string", default: "" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "V", default: false },
} as const;

class Wrong extends Error {}

const numberOf = (text: string, name: string, min: number, max: number): number => {
  const value = /^\d{1,6}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new Wrong(`--${name} is a number from ${String(min)} to ${String(max)}.`);
  }
  return value;
};

const faceOf = (http: boolean, port: string | undefined): Face => {
  if (port !== undefined && !http) {
    throw new Wrong("--port goes with --http.");
  }
  return http ? { kind: "http", port: numberOf(port ?? "0", "port", 0, PORT_MAX) } : { kind: "stdio" };
};

const whereOf = (port: string | undefined, ports: string | undefined): Where => {
  if (port !== undefined && ports !== undefined) {
    throw new Wrong("Give --editor-port or --editor-ports, not both.");
  }
  if (port !== undefined) {
    return { kind: "port", port: numberOf(port, "editor-port", 1, PORT_MAX) };
  }
  const [first = "", last = "", ...rest] = (ports ?? `${String(FIRST_PORT)}-${String(LAST_PORT)}`).split("-");
  const from = numberOf(first, "editor-ports", 1, PORT_MAX);
  const to = numberOf(last, "editor-ports", 1, PORT_MAX);
  if (rest.length > 0 || to < from || to - from >= RANGE_PORTS_MAX) {
    throw new Wrong(`--editor-ports is A-B: ${String(RANGE_PORTS_MAX)} ports at most, the lowest first.`);
  }
  return { kind: "range", from, to };
};

const secretOf = (file: string | undefined, variable: string | undefined): SecretSource => {
  if (file === "") {
    throw new Wrong("--secret-file is the name of a file.");
  }
  if (file !== undefined) {
    return { kind: "file", file };
  }
  const text = variable?.trim() ?? "";
  if (text !== "" && !isSecret(text)) {
    throw new Wrong(SECRET_SHAPE);
  }
  return text === "" ? { kind: "none" } : { kind: "text", text };
};

const hostsOf = (text: string): ReadonlySet<string> => {
  const hosts = text
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "");
  if (!hosts.every((host) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u.test(host))) {
    throw new Wrong("--docs-hosts is a list of host names, with commas between them.");
  }
  return new Set(hosts);
};

export const readOptions = (args: readonly string[], secretVariable: string | undefined): Read => {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
    if (values.help || values.version) {
      return { kind: values.help ? "help" : "version" };
    }
    return {
      kind: "options",
      options: {
        face: faceOf(values.http, values.port),
        where: whereOf(values["editor-port"], values["editor-ports"]),
        secret: secretOf(values["secret-file"], secretVariable),
        docs: values.docs,
        docsHosts: hostsOf(values["docs-hosts"]),
        timeoutMs: numberOf(values.timeout ?? String(TIMEOUT_S), "timeout", 1, TIMEOUT_S_MAX) * 1000,
      },
    };
  } catch (error) {
    return { kind: "wrong", problem: error instanceof Error ? error.message : String(error) };
  }
};
