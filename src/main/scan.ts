import { systemClock } from "../base/clock.ts";
import { bareObject, isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/nearest.ts";
import { CommandFailure } from "../cli/command.ts";
import type { Scan, Where } from "../cli/ports.ts";
import { oneLine } from "../cli/print.ts";
import type { Definitions } from "../gateway/definitions.ts";
import { Server } from "../gateway/server.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { createMasker, type Masker } from "../upstream/mask.ts";
import { openUpstream } from "../upstream/open.ts";
import { UpstreamFailure, type Spoken } from "../upstream/port.ts";
import { LATEST_MODERN, META, type ModernMeta } from "../wire/revisions.ts";
import { configurationAt, type Found } from "./configuration.ts";
import type { From } from "./ports.ts";
import { scanFailure, type Scannable } from "./scan-failure.ts";
import { watchOutput } from "./scan-garbage.ts";
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
  return scanConfigured(telling(from, name), { spec, shown: readCommand(shown.split(" ")).shown }, secrets);
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
  return scanConfigured(telling(from, name), { spec, shown, adHoc: true }, secrets);
};

const telling = ({ compileSchema, version, terminal }: From, name: string): Scanner => ({
  compileSchema,
  version,
  onGarbage: (line) =>
    terminal.err(
      `${name} prints what is no MCP message to standard output, and is waited for: ${oneLine(line, LIMITS.scan_detail_characters_max)}\n`,
    ),
});

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
  /** Told of a line on standard output that is no message, where the server does not come to speak soon. */
  readonly onGarbage?: (line: string) => void;
}

/** Starts a server, reads its tools as the gate would, and stops it. */
export const scanConfigured = (
  scanner: Scanner,
  configured: Scannable,
  secrets: readonly string[],
): Promise<Scan> => withServers(() => scanHere(scanner, configured, secrets));

const scanHere = async (
  { compileSchema, version, onGarbage }: Scanner,
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
  using watch = onGarbage === undefined ? undefined : watchOutput(upstream, onGarbage);
  let spoke = false;
  const read = async (): Promise<Scan> => {
    const began = performance.now();
    const client = clientOf(version);
    const link = await server.grantLink("scan", client);
    spoke = true;
    watch?.spoke();
    const definitions = await link.definitions(client);
    return scanned(masker, link.channel.spoken, definitions, Math.round(performance.now() - began));
  };
  try {
    return await (watch === undefined ? read() : Promise.race([read(), watch.onlyGarbage]));
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      const stderr = upstream.stderrTail();
      return scanFailure(error, { configured, stderr, mask: masker.maskText, spoke });
    }
    throw error;
  }
};

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
