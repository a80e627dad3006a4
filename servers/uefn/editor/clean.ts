import { isObject } from "./json.ts";

// What an editor says of a failure names files of its user's machine, and whole tracebacks. Neither is for a client.

const PROBLEM_CHARS_MAX = 2_000;

const TRACEBACK = /Traceback \(most recent call last\)[^]*$/u;
const FRAME = /^[ \t]*File "[^"\n]*", line \d+.*$/gmu;
/** `C:\…`, `\\?\C:\…` and `\\host\…`, each backslash once or doubled; a folder may have spaces in its name where a separator follows. */
const WINDOWS_PATH =
  /(?:(?:\\{2,}[?.]\\+)?(?<![A-Za-z0-9])[A-Za-z]:[\\/]+|\\{2,}[^\s\\]+\\+)(?:[^\\/:*?"'<>|\r\n]+[\\/]+)*[^\\/\s:*?"'<>|]*/gu;
/** Content paths (`/Game/…`) are not paths of a machine. */
const UNIX_PATH =
  /(?:file:\/\/|(?<![\w/.]))\/(?:Applications|Library|Users|Volumes|etc|home|mnt|opt|private|root|tmp|usr|var)\/[^\s"'<>|]*/gu;

export const cleanText = (text: string): string => {
  const clean = text
    .slice(0, 4 * PROBLEM_CHARS_MAX)
    .replace(TRACEBACK, "")
    .replaceAll(FRAME, "")
    .replaceAll(WINDOWS_PATH, "(a path)")
    .replaceAll(UNIX_PATH, "(a path)")
    .trim();
  return clean.length > PROBLEM_CHARS_MAX ? `${clean.slice(0, PROBLEM_CHARS_MAX)} …` : clean;
};

/** The same value, where nested failures (of a batch) are as clean as one on top is. */
export const cleanFailures = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(cleanFailures);
  }
  if (!isObject(value)) {
    return value;
  }
  const { success, error, traceback } = value;
  const failed = success === false || (typeof error === "string" && traceback !== undefined);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(failed && key === "traceback"))
      .map(([key, inner]) => [
        key,
        failed && key === "error" && typeof inner === "string" ? cleanText(inner) : cleanFailures(inner),
      ]),
  );
};
