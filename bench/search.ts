import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RecordQuery, RecordRow } from "../src/audit/port.ts";
import { RecordsDatabase } from "../src/store/sqlite/records-database.ts";
import { type Question, questionsOf, searchRecords } from "../src/store/sqlite/search.ts";
import { readOptions } from "./options.ts";
import { fillOn, generate } from "./search-fill.ts";
import { END_MS, grantName, identityName, serverName, toolName } from "./search-data.ts";
import { decimals, machine, markdown, median, whole } from "./table.ts";

const MILLION = 1_000_000;
const FILLED_RECORDS = 50_000;
const DAY_MS = 86_400_000;

type Asked = Partial<RecordQuery>;

/** Every filter alone, frequent and rare values, two and three together, spans of time, pages far back. */
const QUERIES: readonly (readonly [name: string, query: Asked])[] = [
  ["all", {}],
  ["all, `--limit 10000`", { limit: 10_000 }],
  ["the last hour", { from: END_MS - DAY_MS / 24 }],
  ["a day two months ago", { from: END_MS - 60 * DAY_MS, to: END_MS - 59 * DAY_MS }],
  ["before all records", { to: END_MS - 200 * DAY_MS }],
  ["grant, frequent", { grant: grantName(0) }],
  ["grant, rare", { grant: grantName(199) }],
  ["grant, none such", { grant: "nobody" }],
  ["identity, frequent", { identity: identityName(0) }],
  ["identity, rare", { identity: identityName(79) }],
  ["server", { server: serverName(3) }],
  ["tool, frequent", { tool: toolName(0, 0) }],
  ["tool, rare", { tool: toolName(11, 23) }],
  ["tool, a resource's URI", { tool: "file:///srv/documents/777.md" }],
  ["tool, none such", { tool: "no_such_tool" }],
  ["decision allow", { decision: "allow" }],
  ["decision deny", { decision: "deny" }],
  ["decision hold, none such", { decision: "hold" }],
  ["code allowed", { code: "allowed" }],
  ["code hidden", { code: "hidden" }],
  ["code frozen, 1 of 70,000", { code: "frozen" }],
  ["code audit_unavailable, 1 of 290,000", { code: "audit_unavailable" }],
  ["outcome ok", { outcome: "ok" }],
  ["outcome timeout", { outcome: "timeout" }],
  ["outcome unknown, 1 of 10,000", { outcome: "unknown" }],
  ["outcome pending", { outcome: "pending" }],
  ["outcome pending, a month ago", { outcome: "pending", to: END_MS - 30 * DAY_MS }],
  ["grant and tool, frequent", { grant: grantName(0), tool: toolName(0, 0) }],
  ["grant and tool, frequent, never together", { grant: grantName(0), tool: toolName(3, 0) }],
  ["grant and server, frequent, never together", { grant: grantName(0), server: serverName(5) }],
  ["identity and grant, frequent, never together", { identity: identityName(1), grant: grantName(0) }],
  ["server and tool, frequent, never together", { server: serverName(1), tool: toolName(0, 0) }],
  ["allow and hidden, never together", { decision: "allow", code: "hidden" }],
  ["deny and ok (observed only)", { decision: "deny", outcome: "ok" }],
  ["grant, frequent, deny", { grant: grantName(0), decision: "deny" }],
  ["grant, rare, deny", { grant: grantName(199), decision: "deny" }],
  ["tool, frequent, timeout", { tool: toolName(0, 0), outcome: "timeout" }],
  ["tool, frequent, frozen", { tool: toolName(0, 0), code: "frozen" }],
  ["grant, server, deny", { grant: grantName(1), server: serverName(2), decision: "deny" }],
  ["grant, tool, timeout", { grant: grantName(0), tool: toolName(0, 1), outcome: "timeout" }],
  [
    "server, code, a day two months ago",
    { server: serverName(4), code: "limit_exceeded", from: END_MS - 60 * DAY_MS, to: END_MS - 59 * DAY_MS },
  ],
  [
    "tool, rare, an hour two months ago",
    { tool: toolName(11, 23), from: END_MS - 60 * DAY_MS, to: END_MS - 60 * DAY_MS + DAY_MS / 24 },
  ],
  ["deny, `--limit 10000`", { decision: "deny", limit: 10_000 }],
  ["outcome tool_error, `--limit 10000`", { outcome: "tool_error", limit: 10_000 }],
  ["tool, frequent, `--limit 10000`", { tool: toolName(0, 0), limit: 10_000 }],
  ["all, a page in the middle", { before: { at: END_MS - 45 * DAY_MS, seq: 1 } }],
  ["deny, a page in the middle", { decision: "deny", before: { at: END_MS - 45 * DAY_MS, seq: 1 } }],
  [
    "grant and tool, the last page",
    { grant: grantName(0), tool: toolName(0, 0), before: { at: END_MS - 90 * DAY_MS + 120_000, seq: 1 } },
  ],
];

/** Ten million records in a copy of their own: what each search takes, what its indexes cost. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, { millions: [10], rounds: [5] });
  const total = Math.round((options.millions[0] ?? 10) * MILLION);
  const directory = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  const path = join(directory, "tollgate.db");
  const stop = (): never => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const generated = await prepared(path, total);
    const rows = QUERIES.map(([name, query]) =>
      rowOf(path, name, { limit: 50, ...query }, options.rounds[0] ?? 5),
    );
    console.log(
      markdown(["search", "median, ms", "worst, ms", "cold, ms", "rows", "kinds", "answered by"], rows),
    );
    console.log(`\n${machine()}. ${whole(total)} records, ${generated}`);
    console.log(fillText(path));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const prepared = async (path: string, total: number): Promise<string> => {
  new RecordsDatabase(path)[Symbol.dispose]();
  const start = performance.now();
  using database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000");
  await generate(database, total);
  const seconds = (performance.now() - start) / 1_000;
  const kinds = database.prepare("SELECT count(*) AS n FROM kinds").get()?.["n"];
  database.exec("PRAGMA journal_mode = WAL");
  const gib = statSync(path).size / 1024 ** 3;
  return `${whole(Number(kinds))} kinds, ${decimals(gib, 1)} GiB, generated in ${whole(seconds)} s (${whole(total / seconds)} records a second).
Each search on a connection of its own, as the command does; "cold": none of the file in memory before.`;
};

const rowOf = (path: string, name: string, query: RecordQuery, rounds: number): readonly string[] => {
  const cold = evict(path) ? timed(path, query).ms : Number.NaN;
  const runs = Array.from({ length: rounds }, () => timed(path, query));
  const times = runs.map(({ ms }) => ms);
  const [kinds, how] = planOf(path, query);
  return [
    name,
    decimals(median(times), 1),
    decimals(Math.max(...times), 1),
    decimals(cold, 1),
    whole(runs[0]?.rows.length ?? 0),
    kinds,
    how,
  ];
};

const timed = (
  path: string,
  query: RecordQuery,
): { readonly ms: number; readonly rows: readonly RecordRow[] } => {
  const start = performance.now();
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = searchRecords(database, query);
  return { ms: performance.now() - start, rows };
};

/** Asks the system to drop the file from its memory; false where it has no such tool. */
const evict = (path: string): boolean => {
  spawnSync("sync", [path]);
  return spawnSync("dd", [`if=${path}`, "iflag=nocache", "count=0", "status=none"]).status === 0;
};

/** How many kinds fit, and the index that the answer came from. */
const planOf = (path: string, query: RecordQuery): readonly [kinds: string, how: string] => {
  using database = new DatabaseSync(path, { readOnly: true });
  const { glance, kinds, ofKind, limit, whole: all } = questionsOf(query);
  const fit = database.prepare(kinds.sql).all(...kinds.values).length;
  const enough = database.prepare(glance.sql).all(...glance.values).length === limit;
  return [whole(fit), indexOf(database, all || enough ? glance : ofKind(1, query.from ?? 0))];
};

const indexOf = (database: DatabaseSync, { sql, values }: Question): string =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .flatMap(({ detail }) => /INDEX (records_\w+)/u.exec(String(detail))?.[1] ?? [])
    .join(", ");

const INDEXES = ["records_by_time", "records_by_kind", "records_by_tool"];

const fillText = (path: string): string => {
  const indexed = fillRow(path, "with all indexes", 90);
  using database = new DatabaseSync(path);
  database.exec(INDEXES.map((index) => `DROP INDEX ${index}`).join("; "));
  database.close();
  const bare = fillRow(path, "with that of ids alone", 180);
  const head = [
    "filling it from the journal",
    "records a second",
    "CPU µs a record",
    "batch, ms",
    "worst, ms",
  ];
  return `\n${markdown(head, [indexed, bare])}\n\nA record is a decision and its outcome. A batch is up to 400 lines.`;
};

const fillRow = (path: string, name: string, days: number): readonly string[] => {
  using copy = new RecordsDatabase(path);
  const { records, batches, cpuMs } = fillOn(copy, FILLED_RECORDS, END_MS + days * DAY_MS);
  const total = batches.reduce((sum, ms) => sum + ms, 0);
  return [
    name,
    whole((records / total) * 1_000),
    decimals((cpuMs / records) * 1_000, 0),
    decimals(median(batches), 1),
    decimals(Math.max(...batches), 1),
  ];
};
