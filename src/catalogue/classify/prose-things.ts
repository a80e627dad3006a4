import type { ToolClass } from "../verdict.ts";
import { pairClass, phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import { FILLERS, LIGHT_VERBS, PREPOSITIONS } from "./nouns.ts";
import { particleClass } from "./particles.ts";
import { membershipClass } from "./memberships.ts";
import { MENTION, type Clause } from "./prose-clauses.ts";
import { setOf, singular } from "./words.ts";

/** Words that stand between verbs that all are done. */
export const CHAIN = setOf(", and or then / & and/or");

/** What the words behind a verb make of it, where that is another thing than the verb alone. */
export const specialClass = (
  clause: Clause,
  at: number,
  form: VerbForm,
  thing: readonly string[],
): ToolClass | undefined =>
  byClause(clause, at, form) ??
  complementClass(form.verb, clause, at, thing) ??
  phraseClass(form.verb, thing) ??
  byNext(form, thing, clause[at + 1] ?? "");

const byClause = (clause: Clause, at: number, form: VerbForm): ToolClass | undefined =>
  wonders(clause, at) ??
  bySaying(clause, at, form) ??
  particleClass(form.verb, clause.slice(at + 1, at + 9)) ??
  membershipClass(form.verb, clause.slice(at + 1, at + 12)) ??
  onThePage(form.verb, clause.slice(at + 1)) ??
  inADocument(form, clause.slice(at + 1, at + 10));

/** "Sorts a range in place", "runs a read-only query". */
const bySaying = (clause: Clause, at: number, form: VerbForm): ToolClass | undefined => {
  if (form.class === "read") {
    return isInPlace(clause) ? "write" : undefined;
  }
  return RUNS.has(form.verb) && clause.slice(at + 1, at + 5).some((word) => READ_ONLY.has(word))
    ? "read"
    : undefined;
};

/** Verbs that act on a page or a screen where the text says that this is where they do it. */
const SHOWS = setOf("show display pop raise trigger");
const HANDS_OVER = setOf("upload attach drop paste");
const VIEWPORTS = setOf("browser screen page");
const FIELDS = setOf("element chooser");

/** "Shows an alert in the browser", "uploads a file through an element". */
const onThePage = (verb: string, behind: readonly string[]): ToolClass | undefined => {
  const acts =
    (SHOWS.has(verb) &&
      behind.some((word, at) => ALERTS.has(word) && at > 0 && ONE.has(behind[at - 1] ?? "")) &&
      behind.some((word) => VIEWPORTS.has(word))) ||
    (HANDS_OVER.has(verb) &&
      behind.some((word, at) => FIELDS.has(word) || (word === "input" && behind[at - 1] === "file")));
  return acts ? "execute" : undefined;
};

const TABS = setOf("tab tabs");
const DOCUMENTS = setOf("doc docs document sheet sheets spreadsheet notebook workbook");

/** "Adds a tab in a document", which is no browser's. */
const inADocument = ({ class: is }: VerbForm, behind: readonly string[]): ToolClass | undefined =>
  is === "write" && behind.some((word) => TABS.has(word)) && behind.some((word) => DOCUMENTS.has(word))
    ? "write"
    : undefined;

const ALERTS = setOf("alert notification message banner overlay toast popup dialog box");
const ONE = setOf("a an the javascript js browser native alert message dialog");

const byNext = (form: VerbForm, thing: readonly string[], next: string): ToolClass | undefined =>
  form.verb === "stop" && isHarmlessDoing(next) ? "write" : lightClass(form, thing, next);

/** "Takes a snapshot of a volume" is what a volume snapshot is. */
const complementClass = (
  verb: string,
  clause: Clause,
  at: number,
  thing: readonly string[],
): ToolClass | undefined => {
  const head = thing.at(-1) ?? "";
  const of = clause.slice(at + 1, at + 8).indexOf("of");
  if (of < 0 || clause[at + of] !== head) {
    return undefined;
  }
  const whole = thingAt(clause, at + 1 + of).at(-1);
  return whole === undefined ? undefined : pairClass(verb, singular(whole), head);
};

const isInPlace = (clause: Clause): boolean =>
  clause.includes("in-place") || clause.some((word, at) => word === "place" && clause[at - 1] === "in");

/** "Tests whether …", "checks if …", "tests points against …": what only asks. */
const wonders = (clause: Clause, at: number): ToolClass | undefined => {
  const next = clause[at + 1] ?? "";
  const asks =
    WHETHER.has(next) || (ASKED_OF.get(verbForm(clause[at] ?? "")?.verb ?? "") ?? []).some(says(clause));
  return asks ? "read" : undefined;
};
const WHETHER = setOf("whether if");

/** Words anywhere in a clause by which a verb that does something only asks: "check in the list whether …". */
const ASKED_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ["test", ["against"]],
  ["checkin", ["whether", "if"]],
]);

const says =
  (clause: Clause) =>
  (word: string): boolean =>
    clause.includes(word);

/** "Performs a deletion", "starts authenticating": the thing, or the second verb, says what is done. */
const lightClass = (form: VerbForm, thing: readonly string[], next: string): ToolClass | undefined => {
  if (!LIGHT_VERBS.has(form.verb)) {
    return undefined;
  }
  const second = verbForm(next);
  if (second?.form === "ing") {
    return second.class === "read" ? undefined : second.class;
  }
  if (RUNS.has(form.verb)) {
    return undefined;
  }
  const head = verbForm(thing.at(-1) ?? "");
  return head?.form === "ed" ? undefined : head?.class;
};

/** "Stops following a topic" can be taken up again. */
const isHarmlessDoing = (word: string): boolean =>
  word.endsWith("ing") && HARMLESS.has(verbForm(word)?.class ?? "execute");

const HARMLESS: ReadonlySet<ToolClass> = new Set(["read", "write"]);
const RUNS = setOf("run execute start");
const READ_ONLY = setOf("read-only readonly select-only");

/** The noun phrase behind a verb, without articles and the like. */
export const thingAt = (clause: Clause, at: number): readonly string[] => {
  const thing: string[] = [];
  for (const [place, word] of clause.slice(at + 1, at + 10).entries()) {
    if (stops(word) || (thing.length > 0 && isAdverb(word))) {
      if (thing.length > 0) {
        break;
      }
    } else if (
      !FILLERS.has(word) &&
      word !== MENTION &&
      !(thing.length === 0 && isListed(clause, at + 1 + place))
    ) {
      thing.push(word);
    }
  }
  return thing.slice(0, 4);
};

/** "Create, close or select a tab": the thing of the first is that of the last. */
const isListed = (clause: Clause, at: number): boolean => {
  const form = verbForm(clause[at] ?? "");
  const listed = CHAIN.has(clause[at - 1] ?? "") || CHAIN.has(clause[at + 1] ?? "");
  return listed && form !== undefined && !form.noun && (form.form === "base" || form.form === "s");
};

const TRAILING = setOf("again now back once twice together");

/** "Releases a payment instantly": an adverb is not the thing. */
const isAdverb = (word: string): boolean => word.length > 5 && word.endsWith("ly") && !NOUNS_IN_LY.has(word);
const NOUNS_IN_LY = setOf(
  "family supply assembly anomaly monthly weekly daily hourly yearly read-only friendly",
);

const stops = (word: string): boolean =>
  TRAILING.has(word) || PREPOSITIONS.has(word) || CHAIN.has(word) || word === ":";
