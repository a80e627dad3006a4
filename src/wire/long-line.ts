import { readJson } from "../base/json-read.ts";
import type { RequestId } from "./frame.ts";
import type { Line } from "./lines.ts";

const LOOSE = new TextDecoder("utf-8");
/** Where an id can only be the message's own: before everything but the envelope, or just before the last brace. */
const AT_HEAD =
  /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"method"\s*:\s*"[^"\\]*"\s*,\s*)?"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]+)\s*,/u;
const AT_TAIL = /[,{]\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]+)\s*\}\s*$/u;

/** Whose a line is that is too long to be read, where that is certain. */
export const idOfLongLine = (line: Extract<Line, { kind: "too_long" }>): RequestId | undefined => {
  const found = AT_HEAD.exec(LOOSE.decode(line.head))?.[1] ?? AT_TAIL.exec(LOOSE.decode(line.tail))?.[1];
  if (found === undefined) {
    return undefined;
  }
  try {
    return readJson(found);
  } catch {
    return undefined;
  }
};
