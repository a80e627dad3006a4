import type { ProseReading } from "./prose-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** Verbs that are as often the first part of a noun: `order_book`, `release_notes`. */
const NOMINAL =
  setOf(`run install release order pay buy sell stop kill play charge fund deposit open build deploy trade
  transfer payment call exchange bid swap tip launch start end`);

/** What such a noun ends with. None of these is a thing that is run, released or paid. */
const HEADS =
  setOf(`history list log logs notes guide book rate rates times time signal signals interest details status
  info stats statistics summary report reports schedule date dates points nav calendar volume`);

/**
 * Takes the verb of a name for a noun, where its text says that it reads, and nothing else: "Gets release notes". A
 * name alone does not suffice, nor does a text that admits to more.
 */
export const compoundNoun = (
  words: readonly string[],
  named: readonly Sign[],
  { first, later }: ProseReading,
): readonly Sign[] =>
  words.length > 1 &&
  NOMINAL.has(words.at(-2) ?? "") &&
  HEADS.has(words.at(-1) ?? "") &&
  later.length === 0 &&
  first.some(({ weight }) => weight >= WEIGHTS.sure) &&
  first.every((sign) => sign.class === "read")
    ? named.map((sign) => (sign.class === "read" ? sign : { ...sign, weight: WEIGHTS.trace }))
    : named;
