import type { ToolClass } from "../verdict.ts";
import { MONEY_PHRASES } from "./money-phrases.ts";
import { PHRASES } from "./phrases.ts";
import { VERB_GROUPS } from "./verb-table.ts";
import { formsOf, list, singular, type Form } from "./words.ts";

/** A written word that is a form of a verb of the table. */
export interface VerbForm {
  readonly verb: string;
  readonly form: Form;
  readonly class: ToolClass;
  readonly noun: boolean;
}

const FORMS: ReadonlyMap<string, VerbForm> = (() => {
  const forms = new Map<string, VerbForm>();
  const entries = VERB_GROUPS.flatMap(({ class: is, noun, verbs }) =>
    list(verbs).map((verb) => ({ verb, class: is, noun })),
  );
  for (const entry of entries) {
    for (const [word, form] of formsOf(entry.verb)) {
      if (!forms.has(word)) {
        forms.set(word, { ...entry, form });
      }
    }
  }
  // A base form of one verb goes before another's: `process` is no form of `proces`.
  for (const entry of entries) {
    forms.set(entry.verb, { ...entry, form: "base" });
  }
  return forms;
})();

/** "cherry-pick" and "re-run" are written with a hyphen as well. */
export const verbForm = (word: string): VerbForm | undefined =>
  FORMS.get(word) ?? (word.includes("-") ? FORMS.get(word.replaceAll("-", "")) : undefined);

const OBJECTS: ReadonlyMap<string, ReadonlyMap<string, ToolClass>> = (() => {
  const byVerb = new Map<string, Map<string, ToolClass>>();
  for (const { verbs, objects, class: is } of [...MONEY_PHRASES, ...PHRASES]) {
    for (const verb of list(verbs)) {
      const known = byVerb.get(verb) ?? new Map<string, ToolClass>();
      for (const object of list(objects)) {
        known.set(object, known.get(object) ?? is);
      }
      byVerb.set(verb, known);
    }
  }
  return byVerb;
})();

/** What a verb does to a thing, where the tables say it of these two; the words of the thing as written. */
export const phraseClass = (verb: string, thing: readonly string[]): ToolClass | undefined => {
  const known = OBJECTS.get(verb);
  if (known === undefined) {
    return undefined;
  }
  const head = singular(thing.at(-1) ?? "");
  const before = thing.at(-2);
  return (
    (before === undefined ? undefined : known.get(`${before}-${head}`)) ?? known.get(head) ?? known.get("*")
  );
};
