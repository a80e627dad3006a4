import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import {
  listOf,
  matching,
  objectOf,
  optional,
  textOf,
  Unreadable,
  type Read,
} from "../catalogue/book/read-values.ts";
import { CommandFailure } from "../cli/command.ts";
import { codeOf } from "../store/journal/segments.ts";

/** A server of the snapshot: a pinned package, and how it is started. */
export interface RealServer {
  /** Its name in the catalogue. */
  readonly name: string;
  readonly package: string;
  /** Exact. */
  readonly version: string;
  /** Which of the package's commands. */
  readonly bin: string;
  readonly args: readonly string[];
  /** Placeholders for what it wants to see before it starts: listing tools does not use it. */
  readonly env: Readonly<Record<string, string>>;
}

export const MANIFEST = "package.json";
export const LOCK = "package-lock.json";
const LIST = "servers.json";

/** The servers that a folder lists, each pinned by its manifest and lock. Throws `CommandFailure`. */
export const realServersIn = (directory: string): readonly RealServer[] => {
  refuseForeign(directory);
  const versions = versionsIn(directory);
  const servers = listIn(directory, versions);
  const names = servers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined || names.length === 0) {
    const what = twice === undefined ? "there is no server" : `the name ${twice} is there twice`;
    throw new CommandFailure(`${join(directory, LIST)}: ${what}.`);
  }
  return servers;
};

const KEYS: ReadonlySet<string> = new Set(["name", "package", "bin", "args", "env"]);
const name = matching(/^[a-z0-9][a-z0-9-]{0,63}$/u, "a server's name");
const line = textOf(LIMITS.catalogue_text_characters_max);
const lines = optional(listOf(line, LIMITS.catalogue_arguments_max), []);

const listIn = (directory: string, versions: ReadonlyMap<string, string>): readonly RealServer[] => {
  const read: Read<RealServer> = (value, at) => serverOf(value, at, versions);
  try {
    return listOf(read, LIMITS.catalogue_servers_max)(jsonIn(directory, LIST), "");
  } catch (error) {
    if (error instanceof Unreadable) {
      throw new CommandFailure(`${join(directory, LIST)}: ${error.message} (${error.pointer})`);
    }
    throw error;
  }
};

const serverOf = (value: Json | undefined, at: string, versions: ReadonlyMap<string, string>): RealServer => {
  const server = objectOf(value, at, KEYS);
  const named = server("package", line);
  const version = versions.get(named);
  if (version === undefined) {
    throw new Unreadable(`${at}/package`, `${MANIFEST} must have an exact version of it`);
  }
  return {
    name: server("name", name),
    package: named,
    version,
    bin: server("bin", line),
    args: server("args", lines),
    env: server("env", optional(tableOf, {})),
  };
};

const tableOf = (value: Json | undefined, at: string): Readonly<Record<string, string>> => {
  const keys = isJsonObject(value) ? Object.keys(value) : [];
  const table = objectOf(value, at, new Set(keys));
  return Object.fromEntries(keys.map((key) => [key, table(key, line)]));
};

const jsonIn = (directory: string, file: string): Json => {
  const path = join(directory, file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandFailure(`${path} cannot be read (${codeOf(error)}).`);
  }
  try {
    return readJson(text);
  } catch (error) {
    throw new CommandFailure(`${path}: ${error instanceof Error ? error.message : "this is no JSON"}`);
  }
};

const REGISTRY = "https://registry.npmjs.org/";

/** Nothing is fetched but packages of npm's registry, and of these only what has the hash of the lock. */
const refuseForeign = (directory: string): void => {
  const packages = objectIn(jsonIn(directory, LOCK), "packages");
  const foreign = Object.entries(packages).find(([path, entry]) => path !== "" && !isPinned(entry));
  if (foreign !== undefined || Object.keys(packages).length === 0) {
    const what =
      foreign === undefined ? "it names no packages" : `${foreign[0]} is from elsewhere or has no hash`;
    throw new CommandFailure(
      `${join(directory, LOCK)}: ${what}. Only packages of ${REGISTRY} with a SHA-512 are installed.`,
    );
  }
};

/** Without `resolved` npm asks the registry that it is set up with; the hash says what it may give. */
const isPinned = (entry: Json): boolean => {
  const resolved = textIn(entry, "resolved") ?? REGISTRY;
  return resolved.startsWith(REGISTRY) && textIn(entry, "integrity")?.startsWith("sha512-") === true;
};

const objectIn = (value: Json, key: string): JsonObject => {
  const found = isJsonObject(value) ? member(value, key) : undefined;
  return isJsonObject(found) ? found : {};
};

const textIn = (value: Json, key: string): string | undefined => {
  const text = isJsonObject(value) ? member(value, key) : undefined;
  return typeof text === "string" ? text : undefined;
};

const versionsIn = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(objectIn(jsonIn(directory, MANIFEST), "dependencies")).flatMap(([key, version]) =>
      typeof version === "string" && /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/u.test(version) ? [[key, version]] : [],
    ),
  );

/** The file that a package's command is. */
export const binFile = (modules: string, { package: named, bin }: RealServer): string => {
  const directory = join(modules, named);
  const manifest = jsonIn(directory, MANIFEST);
  const file = textIn(manifest, "bin") ?? textIn(objectIn(manifest, "bin"), bin);
  if (file === undefined) {
    throw new CommandFailure(`The package ${named} has no command ${bin}.`);
  }
  return join(directory, file);
};
