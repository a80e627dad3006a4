import type { Clock } from "../base/clock.ts";
import type { JournalFollower, JournalLine, JournalPosition, RecordSearch } from "../audit/port.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import type { FreezeCommands, GrantCommands } from "../control/contract.ts";
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
}

export interface ServerFacts {
  readonly name: string;
  readonly transport: "stdio" | "http" | "sse";
  /** The command or URL as the file writes it, without what came from outside it. */
  readonly shown: string;
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

/** What the catalogue has. */
export interface Catalogue {
  /** By name. */
  readonly servers: readonly ServerEntry[];
  /** Files that cannot be used; what they hold is not among the servers. */
  readonly problems: readonly FileProblem[];
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

/** What `audit verify` found. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly lines: number;
  /** Hash of the last line. */
  readonly head: string;
  /** The first line that is not as it was written. */
  readonly fault:
    | { readonly kind: string; readonly id: string | undefined; readonly message: string }
    | undefined;
  /** The journal ends in the middle of a line: the gateway was killed while writing, or writes just now. */
  readonly partial: boolean;
  readonly heads: {
    /** Signed heads that fit. */
    readonly checked: number;
    /** … and those for what is before the lines that were verified. */
    readonly before: number;
    /** When the newest that fits was signed, RFC 3339. */
    readonly newest: string | undefined;
    /** Lines that no head covers yet. */
    readonly behind: number;
  };
  /** What retention dropped, by a signed statement: lines, and the time of the last of them. */
  readonly dropped: { readonly lines: number; readonly until: string } | undefined;
  /** What was not looked at, for people. */
  readonly notes: readonly string[];
}

/** What `audit verify` is to look at. */
export interface VerifyOptions {
  /** From the first record at this time or later (milliseconds since the epoch), or from the beginning. */
  readonly from: number | undefined;
  /** Files of signed heads besides those that are known. */
  readonly heads: readonly string[];
  /** File of the key that signed them, by default the data directory's. */
  readonly publicKey: string | undefined;
  /** Told now and then how many of how many bytes are read. */
  readonly onProgress?: (read: number, total: number) => void;
}

/** Told how much is done, in bytes. */
export type ByteProgress = (done: number, total: number) => void;

/** The search copy of the record: up to date where no gateway runs, up to a second behind where one does. */
export interface AuditSearch extends RecordSearch, Disposable {
  /** What the journal has more than it. */
  readonly behindBytes: number;
}

/** The record of a data directory, readable while a gateway writes it. */
export interface AuditReader {
  /** Every whole line, oldest first. `undefined`: bytes that are not UTF-8. */
  readonly lines: (update?: ByteProgress) => Iterable<string | undefined> | AsyncIterable<string | undefined>;
  /** The line that begins there. */
  readonly at: (position: JournalPosition) => JournalLine | undefined;
  /** What is wrong with a line by itself, completing "The record …"; `undefined` where it is as it was written. */
  readonly problemOf: (text: string) => string | undefined;
  /** From the position that a file holds, or from the beginning. `CommandFailure` where that cannot be. */
  readonly resume: (file: string, skipGap: boolean) => JournalFollower;
  /** The lines after those that `lines` gave, as they come, until the signal. */
  readonly follow: (signal: AbortSignal) => AsyncIterable<string | undefined>;
  readonly verify: (options: VerifyOptions) => AuditVerdict | Promise<AuditVerdict>;
}

/** The state of one thing that `doctor` looks at. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "warning" | "failed";
  readonly detail: string;
  /** How to mend it. */
  readonly advice?: string;
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
  readonly audit: (where: Where) => Promise<AuditReader>;
  /** Throws `CommandFailure` where the copy cannot be used. */
  readonly auditSearch: (where: Where, update: ByteProgress) => Promise<AuditSearch>;
  readonly scan: (where: Where, server: string) => Promise<Scan>;
  readonly catalogue: (where: Where) => Promise<Catalogue>;
  /** Whether the port can be listened on. */
  readonly portFinding: (config: ConfigFacts, data: string) => Promise<Finding>;
  readonly dataFinding: (data: string) => Promise<Finding>;
  /** From now on an interruption does not end the process, but aborts this. */
  readonly interrupted: () => AbortSignal;
}
