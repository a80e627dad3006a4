import { LIMITS } from "../../base/limits.ts";
import type { ToolClass } from "../verdict.ts";
import { pairClass, phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import { FILLERS, LIGHT_VERBS, NEGATIONS, PREPOSITIONS, READ_NOUNS } from "./nouns.ts";
import { particleClass } from "./particles.ts";
import { clausesOf, MENTION, type Clause } from "./prose-clauses.ts";
import { isAboutUse, isUnknownVerb, leadAt, onlyTakes } from "./prose-lead.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular, type Form } from "./words.ts";

/** What a description says: its first sentence, and what else it admits to. */
export interface ProseReading {
  /** What the first sentence says it does: all the verbs that are done. */
  readonly first: readonly Sign[];
  /** What later sentences say beside that, more dangerous than reading. */
  readonly later: readonly Sign[];
  /** Whether it says of itself that it changes nothing. */
  readonly claimsReadOnly: boolean;
  readonly clauses: readonly Clause[];
}

const NOTHING: ProseReading = { first: [], later: [], claimsReadOnly: false, clauses: [] };

export const readProse = (description: string): ProseReading => {
  const clauses = clausesOf(description.slice(0, LIMITS.classified_description_characters_max));
  if (clauses.length === 0) {
    return NOTHING;
  }
  return {
    first: openingOf(clauses),
    later: clauses.slice(1).flatMap(laterSigns).slice(0, 6),
    claimsReadOnly: clauses.some(claimsReadOnly),
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
  const others = chained(clause, at, form);
  const lead = signOf(clause, at, form, WEIGHTS.sure);
  if (form.needsThing && lead.found === form.verb) {
    return others;
  }
  const [next, ...rest] = others;
  return next !== undefined && onlyTakes(form, thingAt(clause, at))
    ? [{ ...next, weight: Math.max(next.weight, WEIGHTS.sure) }, ...rest]
    : [lead, ...others];
};

/** "Current weather of a place", "Messages of a channel": what is given back, not what is done. */
const nounLead = (clause: Clause): readonly Sign[] => {
  const found = isUnknownVerb(clause) ? undefined : clause.slice(0, 6).find((word) => READ_NOUNS.has(word));
  return found === undefined
    ? []
    : [
        {
          class: "read",
          weight: WEIGHTS.noun,
          from: "description",
          found,
          says: `It is described as "${found}", which is something given back.`,
        },
      ];
};

const CHAIN = setOf(", and or then / & and/or");

/** Verbs behind the first that are done as well: "list, update or delete", "fetch a page and save it". */
const chained = (clause: Clause, lead: number, first: VerbForm): readonly Sign[] => {
  const verbList = CHAIN.has(clause[lead + 1] ?? "");
  return clause.flatMap((word, at): readonly Sign[] => {
    const form = at > lead ? verbForm(word) : undefined;
    return form?.form === first.form && isChained(clause, at, form, verbList)
      ? [signOf(clause, at, form, WEIGHTS.inside)]
      : [];
  });
};

const PRONOUNS = setOf("it them him her itself one");

const isChained = (clause: Clause, at: number, form: VerbForm, verbList: boolean): boolean => {
  if (!isLinked(clause, at) || negated(clause, at)) {
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
    says: `The description begins with "${found.slice(0, 40)}", so it ${DOES[taken]}.`,
  };
};

/** What the words behind a verb make of it, where that is another thing than the verb alone. */
const specialClass = (
  clause: Clause,
  at: number,
  form: VerbForm,
  thing: readonly string[],
): ToolClass | undefined =>
  wonders(clause, at) ??
  particleClass(form.verb, clause.slice(at + 1, at + 9)) ??
  complementClass(form.verb, clause, at, thing) ??
  phraseClass(form.verb, thing) ??
  lightClass(form, thing, clause[at + 1] ?? "");

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

/** "Tests whether …", "checks if …", "tests points against …": what only asks. */
const wonders = (clause: Clause, at: number): ToolClass | undefined => {
  const next = clause[at + 1];
  const asks =
    next === "whether" ||
    next === "if" ||
    (verbForm(clause[at] ?? "")?.verb === "test" && clause.includes("against"));
  return asks ? "read" : undefined;
};

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

const RUNS = setOf("run execute start");

/** The noun phrase behind a verb, without articles and the like. */
const thingAt = (clause: Clause, at: number): readonly string[] => {
  const thing: string[] = [];
  for (const [place, word] of clause.slice(at + 1, at + 10).entries()) {
    if (stops(word)) {
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
  return listed && form !== undefined && !form.noun && form.form === "base";
};

const stops = (word: string): boolean => PREPOSITIONS.has(word) || CHAIN.has(word) || word === ":";

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
      const says = `The description says "${sign.found.slice(0, 40)}" as well, so it ${DOES[sign.class]}.`;
      return sign.class === "read" ? [] : [{ ...sign, weight: WEIGHTS.weak, says }];
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
