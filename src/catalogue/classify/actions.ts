import { LIMITS } from "../../base/limits.ts";
import { TOOL_CLASSES, worseClass, type ToolClass } from "../verdict.ts";
import type { Argument } from "./argument-walk.ts";
import { verbForm } from "./lexicon.ts";
import { namesThings } from "./noun-values.ts";
import { readName } from "./name-signs.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { nameWords, setOf } from "./words.ts";

/** Arguments that choose between several things a tool does. */
const CHOOSES = setOf(
  "action actions operation operations op command cmd task subcommand method activity verb action_type operation_type",
);

/** … and those that do so only where what they may be reads as well as acts: `mode` of "show" and "purge". */
const MODES = setOf("mode type kind");

/** Objects whose members choose what is found. */
const FILTERS = /\.(?:filters?|where|query|criteria|match|search|conditions?|rules?)\b[^.]*\./i;

/** … of which these only choose what is found where a tool clearly reads. */
const SELECTS = setOf("task activity");

const HTTP =
  setOf(`get post put patch delete head options copy link unlink purge lock unlock propfind proppatch mkcol move report
  view trace connect search query`);
const HTTP_READS = setOf("get head options propfind view trace search query report");
const HTTP_DELETES = setOf("delete purge");
const ARITHMETIC = setOf(
  "add subtract multiply divide power modulo sqrt mod sum mean median min max abs pow root log",
);

/** A tool with several actions has the class of the most dangerous one. */
export const actionSigns = (args: readonly Argument[], spoken: ToolClass): readonly Sign[] => {
  // Many arguments may share one list of values.
  const known = new Map<readonly string[] | string, readonly Sign[]>();
  return args
    .filter((argument) => isChoice(argument, spoken) && !(spoken === "read" && namesThings(argument)))
    .flatMap((argument) => {
      const key = argument.values.length > 0 ? argument.values : argument.description;
      const before = known.get(key);
      const signs = before ?? chosen(argument);
      known.set(key, signs);
      return before === undefined ? signs : [];
    })
    .map((sign) => lessThan(sign, spoken));
};

const isChoice = (argument: Argument, spoken: ToolClass): boolean => {
  const { path, values } = argument;
  const name = argument.name.toLowerCase();
  // What is kept with a thing that is created is not done now: the actions of a rule.
  const elsewhere = isWithin(path) && (spoken === "write" || FILTERS.test(path));
  if (elsewhere || isKept(argument, spoken) || isFilter(argument, spoken)) {
    return false;
  }
  return CHOOSES.has(name)
    ? !(spoken === "read" && SELECTS.has(name))
    : MODES.has(name) && spoken === "read" && readsAndDestroys(values);
};

/** Whether it is a member of something else than a choice: `rule.action`, but not `action.action`. */
const isWithin = (path: string): boolean =>
  path
    .split(".")
    .slice(1, -1)
    .some((part) => !CHOOSES.has(part.toLowerCase()));

const readsAndDestroys = (values: readonly string[]): boolean => {
  const classes = new Set(
    values
      .slice(0, LIMITS.classified_values_max)
      .flatMap(actionOf)
      .map((one) => one.class),
  );
  return classes.has("read") && classes.has("destructive");
};

/** What it can be told to do cannot make it less than it is said to be. */
const lessThan = (sign: Sign, spoken: ToolClass): Sign =>
  rank(sign.class) < rank(spoken) ? { ...sign, weight: WEIGHTS.weak } : sign;

/** A method that is kept with what is created ("a request of a collection") is not used now. */
const isKept = ({ name, values }: Argument, spoken: ToolClass): boolean =>
  spoken === "write" &&
  name.toLowerCase() === "method" &&
  values.every((value) => HTTP.has(value.toLowerCase()));

const MONEY_KINDS =
  setOf(`refund credit debit chargeback charge payment payout transfer deposit withdrawal adjustment fee trade dividend
  order invoice reversal`);
const PAGES = setOf(
  "after before cursor limit offset page perpage per_page page_size pagesize orderby order_by sort",
);

/** Kinds of payments by which a list is narrowed: nobody refunds page by page. */
const isFilter = ({ required, beside, values }: Argument, spoken: ToolClass): boolean =>
  spoken === "read" &&
  !required &&
  beside.some((other) => PAGES.has(other.toLowerCase())) &&
  values.length > 1 &&
  values.every((value) => MONEY_KINDS.has(nameWords(value)[0] ?? ""));

const chosen = ({ path, values, description }: Argument): readonly Sign[] => {
  const odd = values.find(isDisguised);
  if (odd !== undefined) {
    return [
      {
        class: "execute",
        weight: 2 * WEIGHTS.decisive,
        from: "argument",
        found: path.slice(0, 80),
        says: "One of the things it can be told to do is written with letters that look like others.",
      },
    ];
  }
  if (values.length > 0) {
    const worst = worstOf(values.slice(0, LIMITS.classified_values_max));
    return worst === undefined
      ? []
      : [sign(path, worst.value, worst.class, worst.class === "read" ? WEIGHTS.sure : WEIGHTS.decisive)];
  }
  const named = description.match(/["'`][a-z_]{2,30}["'`]|\b[a-z_]{3,30}(?=\s*[,|/])/g) ?? [];
  const worst = named.length < 2 ? undefined : worstOf(named.map((text) => text.replaceAll(/["'`]/g, "")));
  return worst === undefined || worst.class === "read"
    ? []
    : [sign(path, worst.value, worst.class, WEIGHTS.sure)];
};

const sign = (path: string, value: string, is: ToolClass, weight: number): Sign => ({
  class: is,
  weight,
  from: "argument",
  found: path.slice(0, 80),
  says: `One of the things it can be told to do is "${value.slice(0, 40)}", which ${DOES[is]}.`,
});

/** `build_failed` is something that came to pass, not something to do; `delete_archived` is. */
const isPast = (words: readonly string[]): boolean => {
  const first = verbForm(words[0] ?? "");
  return (
    words.some((word) => word.length > 4 && word.endsWith("ed")) &&
    !(first?.form === "base" && (!first.noun || first.class === "destructive"))
  );
};

/** Letters of other scripts among Latin ones, or letters that only look like plain ones: "d\u0435lete". */
const isDisguised = (text: string): boolean =>
  /[^\0-\x7f]/.test(text) &&
  ((/\p{Script=Latin}/u.test(text) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(text)) ||
    /[\p{Cf}\p{Script=Cherokee}\uff21-\uff5a]|[\u{1d400}-\u{1d7ff}]/u.test(text) ||
    actionOf(text.normalize("NFKD").replaceAll(/\p{M}/gu, "")).some((one) => one.class !== "read"));

interface Worst {
  readonly value: string;
  readonly class: ToolClass;
}

const worstOf = (values: readonly string[]): Worst | undefined => {
  const lower = values.map((value) => value.toLowerCase());
  const [first = ""] = lower;
  if (lower.every((value) => ARITHMETIC.has(value))) {
    return { value: first, class: "read" };
  }
  if (lower.every((value) => HTTP.has(value))) {
    const changing = lower.find((value) => !HTTP_READS.has(value));
    const deleting = lower.find((value) => HTTP_DELETES.has(value));
    return {
      value: deleting ?? changing ?? first,
      class: deleting !== undefined ? "destructive" : changing === undefined ? "read" : "execute",
    };
  }
  return values
    .flatMap(actionOf)
    .reduce<Worst | undefined>(
      (worst, next) => (worst === undefined || rank(next.class) > rank(worst.class) ? next : worst),
      undefined,
    );
};

const rank = (is: ToolClass): number => TOOL_CLASSES.indexOf(is);

const actionOf = (value: string): readonly Worst[] => {
  if (isPast(nameWords(value.slice(0, 100)))) {
    return [];
  }
  const classes =
    value === "select" ? (["read"] as const) : readName(value, "argument").signs.map((sign) => sign.class);
  return classes.length === 0 ? [] : [{ value, class: classes.reduce(worseClass) }];
};
