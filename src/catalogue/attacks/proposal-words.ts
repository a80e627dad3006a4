import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import type { Proposal } from "./result.ts";

/** How a proposal is told, in the terminal and in a report. */
export interface TellsOf {
  readonly adds: JsonObject;
  /** `, in place of what it says of send_mail`; empty where nothing stood there. */
  readonly place: string;
  /** Sentences for whoever copies it. */
  readonly notes: readonly string[];
}

const NAMES_MAX = 20;

export const tellsOf = ({ adds, replaces, closes, ...told }: Proposal): TellsOf => {
  const rule = fromPlain(adds);
  const isHiding = Object.hasOwn(adds, "hide");
  return {
    adds: isJsonObject(rule) ? rule : {},
    place: replaces.length === 0 ? "" : `, in place of what it says of ${listed(replaces)}`,
    notes: [
      ...(isHiding ? ["Names below `hide` are added to those that are there."] : []),
      ...closedSaid(adds["default"] === "deny", closes),
      ...openSaid(adds),
      ...(closesShapes(adds) ? [OF_SHAPES] : []),
      ...(hasExamples(adds) ? [OF_EXAMPLES] : []),
      ...costsSaid(told),
      ...othersSaid(told),
    ],
  };
};

const OF_EXAMPLES = "Folders, hosts, names, amounts and patterns in it are examples: put in yours.";

const costsSaid = ({ asks = [], refuses = [] }: Pick<Proposal, "asks" | "refuses">): readonly string[] => [
  ...(asks.length === 0 ? [] : [`Calls without ${listed(asks)} are refused.`]),
  ...refuses.map(
    ({ tool, given, code }) =>
      `A call of ${tool} like ${shortened(JSON.stringify(given))} is refused by it (${code}), which the policy admits now: see that yours are not.`,
  ),
];

const othersSaid = ({ others = [] }: Pick<Proposal, "others">): readonly string[] =>
  others.length === 0
    ? []
    : [
        `The same is admitted with your ${fewOf(others)}: put a rule for each, or play again and see the next.`,
      ];

/** Tools that are named before the rest is only counted. */
const FEW = 3;

const fewOf = (names: readonly string[]): string => {
  const left = names.length - FEW;
  const first = names.slice(0, FEW).join(", ");
  return left > 0 ? `${first} and ${String(left)} more` : first;
};

/** Characters of a call that are shown. */
const CALL_MAX = 200;

const shortened = (text: string): string =>
  text.length > CALL_MAX ? `${text.slice(0, CALL_MAX - 1)}…` : text;

const OF_SHAPES =
  "What its `schema` does not name is refused: name there, below `properties`, what else your calls have.";

const LISTS = ["resources", "prompts", "methods"] as const;

/** Another default is one for tools; what stays open besides is in lists of everything. */
const openSaid = (adds: Proposal["adds"]): readonly string[] => {
  const open = adds["default"] === "deny" ? LISTS.filter((name) => isEverything(adds[name])) : [];
  return open.length === 0
    ? []
    : [`${open.map((name) => `\`${name}\``).join(", ")} with \`*\` keep open what the default left open.`];
};

const isEverything = (value: unknown): boolean => Array.isArray(value) && value.includes("*");

/** Whether a schema in it takes no members but those that it names. */
const closesShapes = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(
    ([name, inner]) => (name === "additionalProperties" && inner === false) || closesShapes(inner),
  );

/** Whether it says more than what is closed. */
const hasExamples = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(
    ([name, inner]) => (EXAMPLES.has(name) && !isEverything(inner)) || hasExamples(inner),
  );

const EXAMPLES: ReadonlySet<string> = new Set(["conditions", "limits", "rate_limit", "resources", "prompts"]);

const closedSaid = (byDefault: boolean, closes: readonly string[]): readonly string[] => {
  if (closes.length > 0) {
    const stay = byDefault ? " Those that are to stay need a key below `tools`." : "";
    return [`It closes ${String(closes.length)} of your tools besides: ${listed(closes)}.${stay}`];
  }
  return byDefault ? ["It closes every tool that no key below `tools` names."] : [];
};

const listed = (names: readonly string[]): string => {
  const left = names.length - NAMES_MAX;
  return `${names.slice(0, NAMES_MAX).join(", ")}${left > 0 ? ` and ${String(left)} more` : ""}`;
};
