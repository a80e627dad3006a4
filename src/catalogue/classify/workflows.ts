import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { formsOf, list, nameWords, setOf, singular } from "./words.ts";

/** Tools that run a workflow, a macro or a list of steps, each of which may do what other tools do. */

const RUNS: ReadonlySet<string> = new Set(
  list("run execute perform play invoke launch start trigger replay do apply process").flatMap((verb) =>
    formsOf(verb).map(([form]) => form),
  ),
);

/** What holds steps, and is known by its name too. */
const NAMED = setOf("workflow macro playbook runbook routine automation");
/** What holds steps where it is given whole, or where the tool's name is about nothing else. */
const GIVEN = setOf("recipe plan sequence pipeline flow chain scenario batch dag graph procedure");
/** The steps themselves. */
const STEPS = setOf("step action command operation task stage node instruction job");
/** Words of a name that leave open what is run. */
const OPEN =
  setOf(`saved stored named recorded custom any a the my multiple many all bulk batch browser tool mcp api in
  order async sync now once definition`);

/** A workflow of a repository or a project is run by those who keep it. */
const KEPT = setOf("owner repo repository ref branch project projectid projectname");

const squash = (name: string): string => nameWords(name).join("");

const nounOf = (name: string): string =>
  singular(squash(name).replace(/(?:name|definition|spec|yaml|json)$/, ""));

const isText = ({ types }: KnownArgument): boolean =>
  types.length > 0 && !types.includes("object") && !types.includes("array");

const isHolder = (word: string): boolean => NAMED.has(singular(word)) || GIVEN.has(singular(word));

interface About {
  /** Words of the name, and of the name and the first sentence. */
  readonly named: readonly string[];
  readonly about: readonly string[];
  /** Whether the name leaves open what is run. */
  readonly open: boolean;
}

/** Whether an argument is what is run, or names it. */
const isRun = (argument: KnownArgument, { named, about, open }: About): boolean => {
  const noun = nounOf(argument.name);
  if (STEPS.has(noun)) {
    const several =
      argument.types.includes("array") || (argument.types.length === 0 && squash(argument.name) !== noun);
    return several && about.some((word) => isHolder(word) || singular(word) === noun);
  }
  if (isText(argument)) {
    return argument.types.includes("string") && open && isHolder(noun);
  }
  return NAMED.has(noun) || (GIVEN.has(noun) && named.some(isHolder));
};

/** Paths of the arguments that say which steps are run. */
export const stepsRun = ({ name: { words }, prose, arguments: all }: Known): readonly string[] => {
  const clause = prose.clauses[0] ?? [];
  const named = words.some((word) => RUNS.has(word));
  if (!(named || RUNS.has(clause[0] ?? "")) || all.some(({ name }) => KEPT.has(squash(name)))) {
    return [];
  }
  const about = named ? [...words, ...clause] : clause;
  const open = named && words.every((word) => RUNS.has(word) || OPEN.has(word) || isHolder(word));
  return all
    .filter(
      (argument) =>
        argument.values.length === 0 &&
        argument.path.lastIndexOf(".") === 4 &&
        !argument.path.includes("[") &&
        isRun(argument, { named: words, about, open }),
    )
    .map(({ path }) => path);
};
