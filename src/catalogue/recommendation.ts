import type { JsonObject } from "../base/json-value.ts";

/** A starting point for a policy, made from what a server's tools are (docs/catalogue.md). */

export const PRESETS = ["recommended", "strict", "permissive"] as const;
export type Preset = (typeof PRESETS)[number];

/** A condition that would fit, with values that only people can know. It is not part of the policy. */
export interface Proposal {
  readonly tool: string;
  /** Where it would stand in the policy, RFC 6901: `/tools/read_file/require/-`. */
  readonly pointer: string;
  /** The argument it reads, as policies write it. */
  readonly argument: string;
  /** What would be put there: a predicate, with example values. */
  readonly value: JsonObject;
  /** Why it fits, as a sentence. */
  readonly why: string;
}

/** What must be known of one tool that the policy admits. */
export interface Remark {
  readonly tool: string;
  readonly text: string;
}

export interface Recommendation {
  readonly preset: Preset;
  /** Checks without errors and warnings against the same tools. */
  readonly policy: JsonObject;
  readonly proposals: readonly Proposal[];
  /** Shown where the tool stands. */
  readonly remarks: readonly Remark[];
  /** What people must know before they accept it, as sentences. */
  readonly notes: readonly string[];
}
