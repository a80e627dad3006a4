import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ConfigFacts, Configuration, ServerStart, Where } from "../cli/ports.ts";
import type { Config } from "../config.ts";
import { ConfigurationInvalid, load, type Loaded } from "../serve/load.ts";
import type { From } from "./ports.ts";

const CONFIG_FILE = "tollgate.json";
const DATA_DIRECTORY = ".tollgate";

/** A configuration as commands see it, and as it was loaded. */
export interface Found {
  readonly facts: Configuration;
  /** Absent where it cannot be used. */
  readonly loaded: Loaded | undefined;
  /** The file, as it is to be shown; absent where there is none. */
  readonly path: string | undefined;
}

/** Looks for the file where docs/commands.md says, and loads all of it with its policies. */
export const configurationAt = ({ terminal, compileSchema }: From, where: Where): Found => {
  const data = dataDirectory(terminal.cwd, where);
  const path = configPath(terminal.cwd, where, data);
  try {
    const loaded = load({ path, cwd: terminal.cwd, env: terminal.env }, compileSchema);
    return { facts: { config: factsOf(loaded.config), problems: [], data }, loaded, path };
  } catch (error) {
    if (error instanceof ConfigurationInvalid) {
      return { facts: { config: undefined, problems: error.problems, data }, loaded: undefined, path };
    }
    throw error;
  }
};

export const dataDirectory = (cwd: string, where: Where): string =>
  resolve(cwd, where.data ?? DATA_DIRECTORY);

const configPath = (cwd: string, where: Where, data: string): string | undefined => {
  if (where.config !== undefined) {
    return where.config;
  }
  const inData = join(data, CONFIG_FILE);
  return existsSync(join(cwd, CONFIG_FILE)) ? CONFIG_FILE : existsSync(inData) ? inData : undefined;
};

const factsOf = (config: Config): ConfigFacts => ({
  file: config.file,
  host: config.gateway.host,
  port: config.gateway.port,
  servers: config.servers.map(({ spec, shown }) => ({
    name: spec.name,
    transport: spec.transport.kind,
    shown: shown ?? "",
    ...startOf(spec.transport, shown ?? "", config.file),
  })),
  policies: config.policies.map(({ name }) => name),
  grants: config.grants.map(({ name, servers, policy }) => ({ name, servers, policy })),
});

/** Where the command line is the same as the file writes it, but for the path of its program. */
const startOf = (
  transport: Config["servers"][number]["spec"]["transport"],
  shown: string,
  file: string | undefined,
): { readonly start?: ServerStart } => {
  if (transport.kind !== "stdio" || file === undefined) {
    return {};
  }
  const { command, args, cwd, env } = transport;
  const tail = args.map((arg) => ` ${arg}`).join("");
  const program = shown.slice(0, shown.length - tail.length);
  const isWritten =
    shown.endsWith(tail) && (program === command || resolve(dirname(file), program) === command);
  return isWritten ? { start: { command: [command, ...args], cwd, env: Object.keys(env) } } : {};
};
