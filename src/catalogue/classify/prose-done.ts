import type { VerbForm } from "./lexicon.ts";
import { FILLERS, PREPOSITIONS } from "./nouns.ts";
import type { Clause } from "./prose-clauses.ts";
import { CHAIN, specialClass, thingAt } from "./prose-things.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

export const PRONOUNS = setOf("it them him her itself one what everything");

/** Verbs with which a text goes on about how a tool is used. */
export const TALK = setOf("allow enable accept handle respond include load set");

/** Whether a verb's next word begins what it is done to. */
export const hasObject = (next: string): boolean =>
  !PREDICATES.has(next) && (FILLERS.has(next) || PRONOUNS.has(next) || isThing(next));

/** Behind these words a verb's third person was a noun: "deletes remain restricted". */
const PREDICATES = setOf(
  "remain remains require requires need needs happen happens occur occurs apply applies fail fails return",
);

const isThing = (word: string): boolean => word !== "" && !CHAIN.has(word) && !PREPOSITIONS.has(word);

export const signOf = (clause: Clause, at: number, form: VerbForm, weight: number): Sign => {
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
