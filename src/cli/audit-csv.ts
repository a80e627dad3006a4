import { LIMITS } from "../base/limits.ts";
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
  "before",
  "after",
] as const;

const OUTCOME = ["outcome", "http_status", "duration_ms", "result_bytes"] as const;

interface Row {
  /** Cells of the record. */
  readonly cells: readonly string[];
  /** … and of its outcome; absent while that is waited for. */
  outcome: readonly string[] | undefined;
}

export const csvHead = (): string => row([...RECORD, ...OUTCOME]);

const NONE: readonly string[] = OUTCOME.map(() => "");

/**
 * Makes one row of a record and its outcome, in the order of the records. Behind a call that takes very long rows do
 * not wait for ever: it comes after them.
 */
export class CsvRows {
  readonly #rowsMax: number;
  #waiting: Row[] = [];
  readonly #byId = new Map<string, Row>();

  constructor(rowsMax: number = LIMITS.export_waiting_rows) {
    this.#rowsMax = rowsMax;
  }

  /** Rows that are complete with this line. */
  add(line: AuditLine): string {
    if (line.kind === "outcome") {
      const row = this.#byId.get(line.id);
      if (row !== undefined) {
        row.outcome = OUTCOME.map((path) => cell(line.value, path));
        this.#byId.delete(line.id);
      }
    } else {
      const forwarded = line.kind === "decision" && isForwarded(line);
      const cells = RECORD.map((path) => cell(line.value, path));
      const row = { cells, outcome: forwarded ? undefined : NONE };
      this.#waiting.push(row);
      if (forwarded) {
        this.#byId.set(line.id, row);
      }
    }
    if (this.#waiting.length > this.#rowsMax + this.#byId.size) {
      return this.#pass();
    }
    const open = this.#waiting.findIndex(({ outcome }) => outcome === undefined);
    return rowsText(this.#waiting.splice(0, open === -1 ? this.#waiting.length : open));
  }

  /** The rest: calls whose outcome is not known yet. */
  end(): string {
    return rowsText(this.#waiting.splice(0));
  }

  /** All that are complete, past those that are not. */
  #pass(): string {
    const complete = this.#waiting.filter(({ outcome }) => outcome !== undefined);
    this.#waiting = this.#waiting.filter(({ outcome }) => outcome === undefined);
    return rowsText(complete);
  }
}

const rowsText = (rows: readonly Row[]): string =>
  rows.map(({ cells, outcome }) => row([...cells, ...(outcome ?? NONE)])).join("");

/** RFC 4180, with the guard that spreadsheets need: names come from clients, and `=…` would be a formula. */
const row = (cells: readonly string[]): string => `${cells.map(quoted).join(",")}\r\n`;

const quoted = (text: string): string => {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
