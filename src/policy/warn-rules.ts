import { foldText } from "../base/fold.ts";
import { isJsonArray } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { nearest } from "../base/nearest.ts";
import type { PathUse } from "./condition.ts";
import type { ReadLimit } from "./limits.ts";
import { coversTemplate } from "./pattern-overlap.ts";
import { below } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import type { ReadPredicate, ReadRule } from "./rule.ts";
import { TOOL_CLASSES } from "./tool-classes.ts";
import { fixedAll } from "./warn-truth.ts";

/** Warnings that need no tool list: what is valid, and hardly what was meant (docs/policy.md). */

export const warningAt = (
  pointer: string,
  at: "key" | "value",
  message: string,
  nearest?: string,
): Problem => ({
  pointer,
  at,
  message,
  severity: "warning",
  ...(nearest === undefined ? {} : { nearest }),
});

/** Every rule of a document, `all_tools` first. */
const rulesOf = (document: PolicyDocument): readonly ReadRule[] => [
  ...(document.allTools === undefined ? [] : [document.allTools]),
  ...document.tools.values(),
];

/** What the conditions of a rule read. */
export const readsOf = (rule: ReadRule): readonly PathUse[] => [
  ...[...rule.require, ...rule.denyIf].flatMap(({ predicate }) => predicate.reads),
  ...(rule.approval?.reads ?? []),
];

const untrusted = ({ pointer, path }: PathUse): readonly Problem[] =>
  path.root === "client"
    ? [
        warningAt(
          below(pointer, "path"),
          "value",
          `${path.text} is what the client says of itself: anyone may say anything.`,
        ),
      ]
    : [];

/** Operators that hold `tool.class` against whole values. */
const EQUALITY: ReadonlySet<string> = new Set(["eq", "neq", "in", "not_in"]);

const isToolClass = ({ path: { root, steps } }: PathUse): boolean =>
  root === "tool" && steps[0]?.kind === "name" && steps[0].name === "class";

/** One slip in a list of classes would let a class through that was to be denied. */
const strangeClasses = (use: PathUse): readonly Problem[] => {
  const { pointer, op, value, fold } = use;
  if (!isToolClass(use) || !EQUALITY.has(op)) {
    return [];
  }
  const known: readonly string[] = TOOL_CLASSES;
  const place = below(pointer, "value");
  const written = isJsonArray(value) ? value : [value];
  return written.flatMap((item, index) => {
    const text = typeof item === "string" ? item : "";
    return known.includes(fold ? foldText(text) : text)
      ? []
      : [
          warningAt(
            isJsonArray(value) ? below(place, index) : place,
            "value",
            `tool.class is never ${writeJson(item)}: it is one of ${known.join(", ")}.`,
            nearest(text, known),
          ),
        ];
  });
};

const EFFECTS = {
  require: { always: "requires nothing", never: "refuses every call" },
  deny_if: { always: "denies every call", never: "denies nothing" },
} as const;

const fixedPredicates = (
  field: "require" | "deny_if",
  list: readonly ReadPredicate[],
): readonly Problem[] => {
  const seen = new Map<string, string>();
  return list.flatMap(({ pointer, conditions }) => {
    const fixed = isJsonArray(conditions) ? fixedAll(conditions) : undefined;
    if (fixed !== undefined) {
      const [when, effect] = fixed ? (["always", "always"] as const) : (["never", "never"] as const);
      return [
        warningAt(pointer, "value", `This predicate is ${when} true, so it ${EFFECTS[field][effect]}.`),
      ];
    }
    const text = writeJson(conditions);
    const earlier = seen.get(text);
    seen.set(text, earlier ?? pointer);
    return earlier === undefined
      ? []
      : [
          warningAt(
            pointer,
            "value",
            `This predicate is the same as ${earlier} and is never the one that decides.`,
          ),
        ];
  });
};

/** Fields of a rule that `action: "deny"` leaves without effect. */
const behindDeny = (rule: ReadRule): readonly Problem[] => {
  const written: readonly (readonly [string, boolean])[] = [
    ["require", rule.require.length > 0],
    ["deny_if", rule.denyIf.length > 0],
    ["limits", rule.limits.length > 0],
    ["rate_limit", rule.rateLimit !== undefined],
    ["approval", rule.approval !== undefined],
    ["arguments", rule.arguments !== undefined],
  ];
  return rule.denies
    ? written
        .filter(([, is]) => is)
        .map(([name]) =>
          warningAt(
            below(rule.pointer, name),
            "key",
            `"${name}" is never reached: the rule's action is "deny".`,
          ),
        )
    : [];
};

/** Rules of tools that `hide` or `all_tools` leave without effect. */
const unreached = (document: PolicyDocument): readonly Problem[] => {
  const hides = document.hide.map((pattern) => ({ pattern, covers: coversTemplate(pattern) }));
  const deniesAll = document.allTools?.denies === true;
  return Array.from(document.tools.values()).flatMap((rule) => {
    const hidden = hides.find(({ covers }) => covers(rule.key.split("*")));
    if (hidden !== undefined) {
      const message = `"${rule.key}" is never reached: "${hidden.pattern}" hides all that it matches.`;
      return [warningAt(rule.pointer, "key", message)];
    }
    return deniesAll && !rule.denies
      ? [
          warningAt(
            rule.pointer,
            "key",
            `"${rule.key}" is never admitted: the action of all_tools is "deny".`,
          ),
        ]
      : [];
  });
};

const twice = (earlier: readonly ReadLimit[], limits: readonly ReadLimit[]): readonly Problem[] => {
  const met = new Map(earlier.map((limit) => [limit.spec.counter, limit.pointer]));
  return limits.flatMap(({ pointer, spec }) => {
    const first = met.get(spec.counter);
    met.set(spec.counter, first ?? pointer);
    return first === undefined
      ? []
      : [
          warningAt(
            pointer,
            "value",
            `One call is charged twice on the counter "${spec.counter}": here and at ${first}.`,
          ),
        ];
  });
};

const chargedTwice = (document: PolicyDocument): readonly Problem[] => {
  const ofAll = document.allTools?.written ?? [];
  return [
    ...twice([], ofAll),
    ...Array.from(document.tools.values()).flatMap((rule) => twice(ofAll, rule.written)),
  ];
};

const warnOfRule = (rule: ReadRule): readonly Problem[] =>
  [
    readsOf(rule).flatMap(untrusted),
    readsOf(rule).flatMap(strangeClasses),
    fixedPredicates("require", rule.require),
    fixedPredicates("deny_if", rule.denyIf),
    behindDeny(rule),
  ].flat();

export const warnOfRules = (document: PolicyDocument): readonly Problem[] => [
  ...rulesOf(document).flatMap(warnOfRule),
  ...unreached(document),
  ...chargedTwice(document),
];
