import { writeJson } from "../base/json-write.ts";
import { fromPlain } from "../base/json-plain.ts";
import { codePointLength } from "../base/text.ts";
import type { FileProblem } from "./ports.ts";
import type { Paint } from "./terminal.ts";

/** A value for programs: one JSON document and a line feed. Members that are `undefined` are left out. */
export const jsonLine = (value: unknown): string => `${writeJson(fromPlain(present(value)))}\n`;

const present = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(present);
  }
  if (typeof value !== "object" || value === null || !isPlain(value)) {
    return value;
  }
  const kept: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) {
      Object.defineProperty(kept, name, {
        value: present(item),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return kept;
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** No system has longer ones. */
const PATH_CHARACTERS = 4_096;
const MESSAGE_CHARACTERS = 4_096;

/** `file:line:column: error: sentence (pointer). Did you mean "x"?` */
export const problemLine = (problem: FileProblem, paint: Paint): string => {
  const { file, line, column, pointer, message, nearest, severity = "error" } = problem;
  const place = [oneLine(file, PATH_CHARACTERS), line, column].filter((part) => part !== undefined).join(":");
  const kind = paint(severity === "error" ? "red" : "yellow", `${severity}:`);
  const where =
    pointer === undefined || pointer === "" ? "" : paint("dim", ` (${oneLine(pointer, MESSAGE_CHARACTERS)})`);
  const meant = nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
  return `${paint("bold", `${place}:`)} ${kind} ${oneLine(message, MESSAGE_CHARACTERS)}${where}${meant}\n`;
};

/** Columns padded to their widest cell. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => codePointLength(row[column] ?? ""))),
  );
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === cells.length - 1
          ? cell
          : cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - codePointLength(cell))),
      )
      .join("  ")
      .trimEnd();
  return `${[paint("bold", lineOf(head)), ...rows.map(lineOf)].join("\n")}\n`;
};

/** Text of others on one line of ours: control characters and what turns writing round are shown as escapes. */
export const oneLine = (text: string, characters = 200): string => {
  const visible = text
    .replaceAll(/\s+/gu, " ")
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
      (hidden) => `\\u{${(hidden.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .trim();
  const letters = Array.from(visible);
  return letters.length > characters ? `${letters.slice(0, characters - 1).join("")}…` : visible;
};

export const plural = (count: number, one: string): string =>
  `${String(count)} ${one}${count === 1 ? "" : "s"}`;
