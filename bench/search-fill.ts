import type { DatabaseSync } from "node:sqlite";
import { chainDecision, chainOutcome, GENESIS } from "../src/audit/chain.ts";
import type { JournalLine } from "../src/audit/port.ts";
import type { DecisionRecord, Outcome } from "../src/audit/record.ts";
import { LIMITS } from "../src/base/limits.ts";
import { Kinds } from "../src/store/sqlite/kinds.ts";
import type { RecordsDatabase } from "../src/store/sqlite/records-database.ts";
import { DECISION_COLUMNS, OUTCOME_COLUMNS } from "../src/store/sqlite/records-schema.ts";
import { type Call, callsOf } from "./search-data.ts";

const COMMIT_ROWS = 100_000;
const LINE_BYTES = 900;

/** In the form of a UUIDv7, in the order of time: where an id stands in its index is part of what it costs. */
const idOf = (at: number, number: number): string => {
  const time = at.toString(16).padStart(12, "0");
  const rest = number.toString(16).padStart(16, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(1, 4)}-8${rest.slice(5, 8)}-${rest.slice(8)}0000`;
};

/** Rows straight into the tables, with all their indexes, for a copy of that many records. */
export const generate = async (database: DatabaseSync, total: number): Promise<void> => {
  const kinds = new Kinds(database);
  const columns = ["kind", ...DECISION_COLUMNS, ...OUTCOME_COLUMNS];
  const insert = database.prepare(
    `INSERT INTO records (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  const next = callsOf(total);
  database.exec("BEGIN");
  for (let number = 1; number <= total; number += 1) {
    const { facts, at, method, tool, durationMs, resultBytes } = next();
    const offset = number * LINE_BYTES;
    const [segment, within] = [
      1 + Math.floor(offset / LIMITS.segment_bytes_max),
      offset % LIMITS.segment_bytes_max,
    ];
    const ended = facts.outcome !== null;
    const outcome = ended
      ? [200, durationMs, resultBytes, segment, within + 600]
      : [null, null, null, null, null];
    const decision = [idOf(at, number), at, `r-${String(number)}`, method, tool, "seed", `/tools/${tool}`];
    insert.run(kinds.numberOf(facts), ...decision, segment, within, ...outcome);
    if (number % COMMIT_ROWS === 0) {
      database.exec("COMMIT; BEGIN");
      await new Promise(setImmediate); // An interruption is heard here.
    }
  }
  database.exec("COMMIT");
};

export interface FillTimes {
  readonly records: number;
  /** Milliseconds of each batch, which is a transaction. */
  readonly batches: readonly number[];
  /** Of all of them: others may use the machine meanwhile. */
  readonly cpuMs: number;
}

/** Lines of the journal as a gateway's timer takes them in, in batches, on a copy that is full already. */
export const fillOn = (copy: RecordsDatabase, records: number, endMs: number): FillTimes => {
  const lines = linesOf(records, endMs);
  const batches: number[] = [];
  const before = process.cpuUsage();
  for (let at = 0; at < lines.length; at += LIMITS.search_fill_lines) {
    const batch = lines.slice(at, at + LIMITS.search_fill_lines);
    const start = performance.now();
    copy.fill(batch);
    batches.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { records, batches, cpuMs: (user + system) / 1_000 };
};

/** A decision and, eight calls later, its outcome. */
const linesOf = (records: number, endMs: number): readonly JournalLine[] => {
  const next = callsOf(records, 0, endMs);
  const lines: JournalLine[] = [];
  const waiting: { readonly id: string; readonly call: Call }[] = [];
  let prev = GENESIS;
  let offset = 0;
  const push = ({ line, hash }: { readonly line: string; readonly hash: string }): void => {
    const position = { segment: 1_000, offset };
    offset += line.length + 1;
    lines.push({ text: line, position, next: { segment: 1_000, offset } });
    prev = hash;
  };
  for (let number = 0; number < records + 8; number += 1) {
    if (number < records) {
      const call = next();
      const id = idOf(call.at, number);
      waiting.push({ id, call });
      push(chainDecision(prev, decisionOf(id, call)));
    }
    const ended = number < 8 ? undefined : waiting[number - 8];
    if (ended !== undefined && ended.call.facts.outcome !== null) {
      push(chainOutcome(prev, outcomeOf(ended.id, ended.call)));
    }
  }
  return lines;
};

const decisionOf = (id: string, { facts, at, method, tool }: Call): DecisionRecord => ({
  v: 1,
  id,
  at: new Date(at).toISOString(),
  request_id: id,
  server: facts.server,
  grant: facts.grant,
  identity: facts.identity,
  groups: ["automation"],
  session: "ab".repeat(32),
  client: { name: "agent", version: "1.0.0" },
  protocol: "2025-11-25",
  transport: "http",
  method,
  tool,
  tool_digest: "cd".repeat(32),
  args: { keys: ["path", "query"], sha256: "ef".repeat(32) },
  policy: { name: "seed", version: "1", sha256: "01".repeat(32) },
  decision: facts.decision === "allow" ? "allow" : "deny",
  code: facts.decision === "allow" ? "allowed" : "limit_exceeded",
  rule: `/tools/${tool}`,
  name: null,
  message: "",
  enforced: facts.enforced,
  reserved: [],
  retry_after_ms: null,
  approval_id: null,
});

const outcomeOf = (id: string, { facts, at, durationMs, resultBytes }: Call) => ({
  id,
  outcome: (facts.outcome ?? "ok") as Outcome,
  http_status: 200,
  duration_ms: durationMs,
  result_bytes: resultBytes,
  at: new Date(at + durationMs).toISOString(),
});
