import { LIMITS } from "../../base/limits.ts";
import { phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import { FILLERS, PREPOSITIONS, READ_NOUNS } from "./nouns.ts";
import { claimsReadOnly, negated } from "./prose-claims.ts";
import { hasObject, PRONOUNS, signOf, TALK } from "./prose-done.ts";
import { laterSigns } from "./prose-later.ts";
import { purposeAt } from "./prose-purpose.ts";
import { clausesOf, type Clause } from "./prose-clauses.ts";
import { isAboutUse, isNounPhrase, isQuestion, isUnknownVerb, leadAt, onlyTakes } from "./prose-lead.ts";
import { CHAIN, thingAt } from "./prose-things.ts";
import { listedActions } from "./listed-actions.ts";
import { otherLanguages } from "./other-languages.ts";
import type { ToolClass } from "../verdict.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

/** What a description says: its first sentence, and what else it admits to. */
export interface ProseReading {
  /** What the first sentence says it does: all the verbs that are done. */
  readonly first: readonly Sign[];
  /** What later sentences say beside that, more dangerous than reading. */
  readonly later: readonly Sign[];
  /** Whether it says of itself that it changes nothing. */
  readonly claimsReadOnly: boolean;
  /** Whether it begins with a verb that no table knows. */
  readonly unknown: boolean;
  readonly clauses: readonly Clause[];
}

const NOTHING: ProseReading = { first: [], later: [], claimsReadOnly: false, unknown: false, clauses: [] };

export const readProse = (description: string): ProseReading => {
  const text = description.slice(0, LIMITS.classified_description_characters_max);
  const clauses = clausesOf(text);
  if (clauses.length === 0) {
    return NOTHING;
  }
  const other = verbForm(clauses[0]?.[0] ?? "") === undefined ? otherLanguages(text) : [];
  return {
    first: other.length > 0 ? other : listedActions(openingOf(clauses), clauses, text),
    later: clauses.slice(1).flatMap(laterSigns).slice(0, 6),
    claimsReadOnly: claimsReadOnly(clauses, text),
    unknown: isUnknownVerb(clauses[0] ?? []),
    clauses,
  };
};

/** "Deprecated.", "Requires a plan." and "This is the public API of …" say nothing of the tool; what follows does. */
const openingOf = (clauses: readonly Clause[]): readonly Sign[] => {
  for (const clause of clauses.slice(0, LIMITS.classified_opening_sentences_max)) {
    const signs = isAboutUse(clause) ? [] : (doingSigns(clause) ?? firstSigns(clause));
    if (signs.length > 0 || isUnknownVerb(clause)) {
      return signs;
    }
  }
  return [];
};

const firstSigns = (clause: Clause): readonly Sign[] => {
  const at = purposeAt(clause, leadAt(clause));
  const form = at === undefined ? undefined : verbForm(clause[at] ?? "");
  if (at === undefined || form === undefined) {
    return nounLead(clause);
  }
  const lead = signOf(clause, at, form, WEIGHTS.sure);
  const others = [...chained(clause, at, form), ...meansOf(clause, at)];
  if ((form.needsThing && lead.found === form.verb) || isWayIn(form, others)) {
    return others;
  }
  const [next, ...rest] = others;
  return next !== undefined && onlyTakes(form, thingAt(clause, at))
    ? [{ ...next, weight: Math.max(next.weight, WEIGHTS.sure) }, ...rest]
    : [lead, ...others];
};

/** "Lamp purchase", "User creation": a doing, named by its last word. */
const namedDoing = (clause: Clause): readonly Sign[] => {
  const at = clause.length - 1;
  const form = at > 0 && at < 4 ? verbForm(clause[at] ?? "") : undefined;
  return form !== undefined && isDoing(form) && !isQuestion(clause) && !clause.some(isPreposition)
    ? [signOf(clause, at, form, WEIGHTS.maybe)]
    : [];
};

/** "Deep cleanup of all data", "Bulk removal of members". */
const doingSigns = (clause: Clause): readonly Sign[] | undefined => {
  const at = clause
    .slice(0, 6)
    .findIndex((word, place) => DOING_NOUNS.has(word) && clause[place + 1] === "of");
  const form = at > 0 ? verbForm(clause[at] ?? "") : undefined;
  return form === undefined ? undefined : [signOf(clause, at, form, WEIGHTS.sure)];
};
const DOING_NOUNS =
  setOf(`cleanup deletion removal revocation termination cancellation creation modification registration installation
  teardown`);

const isDoing = ({ form, class: is, noun, verb }: VerbForm): boolean =>
  form === "base" && is !== "read" && (!noun || verb.endsWith("ion"));

const isPreposition = (word: string): boolean => PREPOSITIONS.has(word);

/** "Current weather of a place", "Messages of a channel": what is given back, not what is done. */
const nounLead = (clause: Clause): readonly Sign[] => {
  const doing = namedDoing(clause);
  if (doing.length > 0) {
    return doing;
  }
  const found = isUnknownVerb(clause)
    ? undefined
    : (clause.slice(0, 6).find((word) => READ_NOUNS.has(word)) ??
      (isNounPhrase(clause) || isQuestion(clause) ? clause[0] : undefined));
  return found === undefined
    ? []
    : [
        {
          class: "read",
          weight: WEIGHTS.noun,
          from: "description",
          found: found.slice(0, 80),
          says: `It is described as "${found.slice(0, 40)}", which is something given back.`,
        },
      ];
};

/** Verbs behind the first that are done as well: "list, update or delete", "fetch a page and save it". */
const chained = (clause: Clause, lead: number, first: VerbForm): readonly Sign[] => {
  const verbList = CHAIN.has(clause[lead + 1] ?? "");
  return clause.flatMap((word, at): readonly Sign[] => {
    const form = at > lead ? verbForm(word) : undefined;
    return form !== undefined &&
      !saysNothing(form, first, thingAt(clause, at)) &&
      ((form.form === first.form && isChained(clause, at, form, verbList)) ||
        isSpelledOut(clause, at, form) ||
        isBesides(clause, at, form))
      ? [signOf(clause, at, asDone(clause, { lead, at }, form, first), WEIGHTS.inside)]
      : [];
  });
};

interface Place {
  readonly lead: number;
  readonly at: number;
}

/** "Sends a draft and removes it from the drafts": it is elsewhere now. */
const isMoved = (clause: Clause, at: number, form: VerbForm, first: VerbForm): boolean =>
  form.verb === "remove" &&
  MOVES.has(first.verb) &&
  PRONOUNS.has(clause[at + 1] ?? "") &&
  clause[at + 2] === "from";
const MOVES = setOf("send publish move archive transfer merge apply complete convert");

/** A verb behind another may do less than it says by itself. */
const asDone = (clause: Clause, { lead, at }: Place, form: VerbForm, first: VerbForm): VerbForm => {
  if (isUnset(clause, lead, form.verb) || isMoved(clause, at, form, first)) {
    return { ...form, class: "write" };
  }
  return first.class === "read" && OF_WHAT_IS_READ.has(form.verb) ? { ...form, class: "read" } : form;
};

/** "Reads, decompresses and parses a file": done to what was read, not to what is kept. */
const OF_WHAT_IS_READ = setOf(
  "decompress decrypt unzip normalize normalise interpolate slice flatten simplify transform",
);

/** "Gets a list, creating it if there is none". */
const isBesides = (clause: Clause, at: number, form: VerbForm): boolean =>
  clause[at - 1] === "," &&
  form.form === "ing" &&
  (clause[at + 1] === "it" || clause[at + 1] === "them") &&
  !TALK.has(form.verb) &&
  !SAYS_HOW.has(form.verb);
const SAYS_HOW = setOf("make keep ensure treat follow");

/** "Reports a whole run: creates it, records the results": a colon, and what is done in the third person. */
const isSpelledOut = (clause: Clause, at: number, form: VerbForm): boolean =>
  clause[at - 1] === ":" && form.form === "s" && !form.noun && FILLERS.has(clause[at + 1] ?? "");

/** Ways in, by which something else is done: "connects to the server and lists its tables". */
const WAYS_IN = setOf("authenticate login connect signin auth open");

const isWayIn = (form: VerbForm, others: readonly Sign[]): boolean =>
  WAYS_IN.has(form.verb) && others[0]?.class === "read";

/** "… in a chart, such as, evaluate two phones": behind these words stand examples of what it is used for. */
const isExample = (clause: Clause, at: number, is: ToolClass): boolean =>
  is !== "destructive" &&
  is !== "financial" &&
  clause.slice(0, at).some((word, place) => word === "as" && clause[place - 1] === "such");

const BY = setOf("run execute evaluate eval launch");

/** "Validates a script by running it": what it does to tell is what it does. */
const meansOf = (clause: Clause, lead: number): readonly Sign[] => {
  const at = clause.findIndex(
    (word, place) =>
      place > lead + 1 &&
      clause[place - 1] === "by" &&
      BY.has(verbForm(word)?.verb ?? "") &&
      (PRONOUNS.has(clause[place + 1] ?? "") || FILLERS.has(clause[place + 1] ?? "")),
  );
  const form = at < 0 ? undefined : verbForm(clause[at] ?? "");
  return form === undefined || negated(clause, at) ? [] : [signOf(clause, at, form, WEIGHTS.admitted)];
};

/** "Sets or clears a field": what is cleared can be set again. */
const isUnset = (clause: Clause, lead: number, verb: string): boolean =>
  UNSETS.has(verb) && SETS.has(verbForm(clause[lead] ?? "")?.verb ?? "") && clause.includes("or");
const SETS = setOf("set assign override");
const UNSETS = setOf("clear reset unset");

/** "Validates a document and reports problems" to its caller; "moves a node and controls its place". */
const saysNothing = (form: VerbForm, first: VerbForm, thing: readonly string[]): boolean =>
  first.class === "read"
    ? form.verb === "report" || (POINTS_OUT.has(form.verb) && FINDINGS.has(singular(thing.at(-1) ?? "")))
    : form.verb === "control" && first.class === "write";
const POINTS_OUT = setOf("highlight flag note mark");
const FINDINGS = setOf(
  "difference issue problem error anomaly inconsistency gap risk discrepancy vulnerability mistake outlier",
);

const isChained = (clause: Clause, at: number, form: VerbForm, verbList: boolean): boolean => {
  if (!isLinked(clause, at) || negated(clause, at) || isExample(clause, at, form.class)) {
    return false;
  }
  const next = clause[at + 1] ?? "";
  return form.noun
    ? FILLERS.has(next) || PRONOUNS.has(next) || phraseClass(form.verb, thingAt(clause, at)) !== undefined
    : verbList || hasObject(next);
};

/** Whether "and", a comma or the like stands before it, or before its adverb. */
const isLinked = (clause: Clause, at: number): boolean => {
  const before = clause[at - 1] ?? "";
  return CHAIN.has(before.endsWith("ly") ? (clause[at - 2] ?? "") : before);
};
