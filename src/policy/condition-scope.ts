import type { Json } from "../base/json-value.ts";
import type { Operator } from "./operators/table.ts";
import type { ParsedPath } from "./path.ts";
import type { Problem } from "./problem.ts";
import type { SchemaCompiler } from "./types.ts";

/** Which way unknown and wildcards lean; `deny` stands for `deny_if` and `approval.conditions`. `not` swaps the two. */
export type Lean = "require" | "deny";

export interface ConditionContext {
  readonly compileSchema: SchemaCompiler;
}

/** One path that a condition reads, for the checker's warnings. */
export interface PathUse {
  /** Of the condition. */
  readonly pointer: string;
  readonly path: ParsedPath;
  readonly op: Operator;
  readonly value: Json;
  readonly onMissing: "false" | "true" | undefined;
  /** Whether texts are compared folded. */
  readonly fold: boolean;
  /** As it is at this place, below every `not`. */
  readonly lean: Lean;
}

/** What compiling a condition takes along. `problems` and `reads` are added to. */
export interface ConditionScope {
  readonly lean: Lean;
  readonly context: ConditionContext;
  readonly problems: Problem[];
  readonly reads: PathUse[];
}

export const SHAPE = "A condition has path, op and value, or one of all, any and not.";
export const JOINS = ["all", "any", "not"] as const;
