import { dirname, resolve } from "node:path";
import { isJsonObject, member, type Json } from "./base/json-value.ts";
import { writeJson } from "./base/json-write.ts";
import { readAudit, type AuditConfig } from "./config/audit.ts";
import { readGateway, readStore, type GatewayConfig, type StoreConfig } from "./config/gateway.ts";
import {
  readGrants,
  readIdentities,
  reportName,
  type ConfiguredGrant,
  type ConfiguredIdentity,
} from "./config/grants.ts";
import {
  collectProblems,
  pointerOf,
  type ConfigProblem,
  type Locate,
  type Report,
} from "./config/problems.ts";
import { readDocument, readShape } from "./config/read.ts";
import { resolver, type Resolver } from "./config/resolve.ts";
import { readServer, type ConfiguredServer } from "./config/servers.ts";
import type { ConfigShape } from "./config/shape.ts";

export type { ConfigProblem } from "./config/problems.ts";

/** A policy as the file gives it: compiled by whoever loads the configuration. */
export interface ConfiguredPolicy {
  /** Its key under `policies`. */
  readonly name: string;
  /** The document. */
  readonly text: string;
  /** The file to name in errors: the policy's own, or the configuration for an inline one. */
  readonly file: string;
  /** Of an inline policy: its pointer in the file, and where a pointer into the document is in the file. */
  readonly inline: { readonly pointer: string; readonly locate: Locate } | undefined;
}

/** `tollgate.json` (docs/configuration.md), whole, checked and frozen. */
export interface Config {
  /** Absolute; `undefined` where there is no file. */
  readonly file: string | undefined;
  /** Absolute; what relative paths are relative to. */
  readonly directory: string;
  readonly gateway: GatewayConfig;
  readonly store: StoreConfig;
  readonly audit: AuditConfig;
  /** Without those that are `disabled`. */
  readonly servers: readonly ConfiguredServer[];
  readonly policies: readonly ConfiguredPolicy[];
  readonly identities: readonly ConfiguredIdentity[];
  readonly grants: readonly ConfiguredGrant[];
  /** Values to mask wherever a server echoes them. */
  readonly secrets: readonly string[];
  /** Absolute paths of every file that was read: a change of one is a change of the configuration. */
  readonly watched: readonly string[];
}

export interface LoadOptions {
  /** Path of the file, absolute or relative to `cwd`. */
  readonly path?: string;
  /** The file's text, where it has been read or there is none; without either, the configuration is empty. */
  readonly text?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** UTF-8 text of a file by its absolute path. Throws where it cannot be read. */
  readonly readFile: (path: string) => string;
}

export type Loaded = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** Reads, resolves and checks a configuration: all of it, or everything that is wrong with it. */
export const loadConfig = (options: LoadOptions): Loaded => {
  const file = options.path === undefined ? undefined : resolve(options.cwd, options.path);
  const shown = options.path ?? "tollgate.json";
  const document = openDocument(options, file, shown);
  return "problem" in document ? { problems: [document.problem] } : check({ options, file, shown, document });
};

const check = (source: Pick<Reading, "options" | "file" | "shown" | "document">): Loaded => {
  const { report, problems } = collectProblems(source.shown, source.document.locate);
  const read = readShape(source.document.value, report);
  if (read === undefined) {
    return { problems: problems() };
  }
  const config = readConfig({
    ...source,
    directory: source.file === undefined ? source.options.cwd : dirname(source.file),
    report: read.sound ? report : withoutReferences(report),
    shape: read.shape,
  });
  return problems().length > 0 ? { problems: problems() } : { config: deepFreeze(config) };
};

/** Where parts of a document were left out, whether a grant's references are to something cannot be told. */
const withoutReferences =
  (report: Report): Report =>
  (path, ...rest) => {
    if (path[0] !== "grants" || !REFERENCES.has(String(path[2]))) {
      report(path, ...rest);
    }
  };

const REFERENCES: ReadonlySet<string> = new Set(["identity", "server", "policy"]);

interface Reading {
  readonly options: LoadOptions;
  readonly file: string | undefined;
  readonly shown: string;
  readonly directory: string;
  readonly report: Report;
  readonly shape: ConfigShape;
  readonly document: { readonly value: Json; readonly locate: Locate };
}

const readConfig = (reading: Reading): Config => {
  const { file, directory, report, shape } = reading;
  const watched = new Set<string>(file === undefined ? [] : [file]);
  const readFile = (path: string): string => {
    const absolute = resolve(directory, path);
    watched.add(absolute);
    return reading.options.readFile(absolute);
  };
  const outside = resolver({ env: reading.options.env, readFile }, report);
  const tools = { shape, directory, resolver: outside, report };
  const servers = Object.entries(shape.mcpServers ?? {}).flatMap(([name, entry]) => {
    const server = readServer(name, entry, tools);
    return server === undefined ? [] : [server];
  });
  return {
    file,
    directory,
    gateway: readGateway(tools),
    store: readStore(tools),
    audit: readAudit(tools),
    servers,
    policies: readPolicies(reading, outside, readFile),
    identities: readIdentities(tools),
    grants: readGrants(tools),
    secrets: outside.secrets(),
    watched: [...watched],
  };
};

const openDocument = (
  options: LoadOptions,
  file: string | undefined,
  shown: string,
): ReturnType<typeof readDocument> => {
  const text = options.text ?? (file === undefined ? "{}" : tryRead(options, file));
  return text === undefined
    ? { problem: { file: shown, message: "the file cannot be read as UTF-8 text" } }
    : readDocument(text, shown);
};

const tryRead = (options: LoadOptions, path: string): string | undefined => {
  try {
    return options.readFile(path);
  } catch {
    return undefined;
  }
};

const readPolicies = (
  reading: Reading,
  outside: Resolver,
  readFile: (path: string) => string,
): readonly ConfiguredPolicy[] => {
  const { directory, document, report, shape, shown } = reading;
  const written = isJsonObject(document.value) ? member(document.value, "policies") : undefined;
  return Object.keys(shape.policies ?? {}).flatMap((name): readonly ConfiguredPolicy[] => {
    const path = ["policies", name];
    reportName(path, report);
    // The document as it was read, not as the shape's library copied it: numbers keep their text, names are all there.
    const value = isJsonObject(written) ? member(written, name) : undefined;
    if (isJsonObject(value)) {
      const pointer = pointerOf(path);
      const locate: Locate = (inner, which) => document.locate(`${pointer}${inner}`, which);
      return [{ name, text: writeJson(value), file: shown, inline: { pointer, locate } }];
    }
    const target = typeof value === "string" ? outside.text(value, path) : undefined;
    if (target === undefined) {
      return [];
    }
    try {
      return [{ name, text: readFile(target), file: resolve(directory, target), inline: undefined }];
    } catch {
      report(path, `the policy file ${target} cannot be read as UTF-8 text`);
      return [];
    }
  });
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};

/** The URL that clients are told to use. */
export const publicUrlOf = (config: Config, port: number): string => {
  const { host, publicUrl } = config.gateway;
  return publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
};
