import { LIMITS } from "../../base/limits.ts";
import { TOOL_CLASSES, worseClass, type ToolClass } from "../verdict.ts";
import type { Argument } from "./argument-walk.ts";
import { readName } from "./name-signs.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { nameWords, setOf } from "./words.ts";

/** Arguments that choose between several things a tool does. */
const CHOOSES = setOf("action actions operation operations op command cmd task subcommand method activity");

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
export const actionSigns = (args: readonly Argument[], spoken: ToolClass): readonly Sign[] =>
  args
    .filter((argument) => chooses(argument) && argument.path.lastIndexOf(".") === "args".length)
    .filter(
      (argument) =>
        !isKept(argument, spoken) && !(spoken === "read" && SELECTS.has(argument.name.toLowerCase())),
    )
    .flatMap(chosen)
    .map((sign) => lessThan(sign, spoken));

/** A mode is mostly how something is done; two plain verbs among its values say that it is what is done. */
const chooses = ({ name, values }: Argument): boolean =>
  CHOOSES.has(name.toLowerCase()) ||
  (name.toLowerCase() === "mode" &&
    values.slice(0, LIMITS.classified_values_max).filter((value) => PLAIN.has(value.toLowerCase())).length >
      1);
const PLAIN = setOf("list get create add delete remove update rename set drop prune clear read write");

/** What it can be told to do cannot make it less than it is said to be. */
const lessThan = (sign: Sign, spoken: ToolClass): Sign =>
  rank(sign.class) < rank(spoken) ? { ...sign, weight: WEIGHTS.weak } : sign;

/** A method that is kept with what is created ("a request of a collection") is not used now. */
const isKept = ({ name, values }: Argument, spoken: ToolClass): boolean =>
  spoken === "write" &&
  name.toLowerCase() === "method" &&
  values.every((value) => HTTP.has(value.toLowerCase()));

const chosen = ({ path, values, description }: Argument): readonly Sign[] => {
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

/** `build_failed` is something that came to pass, not something to do. */
const isPast = (word: string): boolean => word.length > 4 && word.endsWith("ed");

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
  if (nameWords(value.slice(0, 100)).some(isPast)) {
    return [];
  }
  const classes =
    value === "select" ? (["read"] as const) : readName(value, "argument").signs.map((sign) => sign.class);
  return classes.length === 0 ? [] : [{ value, class: classes.reduce(worseClass) }];
};
