// Where the quick start's configuration says that its servers are.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export interface Places {
  readonly gatewayPort: number;
  readonly simulatorPort: number;
  /** What the bridge and the simulator know, and nobody else. */
  readonly secretFile: string;
  readonly orchestratorPort: number;
}

const here = dirname(fileURLToPath(import.meta.url));
export const CONFIG = join(here, "tollgate.json");
/** As people are told of it. */
export const CONFIG_NAME = "examples/quickstart/tollgate.json";

const PORT_MAX = 65_535;

const SHAPE = z.object({
  gateway: z.object({ port: z.int().min(1).max(PORT_MAX) }),
  mcpServers: z.object({
    orchestrator: z.object({ url: z.string() }),
    uefn: z.object({ args: z.array(z.string()) }),
  }),
});

const wrong = (problem: string): Error => new Error(`${CONFIG_NAME}${problem}`);

const textOf = (): string => {
  try {
    return readFileSync(CONFIG, "utf8");
  } catch {
    throw wrong(" cannot be read.");
  }
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(` is not JSON: ${error instanceof Error ? error.message.replaceAll(/\s+/gu, " ") : ""}`);
  }
};

/** A whole port, or `undefined`. */
export const portOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,5}$/u.test(text) && Number(text) <= PORT_MAX ? Number(text) : undefined;

const orchestratorPortOf = (url: string): number => {
  const { protocol, hostname, port, pathname } = URL.parse(url) ?? {};
  const number = portOf(port);
  if (protocol !== "http:" || hostname !== "127.0.0.1" || pathname !== "/mcp" || !number) {
    throw wrong(`: mcpServers.orchestrator.url is http://127.0.0.1:PORT/mcp, with a port, and not ${url}`);
  }
  return number;
};

/** What stands behind an option of the bridge. */
const behind = (args: readonly string[], option: string): string => {
  const at = args.indexOf(option);
  const value = at === -1 ? undefined : args[at + 1];
  if (value === undefined) {
    throw wrong(`: mcpServers.uefn.args has no ${option} with its value behind it.`);
  }
  return value;
};

const simulatorPortOf = (args: readonly string[]): number => {
  const port = portOf(behind(args, "--editor-port"));
  if (!port) {
    throw wrong(`: mcpServers.uefn.args has no port behind --editor-port.`);
  }
  return port;
};

/** Throws in words for who wrote it. */
export const readPlaces = (): Places => {
  const read = SHAPE.safeParse(jsonOf(textOf()));
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw wrong(`: ${problems.join("; ")}`);
  }
  const { gateway, mcpServers } = read.data;
  const { args } = mcpServers.uefn;
  return {
    gatewayPort: gateway.port,
    simulatorPort: simulatorPortOf(args),
    // As the bridge reads it, which runs where its configuration is.
    secretFile: resolve(here, behind(args, "--secret-file")),
    orchestratorPort: orchestratorPortOf(mcpServers.orchestrator.url),
  };
};
