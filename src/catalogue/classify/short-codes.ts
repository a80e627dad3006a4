import { SHORT_CODES, type KnownArgument } from "./argument-kinds.ts";
import type { Clause } from "./prose-clauses.ts";
import { setOf, singular } from "./words.ts";

/** Codes that are no programs: "country code", `airport { code }`. */

const SHORT: ReadonlySet<string> = new Set(SHORT_CODES);

/** Things that are known by a code, whatever else a name says of them. */
const CODED =
  setOf(`country zip postcode currency airport airline iata icao coupon voucher promo discount ticker
  locale timezone barcode sku swift bic icd naics`);

/** Words with which a tool is about programs all the same. */
const PROGRAMS =
  setOf(`javascript js python script eval evaluate typescript lua ruby php bash powershell groovy program
  snippet source sandbox runner interpreter repl`);

/** Whether the word is a code of the kind that the word before it names. */
export const isShortCode = (words: readonly string[], at: number): boolean =>
  singular(words[at] ?? "") === "code" && SHORT.has(singular(words[at - 1] ?? ""));

const isCode = (word: string): boolean => singular(word) === "code";

/** Whether a tool is about such codes, and about no other code. */
const tellsOfShortCodes = (words: readonly string[], clause: Clause): boolean => {
  const short = [words, clause].some((text) => text.some((_word, at) => isShortCode(text, at)));
  const long = words.some((word, at) => isCode(word) && !isShortCode(words, at));
  const programs = [...words, ...clause].some((word) => PROGRAMS.has(word));
  return !long && !programs && (short || words.some((word) => CODED.has(singular(word))));
};

/** Takes a plain `code`, of which nothing says that it is a program, for what it is beside countries and the like. */
export const withoutShortCodes = (
  words: readonly string[],
  clauses: readonly Clause[],
  args: readonly KnownArgument[],
): readonly KnownArgument[] =>
  args.some(isPlainCode) && tellsOfShortCodes(words, clauses[0] ?? [])
    ? args.map((argument) =>
        isPlainCode(argument)
          ? { ...argument, kinds: argument.kinds.filter((kind) => kind !== "code") }
          : argument,
      )
    : args;

const isPlainCode = ({ words, kinds, description }: KnownArgument): boolean =>
  description === "" && kinds.includes("code") && words.length === 1 && isCode(words[0] ?? "");
