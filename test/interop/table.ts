import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/gateway.ts";
import { CLIENTS, FACES, type Face } from "./clients.ts";
import { columnOf, rowOf, type Run } from "./matrix.ts";
import { SERVERS, type ServerRow } from "./servers.ts";

/** The page's table of what a run of the matrix showed. */

const BEGIN = "<!-- compatibility:begin -->";
const END = "<!-- compatibility:end -->";

/** The outcome of each cell, by row and column: what is expected, as a file, and what was seen. */
export type Outcomes = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const outcomesOf = ({ cells }: Run): Outcomes =>
  Object.fromEntries(
    [...cells].map(([row, columns]) => [
      row,
      Object.fromEntries([...columns].map(([column, { outcome }]) => [column, outcome])),
    ]),
  );

const REACHES: Readonly<Record<Face, string>> = { HTTP: "HTTP", stdio: "command" };
const OVER = { stdio: "stdio", http: "HTTP", sse: "HTTP+SSE" } as const;

/** Reasons by number, in the order in which they are met. */
class Notes {
  readonly #notes: string[] = [];

  numberOf(note: string): number {
    if (!this.#notes.includes(note)) {
      this.#notes.push(note);
    }
    return this.#notes.indexOf(note) + 1;
  }

  lines(): readonly string[] {
    return this.#notes.map((note, index) => `${String(index + 1)}. ${note}`);
  }
}

/** Errors in brackets are for the file of expectations: each client has its own words for them. */
const noteOf = (outcome: string): string => {
  const reason = outcome.slice("no: ".length).replace(/ \(.*\)$/u, "");
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
};

const cellText = (outcome: string, notes: Notes): string => {
  if (outcome.startsWith("no: ")) {
    return `no (${String(notes.numberOf(noteOf(outcome)))})`;
  }
  return outcome.replace(/^works/u, "yes").replace(", bridged", " ⇄");
};

const headOf = (server: ServerRow, spoken: ReadonlyMap<string, string>): string =>
  [server.name, OVER[server.over], spoken.get(columnOf(server)) ?? "unknown"].join("<br>");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The table with its notes, without the lines around it. */
export const tableOf = (run: Run): string => {
  const outcomes = outcomesOf(run);
  const notes = new Notes();
  const head = ["client", "by", ...SERVERS.map((server) => headOf(server, run.spoken))];
  const rows = CLIENTS.flatMap((client) =>
    FACES.map((face) => {
      const cells = outcomes[rowOf(client, face)] ?? {};
      const texts = SERVERS.map((server) => cellText(cells[columnOf(server)] ?? "no: not tried", notes));
      return row([client.name, REACHES[face], ...texts]);
    }),
  );
  const lines = [row(head), `|${"---|".repeat(head.length)}`, ...rows];
  const footnotes = notes.lines();
  return [...lines, ...(footnotes.length === 0 ? [] : ["", ...footnotes])].join("\n");
};

/** Where the table stands. */
export const PAGE = join(ROOT, "docs/clients.md");

const BETWEEN = new RegExp(`(?<=${BEGIN}\n\n).*(?=\n\n${END})`, "su");

/** The table that stands in a page. */
export const tableIn = (page: string): string => {
  const found = BETWEEN.exec(page)?.[0];
  if (found === undefined) {
    throw new Error(`the page has no ${BEGIN} with an ${END} after it`);
  }
  return found;
};

export const withTable = (page: string, table: string): string => {
  tableIn(page);
  return page.replace(BETWEEN, () => table);
};

export interface Expected {
  readonly cells: Outcomes;
  /** How many tools of the demonstration server a client sees through the gate. */
  readonly capabilities: Readonly<
    Record<"legacy" | "modern", { readonly plain: number; readonly full: number }>
  >;
}

export const EXPECTED = join(ROOT, "test/interop/expected.json");

export const readExpected = (): Expected => JSON.parse(readFileSync(EXPECTED, "utf8")) as Expected;
