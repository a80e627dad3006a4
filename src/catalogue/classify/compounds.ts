import type { Clause } from "./prose-clauses.ts";
import { verbForm, type VerbForm } from "./lexicon.ts";
import { DOINGS, READ_NOUNS } from "./nouns.ts";
import type { ProseReading } from "./prose-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

/** Verbs that are as often the first part of a noun: `order_book`, `release_notes`. */
const NOMINAL =
  setOf(`run install release order pay buy sell stop kill play charge fund deposit open build deploy trade
  transfer payment call exchange bid swap tip launch start end test stake mint refund withdraw withdrawal checkout`);

/** What such a noun ends with. None of these is a thing that is run, released or paid. */
const HEADS =
  setOf(`history list log logs notes guide book rate rates times time signal signals interest details status
  info stats statistics summary report reports schedule date dates points nav calendar volume address addresses limits
  fee fees types estimate stack queue method methods output results result`);

/** Things that are noted down: a verb of changing before them is a noun, as in `undo_history`. */
const NOTED = setOf("history log logs list status stats statistics summary details info");

const isClear = (first: readonly Sign[]): boolean => first.some(({ weight }) => weight >= WEIGHTS.sure);

const onlyReads = ({ first, later }: ProseReading): boolean =>
  later.length === 0 && isClear(first) && first.every((sign) => sign.class === "read");

/**
 * Takes the verb of a name for a noun, where its text says that it reads, and nothing else: "Gets release notes". A
 * name alone does not suffice, nor does a text that admits to more.
 */
export const compoundNoun = (
  words: readonly string[],
  named: readonly Sign[],
  prose: ProseReading,
  /** Whether it is told an amount: what looks something up has no use for one. */
  told: { readonly amount: boolean },
): readonly Sign[] => {
  if (isDoneTo(words, prose.first)) {
    return named.map((sign) => ({ ...sign, weight: WEIGHTS.trace }));
  }
  if (!onlyReads(prose)) {
    return named;
  }
  const all = isCompound(words) || isToldOf(words, prose.clauses[0] ?? []);
  return named.map((sign) => {
    if (sign.class === "read" || (sign.class === "financial" && told.amount)) {
      return sign;
    }
    if (all) {
      return { ...sign, weight: WEIGHTS.trace };
    }
    return sign.class === "write" && isNoun(words, sign)
      ? { ...sign, weight: Math.min(sign.weight, WEIGHTS.noun) }
      : sign;
  });
};

const isCompound = (words: readonly string[]): boolean => {
  const before = words.at(-2) ?? "";
  const head = words.at(-1) ?? "";
  return (
    words.length > 1 &&
    ((NOMINAL.has(before) && HEADS.has(head)) ||
      (NOTED.has(head) && verbForm(before)?.class === "write") ||
      (THINGS.has(before) && isThing(head)))
  );
};

/** `hover`, "Gets hover information": the text uses the name's word for a thing. */
const isToldOf = (words: readonly string[], clause: Clause): boolean =>
  clause.some(
    (word, at) =>
      at > 0 &&
      words.includes(word) &&
      TOLD_OF.has(clause[at + 1] ?? "") &&
      !MODALS.has(clause[at - 1] ?? ""),
  );
const TOLD_OF = setOf("info information details status history stats statistics metadata");
const MODALS = setOf("to will can and or");

/** Words of doing that are things just as well, of which there is more to tell: `payment_methods`, `agent_info`. */
const THINGS =
  setOf(`order trade payment transfer deposit call test build exchange bid stake charge fund invoice checkout release
  script terminal workflow automation command agent execution navigation installation tip swap play train`);

/** Many things, or what is given back; not what is done, nor what can be run. */
const isThing = (word: string): boolean =>
  (singular(word) !== word || READ_NOUNS.has(word) || HEADS.has(word)) &&
  !DOINGS.has(word) &&
  verbForm(word)?.form !== "base";

/** Verbs of changing that are nouns at the end of a name: `weather_archive`. */
const ENDS = setOf("archive update upload download export import setup register publish");

const isNoun = (words: readonly string[], { found }: Sign): boolean =>
  verbForm(found)?.noun === true || (ENDS.has(found) && words.length > 1 && words.at(-1) === found);

/** `run_complete`, "Marks a run as complete": the last word is what is done to the first, as the text says. */
const isDoneTo = (words: readonly string[], first: readonly Sign[]): boolean => {
  const last = NOMINAL.has(words.at(-2) ?? "") ? verbForm(words.at(-1) ?? "") : undefined;
  return (
    last !== undefined && changes(last) && isClear(first) && first.every((sign) => sign.class === last.class)
  );
};

const changes = ({ form, noun, class: is }: VerbForm): boolean =>
  form === "base" && !noun && (is === "write" || is === "destructive");
