import { codePointLength } from "../base/text.ts";
import { oneLine, table } from "./print.ts";
import { painter, type Terminal } from "./terminal.ts";

/** What fits the width of a terminal. Where output goes elsewhere, names are not cut and lines not broken: others read them. */

interface Rows {
  readonly head: readonly string[];
  /** The last cell has what room the others leave. */
  readonly rows: readonly (readonly string[])[];
  /** How many columns, from the first, hold names, which may be long. */
  readonly names: number;
}

const GAP = 2;
const LAST_MIN = 16;
const NAME_MIN = 14;

export const fittedTable = (terminal: Terminal, { head, rows, names }: Rows): string => {
  const most = terminal.outIsTerminal
    ? Math.max(NAME_MIN, Math.floor((terminal.columns * 0.36) / names))
    : terminal.columns;
  const cut = rows.map((row) => row.map((cell, at) => (at < names ? oneLine(cell, most) : cell)));
  const last = head.length - 1;
  const taken = head
    .slice(0, last)
    .map((title, at) => Math.max(title.length, ...cut.map((row) => codePointLength(row[at] ?? ""))) + GAP)
    .reduce((sum, width) => sum + width, 0);
  const room = Math.max(LAST_MIN, terminal.columns - taken);
  const fitted = cut.map((row) => row.map((cell, at) => (at === last ? oneLine(cell, room) : cell)));
  return table(head, fitted, painter(terminal, "out"));
};

/** Text behind a label, its further lines under its first. */
export const hanging = (terminal: Terminal, label: number, text: string): string => {
  const room = Math.max(LAST_MIN, terminal.columns - label);
  if (!terminal.outIsTerminal || text.length <= room) {
    return text;
  }
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.join(`\n${" ".repeat(label)}`);
};
