import { LIMITS } from "../../base/limits.ts";
import { worseClass, type ToolClass } from "../verdict.ts";
import type { Known } from "./meta.ts";
import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign, DOES } from "./sign.ts";
import { formsOf, list, setOf, singular } from "./words.ts";

/** What a text that begins harmlessly says of what comes to pass later: "Afterwards the record is purged". */

const pastsOf = (verbs: string): readonly string[] =>
  list(verbs).flatMap((verb) => formsOf(verb).flatMap(([word, form]) => (form === "ed" ? [word] : [])));
const basesOf = (verbs: string): ReadonlySet<string> =>
  new Set(
    list(verbs).flatMap((verb) => formsOf(verb).flatMap(([word, form]) => (form === "s" ? [word] : []))),
  );

interface Deed {
  readonly class: ToolClass;
  readonly word: string;
}

const deeds = (is: ToolClass, words: readonly string[]): readonly (readonly [string, Deed])[] =>
  words.map((word) => [word, { class: is, word }] as const);

const DEEDS: ReadonlyMap<string, Deed> = new Map([
  ...deeds("destructive", pastsOf("delete purge erase wipe destroy terminate revoke drop")),
  ...deeds("destructive", ["shredded"]),
  ...deeds("financial", [...pastsOf("charge refund debit bill withdraw"), "paid", "spent"]),
  ...["sent", "emailed", "mailed", "posted"].map((word): readonly [string, Deed] => [
    word,
    { class: "write", word: "send" },
  ]),
]);
/** What is sent to others, and not to the server itself. */
const OTHERS = setOf(
  "customer recipient user team everyone everybody subscriber people person owner member client patient channel address contact participant attendee administrator manager",
);
const RUNS = setOf("run executed evaluated");
const IS = setOf("is are be being gets get");
const ADVERBS = setOf(
  "then also automatically permanently immediately afterwards irrevocably finally thereby",
);

/** What is negated, may come to pass, or is told of other tools and of how things are elsewhere. */
const STAYS =
  setOf(`not never no nothing none without cannot can't can could may might must should if when unless until once where
  whether which that who whose how before _ use see call only already were was been than isn't aren't won't don't
  doesn't except instead by filter include includes excluded exclude shows show returns return lists ids status
  option optionally set default parameter argument per after expires expired expiry older hours days minutes`);

/** Words for when the call itself is over. */
const AFTER = setOf("afterwards afterward then thereafter thereupon subsequently");
/** What a sentence may begin with and be about what the call was given or gave. */
const THE = setOf("the this it its your");
const WITH = setOf("automatically immediately permanently irrevocably");

const isPassive = (clause: Clause, at: number): boolean =>
  IS.has((ADVERBS.has(clause[at - 1] ?? "") ? clause[at - 2] : clause[at - 1]) ?? "");

const deedAt = (clause: Clause): Deed | undefined => {
  const at = clause.findIndex((word, place) => DEEDS.has(word) && isPassive(clause, place));
  const deed = DEEDS.get(clause[at] ?? "");
  return deed?.class === "write" && !clause.slice(at).some((word) => OTHERS.has(singular(word)))
    ? undefined
    : deed;
};

const begins = (clause: Clause, known: ReadonlySet<string>): boolean => known.has(clause[0] ?? "");

/** Whether a sentence is about the call: it says when, or it is about "the record" and says that it will be. */
const isBound = (clause: Clause): boolean =>
  begins(clause, AFTER) ||
  AFTER.has(clause.at(-1) ?? "") ||
  (begins(clause, THE) && clause.some((word) => word === "will" || AFTER.has(word) || WITH.has(word)));

/** "Afterwards the record is purged", "The fee will be paid automatically from the wallet". */
const comesToPass = (clause: Clause): Deed | undefined =>
  clause.length <= WORDS_MOST && isBound(clause) && !clause.some((word) => STAYS.has(word))
    ? deedAt(clause)
    : undefined;
/** Longer sentences tell of more than one thing. */
const WORDS_MOST = 16;

const SUBJECTS = setOf("it this tool and then also");
const SENDS = basesOf("send pass pipe feed hand give forward write");
const INTO = setOf("to into through");
const RUNNERS = setOf(
  "bash sh zsh shell powershell cmd terminal interpreter subprocess eval python node perl ruby",
);
const PROGRAMS = setOf("script command code program input text snippet expression argument string");

/** "It sends the given script to bash". */
const runsIt = (clause: Clause): boolean => {
  if (clause.some((word) => HELD_BACK.has(word))) {
    return false;
  }
  const verb = clause.findIndex(
    (word, at) => SENDS.has(word) && (at === 0 || SUBJECTS.has(clause[at - 1] ?? "")),
  );
  if (verb < 0) {
    return false;
  }
  const into = clause.findIndex((word, at) => at > verb && INTO.has(word));
  return (
    into > verb &&
    clause.slice(verb, into).some((word) => PROGRAMS.has(singular(word))) &&
    clause.slice(into + 1, into + 5).some((word) => RUNNERS.has(word))
  );
};
const HELD_BACK = setOf("not never no cannot can can't if unless without nothing doesn't don't isn't");

/** "The expression is then evaluated by the shell". */
const isRun = (clause: Clause): boolean =>
  (THE.has(clause[0] ?? "") || AFTER.has(clause[0] ?? "")) &&
  !clause.some((word) => HELD_BACK.has(word)) &&
  clause.some(
    (word, at) =>
      RUNS.has(word) &&
      isPassive(clause, at) &&
      clause.slice(0, at).some((subject) => PROGRAMS.has(singular(subject))) &&
      clause.slice(at + 1, at + 5).some((runner) => RUNNERS.has(runner)),
  );

/** Paths of the arguments of which a sentence says that they are given to what runs them. */
export const runLater = ({ prose, arguments: all }: Known): readonly string[] =>
  prose.clauses
    .slice(0, LIMITS.classified_later_sentences_max)
    .some((clause) => runsIt(clause) || isRun(clause))
    ? all
        .filter(
          ({ words, values, types }) =>
            values.length === 0 &&
            (types.length === 0 || types.includes("string")) &&
            PROGRAMS.has(singular(words.at(-1) ?? "")),
        )
        .map(({ path }) => path)
    : [];

/** What later sentences say is done with the call's own object, more dangerous than what was said. */
export const comesLater = (clauses: readonly Clause[]): readonly Sign[] => {
  const found = clauses
    .slice(1, LIMITS.classified_later_sentences_max)
    .flatMap((clause) => comesToPass(clause) ?? []);
  const is = found.map((deed) => deed.class).reduce<ToolClass>(worseClass, "read");
  return found
    .filter((deed) => deed.class === is)
    .slice(0, 1)
    .map(({ word }) => ({
      class: is,
      weight: WEIGHTS.decisive,
      from: "description",
      found: word,
      says: `The description says so in a later sentence ("${word}"), so it ${DOES[is]}.`,
    }));
};
