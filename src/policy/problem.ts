import type { JsonObject } from "../base/json-value.ts";

/** One thing that is wrong with a policy document (docs/policy.md). */
export interface Problem {
  /** RFC 6901 pointer of the offending member; of a missing field, the object that lacks it. */
  readonly pointer: string;
  /** Whether the member's name is at fault or what it holds. */
  readonly at: "key" | "value";
  /** A sentence for people. */
  readonly message: string;
  /** The nearest valid spelling, where one exists. */
  readonly nearest?: string;
  /** "error" where absent. */
  readonly severity?: "error" | "warning";
  /** A whole tool rule that would mend it, and the tool it is for. */
  readonly proposal?: JsonObject;
  readonly tool?: string;
}

/** A problem with `nearest` left out where there is none. */
export const problemAt = (pointer: string, at: "key" | "value", message: string, nearest?: string): Problem =>
  nearest === undefined ? { pointer, at, message } : { pointer, at, message, nearest };
