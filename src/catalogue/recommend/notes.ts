import type { Findings } from "./findings.ts";
import { listed, tools } from "./texts.ts";
import { CALLS_A_MINUTE } from "./treatment.ts";
import { SPENT_A_DAY } from "./spending.ts";

type Names = Exclude<keyof Findings, "proposals">;

/** A sentence for each list that is not empty, in this order. */
const SENTENCES: Readonly<Record<Names, (names: readonly string[]) => string>> = {
  hidden: (names) =>
    `Hidden, so that agents neither see nor call them: ${listed(names)}. To admit one, take it out of "hide" and give it a rule.`,
  asked: (names) =>
    `${tools(names, "needs", "need")} a person's approval: ${listed(names)}. While nobody can be asked, calls are refused.`,
  omitted: (names) => `Not admitted, because nothing in "tools" names them: ${listed(names)}.`,
  metaClosed: (names) =>
    `These run other tools, and may run only those that the policy leaves open: ${listed(names)}. Keep their lists of names true when you change the rules of other tools.`,
  metaAsked: (names) => `These run what they are told, so a person must agree: ${listed(names)}.`,
  spending: (names) =>
    `These may spend ${String(SPENT_A_DAY)} a day for each grant, in the unit of the argument: ${listed(names)}. This is a figure to begin with: set your own.`,
  uncounted: (names) =>
    `These move money in an amount that cannot be counted, because it is missing, optional, text or one of several; only approval keeps it: ${listed(names)}.`,
  reaching: (names) =>
    `These take files, addresses or queries from the caller: ${listed(names)}. Conditions on their arguments narrow that.`,
  secrets: (names) =>
    `These only read, so they are admitted, and what they read may be secret, such as keys or environment variables: ${listed(names)}. To keep an agent from it, put them into "hide".`,
  limitedWrites: (names) =>
    `A grant may call each writing tool ${String(CALLS_A_MINUTE.write)} times a minute, a usual figure to begin with: ${listed(names)}.`,
  limitedExecutions: (names) =>
    `A grant may call each executing tool ${String(CALLS_A_MINUTE.execute)} times a minute, a usual figure to begin with: ${listed(names)}.`,
  unsure: (names) =>
    `Not sure what these do, so they are taken for the more dangerous: ${listed(names)}. Look at them, and change their rules where you know better.`,
  unusable: (names) =>
    `Left out, because a key cannot name them (a wildcard or nothing in the name, a name too long, or one that the list has twice): ${listed(names)}.`,
  tooMany: (names) =>
    `Left out, because a policy has a largest size: ${tools(names, "is", "are")} not admitted: ${listed(names)}.`,
};

const ORDER = [
  "hidden",
  "asked",
  "omitted",
  "metaClosed",
  "metaAsked",
  "spending",
  "uncounted",
  "reaching",
  "secrets",
  "limitedWrites",
  "limitedExecutions",
  "unsure",
  "unusable",
  "tooMany",
] as const satisfies readonly Names[];

const LATER_DENIED = "Tools that the server adds later are not admitted until a rule names them.";
const LATER_ALLOWED = "Tools that the server adds later are admitted without a rule.";
const RESOURCES_DENIED =
  'Resources and prompts are not admitted: write "resources": ["file:///public/*"] or "prompts": ["*"] to admit some.';
const RESOURCES_ALLOWED =
  'All resources and prompts are admitted: write "resources" and "prompts" with patterns to narrow that.';

export const notesOf = (findings: Findings, { denies }: { readonly denies: boolean }): readonly string[] => [
  ...ORDER.flatMap((name) => (findings[name].length === 0 ? [] : [SENTENCES[name](findings[name])])),
  denies ? LATER_DENIED : LATER_ALLOWED,
  denies ? RESOURCES_DENIED : RESOURCES_ALLOWED,
  ...(findings.proposals === 0 ? [] : [PROPOSED]),
];

/** What stands at such a tool in the form with comments. */
export const SECRET_REMARK =
  "What this reads may be secret, such as keys or environment variables: it is admitted because it only reads.";

const PROPOSED =
  "The proposals are not part of the policy: their values are examples, and only you know the right ones.";
