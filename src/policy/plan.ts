import type { Json } from "../base/json-value.ts";
import type { Condition } from "./three.ts";
import type { ReadApproval } from "./approval.ts";
import type { Charge, LimitSpec, ReadLimit } from "./limits.ts";
import { below } from "./pointer.ts";
import type { ArgumentsMode, ReadPredicate, ReadRule } from "./rule.ts";
import type { Call, Decision, Subject } from "./types.ts";

/** One tool's gates as lists that are walked once: the tool's own entries, then those of `all_tools`. */

/** What a refusal quotes: where the rule stands and what the document says about it. */
export interface Source {
  readonly rule: string;
  readonly name: string | undefined;
  /** `on_deny`, else the rule's `reason`; `undefined`: a plain sentence of ours. */
  readonly message: string | undefined;
}

export interface Check extends Source {
  readonly holds: Condition;
}

export interface Ask extends Source {
  readonly when: Condition | undefined;
}

export interface Cost extends Source {
  readonly spec: LimitSpec;
  readonly whose: (subject: Subject) => string;
  /** The cost of every call, or `undefined`: it is read. */
  readonly fixed: bigint | undefined;
  readonly read: ((call: Call) => Json | undefined) | undefined;
  /** The charge made last: most calls in a row are one caller's, and a fixed cost makes theirs equal. */
  last: Charge | undefined;
}

export interface Plan {
  readonly observes: boolean;
  /** Pointer of the rule that admits: `/tools/KEY` or `/default`. */
  readonly rule: string;
  readonly denied: Source | undefined;
  readonly arguments: ArgumentsMode;
  readonly argumentsSource: Source;
  readonly requires: readonly Check[];
  readonly denies: readonly Check[];
  readonly asks: readonly Ask[];
  readonly costs: readonly Cost[];
  readonly allowed: Decision;
  /** The whole verdict of an allowed call that nothing is charged for. */
  readonly free: { readonly decision: Decision; readonly passes: true; readonly charges: readonly Charge[] };
}

/**
 * Calls without a session share one counter a grant. Session ids begin with a letter or digit in all that we make;
 * one that begins with the mark is marked itself, so that no id can stand for a grant.
 */
const MARK = "-";
const sessionKey = ({ session, grant }: Subject): string => {
  if (session === undefined) {
    return `${MARK}grant:${grant ?? ""}`;
  }
  return session.id.startsWith(MARK) ? `${MARK}session:${session.id}` : session.id;
};

const WHOSE: Readonly<Record<LimitSpec["scope"], (subject: Subject) => string>> = {
  grant: (subject) => subject.grant ?? "",
  identity: (subject) => subject.identity?.name ?? "",
  session: sessionKey,
  server: (subject) => subject.server ?? "",
  global: () => "",
};

const checksOf = (rule: ReadRule, list: readonly ReadPredicate[]): readonly Check[] =>
  list.map(({ pointer, predicate }) => ({
    rule: pointer,
    name: predicate.name,
    message: predicate.onDeny ?? rule.reason,
    holds: predicate.holds,
  }));

const askOf = (rule: ReadRule, approval: ReadApproval): Ask => ({
  rule: approval.pointer,
  name: undefined,
  message: rule.reason,
  when: approval.when,
});

/** Limits of one name share one spec, so that counters may know them by identity. */
export type Specs = Map<string, LimitSpec>;

const costOf = (rule: ReadRule, limit: ReadLimit, specs: Specs): Cost => {
  const spec = specs.get(limit.spec.counter) ?? limit.spec;
  specs.set(spec.counter, spec);
  const fixed = typeof limit.cost === "bigint" ? limit.cost : undefined;
  const read = typeof limit.cost === "bigint" ? undefined : limit.cost;
  const source = { rule: limit.pointer, name: undefined, message: rule.reason };
  return { ...source, spec, whose: WHOSE[spec.scope], fixed, read, last: undefined };
};

/** Gate 7's row of the table: where `arguments` is written, else the rule itself. */
const argumentsOf = (
  own: ReadRule | undefined,
  all: ReadRule | undefined,
  rule: string,
): Pick<Plan, "arguments" | "argumentsSource"> => {
  const writer = [own, all].find((one) => one?.arguments !== undefined);
  return {
    arguments: writer?.arguments ?? "strict",
    argumentsSource: {
      rule: writer === undefined ? rule : below(writer.pointer, "arguments"),
      name: undefined,
      message: (writer ?? own)?.reason,
    },
  };
};

/** Made once a rule, so that letting a call pass makes nothing. */
const allowedBy = (rule: string, observes: boolean): Decision => {
  const decision = {
    decision: "allow",
    code: "allowed",
    rule,
    message: `Allowed by ${rule} of the policy.`,
  } as const;
  return Object.freeze(observes ? { ...decision, enforced: false as const } : decision);
};

/** Puts a tool's own rule (`undefined`: no key matches it, and the default allows) and `all_tools` together. */
export const planOf = (
  own: ReadRule | undefined,
  all: ReadRule | undefined,
  observes: boolean,
  specs: Specs,
): Plan => {
  const rules = [own, all].filter((rule) => rule !== undefined);
  const rule = own?.pointer ?? "/default";
  const denier = rules.find(({ denies }) => denies);
  const decision = allowedBy(rule, observes);
  return {
    observes,
    rule,
    denied: denier && { rule: below(denier.pointer, "action"), name: undefined, message: denier.reason },
    ...argumentsOf(own, all, rule),
    requires: rules.flatMap((one) => checksOf(one, one.require)),
    denies: rules.flatMap((one) => checksOf(one, one.denyIf)),
    asks: rules.flatMap((one) => (one.approval === undefined ? [] : [askOf(one, one.approval)])),
    costs: rules.flatMap((one) =>
      [...one.limits, ...(one.rateLimit === undefined ? [] : [one.rateLimit])].map((limit) =>
        costOf(one, limit, specs),
      ),
    ),
    allowed: decision,
    free: Object.freeze({ decision, passes: true, charges: Object.freeze([]) }),
  };
};
