import type { AttackList, AttackOptions, AttackResult, Tried } from "../catalogue/attacks/result.ts";
import type { Clock } from "../base/clock.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { StoredOverride } from "../catalogue/port.ts";
import type { FreezeCommands, GrantCommands, OverrideCommands } from "../control/contract.ts";
import type { AuditReader, AuditSearch, ByteProgress } from "./ports-audit.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import type { Counters } from "../meter/port.ts";
import type { SchemaCompiler } from "../policy/types.ts";

/** Which configuration and data directory a command is about; absent ones are looked for. */
export interface Where {
  readonly config: string | undefined;
  readonly data: string | undefined;
}

/** One thing that is wrong with a file. */
export interface FileProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** RFC 6901; absent where the file is no JSON. */
  readonly pointer?: string;
  readonly message: string;
  readonly nearest?: string;
  readonly severity?: "error" | "warning";
  /** The tool that a proposal is for, and its whole rule. */
  readonly tool?: string;
  readonly proposal?: JsonObject;
}

export interface ServerFacts {
  readonly name: string;
  readonly transport: "stdio" | "http" | "sse";
  /** The command or URL as the file writes it, without what came from outside it. */
  readonly shown: string;
  /** How a command is started by hand; absent where something of the command line comes from outside the file. */
  readonly start?: ServerStart;
}

export interface ServerStart {
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Names of the variables that its entry sets. */
  readonly env: readonly string[];
}

/** What commands may know of a configuration. */
export interface ConfigFacts {
  /** Absolute; `undefined` where there is none and the gateway starts empty. */
  readonly file: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly servers: readonly ServerFacts[];
  readonly policies: readonly string[];
  readonly grants: readonly {
    readonly name: string;
    readonly servers: readonly string[];
    readonly policy: string | undefined;
  }[];
}

export interface Configuration {
  /** Absent where it cannot be used. */
  readonly config: ConfigFacts | undefined;
  readonly problems: readonly FileProblem[];
  /** Absolute path of the data directory. */
  readonly data: string;
}

export interface ScannedTool {
  readonly name: string;
  /** As the server sent it. */
  readonly definition: JsonObject;
  readonly digest: string;
}

/** A server started, asked for its tools and stopped again. */
export type Scan =
  | {
      readonly ok: true;
      /** The newest protocol revision it speaks with the gate. */
      readonly revision: string;
      readonly product: { readonly name: string; readonly version: string } | undefined;
      readonly tools: readonly ScannedTool[];
      /** Names of tools that clients are not shown, with the reason. */
      readonly withheld: ReadonlyMap<string, string>;
      readonly tookMs: number;
    }
  | {
      readonly ok: false;
      /** One sentence. */
      readonly reason: string;
      /** How to mend it. */
      readonly advice: string;
      /** The last of its standard error. */
      readonly stderr: string;
    };

/** What the catalogue has: the servers of the package's snapshot, and those that were scanned here. */
export interface Catalogue {
  /** By name. */
  readonly servers: readonly ServerEntry[];
  /** Files that cannot be used; what they hold is not among the servers. */
  readonly problems: readonly FileProblem[];
}

/** Whether a server's entry was written to the data directory. */
export type Kept =
  | { readonly ok: true; readonly file: string }
  /** One sentence. */
  | { readonly ok: false; readonly reason: string };

/** A scan that was kept. */
export interface KeptEntry {
  /** Absent where there is none, or none that can be used. */
  readonly entry: ServerEntry | undefined;
  /** Why it cannot be used. */
  readonly problem?: FileProblem;
}

export interface CatalogueBuildOptions {
  /** Folder with `servers.json`, `package.json` and `package-lock.json`; by default the package's own. */
  readonly servers: string | undefined;
  /** Where the packages are installed, and found again by the next build. */
  readonly cache: string | undefined;
  /** By default the package's own snapshot. */
  readonly out: string | undefined;
  /** Whether a snapshot is written without the servers that failed. */
  readonly partial: boolean;
  /** Told what is done now, and how many of how many servers are done. */
  readonly onProgress: (what: string, done: number, total: number) => void;
}

/** What `catalogue build` made. */
export interface CatalogueBuilt {
  readonly servers: readonly ServerEntry[];
  /** Servers that could not be listed. */
  readonly failed: readonly {
    readonly name: string;
    readonly reason: string;
    /** The last of its standard error. */
    readonly stderr: string;
  }[];
  /** Tools that the gate would not show. */
  readonly withheld: readonly { readonly server: string; readonly tool: string; readonly reason: string }[];
  /** The file, where it was written. */
  readonly file: string | undefined;
  /** Whether it has other bytes than before. */
  readonly changed: boolean;
}

export interface ServeOptions extends Where {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly logLevel: "error" | "warn" | "info";
}

export interface WrapOptions {
  readonly policy: string;
  readonly name: string;
  readonly data: string | undefined;
  readonly command: readonly [string, ...string[]];
}

export interface ConnectOptions {
  /** Checked: http or https, without a user in it. */
  readonly url: string;
  readonly token: string | undefined;
}

/** The state of one thing that `doctor` looks at. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "warning" | "failed";
  readonly detail: string;
  /** How to mend it. */
  readonly advice?: string;
}

/** A grant whose policy and settings are tried against attacks. */
export interface TriedGrant {
  readonly tried: Tried;
  /** The policy's name. */
  readonly policy: string;
  readonly servers: readonly string[];
}

/** Opened by main.ts and handed to commands: the only way they reach adapters. */
export interface Ports {
  readonly version: string;
  readonly nodeVersion: string;
  readonly clock: Clock;
  readonly compileSchema: SchemaCompiler;
  readonly createCounters: () => Counters;
  readonly configuration: (where: Where) => Configuration;
  /** Serves until it is told to stop; the exit code. Throws `CommandFailure` where it cannot start. */
  readonly serve: (options: ServeOptions) => Promise<number>;
  readonly wrap: (options: WrapOptions) => Promise<number>;
  readonly connect: (options: ConnectOptions) => Promise<number>;
  /** Through the running gateway, or on the store where none runs. */
  readonly grants: (where: Where) => Promise<GrantCommands & AsyncDisposable>;
  readonly freezes: (where: Where) => Promise<FreezeCommands & AsyncDisposable>;
  readonly overrides: (where: Where) => Promise<OverrideCommands & AsyncDisposable>;
  /** The overrides of a data directory; none where there is none. */
  readonly overridesOf: (where: Where) => Promise<readonly StoredOverride[]>;
  readonly audit: (where: Where) => Promise<AuditReader>;
  /** Throws `CommandFailure` where the copy cannot be used. */
  readonly auditSearch: (where: Where, update: ByteProgress) => Promise<AuditSearch>;
  /** The data directory of `wrap` for a server of this name, where it has a record. */
  readonly wrapRecord: (name: string) => Promise<string | undefined>;
  readonly scan: (where: Where, server: string) => Promise<Scan>;
  /** The same for a command that is in no configuration, with the environment that any server gets. */
  readonly scanCommand: (
    name: string,
    command: readonly [string, ...string[]],
    startMs: number | undefined,
  ) => Promise<Scan>;
  readonly catalogue: (where: Where) => Promise<Catalogue>;
  /** Keeps what a scan found, for `catalogue`. Throws nothing. */
  readonly keepEntry: (where: Where, entry: ServerEntry) => Promise<Kept>;
  /** What is kept of an earlier scan of this name. */
  readonly keptEntry: (where: Where, name: string) => Promise<KeptEntry>;
  /** Makes a folder and those on the way to it. Throws the system's error. */
  readonly makeFolder: (path: string) => void;
  /** Throws `CommandFailure` where nothing can be built. */
  readonly buildCatalogue: (options: CatalogueBuildOptions) => Promise<CatalogueBuilt>;
  readonly attacks: () => Promise<AttackList>;
  readonly playAttacks: (options: AttackOptions) => Promise<readonly AttackResult[]>;
  /** Throws `CommandFailure` where there is no such grant, or it has no policy. */
  readonly triedGrant: (where: Where, grant: string) => Promise<TriedGrant>;
  /** Whether the port can be listened on. */
  readonly portFinding: (config: ConfigFacts, data: string) => Promise<Finding>;
  readonly dataFinding: (data: string) => Promise<Finding>;
  /** From now on an interruption does not end the process, but aborts this. */
  readonly interrupted: () => AbortSignal;
}
