import type { Json } from "../base/json-value.ts";
import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import { pointerToken } from "../base/json-pointer.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration. Lines and columns count from 1. Never holds a resolved secret. */
export interface ConfigProblem {
  /** The file as it was named, or where its text came from. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** RFC 6901; of a missing member, the object that lacks it. Absent where the file is not JSON. */
  readonly pointer?: string;
  readonly message: string;
  /** The spelling that was probably meant. */
  readonly nearest?: string;
}

export type Path = readonly (string | number)[];

/** Where a problem is: at the key or at the value (the default), and what was probably meant. */
export interface Detail {
  readonly which?: "key" | "value";
  readonly nearest?: string | undefined;
}

export type Report = (path: Path, message: string, detail?: Detail) => void;

export type Locate = (pointer: string, which: "key" | "value") => Position | undefined;

export const pointerOf = (path: Path): string =>
  path.map((step) => `/${pointerToken(String(step))}`).join("");

/** Collects problems with their places; the list is in the order of the file. */
export const collectProblems = (
  file: string,
  locate: Locate,
): { readonly report: Report; readonly problems: () => readonly ConfigProblem[] } => {
  const found: ConfigProblem[] = [];
  const report: Report = (path, message, detail = {}) => {
    const pointer = pointerOf(path);
    const position = locate(pointer, detail.which ?? "value");
    found.push({
      file,
      ...position,
      pointer,
      message,
      ...(detail.nearest === undefined ? {} : { nearest: detail.nearest }),
    });
  };
  return { report, problems: () => found.toSorted(byPlace) };
};

const byPlace = (left: ConfigProblem, right: ConfigProblem): number =>
  (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);

/** The value at a path, or `undefined`. */
export const valueAt = (root: Json, path: Path): Json | undefined => {
  let value: Json | undefined = root;
  for (const step of path) {
    if (isJsonArray(value) && typeof step === "number") {
      value = value[step];
    } else if (isJsonObject(value)) {
      value = member(value, String(step));
    } else {
      return undefined;
    }
  }
  return value;
};
