import type { KnownArgument } from "./argument-kinds.ts";
import { squash } from "./free-texts.ts";
import { DOINGS } from "./nouns.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

/** Names that read like acts and are none: of what an editor is asked about a program, and of what is given back. */

interface Named {
  readonly words: readonly string[];
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
}

const SYMBOLS = setOf("definition declaration implementation symbol reference type");
const POSITIONS = setOf("line character position column offset row symbol symbolname");
const SOURCES = setOf("file filepath path uri fileuri document textdocument filename documenturi");
const ELEMENTS = setOf("selector ref element xpath locator x y");

/** `goto_definition`, `hover { file, line }`: what a language server is asked. */
const asksOfCode = ({ words, arguments: all }: Named): boolean => {
  const names = all.map(({ name }) => squash(name));
  const has = (known: ReadonlySet<string>): boolean => names.some((name) => known.has(name));
  return (
    (words.includes("goto") && SYMBOLS.has(singular(words.at(-1) ?? "")) && !has(ELEMENTS)) ||
    (words.includes("hover") && has(POSITIONS) && has(SOURCES) && !has(ELEMENTS))
  );
};

const PAPERS = setOf(
  "invoice order payment receipt charge refund statement transaction payout trade transfer",
);
const FORMATS = setOf("pdf csv xml html receipt image xlsx");

/** `invoice_pdf`: a paper in a format, which nothing is done with. */
const isPaper = ({ words }: Named): boolean =>
  words.length === 2 && PAPERS.has(words[0] ?? "") && FORMATS.has(words[1] ?? "");

const PREVIEWS = setOf("preview simulate plan estimate");
const NOTHING =
  /\b(?:deletes?|removes?|changes?|writes?|sends?|executes?|modif(?:y|ies)|touch(?:es)?|runs?) nothing\b|\bnothing (?:is|gets|will be|has been) (?:\w+ )?(?:deleted|removed|changed|written|sent|executed|modified|touched|run)\b/i;

const OWN = setOf("current my active selected latest recent own");

/** `current_user`, of which nothing more is said, and nothing that can be run. */
const isOwn = ({ words, description }: Named): boolean =>
  words.length > 1 &&
  OWN.has(words[0] ?? "") &&
  description === "" &&
  !words.some((word) => DOINGS.has(word) || DOINGS.has(singular(word)));

const readSign = (found: string): Sign => ({
  class: "read",
  weight: WEIGHTS.sure,
  from: "name",
  found: found.slice(0, 80),
  says: `Its name is of "${found.slice(0, 40)}", which is asked for or given back.`,
});

const lessened = (sign: Sign): Sign => (sign.class === "read" ? sign : { ...sign, weight: WEIGHTS.trace });

const ASKS = setOf("get list query");
/** Nouns with which a text begins, and which could be verbs: "Runs of …", "Log lines …", "A message template". */
const NOUN_LEAD =
  /^(?:(?:an?|the|all|past|recent|latest) )?(?:runs? of|commits?,|log lines?|download logs|message templates?)\b/i;

/** `list_runs`, "Runs of a workflow": where a name asks, the noun with which its text begins is what is asked for. */
const asksForNoun = (told: readonly Sign[], { words, description }: Named): boolean =>
  ASKS.has(words[0] ?? "") &&
  NOUN_LEAD.test(description) &&
  told.every((sign) => sign.class !== "destructive" && sign.class !== "financial");

/** What name and text say, without the acts that are none. */
export const withoutMisread = (told: readonly Sign[], named: Named): readonly Sign[] => {
  const { words, description } = named;
  const whole = words.join(" ");
  if (asksOfCode(named)) {
    return [...told.map(lessened), { ...readSign(whole), weight: WEIGHTS.admitted }];
  }
  if (asksForNoun(told, named)) {
    return told.map((sign) => (sign.from === "description" ? lessened(sign) : sign));
  }
  if (isPaper(named)) {
    return [...told.map((sign) => (sign.from === "name" ? lessened(sign) : sign)), readSign(whole)];
  }
  if (PREVIEWS.has(words[0] ?? "") && NOTHING.test(description)) {
    return [...told.map(lessened), readSign(whole)];
  }
  return told.length === 0 && isOwn(named) ? [readSign(whole)] : told;
};
