import { phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import { ARTICLES, FILLERS, LEAD_FILLERS, PREPOSITIONS, READ_NOUNS } from "./nouns.ts";
import { MENTION, type Clause } from "./prose-clauses.ts";
import { setOf, singular } from "./words.ts";

/** Where the verb stands that says what the tool does. */
export const leadAt = (clause: Clause): number | undefined => {
  let at = afterLabel(clause);
  while (at < clause.length && skipped(clause, at)) {
    at += 1;
  }
  if (isVerb(clause[at])) {
    return isThingOf(clause, at) ? undefined : at;
  }
  // "The weather tool gets …": a verb of the third person, or one behind "to" or "can", is one as well.
  const later = clause.findIndex((word, place) => place > at && stated(clause, place, verbForm(word)));
  return later < 0 ? undefined : later;
};

/** "Messages of a channel", "Tests that fail": a noun that could be a verb. Singular ones may be what is done. */
const isThingOf = (clause: Clause, at: number): boolean => {
  const word = clause[at] ?? "";
  const form = verbForm(word);
  return (
    form !== undefined &&
    (isParticiple(clause, at, form) || (form.noun && isNounBefore(word, form, clause[at + 1] ?? "")))
  );
};

const isNounBefore = (word: string, form: VerbForm, next: string): boolean =>
  REQUESTS.has(next) ||
  (form.form === "base" && (OPERATIONS.has(next) || (form.class !== "write" && TOLD_OF.has(next)))) ||
  (DESCRIBES.has(next) && isNounForm(word, form));

/** "Running queries with their duration". */
const isParticiple = (clause: Clause, at: number, { form }: VerbForm): boolean => {
  const next = clause[at + 1] ?? "";
  // "Used for running queries" speaks of doing so.
  return (
    form === "ing" && clause[at - 1] !== "for" && singular(next) !== next && verbForm(next)?.form !== "ing"
  );
};

/** "Pull requests that are open". */
const REQUESTS = setOf("request requests");

/** "Build status of …", "Payment history": the first word is a noun, too. */
const TOLD_OF = setOf("status history details info information statistics stats metadata overview");

const isNounForm = (word: string, form: VerbForm): boolean =>
  form.form === "s" || (form.form === "base" && form.class === "write" && !word.endsWith("ion"));

const DESCRIBES = setOf("of that which whose who where");

/** "Notion | Update a page", "Projects: list them", "IMPORTANT: Run this first". */
const afterLabel = (clause: Clause): number =>
  clause
    .slice(0, 5)
    .findLastIndex(
      (word, at) =>
        LABEL_ENDS.has(word) &&
        at > 0 &&
        (!isVerb(clause[0]) || WARNINGS.has(clause[0] ?? "") || OPERATIONS.has(clause[at - 1] ?? "")),
    ) + 1;

/** "Stack operations: read, write": the verbs stand behind. */
const OPERATIONS = setOf("operations operation management actions utilities manager");

const LABEL_ENDS = setOf(": | - – —");
const WARNINGS = setOf("important note warning caution critical notice attention step");

/** Words with which a text begins that tells when a tool is used, not what it does. */
const ABOUT_USE = setOf(
  "don't never always must mandatory required requires require prerequisite prerequisites before after when if",
);
const ADDRESSES = setOf("run call use invoke execute");
const IS = setOf("is are");
const ITSELF = setOf("tool function command method endpoint");

/** "Do not ask …", "Run this tool first", "Requires an Enterprise plan", "Tagging is only …". */
export const isAboutUse = (clause: Clause): boolean => {
  const at = afterLabel(clause);
  const [first = "", second = "", third = ""] = clause.slice(at);
  return beginsUse(first, second) || (addresses(first, second, third) && clause[at + 3] !== "to");
};

const beginsUse = (first: string, second: string): boolean =>
  ABOUT_USE.has(first) || (first === "do" && second === "not") || (first.endsWith("ing") && IS.has(second));

const WHEN = setOf("first before when whenever if after");

const addresses = (first: string, second: string, third: string): boolean =>
  ADDRESSES.has(first) && second === "this" && (ITSELF.has(third) || WHEN.has(third));

/** "Zorches the index": a verb that no table knows, so nothing that follows says what the tool does. */
export const isUnknownVerb = (clause: Clause): boolean => {
  const at = afterLabel(clause);
  const first = clause[at] ?? "";
  return (
    first !== MENTION &&
    !isAboutUse(clause) &&
    !LEAD_FILLERS.has(first) &&
    !PREPOSITIONS.has(first) &&
    !READ_NOUNS.has(first) &&
    verbForm(first) === undefined &&
    ARTICLES.has(clause[at + 1] ?? "")
  );
};

/** Verbs that introduce another one only before "you", "users" and the like. */
const INTRODUCES = setOf("enable enables provide provides help");
const SKIPPED = setOf(`: , ${MENTION}`);

/** What is introduced: somebody who does it, or a way to do it; "provides a prompt" gives the prompt. */
const INTRODUCED = setOf("you users user agents agent clients to ability access tools functions");
const WAYS = setOf("way ability means tool interface method capability function endpoint possibility");

const introduces = (clause: Clause, at: number): boolean =>
  INTRODUCED.has(clause[at + 1] ?? "") ||
  (LEAD_FILLERS.has(clause[at + 1] ?? "") && clause.slice(at + 2, at + 5).some((word) => WAYS.has(word)));

const skipped = (clause: Clause, at: number): boolean => {
  const word = clause[at] ?? "";
  return INTRODUCES.has(word)
    ? introduces(clause, at)
    : LEAD_FILLERS.has(word) || SKIPPED.has(word) || isAdverb(word) || addressed(clause, at);
};

const isAdverb = (word: string): boolean => word.endsWith("ly") && verbForm(word) === undefined;

/** "Run this tool …", "call this to get …". */
const addressed = (clause: Clause, at: number): boolean => {
  const [word = "", next = "", third = ""] = clause.slice(at, at + 3);
  return addresses(word, next, third) || (ADDRESSES.has(word) && next === "this" && third === "to");
};

const isVerb = (word: string | undefined): boolean => {
  const form = verbForm(word ?? "");
  return form !== undefined && form.form !== "ed";
};

const MODALS = setOf("to can will lets you and for by");
const PURPOSES = setOf("for by");
/** "Ready to download": what may be done next, by another. */
const STATES = setOf("ready available safe due eligible");
/** "For a given city, get the weather": what is done stands behind the comma. */
const GIVENS = setOf("for given with using from in on based");

/** "To autonomously run": an adverb is passed over. */
const wordBefore = (clause: Clause, at: number): string => {
  const before = clause[at - 1] ?? "";
  return before.endsWith("ly") ? (clause[at - 2] ?? "") : before;
};

const stated = (clause: Clause, at: number, form: VerbForm | undefined): boolean => {
  if (form === undefined || form.form === "ed") {
    return false;
  }
  const before = wordBefore(clause, at);
  if (form.form === "s") {
    return !form.noun && !FILLERS.has(before) && !PREPOSITIONS.has(before);
  }
  if (form.verb === "access") {
    // "Allow an address to access it": what is allowed is not done.
    return false;
  }
  return before === "," ? !form.noun && GIVENS.has(clause[0] ?? "") : isPurpose(clause, at, before);
};

/** "Advice for building …" is advice. */
const isPurpose = (clause: Clause, at: number, before: string): boolean =>
  MODALS.has(before) &&
  !(before === "to" && STATES.has(clause[at - 2] ?? "")) &&
  !(PURPOSES.has(before) && clause.slice(0, at).some((word) => READ_NOUNS.has(word)));

/** Verbs that only say what a tool is given. */
const TAKES: ReadonlyMap<string, readonly string[]> = new Map([
  ["take", ["base", "s"]],
  ["accept", ["s"]],
  ["receive", ["base", "s"]],
]);

/** "Takes a text and returns its words": what it is given says nothing. */
export const onlyTakes = (form: VerbForm, thing: readonly string[]): boolean =>
  (TAKES.get(form.verb)?.includes(form.form) ?? false) && phraseClass(form.verb, thing) === undefined;

/** "How many …", "Which of …", "Is it …": what asks only tells. */
export const isQuestion = (clause: Clause): boolean => QUESTIONS.has(clause[afterLabel(clause)] ?? "");
const QUESTIONS = setOf("what which who whose where how is are does did has");

const PHRASE_ENDS = setOf("of for that with");

/** "Contrast ratio of two colours", "Daily horoscope for a sign": a thing of which no word is a verb. */
export const isNounPhrase = (clause: Clause): boolean => {
  const start = afterLabel(clause);
  const end = clause.findIndex((word, at) => at > start && PHRASE_ENDS.has(word));
  const phrase = end < 0 ? [] : clause.slice(start, end).filter((word) => !FILLERS.has(word));
  return (
    phrase.length > 0 &&
    phrase.length < 5 &&
    phrase.every(
      (word, at) =>
        word !== MENTION && verbForm(word) === undefined && (at === phrase.length - 1 || !word.endsWith("s")),
    )
  );
};
