import type { ArgumentKind } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import type { Clause } from "./prose-clauses.ts";
import { nameWords, setOf, singular } from "./words.ts";

/** Arguments that carry a path because of what the tool is about, and those that carry a path or a URL. */

const FILES = setOf("file directory folder path dir symlink");
/** Verbs with two ends. */
const MOVES = setOf(
  "move copy rename sync link symlink mirror duplicate cp mv rsync backup relocate hardlink",
);
/** Places of files that are no paths of the caller's choice: what is named there has an id. */
const KEPT_ELSEWHERE = setOf("drive gdrive onedrive sharepoint figma notion dropbox");

const ENDS =
  setOf(`source destination src dst dest from to oldpath newpath target old new sourcepath targetpath destinationpath
  sourcefile targetfile oldname newname sources targets destinations fromfile tofile linkname`);
const POINTS = setOf("id ids");

const isText = ({ types, values }: KnownArgument): boolean =>
  values.length === 0 && (types.length === 0 || types.includes("string") || types.includes("array"));

const isAboutFiles = (words: readonly string[], clause: Clause): boolean => {
  const told = clause.slice(0, 10);
  const moves = words.some((word) => MOVES.has(word));
  return (
    moves &&
    !words.some((word) => KEPT_ELSEWHERE.has(word)) &&
    [...words, ...told].some((word) => FILES.has(singular(word)))
  );
};

const CARRIED_URL = /\b(?:urls?|https?:\/\/|web address(?:es)?)\b/i;
const CARRIED_PATH = /\b(?:file ?paths?|local (?:files?|paths?)|paths?|files?)\b/i;
const EITHER = /\b(?:or|and|\/)\b|\//i;
const SWITCHES = setOf("isurl fromurl useurl isremote isurls");

const tellsBoth = ({ description, name }: KnownArgument): boolean =>
  CARRIED_URL.test(description) && CARRIED_PATH.test(description) && EITHER.test(description) && name !== "";

const isEnd = ({ name, words }: KnownArgument): boolean =>
  ENDS.has(nameWords(name).join("")) && !POINTS.has(words.at(-1) ?? "");

const addsTo = (argument: KnownArgument, moves: boolean, switched: boolean): readonly ArgumentKind[] => {
  const { kinds } = argument;
  const path = kinds.includes("path") || (moves && isEnd(argument));
  const carried: readonly ArgumentKind[] =
    path && (switched || tellsBoth(argument)) ? ["path", "url"] : path ? ["path"] : [];
  return carried.filter((kind) => !kinds.includes(kind));
};

/** The arguments, with kinds that the tool's name and other arguments tell. */
export const withFileKinds = (
  words: readonly string[],
  clause: Clause,
  all: readonly KnownArgument[],
): readonly KnownArgument[] => {
  const moves = isAboutFiles(words, clause);
  return all.map((argument) => {
    const switched = argument.beside.some((other) => SWITCHES.has(nameWords(other).join("")));
    const more = isText(argument) ? addsTo(argument, moves, switched) : [];
    // Who is written to is nobody where files are moved.
    const kinds = more.includes("path")
      ? argument.kinds.filter((kind) => kind !== "recipient")
      : argument.kinds;
    return more.length === 0 ? argument : { ...argument, kinds: [...kinds, ...more] };
  });
};
