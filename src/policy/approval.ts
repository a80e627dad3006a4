import { isInteger } from "../base/decimal.ts";
import { type Json, JsonNumber, member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { compileConditions, type ConditionContext, type PathUse } from "./condition.ts";
import { type Fields, fault, mistyped, openFields, readFlag, readList, readText } from "./fields.ts";
import { below } from "./pointer.ts";
import { type Problem, problemAt } from "./problem.ts";
import type { Condition } from "./three.ts";

/** What a rule's `approval` asks for (docs/policy.md). */
export interface ReadApproval {
  readonly pointer: string;
  /** `undefined`: always. Unknown counts as true. */
  readonly when: Condition | undefined;
  /** What `when` reads, for the checker. */
  readonly reads: readonly PathUse[];
  /** As written, for the checker; `undefined`: always. */
  readonly conditions: Json | undefined;
  /** Groups; `undefined` for everyone with the approver role. */
  readonly approvers: readonly string[] | undefined;
  readonly timeoutMs: number;
  /** How long an approval serves equal calls; `undefined`: one call. */
  readonly rememberMs: number | undefined;
  /** Different people it takes. */
  readonly quorum: number;
  /** Whether who asks may approve. */
  readonly self: boolean;
}

const APPROVAL = {
  noun: "An approval",
  fields: ["conditions", "approvers", "timeout", "remember", "quorum", "self"],
  required: [],
} as const;

const MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^([1-9][0-9]{0,8})([smhd])$/;
const TIMEOUT_MS = 600_000;

/** Milliseconds of a duration such as `10m`; `undefined` for what is none, or longer than a year. */
const durationMs = (text: string): number | undefined => {
  const found = DURATION.exec(text);
  const ms = Number(found?.[1]) * (MS[found?.[2] ?? ""] ?? Number.NaN);
  return ms <= LIMITS.approval_ms_max ? ms : undefined;
};

const readDuration = (fields: Fields, name: string): number | undefined => {
  const text = readText(fields, name);
  const ms = text === undefined ? undefined : durationMs(text);
  if (text !== undefined && ms === undefined) {
    fault(
      fields,
      name,
      `"${name}" must be a duration such as "30s", "10m", "2h" or "1d", of a year at most.`,
    );
  }
  return ms;
};

const readQuorum = (fields: Fields): number | undefined => {
  const value = member(fields.object, "quorum");
  if (value === undefined) {
    return undefined;
  }
  const count = value instanceof JsonNumber ? value.value : value;
  if (typeof count === "number" && Number.isSafeInteger(count) && count >= 1 && isWhole(value)) {
    return count;
  }
  fault(fields, "quorum", '"quorum" must be a whole number of at least 1.');
  return undefined;
};

const isWhole = (value: Json): boolean =>
  (typeof value === "number" || value instanceof JsonNumber) && isInteger(value);

const readGroups = (fields: Fields): readonly string[] | undefined => {
  const groups = readList(fields, "approvers", (item, pointer) => {
    if (typeof item === "string") {
      return item;
    }
    fields.problems.push(problemAt(pointer, "value", mistyped("An approver", "the name of a group", item)));
    return undefined;
  });
  const written = member(fields.object, "approvers");
  if (Array.isArray(written) && written.length === 0) {
    fault(fields, "approvers", '"approvers" must name a group; leave it out for everyone who may approve.');
  }
  return groups;
};

export const readApproval = (
  value: Json,
  pointer: string,
  context: ConditionContext,
  problems: Problem[],
): ReadApproval | undefined => {
  const fields = openFields(value, pointer, APPROVAL, problems);
  if (fields === undefined) {
    return undefined;
  }
  const conditions = member(fields.object, "conditions");
  const compiled =
    conditions === undefined
      ? undefined
      : compileConditions(conditions, below(pointer, "conditions"), "deny", context, problems);
  return {
    pointer,
    when: compiled?.holds,
    reads: compiled?.reads ?? [],
    conditions,
    approvers: readGroups(fields),
    timeoutMs: readDuration(fields, "timeout") ?? TIMEOUT_MS,
    rememberMs: readDuration(fields, "remember"),
    quorum: readQuorum(fields) ?? 1,
    self: readFlag(fields, "self") ?? false,
  };
};

/** What `action: "require_approval"` stands for. */
export const plainApproval = (pointer: string): ReadApproval => ({
  pointer,
  when: undefined,
  reads: [],
  conditions: undefined,
  approvers: undefined,
  timeoutMs: TIMEOUT_MS,
  rememberMs: undefined,
  quorum: 1,
  self: false,
});
