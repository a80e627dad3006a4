import type { Clock } from "../base/clock.ts";
import type { RefusalCode } from "../base/errors.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { Log } from "../base/log.ts";
import type { Ledger } from "../audit/port.ts";
import type { KeptArgs } from "../audit/record.ts";
import type { Overrides } from "../catalogue/override.ts";
import type { Grant } from "../grant/grant.ts";
import type { Freezes } from "./freezes.ts";
import type { Counters } from "../meter/port.ts";
import type { PolicySet } from "../policy/compile.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import type { Server } from "./server.ts";

/** A policy in force. */
export interface PolicyInForce {
  readonly set: PolicySet;
  /** SHA-256 of the document's text, hex. */
  readonly sha256: string;
}

export type Identification =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly reason: "unknown" | "expired" | "revoked" };

/**
 * What the control plane publishes and the data plane reads: one immutable value, swapped whole. Nothing on the
 * decision path asks a store.
 */
export interface Snapshot {
  readonly identify: (token: string, now: number) => Identification;
  /** The grant of this name as it is now, while it may still be used. */
  readonly grant: (name: string, now: number) => Grant | undefined;
  readonly policies: ReadonlyMap<string, PolicyInForce>;
  readonly servers: ReadonlyMap<string, Server>;
  /** Lower-case `host` and `host:port` values that the Host header may have besides loopback's. */
  readonly allowedHosts: ReadonlySet<string>;
  readonly allowedOrigins: ReadonlySet<string>;
  /** The kill switch. */
  readonly freezes: Freezes;
  /** What people said of tools in place of the catalogue. */
  readonly overrides: Overrides;
}

/** Whose arguments: of a call that this policy judges, asked with this token, of a tool that calls these secret. */
interface ArgsOf {
  readonly policy: string | undefined;
  readonly token: string | undefined;
  readonly secretNames: () => ReadonlySet<string>;
}

/** How arguments, names and session ids get into the record: without secrets, hashes keyed and never bare. */
export interface Redaction {
  /**
   * For a call that this policy judges, asked with this token. A promise only where secrets are looked for; it never
   * rejects.
   */
  readonly args: (args: JsonObject, by: ArgsOf) => KeptArgs | Promise<KeptArgs>;
  /** No more than the names, at once: for what is refused because there is too much. */
  readonly argNames: (args: JsonObject, by: ArgsOf) => KeptArgs;
  /** What was asked for, or what a client says of itself. */
  readonly name: (text: string) => string;
  readonly session: (id: string) => string;
}

/** Everything the data plane works with. Built once in serve.ts. */
export interface Gate {
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly ledger: Ledger;
  readonly redaction: Redaction;
  readonly compileSchema: SchemaCompiler;
  readonly log: Log;
  readonly version: string;
  readonly stopping: () => boolean;
  /** The largest message that is taken from a client. */
  readonly bodyBytesMax: () => number;
  /** Refusals of unknown senders: counted and sampled, not recorded. */
  readonly onStranger: (code: RefusalCode) => void;
}
