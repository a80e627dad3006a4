import { cell, isForwarded, type AuditLine } from "./audit-line.ts";

/** Columns from the record, by the record's names. */
const RECORD = [
  "at",
  "id",
  "request_id",
  "server",
  "grant",
  "identity",
  "groups",
  "session",
  "client.name",
  "client.version",
  "protocol",
  "transport",
  "method",
  "tool",
  "tool_digest",
  "args.keys",
  "args.masked",
  "args.full",
  "args.sha256",
  "policy.name",
  "policy.sha256",
  "decision",
  "code",
  "rule",
  "name",
  "message",
  "enforced",
  "act",
  "by",
  "subject",
] as const;

const OUTCOME = ["outcome", "http_status", "duration_ms", "result_bytes"] as const;

interface Row {
  readonly line: AuditLine;
  outcome: AuditLine | undefined;
  done: boolean;
}

export const csvHead = (): string => row([...RECORD, ...OUTCOME]);

/** Makes one row of a record and its outcome, in the order of the records. */
export class CsvRows {
  readonly #waiting: Row[] = [];
  readonly #byId = new Map<string, Row>();

  /** Rows that are complete with this line. */
  add(line: AuditLine): string {
    if (line.kind === "outcome") {
      const row = this.#byId.get(line.id);
      if (row !== undefined) {
        row.outcome = line;
        row.done = true;
        this.#byId.delete(line.id);
      }
    } else {
      const row = { line, outcome: undefined, done: line.kind === "act" || !isForwarded(line) };
      this.#waiting.push(row);
      if (!row.done) {
        this.#byId.set(line.id, row);
      }
    }
    const open = this.#waiting.findIndex(({ done }) => !done);
    return this.#take(open === -1 ? this.#waiting.length : open);
  }

  /** The rest: calls whose outcome is not known yet. */
  end(): string {
    return this.#take(this.#waiting.length);
  }

  #take(count: number): string {
    return this.#waiting
      .splice(0, count)
      .map(({ line, outcome }) =>
        row([
          ...RECORD.map((path) => cell(line.value, path)),
          ...OUTCOME.map((path) => (outcome === undefined ? "" : cell(outcome.value, path))),
        ]),
      )
      .join("");
  }
}

/** RFC 4180, with the guard that spreadsheets need: names come from clients, and `=…` would be a formula. */
const row = (cells: readonly string[]): string => `${cells.map(quoted).join(",")}\r\n`;

const quoted = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
