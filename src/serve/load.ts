import { readFileSync } from "node:fs";
import { loadConfig, type Config, type ConfigProblem } from "../config.ts";
import type { PolicyInForce } from "../gateway/gate.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { compilePolicies } from "./policies.ts";

/** A configuration with its policies compiled: ready to be published. */
export interface Loaded {
  readonly config: Config;
  readonly policies: ReadonlyMap<string, PolicyInForce>;
}

export interface LoadFrom {
  /** Path of the file; without one the configuration is empty. */
  readonly path: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that is wrong with a configuration and its policies, at once. */
export class ConfigurationInvalid extends Error {
  override readonly name = "ConfigurationInvalid";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join("\n"));
    this.problems = problems;
  }
}

const problemLine = ({ file, line, column, pointer, message, nearest }: ConfigProblem): string => {
  const place = line === undefined ? "" : `:${String(line)}:${String(column ?? 1)}`;
  const where = pointer === undefined || pointer === "" ? "" : ` ${pointer}:`;
  const meant = nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
  return `${file}${place}${where} ${message}${meant}`;
};

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const readText = (path: string): string => UTF8.decode(readFileSync(path));

/** All of it, or `ConfigurationInvalid`. */
export const load = ({ path, cwd, env }: LoadFrom, compileSchema: SchemaCompiler): Loaded => {
  const loaded = loadConfig({ ...(path === undefined ? {} : { path }), cwd, env, readFile: readText });
  if ("problems" in loaded) {
    throw new ConfigurationInvalid(loaded.problems);
  }
  const { policies, problems } = compilePolicies(loaded.config, compileSchema);
  if (problems.length > 0) {
    throw new ConfigurationInvalid(problems);
  }
  return { config: loaded.config, policies };
};
