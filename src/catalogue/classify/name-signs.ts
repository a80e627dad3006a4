import { LIMITS } from "../../base/limits.ts";
import { phraseClass, verbForm, type VerbForm } from "./lexicon.ts";
import {
  CONJUNCTIONS,
  DOINGS,
  FILLERS,
  PREPOSITIONS,
  READ_NOUNS,
  SCREEN_WORDS,
  SURE_READ_NOUNS,
} from "./nouns.ts";
import { membershipClass } from "./memberships.ts";
import { isScreened, ON_A_SCREEN } from "./screens.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { nameWords, setOf, singular } from "./words.ts";
import type { ToolClass } from "../verdict.ts";

/** What a tool's name says by itself: the strongest reading first. */
export interface NameReading {
  readonly words: readonly string[];
  /** Empty: nothing that the tables know. */
  readonly signs: readonly Sign[];
  /** The verb that was taken for what the tool does. */
  readonly verb: string | undefined;
}

/** `mail__show_letter`: what stands before is a server's or a group's name. */
const SPACE = "__";

const namespaceOf = (name: string): readonly string[] =>
  name.includes(SPACE) ? nameWords(name.slice(0, name.lastIndexOf(SPACE))) : [];

/** Whether a word of it may be what is done all the same. */
const tells = (word: string): boolean => {
  const form = verbForm(word);
  return SCREEN_WORDS.has(word) || (form?.form === "base" && !(form.noun && form.class === "write"));
};

/** `resolve_get_clip`, `protect_list_cameras`: a product is called so, and what is done stands behind. */
const isProduct = (words: readonly string[]): boolean => {
  const [first = "", second = "", ...rest] = words;
  const form = rest.length > 0 && OPENS.has(second) ? verbForm(first) : undefined;
  return (
    form?.form === "base" && form.class === "write" && (second !== "list" || isPlural(rest.at(-1) ?? ""))
  );
};

/** Verbs behind which a name goes on; none of them is a noun, but for "list" before one thing only. */
const OPENS = setOf("get list fetch retrieve");

const isPlural = (word: string): boolean => singular(word) !== word;

/** Words in front that say nothing. */
const PREFIXES = setOf("mcp api tool");

export const readName = (name: string, from: "name" | "title" | "argument" = "name"): NameReading => {
  const read = name.slice(0, LIMITS.classified_name_characters_max);
  const all = nameWords(read);
  const space = namespaceOf(read);
  if (space.length > 0 && !space.some(tells)) {
    const own = readName(read.slice(read.lastIndexOf(SPACE) + SPACE.length), from);
    if (own.verb !== undefined) {
      return { ...own, words: all };
    }
  }
  return readWords(
    withoutVersion(all.length > 1 && (PREFIXES.has(all[0] ?? "") || isProduct(all)) ? all.slice(1) : all),
    from,
  );
};

const readWords = (words: readonly string[], from: Sign["from"]): NameReading => {
  const found = verbsOf(withoutTool(words));
  const main = found[0];
  if (main === undefined) {
    return { words, signs: nounSigns(withoutTool(words), from), verb: undefined };
  }
  const signs = [main, ...also(words, found)].map((at) => verbSign(words, at, from));
  const nouns = main.form.noun ? nounSigns(withoutTool(words), from) : [];
  return { words, signs: [...signs, ...nouns], verb: main.form.verb };
};

/** `renewSubscriptionV1`. */
const withoutVersion = (words: readonly string[]): readonly string[] =>
  words.length > 2 && VERSION.test(words.at(-1) ?? "") ? words.slice(0, -1) : words;
const VERSION = /^v\d{1,3}$/;

/** `place_details_tool`, but not `call_tool`. */
const withoutTool = (words: readonly string[]): readonly string[] =>
  words.length > 1 && words.at(-1) === "tool" ? words.slice(0, -1) : words;

interface Found {
  readonly at: number;
  readonly form: VerbForm;
  readonly weight: number;
}

/** The words that may be the verb; the likeliest first. */
const verbsOf = (words: readonly string[]): readonly Found[] => {
  const found = words.flatMap((word, at): Found[] => {
    const form = word === "show" && at > 0 && !COMMANDS.has(words[0] ?? "") ? SHOWN : verbForm(word);
    return form !== undefined && isDone(words, at, form)
      ? [{ at, form, weight: weightOf(words, at, form) }]
      : [];
  });
  return found.length > 0 ? found.sort((a, b) => b.weight - a.weight || a.at - b.at) : glued(words);
};

const isDone = (words: readonly string[], at: number, form: VerbForm): boolean =>
  form.form === "base" &&
  !isSource(words, at) &&
  !(form.noun && isMadeInto(words, at)) &&
  !(form.needsThing && phraseOf(words, at, form.verb) === undefined);

/** Programs whose `show` prints something. */
const COMMANDS = setOf("git hg svn npm pip docker helm poetry cargo brew apt terraform systemctl");
/** `text_to_speech`: what something is made of. */
const isSource = (words: readonly string[], at: number): boolean =>
  words[at + 1] === "to" && SOURCES.has(words[at] ?? "");
/** `speech_to_text`: what it is made into. */
const isMadeInto = (words: readonly string[], at: number): boolean =>
  at > 1 && at === words.length - 1 && words[at - 1] === "to";
const SOURCES = setOf("text document file record color colour audio image chart book");

/** `actor_show` makes something visible, `show_actor` tells of it. */
const SHOWN: VerbForm = { verb: "show", form: "base", class: "write", noun: true, needsThing: false };

const weightOf = (words: readonly string[], at: number, form: VerbForm): number => {
  if (!form.noun) {
    return at === 0 ? WEIGHTS.sure : WEIGHTS.inside;
  }
  if (at === 0) {
    // `place_spot_order`: no noun where the tables know that it commits money, whatever stands between.
    return phraseOf(words, at, form.verb) === "financial" ? WEIGHTS.sure : WEIGHTS.maybe;
  }
  // `plan_change`: what is done stands last.
  return at === words.length - 1 && phraseOf(words, at, form.verb) === "financial"
    ? WEIGHTS.inside
    : WEIGHTS.noun;
};

/** Verbs with which names begin that have no word boundaries (`listfiles`). */
const GLUED = [
  "get",
  "list",
  "create",
  "delete",
  "update",
  "remove",
  "search",
  "find",
  "read",
  "write",
  "send",
  "fetch",
];

const glued = (words: readonly string[]): readonly Found[] => {
  const word = words[0] ?? "";
  const verb = GLUED.find((known) => word.startsWith(known) && word.length > known.length + 2);
  const form = words.length === 1 && verb !== undefined && !READ_NOUNS.has(word) ? verbForm(verb) : undefined;
  return form === undefined ? [] : [{ at: 0, form, weight: WEIGHTS.maybe }];
};

/** Verbs beside the main one that are done as well: `create_or_update`, `find_and_delete`. */
const also = (words: readonly string[], found: readonly Found[]): readonly Found[] =>
  found
    .slice(1)
    .filter(
      ({ at, form }) =>
        at > 1 && CONJUNCTIONS.has(words[at - 1] ?? "") && (!form.noun || at - 2 === found[0]?.at),
    );

const verbSign = (words: readonly string[], { at, form, weight }: Found, source: Sign["from"]): Sign => {
  const thing = thingAt(words, at);
  const phrase = phraseOf(words, at, form.verb);
  const is = phrase ?? form.class;
  const screen = isScreened(words, form.verb, is);
  const found = phrase === undefined ? form.verb : [form.verb, ...thing].join(" ");
  const taken = screen ? "execute" : is;
  return {
    class: taken,
    weight: phrase === undefined ? weight : Math.max(weight, WEIGHTS.phrase),
    from: source,
    found: found.slice(0, 80),
    says: `"${found.slice(0, 40)}" in its ${source} ${form.noun ? "may say" : "says"} that it ${DOES[taken]}${screen ? ON_A_SCREEN : ""}.`,
  };
};

/** Where the verb comes last, any of the words before it may be the thing (`material_bulk_swap`). */
const phraseOf = (words: readonly string[], at: number, verb: string): ToolClass | undefined => {
  const thing = thingAt(words, at);
  return (
    membershipClass(verb, words.slice(at + 1)) ??
    phraseClass(verb, thing) ??
    (at === words.length - 1
      ? thing.map((word) => phraseClass(verb, [word])).find((is) => is !== undefined)
      : undefined)
  );
};

/** What the verb is about: the words behind it up to a preposition, or those before it. */
const thingAt = (words: readonly string[], at: number): readonly string[] => {
  const behind = words.slice(at + 1);
  const end = behind.findIndex((word) => PREPOSITIONS.has(word));
  const thing = end < 0 ? behind : behind.slice(0, end);
  return thing.length > 0 ? thing : words.slice(0, at);
};

const OURS = setOf("my all recent latest current available active popular related similar");

const nounSigns = (words: readonly string[], from: Sign["from"]): readonly Sign[] => {
  const last = words.at(-1) ?? "";
  if (!READ_NOUNS.has(last)) {
    return [...conversion(words, from), ...plural(words, from)];
  }
  const weight = SURE_READ_NOUNS.has(last) && words.length > 1 ? WEIGHTS.phrase : WEIGHTS.noun;
  return [
    { class: "read", weight, from, found: last, says: `It is named for what it gives back: "${last}".` },
  ];
};

/** `pdf_to_text`: made of the one, and perhaps kept as the other. */
const conversion = (words: readonly string[], from: Sign["from"]): readonly Sign[] => {
  const to = words.indexOf("to", 1);
  return to < 0 || to === words.length - 1 || from === "argument"
    ? []
    : [
        {
          class: "write",
          weight: WEIGHTS.weak,
          from,
          found: "to",
          says: "It makes one thing of another, and may keep it.",
        },
      ];
};

/** `invoice_by_number`, `lamp_for_user`: how something is looked up. */
const BY = setOf("by for near");

/**
 * `browser_network_requests`, `my_lamps`: a name without a verb that ends in many things lists them, unless those are
 * doings.
 */
const plural = (words: readonly string[], from: Sign["from"]): readonly Sign[] => {
  const by = words.findIndex((word, at) => at > 0 && at < words.length - 1 && BY.has(word));
  const last = (by < 0 ? words : words.slice(0, by)).at(-1) ?? "";
  return (by > 0 || isMany(words)) && !DOINGS.has(last) && !words.some(isVerb)
    ? [
        {
          class: "read",
          weight: WEIGHTS.noun,
          from,
          found: last,
          says: `It is named for what it gives back: "${last.slice(0, 40)}".`,
        },
      ]
    : [];
};

const isVerb = (word: string): boolean => verbForm(word)?.form === "base";

const isMany = (words: readonly string[]): boolean => {
  const last = words.at(-1) ?? "";
  return (
    singular(last) !== last &&
    (words.length === 2 ? OURS.has(words[0] ?? "") : words.length > 2 && !FILLERS.has(words.at(-2) ?? ""))
  );
};
