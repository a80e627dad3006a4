import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { formsOf, list, nameWords, setOf, singular } from "./words.ts";

/** Tools that run a workflow, a macro or a list of steps, each of which may do what other tools do. */

const RUNS: ReadonlySet<string> = new Set(
  list("run execute perform play invoke launch start trigger replay do process").flatMap((verb) =>
    formsOf(verb).map(([form]) => form),
  ),
);

/** What holds steps, and is known by its name too. */
const NAMED = setOf("workflow macro playbook runbook routine automation");
/** What holds steps where it is given whole, or where the tool's name is about nothing else. */
const GIVEN = setOf("recipe plan sequence pipeline flow chain scenario batch dag graph procedure");
/** The steps themselves. */
const STEPS = setOf("step action command operation instruction");
/** … which are as often other things where nothing is said of a workflow. */
const PARTS = setOf("task stage node job");
const PLAYS = setOf("play replay");
/** Words of a name that leave open what is run. */
const OPEN =
  setOf(`saved stored named recorded custom any a the my multiple many all bulk batch browser tool mcp api in
  order now once definition`);

/** A workflow of a repository or a project is run by those who keep it. */
const KEPT = setOf("owner repo repository ref branch project projectid projectname");

const isKept = (name: string): boolean => KEPT.has(squash(name));

const squash = (name: string): string => nameWords(name).join("");

const nounOf = (name: string): string =>
  singular(squash(name).replace(/(?:name|definition|spec|yaml|json)$/, ""));

const isText = ({ types }: KnownArgument): boolean =>
  types.length > 0 && !types.includes("object") && !types.includes("array");

const isHolder = (word: string): boolean => NAMED.has(singular(word)) || GIVEN.has(singular(word));

interface About {
  /** Words of the name, and of what says that it runs something. */
  readonly named: readonly string[];
  readonly words: readonly string[];
  /** Whether the name leaves open what is run. */
  readonly open: boolean;
}

/** Whether an argument is what is run, or names it. */
const isRun = (argument: KnownArgument, about: About): boolean => {
  const noun = nounOf(argument.name);
  if (STEPS.has(noun) || PARTS.has(noun)) {
    return isList(argument, noun) && tellsOf(noun, about);
  }
  return isKnown(noun, about) && (!isText(argument) || (about.open && isNamed(argument)));
};

const tellsOf = (noun: string, { words }: About): boolean =>
  words.some((word) => isHolder(word) || (STEPS.has(noun) && singular(word) === noun));

const isKnown = (noun: string, { named }: About): boolean =>
  NAMED.has(noun) || (GIVEN.has(noun) && named.some(isHolder) && !PLAYS.has(named[0] ?? ""));

const isList = ({ name, types }: KnownArgument, noun: string): boolean =>
  types.includes("array") || (types.length === 0 && squash(name) !== noun);

const isNamed = ({ types, beside }: KnownArgument): boolean =>
  types.includes("string") && !beside.some(isKept);

/** Paths of the arguments that say which steps are run. */
export const stepsRun = ({ name: { words }, prose, arguments: all }: Known): readonly string[] => {
  const clause = prose.clauses[0] ?? [];
  const named = words.some((word) => RUNS.has(word));
  if (!named && !RUNS.has(clause[0] ?? "")) {
    return [];
  }
  const open =
    named &&
    (words.length === 1 || words.some(isHolder)) &&
    words.every((word) => RUNS.has(word) || OPEN.has(word) || isHolder(word));
  const about: About = { named: words, words: named ? [...words, ...clause] : clause, open };
  return all
    .filter(
      (argument) =>
        argument.values.length === 0 &&
        argument.path.lastIndexOf(".") === 4 &&
        !argument.path.includes("[") &&
        isRun(argument, about),
    )
    .map(({ path }) => path);
};
