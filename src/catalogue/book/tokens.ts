import { unitAt } from "../../base/text.ts";
import { isJsonObject, member, type JsonObject } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";

/**
 * About how many tokens a tool's definition takes of a model's context: its name, its description and the schema of
 * its arguments, as one line of JSON. No model's tokenizer is asked (docs/catalogue.md says how far off this is).
 */
export const definitionTokens = (definition: JsonObject): number => {
  const [name, description, schema] = ["name", "description", "inputSchema"].map((key) =>
    member(definition, key),
  );
  return (
    tokensOf(typeof name === "string" ? name : "") +
    tokensOf(typeof description === "string" ? description : "") +
    tokensOf(schema !== undefined && isJsonObject(schema) ? writeJson(schema) : "") +
    FRAME_TOKENS
  );
};

/** What stands around the three parts. */
const FRAME_TOKENS = 6;

/** Characters that tokenizers of today's models put into one token, on average, by kind. */
const LETTERS = 10;
const DIGITS = 3;
const MARKS = 4;
const SPACES = 16;

/** Runs of letters, digits, spaces and marks; whatever is not ASCII is a token a character. */
const tokensOf = (text: string): number => {
  let tokens = 0;
  let at = 0;
  while (at < text.length) {
    const kind = kindOf(unitAt(text, at));
    const from = at;
    do {
      at += 1;
    } while (at < text.length && kindOf(unitAt(text, at)) === kind);
    tokens += COST[kind](at - from);
  }
  return tokens;
};

type Kind = "letter" | "digit" | "space" | "mark" | "other";

const kindOf = (unit: number): Kind => (unit < KINDS.length ? (KINDS[unit] ?? "other") : "other");

const kindOfCharacter = (character: string): Kind => {
  if (/[a-z]/iu.test(character)) {
    return "letter";
  }
  if (/\d/u.test(character)) {
    return "digit";
  }
  return /\s/u.test(character) ? "space" : "mark";
};

const KINDS: readonly Kind[] = Array.from({ length: 128 }, (_, unit) =>
  kindOfCharacter(String.fromCodePoint(unit)),
);

const COST: Readonly<Record<Kind, (length: number) => number>> = {
  letter: (length) => Math.ceil(length / LETTERS),
  digit: (length) => Math.ceil(length / DIGITS),
  // One space belongs to the word behind it.
  space: (length) => Math.floor(length / SPACES),
  mark: (length) => Math.ceil(length / MARKS),
  other: (length) => length,
};
