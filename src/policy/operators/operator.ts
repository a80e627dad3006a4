import { type Json, isJsonArray } from "../../base/json-value.ts";
import type { ParsedPath } from "../path.ts";
import type { Three } from "../three.ts";
import type { SchemaCompiler } from "../types.ts";

/**
 * A value whose type does not fit the operator. It makes a condition unknown, but under `.**` it is passed over
 * (docs/policy.md), so it is told apart from a value that fits and cannot be decided.
 */
export const MISFIT = -2;

export type Verdict = Three | typeof MISFIT;

/** Judges one value. Never throws. */
export type Test = (value: Json) => Verdict;

/** One use of an operator, as a condition writes it. */
export interface Use {
  readonly value: Json;
  readonly fold: boolean;
  readonly flags: string;
  /** `undefined` where the path is at fault itself. */
  readonly path: ParsedPath | undefined;
  readonly compileSchema: SchemaCompiler;
  /** Notes that the operator's value is wrong; with `index`, that element of it. */
  readonly wrong: (message: string, index?: number, nearest?: string) => void;
  /** Notes that the flags are wrong. */
  readonly wrongFlags: (message: string) => void;
}

export interface OperatorRow {
  /** `undefined` once a fault has been noted. */
  readonly compile: (use: Use) => Test | undefined;
  /** Whether `fold` may be written, and `flags`. */
  readonly fold: boolean;
  readonly flags: boolean;
  /** Whether `.**` offers it numbers and booleans as text, given its value. */
  readonly text: (value: Json) => boolean;
}

export const truth = (holds: boolean): Three => (holds ? 1 : 0);

/** A list of texts, or `undefined` with every fault noted. */
const textList = (use: Use, what: string): readonly string[] | undefined => {
  if (!isJsonArray(use.value)) {
    use.wrong(`The value is a list of ${what}.`);
    return undefined;
  }
  const texts: string[] = [];
  let good = true;
  for (const [index, entry] of use.value.entries()) {
    if (typeof entry === "string") {
      texts.push(entry);
    } else {
      use.wrong(`Each entry is a string: the value is a list of ${what}.`, index);
      good = false;
    }
  }
  return good ? texts : undefined;
};

/** Compiles every entry of a list of texts; a string instead of an entry says what is wrong with it. */
export const compileEntries = <Entry extends object>(
  use: Use,
  what: string,
  compile: (text: string) => Entry | string,
): readonly Entry[] | undefined => {
  const entries: Entry[] = [];
  const texts = textList(use, what);
  for (const [index, text] of (texts ?? []).entries()) {
    const entry = compile(text);
    if (typeof entry === "string") {
      use.wrong(entry, index);
    } else {
      entries.push(entry);
    }
  }
  return texts !== undefined && entries.length === texts.length ? entries : undefined;
};
