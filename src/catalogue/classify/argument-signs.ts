import type { KnownArgument } from "./argument-kinds.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

const OPERANDS =
  setOf(`a b c x y z n m number numbers num value values first second base exponent operand operands
  minuend subtrahend addend addends factor factors dividend divisor numerator denominator precision firstnumber
  secondnumber num1 num2 number1 number2 left right`);
const NUMBERS = setOf("number integer array");

/** Verbs of sums. Beside these, whatever a name or a text says that is more than reading outweighs the numbers. */
const SUMS =
  setOf(`add subtract multiply divide sum power pow modulo mod remainder sqrt root square log exp max min
  mean median average round floor ceil abs negate compare compute calculate calc gcd lcm factorial percentage`);

/**
 * A tool that takes nothing but several numbers named like those of a sum computes, where its verb is one of sums
 * ("add") or none that is known. The number of an issue is one as well, and the place of a click is two.
 */
export const computes = (args: readonly KnownArgument[], told: readonly Sign[]): readonly Sign[] => {
  if (told.some((sign) => sign.class !== "read" && !SUMS.has(sign.found.split(" ")[0] ?? ""))) {
    return [];
  }
  const top = args.filter(({ path }) => !path.includes("["));
  const several = top.length > 1 || top.some(({ types }) => types.includes("array"));
  return several && top.every(isOperand)
    ? [
        {
          class: "read",
          weight: 2 * WEIGHTS.decisive,
          from: "argument",
          found: (top[0]?.path ?? "").slice(0, 80),
          says: "It takes nothing but numbers to compute with.",
        },
      ]
    : [];
};

const isOperand = ({ name, types }: KnownArgument): boolean =>
  OPERANDS.has(name.toLowerCase()) && types.length > 0 && types.every((type) => NUMBERS.has(type));

const OUTPUT = setOf("output out save dest destination target export download");
const PLACES = setOf("path file dir directory folder filename filepath to");
const WHOLE = setOf("saveto savepath outputpath outputfile downloadpath outfile outputdir");

/** A tool that is told where to put what it reads changes what is there. */
export const putsAway = (args: readonly KnownArgument[]): readonly Sign[] =>
  args
    .filter(
      (argument) =>
        (isOutput(argument.words) || (argument.required && savesTo(argument))) &&
        (argument.types.length === 0 || argument.types.includes("string")) &&
        argument.path.lastIndexOf(".") === 4,
    )
    .slice(0, 1)
    .map(({ path, required }) => ({
      class: "write",
      weight: required ? WEIGHTS.decisive : WEIGHTS.sure,
      from: "argument",
      found: path.slice(0, 80),
      says: "It is told where to put what it makes, so it creates or changes something.",
    }));

const CAPTURES = setOf("take capture record dump screenshot snapshot grab download export save");
const FILES = setOf("filepath filename file_path file_name savepath outputpath");

/** A picture or a recording for which a file must be named is kept there. */
export const capturesTo = (args: readonly KnownArgument[], told: readonly Sign[]): readonly Sign[] => {
  const captures = told.some(({ found }) =>
    found
      .split(" ")
      .slice(0, 1)
      .some((verb) => CAPTURES.has(verb)),
  );
  const place = args.find(
    ({ name, required, path }) => required && FILES.has(name.toLowerCase()) && path.lastIndexOf(".") === 4,
  );
  return captures && place !== undefined
    ? [
        {
          class: "write",
          weight: WEIGHTS.decisive,
          from: "argument",
          found: place.path.slice(0, 80),
          says: "It must be told a file for what it captures, so it creates or changes something.",
        },
      ]
    : [];
};

const isOutput = (words: readonly string[]): boolean =>
  (words.length < 4 && WHOLE.has(words.length === 1 ? (words[0] ?? "") : words.join(""))) ||
  (words.length > 1 && OUTPUT.has(words[0] ?? "") && PLACES.has(words.at(-1) ?? ""));

const FILE_NAMES = setOf("filepath filename file path outpath savepath");
const SAVES = /\b(?:sav(?:e|es|ed|ing)|writ(?:e|es|ten|ing)|export(?:s|ed)?|dump(?:s|ed)?|stored?)\b/i;
const READS = /\b(?:read|load|upload|pars|import|open|already|previous)/i;

/** Whether its text says that what the tool finds is put into the file that it names. */
const savesTo = ({ words, kinds, description }: KnownArgument): boolean =>
  (kinds.includes("path") || FILE_NAMES.has(words.join(""))) &&
  SAVES.test(description) &&
  !READS.test(description);

const RESPONSES = setOf("response result output out save dest destination target export download downloads");
const WRITTEN = setOf("path paths file files dir directory folder filename filepath to");

/** Arguments that name where something may be written: `responseFilePath`, `outputDirPath`, `filePath` to save to. */
export const writtenTo = (args: readonly KnownArgument[]): readonly string[] =>
  args
    .filter(
      (argument) =>
        isOutput(argument.words) ||
        (RESPONSES.has(argument.words[0] ?? "") && WRITTEN.has(argument.words.at(-1) ?? "")) ||
        savesTo(argument),
    )
    .filter(({ types }) => types.length === 0 || types.includes("string") || types.includes("array"))
    .map(({ path }) => path);

const DESTROYS = setOf("delete truncate purge wipe erase drop");
/** … but not what is left out of what is computed: `dropDuplicates`. */
const LEFT_OUT = setOf("duplicates duplicate na nan null nulls");

/** A switch that has it delete something first: `truncateTarget`. */
export const destroysFirst = (args: readonly KnownArgument[]): readonly Sign[] =>
  args
    .filter(
      ({ path, words, types }) =>
        DESTROYS.has(words[0] ?? "") &&
        !LEFT_OUT.has(words[1] ?? "") &&
        types.includes("boolean") &&
        path.lastIndexOf(".") === 4,
    )
    .slice(0, 1)
    .map(({ path, words }) => ({
      class: "destructive",
      weight: WEIGHTS.decisive,
      from: "argument",
      found: path.slice(0, 80),
      says: `It can be told to "${(words[0] ?? "").slice(0, 20)}" what is there.`,
    }));
