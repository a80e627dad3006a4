import { pointerSteps } from "../base/json-pointer.ts";
import type { Refused } from "../catalogue/attacks/result.ts";
import type { Pattern } from "../catalogue/attacks/pattern.ts";
import { isRecord, type Plain } from "./plain.ts";
import { RELATIVE_PATH } from "./propose/relative.ts";

// A refusal proves that an attack is held only where the rule that made it refuses every form of the attack. Some rules
// refuse the one that was played, and nobody knows of the next.

/** What a rule was refused with, in which policy, and what the attack's page recommends. */
interface Case {
  readonly refused: Refused;
  /** The policy that was tried. */
  readonly policy: unknown;
  readonly stops: Pattern["stops"];
}

/** Why a refusal proves less than that the attack is held: a sentence. `undefined`: it proves it. */
export const doubtOf = ({ refused, policy, stops }: Case): string | undefined => {
  if (refused.rule === undefined || BY_NAME.has(refused.code)) {
    return undefined;
  }
  const place = pointerSteps(refused.rule) ?? [];
  const rule = place.length === 0 ? undefined : place.reduce<unknown>(stepInto, policy);
  if (rule === undefined) {
    return "The rule that refused it is not found in the policy.";
  }
  const said = ofPredicate(rule, place.includes("deny_if"), knownTo(stops)) ?? ofWindow(rule);
  return said ?? (stops.by === "nothing" ? UNKNOWN : undefined);
};

/**
 * The policy without the predicates that prove little: what is held there is held by the rest. `undefined`: there are none.
 */
export const withoutDoubted = (policy: unknown, stops: Pattern["stops"]): Plain | undefined => {
  if (!isRecord(policy)) {
    return undefined;
  }
  const known = knownTo(stops);
  const isLeft = (key: string) => (predicate: unknown) =>
    ofPredicate(predicate, key === "deny_if", known) === undefined;
  const open = (rule: unknown): unknown => (isRecord(rule) ? mapped(rule, keep) : rule);
  const keep = (value: unknown, key: string): unknown =>
    PREDICATES.has(key) && Array.isArray(value) ? value.filter(isLeft(key)) : value;
  const rest = mapped(policy, (value, key) => {
    if (key === "tools" && isRecord(value)) {
      return mapped(value, open);
    }
    return key === "all_tools" ? open(value) : value;
  });
  return JSON.stringify(rest) === JSON.stringify(policy) ? undefined : rest;
};

const PREDICATES: ReadonlySet<string> = new Set(["require", "deny_if"]);

const mapped = (record: Plain, to: (value: unknown, key: string) => unknown): Plain =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));

/** What the page recommends was thought over, whatever it looks at. */
interface Known {
  readonly forms: ReadonlySet<string>;
  /** Without `regex`: another pattern is another thing. */
  readonly operators: ReadonlySet<unknown>;
}

const knownTo = ({ policy }: Pattern["stops"]): Known => {
  // The pattern for relative paths is recommended in the place of a folder (propose/relative.ts).
  const leaves = [...leavesIn(policy), RELATIVE];
  return {
    forms: new Set(leaves.map(formOf)),
    operators: new Set(leavesIn(policy).flatMap(({ op }) => (op === "regex" ? [] : [op]))),
  };
};

const ofPredicate = (predicate: unknown, forbids: boolean, known: Known): string | undefined => {
  const leaves = leavesIn(predicate);
  // Beside a pattern of the page's stand its other operators with a user's values: `ends_with` with a domain.
  const isOfPage = leaves.some((leaf) => SPELLING.has(String(leaf["op"])) && known.forms.has(formOf(leaf)));
  return leaves
    .filter((leaf) => !known.forms.has(formOf(leaf)) && !(isOfPage && known.operators.has(leaf["op"])))
    .map((leaf) => ofLeaf(leaf, forbids))
    .find((sentence) => sentence !== undefined);
};

/** These refuse a tool, whatever it is called with. */
const BY_NAME: ReadonlySet<string> = new Set(["hidden", "default_deny", "action_deny"]);

const UNKNOWN =
  "Nothing in this release is known to stop this attack: it may not have been put in a form that the rule admits.";

const stepInto = (value: unknown, step: string): unknown => {
  if (Array.isArray(value)) {
    return value[Number(step)];
  }
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
};

/** Every condition in a rule or a policy, however deep it stands. */
const leavesIn = (value: unknown): readonly Plain[] => {
  if (Array.isArray(value)) {
    return value.flatMap(leavesIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  return typeof value["op"] === "string" && typeof value["path"] === "string"
    ? [value]
    : Object.values(value).flatMap(leavesIn);
};

/** What a condition asks, of whichever argument. */
const formOf = ({ op, value }: Plain): string => JSON.stringify([op, value]);

const RELATIVE = { op: "regex", value: RELATIVE_PATH } as const;

/** They compare how a text is written. */
const SPELLING: ReadonlySet<string> = new Set(["regex", "contains", "starts_with", "ends_with", "glob"]);

const ofLeaf = ({ op, path }: Plain, forbids: boolean): string | undefined => {
  const [root = ""] = String(path).split(/[.[]/u);
  if (root === "now") {
    return "The rule looks at the time: at another the call may pass.";
  }
  if (root === "client") {
    return "The rule believes what a client says of itself: another may say the same.";
  }
  if (root === "args" && SPELLING.has(String(op))) {
    return `The rule looks at how a value is written (${String(op)}): another spelling may pass.`;
  }
  return root === "args" && forbids && op === "within"
    ? "The rule forbids some folders: what is in none of them passes."
    : undefined;
};

const SHORT_SECONDS = 60;

const ofWindow = (rule: unknown): string | undefined => {
  const window = isRecord(rule) ? rule["window"] : undefined;
  return typeof window === "number" && window < SHORT_SECONDS
    ? `The limit starts anew after ${window === 1 ? "a second" : `${String(window)} seconds`}: slower calls pass.`
    : undefined;
};
