import { LIMITS } from "../../base/limits.ts";
import { phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import { FILLERS, NEGATIONS, PREPOSITIONS, READ_NOUNS } from "./nouns.ts";
import { clausesOf, type Clause } from "./prose-clauses.ts";
import { isAboutUse, isNounPhrase, isUnknownVerb, leadAt, onlyTakes } from "./prose-lead.ts";
import { CHAIN, specialClass, thingAt } from "./prose-things.ts";
import type { ToolClass } from "../verdict.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { setOf, type Form } from "./words.ts";

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
  const clauses = clausesOf(description.slice(0, LIMITS.classified_description_characters_max));
  if (clauses.length === 0) {
    return NOTHING;
  }
  return {
    first: openingOf(clauses),
    later: clauses.slice(1).flatMap(laterSigns).slice(0, 6),
    claimsReadOnly: clauses.some(claimsReadOnly),
    unknown: isUnknownVerb(clauses[0] ?? []),
    clauses,
  };
};

/** "Deprecated.", "Requires a plan." and "This is the public API of …" say nothing of the tool; what follows does. */
const openingOf = (clauses: readonly Clause[]): readonly Sign[] => {
  for (const clause of clauses.slice(0, LIMITS.classified_opening_sentences_max)) {
    const signs = isAboutUse(clause) ? [] : firstSigns(clause);
    if (signs.length > 0 || isUnknownVerb(clause)) {
      return signs;
    }
  }
  return [];
};

const firstSigns = (clause: Clause): readonly Sign[] => {
  const at = leadAt(clause);
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

/** "Current weather of a place", "Messages of a channel": what is given back, not what is done. */
const nounLead = (clause: Clause): readonly Sign[] => {
  const found = isUnknownVerb(clause)
    ? undefined
    : (clause.slice(0, 6).find((word) => READ_NOUNS.has(word)) ??
      (isNounPhrase(clause) ? clause[0] : undefined));
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
    return form?.form === first.form && !isFinding(form, first) && isChained(clause, at, form, verbList)
      ? [
          signOf(
            clause,
            at,
            isUnset(clause, lead, form.verb) ? { ...form, class: "write" } : form,
            WEIGHTS.inside,
          ),
        ]
      : [];
  });
};

/** Ways in, by which something else is done: "connects to the server and lists its tables". */
const WAYS_IN = setOf("authenticate login connect signin auth");

const isWayIn = (form: VerbForm, others: readonly Sign[]): boolean =>
  WAYS_IN.has(form.verb) && others[0]?.class === "read";

/** "… in a chart, such as, evaluate two phones": behind these words stand examples of what it is used for. */
const isExample = (clause: Clause, at: number, is: ToolClass): boolean =>
  is !== "destructive" &&
  is !== "financial" &&
  clause.slice(0, at).some((word, place) => word === "as" && clause[place - 1] === "such");

const PRONOUNS = setOf("it them him her itself one what everything");

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

/** "Validates a document and reports problems" to its caller. */
const isFinding = (form: VerbForm, first: VerbForm): boolean =>
  form.verb === "report" && first.class === "read";

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

/** Whether a verb's next word begins what it is done to. */
const hasObject = (next: string): boolean => FILLERS.has(next) || PRONOUNS.has(next) || isThing(next);

const isThing = (word: string): boolean => word !== "" && !CHAIN.has(word) && !PREPOSITIONS.has(word);

const negated = (clause: Clause, at: number): boolean =>
  clause.slice(Math.max(0, at - 4), at).some((word) => NEGATIONS.has(word));

const signOf = (clause: Clause, at: number, form: VerbForm, weight: number): Sign => {
  const thing = thingAt(clause, at);
  const phrase = specialClass(clause, at, form, thing);
  const taken = phrase ?? form.class;
  const found = (phrase === undefined ? form.verb : [form.verb, ...thing].join(" ")).slice(0, 80);
  return {
    class: taken,
    weight: phrase === undefined ? weight : Math.max(weight, WEIGHTS.phrase),
    from: "description",
    found,
    says: `"${found.slice(0, 40)}" in its description says that it ${DOES[taken]}.`,
  };
};

const SUBJECTS = setOf("this it tool operation action command which and also will");

/** What a later sentence admits to: "Deletes …", "This will remove …", "… are permanently deleted". */
const laterSigns = (clause: Clause): readonly Sign[] => {
  for (let at = 0; at < clause.length; at += 1) {
    const form = verbForm(clause[at] ?? "");
    if (
      form !== undefined &&
      form.class !== "read" &&
      !TALK.has(form.verb) &&
      admits(clause, at, form) &&
      !negated(clause, at)
    ) {
      const sign = signOf(clause, at, form, WEIGHTS.weak);
      return sign.class === "read" ? [] : [{ ...sign, weight: WEIGHTS.weak }];
    }
  }
  return [];
};

const admits = (clause: Clause, at: number, form: VerbForm): boolean =>
  ADMISSIONS[form.form](clause, at, form);

/** Verbs with which a text goes on about how a tool is used. */
const TALK = setOf("allow enable accept handle respond include load set");

const ADMISSIONS: Readonly<Record<Form, (clause: Clause, at: number, form: VerbForm) => boolean>> = {
  // "Stops after ten results" and "Expires in an hour" have no object.
  s: (clause, at, form) =>
    !form.noun && (at === 0 || SUBJECTS.has(clause[at - 1] ?? "")) && hasObject(clause[at + 1] ?? ""),
  base: (clause, at, form) => !form.noun && clause[at - 1] === "will" && SUBJECTS.has(clause[at - 2] ?? ""),
  ing: () => false,
  ed: (clause, at, form) => {
    const before = clause[at - 1] ?? "";
    const place = before.endsWith("ly") ? at - 2 : at - 1;
    return form.class === "destructive" && clause[place] === "be" && clause[place - 1] === "will";
  },
};

const CHANGES = setOf("modify modifies modifying change changes changing alter alters write writes affect");

const claimsReadOnly = (clause: Clause): boolean =>
  clause.some(
    (word, at) =>
      word === "read-only" ||
      word === "readonly" ||
      (word === "read" && clause[at + 1] === "only") ||
      (CHANGES.has(word) && negated(clause, at)),
  );
