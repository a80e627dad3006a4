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
  const place = refused.rule === undefined ? undefined : pointerSteps(refused.rule);
  if (place === undefined || BY_NAME.has(refused.code)) {
    return undefined;
  }
  const rule = place.reduce<unknown>(stepInto, policy);
  // The pattern for relative paths is recommended in the place of a folder (propose/relative.ts).
  const known = new Set([...leavesIn(stops.policy), RELATIVE].map(formOf));
  const leaves = leavesIn(rule).filter((leaf) => !known.has(formOf(leaf)));
  const forbids = place.includes("deny_if");
  const said =
    leaves.map((leaf) => ofLeaf(leaf, forbids)).find((sentence) => sentence !== undefined) ?? ofWindow(rule);
  return said ?? (stops.by === "nothing" ? UNKNOWN : undefined);
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
