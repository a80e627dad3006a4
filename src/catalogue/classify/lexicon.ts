import type { ToolClass } from "../verdict.ts";
import { ASKING_PHRASES } from "./asking-phrases.ts";
import { MONEY_LOOKALIKES } from "./money-lookalikes.ts";
import { MONEY_PHRASES } from "./money-phrases.ts";
import { MONEY_VERBS } from "./money-verbs.ts";
import { PHRASES } from "./phrases.ts";
import { VERB_GROUPS } from "./verb-table.ts";
import { formsOf, list, singular, type Form } from "./words.ts";

/** A written word that is a form of a verb of the table. */
export interface VerbForm {
  readonly verb: string;
  readonly form: Form;
  readonly class: ToolClass;
  readonly noun: boolean;
  /** Whether it says nothing without a thing of the tables (`phrases.ts`). */
  readonly needsThing: boolean;
}

const FORMS: ReadonlyMap<string, VerbForm> = (() => {
  const forms = new Map<string, VerbForm>();
  const entries = [...VERB_GROUPS, ...MONEY_VERBS].flatMap(({ class: is, noun, needsThing = false, verbs }) =>
    list(verbs).map((verb) => ({ verb, class: is, noun, needsThing })),
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
  FORMS.get(word) ??
  (word.includes("-") ? whole(word.replaceAll("-", "")) : undefined) ??
  prefixed(word) ??
  made(word);

/** "re-invite" is "reinvite". */
const whole = (word: string): VerbForm | undefined => FORMS.get(word) ?? prefixed(word);

/** What the verb behind a prefix says of the whole; of other classes it says nothing. */
const PREFIXES: readonly { readonly prefix: string; readonly classes: ReadonlySet<ToolClass> }[] = [
  { prefix: "un", classes: new Set(["write"]) },
  { prefix: "re", classes: new Set(["read", "write", "execute"]) },
  { prefix: "auto", classes: new Set(["write", "execute", "destructive"]) },
  { prefix: "bulk", classes: new Set(["write", "destructive", "execute"]) },
];

const PREFIX_LETTERS: ReadonlySet<string> = new Set(PREFIXES.map(({ prefix }) => prefix[0] ?? ""));

/** "unapprove", "recheck": a form of a known verb behind a prefix. */
const prefixed = (word: string): VerbForm | undefined => {
  if (!PREFIX_LETTERS.has(word[0] ?? "")) {
    return undefined;
  }
  for (const { prefix, classes } of PREFIXES) {
    const form = word.startsWith(prefix) ? FORMS.get(word.slice(prefix.length)) : undefined;
    if (form !== undefined && form.verb.length > 3 && classes.has(form.class)) {
      return { ...form, verb: prefix + form.verb };
    }
  }
  return undefined;
};

/** A verb made of another word: "slugify", "containerizes". That it makes something is all that is known. */
const MADE = /^[a-z]{3,20}(?:ify|ize|ifies|izes)$/;

/** What only looks like one: sizes, and products. */
const NOT_MADE: ReadonlySet<string> = new Set(
  list(`dbsize filesize poolsize pagesize fontsize heapsize spotify shopify coolify apify netlify dify medify logify
    zapify gitify botify pixelify`),
);

const made = (word: string): VerbForm | undefined =>
  !NOT_MADE.has(word) && (word.endsWith("y") || word.endsWith("ze") || word.endsWith("es")) && MADE.test(word)
    ? { verb: word, form: word.endsWith("s") ? "s" : "base", class: "write", noun: true, needsThing: false }
    : undefined;

const TABLES = [...MONEY_LOOKALIKES, ...MONEY_PHRASES, ...ASKING_PHRASES, ...PHRASES];

const OBJECTS: ReadonlyMap<string, ReadonlyMap<string, ToolClass>> = (() => {
  const byVerb = new Map<string, Map<string, ToolClass>>();
  for (const { verbs, objects, class: is } of TABLES) {
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
    (before === undefined
      ? undefined
      : (known.get(`${before}-${head}`) ?? known.get(`${singular(before)}-${head}`))) ??
    known.get(head) ??
    known.get("*")
  );
};

/** The same for two words that are not written side by side ("a snapshot of a volume"). */
export const pairClass = (verb: string, before: string, head: string): ToolClass | undefined =>
  OBJECTS.get(verb)?.get(`${before}-${singular(head)}`);
