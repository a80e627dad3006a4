import { LIMITS } from "../../base/limits.ts";
import type { ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { verbForm } from "./lexicon.ts";
import { nameWords, setOf } from "./words.ts";

/** Switches and choices that are known by the form of their names, values and texts, not by a list of them. */

/** What stands before a verb that is only told of or left out: `include_deleted`, `can_kill`. */
const TELLS = setOf(
  "include show exclude only is has can filter allow allowed with without no not skip hide list count return dont never prevent disable",
);
/** Verbs of taking away that are as often done to what is given back, and those that are things as well. */
const OF_RESULTS = setOf(
  "remove clear reset drop strip trim cut close stop cancel end exit abort empty flush clean",
);
/** What takes away for good and has no such other meaning, and no table of verbs knows it so. */
const TAKES = setOf("drain revoke terminate kill shred nuke");
const PAYS = setOf("buy sell pay purchase checkout finalize finalise accept order redeem");

const isSwitch = ({ types }: KnownArgument): boolean => types.includes("boolean");

const onlyTells = (words: readonly string[]): boolean =>
  TELLS.has(words[0] ?? "") || words.length > SWITCH_WORDS || GIVEN_BACK.has(words.at(-1) ?? "");

/** `kill_zombies`, `finalize` of a basket: what the first word of a switch's name does. */
const namedByForm = ({ words }: KnownArgument, money: boolean): ToolClass => {
  const [first = ""] = words;
  if (onlyTells(words)) {
    return "read";
  }
  if (money && PAYS.has(first) && (words.length === 1 || NOW.has(words.at(-1) ?? ""))) {
    return "financial";
  }
  return isTaking(first) ? "destructive" : "read";
};
const SWITCH_WORDS = 3;
const NOW = setOf("now it offer order basket cart swap trade quote deal");
const GIVEN_BACK = setOf("output results result response text columns fields duplicates whitespace spaces");

const isTaking = (word: string): boolean => {
  const form = verbForm(word);
  return (
    TAKES.has(word) ||
    (form?.class === "destructive" && form.form === "base" && !form.noun && !OF_RESULTS.has(word))
  );
};

/** Values with which nothing is done; beside these a verb is what is done otherwise. */
const IDLE = setOf(
  "none keep nothing no off leave ignore skip report retain noop never false preview dryrun",
);

/** `{ next: none | revoke | rotate }`. */
const chosenByForm = ({ values, words }: KnownArgument): ToolClass => {
  const lower = values.slice(0, LIMITS.classified_values_max).map((value) => nameWords(value));
  const isIdle = lower.some((value) => IDLE.has(value.join("")));
  return isIdle && !words.some((word) => TELLS.has(word)) && lower.some(([first = ""]) => isTaking(first))
    ? "destructive"
    : "read";
};

/** "Throws away what is in it", "… gone for good", "cannot be read again". */
const LOST =
  /^(?:throws?|chucks?|gets? rid|does away)\b[^.]{0,20}\b(?:away|out|of|with)\b|\b(?:gone|lost) (?:for good|for ever|forever|afterwards|permanently|then)\b|\bcannot be (?:read|had|fetched|got) again\b|\b(?:are|is) thrown away\b/i;
/** "Perform the swap at once", "Order it if it is cheap", "fifty dollars are charged". */
const PAID =
  /^(?:performs?|finali[sz]es?|accepts?|completes?|confirms?|closes|goes through with|makes?|does) (?:the |this |an? )?(?:swap|trade|order|purchase|payment|transfer|offer|deal|transaction|booking|checkout|bet|bid)\b|^(?:orders?|buys?|books?|purchases?|sells?|pays?) (?:it|them|this|at once|now|the \w+)\b|\b(?:is|are|will be|gets?) (?:charged|debited|paid|bought|ordered|withdrawn)\b|\b(?:transaction|payment|order|transfer) (?:goes out|is sent|is broadcast|is placed|is made|goes through)\b/i;
const NOT_DONE =
  /\b(?:not|never|no|without|nothing|n't|dry[- ]run|simulat\w+|only (?:those|show|include))\b/i;

/** What is done with a switch on, as far as `text` says that something is lost or paid. */
export const doneByForm = (text: string): ToolClass => {
  const done = text.trim().slice(0, TEXT_CHARACTERS);
  return NOT_DONE.test(done)
    ? "read"
    : PAID.test(done)
      ? "financial"
      : LOST.test(done)
        ? "destructive"
        : "read";
};
const TEXT_CHARACTERS = 200;

/** What an argument that only says how something is read can be set to do all the same. */
export const byForm = (argument: KnownArgument, money: boolean): ToolClass =>
  isSwitch(argument)
    ? worse(namedByForm(argument, money), doneByForm(argument.description))
    : chosenByForm(argument);

const worse = (one: ToolClass, other: ToolClass): ToolClass => (other === "read" ? one : other);
