import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DROPPED_FILE } from "../../audit/dropped.ts";
import type { JournalPosition } from "../../audit/port.ts";
import { codeOf } from "./segments.ts";

/**
 * Where the journal begins: behind what retention dropped. Takes the statement's word for it, for readers that have no
 * key; that it is the gateway's own is for `audit verify` and the gateway's start to tell.
 */
export const firstPosition = (directory: string): JournalPosition => ({
  segment: throughIn(directory) + 1,
  offset: 0,
});

/** The text is canonical: `through` stands behind whatever policies, grants and sessions it names. */
const throughIn = (directory: string): number => {
  const text = droppedText(directory) ?? "";
  return Number(/^"through":(\d+),/u.exec(text.slice(text.lastIndexOf('"through":')))?.[1] ?? 0);
};

/** `undefined` where nothing was ever dropped. */
export const droppedText = (directory: string): string | undefined => {
  try {
    return readFileSync(join(directory, DROPPED_FILE), "utf8").trimEnd();
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
};
