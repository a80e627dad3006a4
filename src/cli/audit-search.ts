import type { RecordQuery, RecordRow } from "../audit/port.ts";
import type { Outcome } from "../audit/record.ts";
import { LIMITS } from "../base/limits.ts";
import { FILTER_OPTIONS, spanOf } from "./audit-filter.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import type { AuditReader, AuditSearch } from "./ports-audit.ts";
import { jsonLine, oneLine, table } from "./print.ts";
import { byteText, startProgress } from "./progress.ts";
import { painter } from "./terminal.ts";

const ROWS = 50;

const OUTCOMES = {
  ok: true,
  tool_error: true,
  rpc_error: true,
  timeout: true,
  unavailable: true,
  cancelled: true,
  unknown: true,
  pending: true,
} as const satisfies Record<Outcome | "pending", true>;

export const auditSearch: CommandSpec = {
  path: ["audit", "search"],
  summary: "find calls in the record, newest first",
  options: [
    ...FILTER_OPTIONS,
    { flags: "--outcome <outcome>", description: "only calls that ended so", choices: Object.keys(OUTCOMES) },
    {
      flags: "-n, --limit <count>",
      description: `how many, up to ${String(LIMITS.search_rows_max)} (default: ${String(ROWS)})`,
      kind: "integer",
    },
    { flags: "--before <id>", description: "only what is further back than this record: the next page" },
    { flags: "--lines", description: "the record's own lines, a decision and then its outcome" },
  ],
  examples: [
    "tollgate audit search --decision deny --from 24h",
    "tollgate audit search --grant ci-orchestrator --tool create_refund --outcome timeout",
    "tollgate audit search --code limit_exceeded -n 1000 --json",
  ],
  run: async (context) => {
    const { ports, terminal, where, given, json } = context;
    using search = await openSearch(context);
    const limit = limitOf(context);
    const asked = Math.min(limit + 1, LIMITS.search_rows_max);
    const rows = search.search({ ...queryOf(context, search), limit: asked });
    const shown = rows.slice(0, limit);
    const lines = given.flag("lines");
    const exit = lines ? await printLines(context, await ports.audit(where), shown) : EXIT.done;
    await (lines ? undefined : printRows(context, shown));
    if (rows.length === 0 && !json) {
      terminal.err("No such records.\n");
    }
    const more = rows.length > limit ? shown.at(-1)?.id : undefined;
    tellOf(context, { behindBytes: search.behindBytes, more });
    return exit;
  },
};

/** The search copy; where it must be brought up to date first, with a bar. */
export const openSearch = async ({ ports, terminal, where }: Context): Promise<AuditSearch> => {
  using progress = startProgress(terminal, "bringing the search copy up to date", ports.clock);
  return await ports.auditSearch(where, progress.update);
};

const limitOf = ({ given }: Context): number => {
  const limit = given.integer("limit") ?? ROWS;
  if (limit < 1 || limit > LIMITS.search_rows_max) {
    throw new CommandFailure(`--limit is 1 to ${String(LIMITS.search_rows_max)}.`, EXIT.usage);
  }
  return limit;
};

const queryOf = (context: Context, search: AuditSearch): Omit<RecordQuery, "limit"> => {
  const { given } = context;
  const [decision, outcome, before] = [given.text("decision"), given.text("outcome"), given.text("before")];
  return {
    ...spanOf(context),
    grant: given.text("grant"),
    identity: given.text("identity"),
    server: given.text("server"),
    tool: given.text("tool"),
    code: given.text("code"),
    decision: decision === "allow" || decision === "deny" || decision === "hold" ? decision : undefined,
    outcome: outcome !== undefined && isOutcome(outcome) ? outcome : undefined,
    before: before === undefined ? undefined : rowOf(search, before),
  };
};

const isOutcome = (text: string): text is keyof typeof OUTCOMES => Object.hasOwn(OUTCOMES, text);

const rowOf = (search: AuditSearch, id: string): RecordRow => {
  const row = search.find(id);
  if (row === undefined) {
    throw new CommandFailure(`There is no record ${oneLine(id, 60)} to look behind.`);
  }
  return row;
};

const HEAD = ["AT", "DECISION", "CODE", "GRANT", "SERVER", "TOOL", "OUTCOME", "ID"];

const printRows = async ({ terminal, json }: Context, rows: readonly RecordRow[]): Promise<void> => {
  if (json) {
    for (const row of rows) {
      await terminal.out(jsonLine(factsOf(row)));
    }
  } else if (rows.length > 0) {
    await terminal.out(table(HEAD, rows.map(cellsOf), painter(terminal, "out")));
  }
};

const cellsOf = (row: RecordRow): readonly string[] =>
  [
    new Date(row.at).toISOString(),
    row.enforced ? row.decision : `${row.decision} (not enforced)`,
    row.code,
    row.grant ?? "",
    row.server ?? "",
    row.tool ?? row.method ?? "",
    row.outcome ?? "",
    row.id,
  ].map((text) => oneLine(text, 60));

/** By the record's names. */
const factsOf = (row: RecordRow) => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  request_id: row.requestId,
  server: row.server,
  grant: row.grant,
  identity: row.identity,
  method: row.method,
  tool: row.tool,
  policy: row.policy,
  decision: row.decision,
  code: row.code,
  rule: row.rule,
  enforced: row.enforced,
  outcome: row.outcome,
  http_status: row.httpStatus,
  duration_ms: row.durationMs,
  result_bytes: row.resultBytes,
  position: row.position,
  outcome_position: row.outcomePosition,
});

/** What the copy only points to. A line that is not there any more is told of: the record was changed. */
const printLines = async (
  { terminal }: Context,
  reader: AuditReader,
  rows: readonly RecordRow[],
): Promise<number> => {
  let missing = 0;
  for (const { position, outcomePosition } of rows) {
    for (const place of outcomePosition === null ? [position] : [position, outcomePosition]) {
      const text = reader.at(place)?.text;
      missing += text === undefined ? 1 : 0;
      await (text === undefined ? undefined : terminal.out(`${text}\n`));
    }
  }
  if (missing > 0) {
    terminal.err(`${String(missing)} lines of the record cannot be read; run: tollgate audit verify\n`);
  }
  return missing > 0 ? EXIT.failed : EXIT.done;
};

const tellOf = (
  { terminal, json }: Context,
  { behindBytes, more }: { readonly behindBytes: number; readonly more: string | undefined },
): void => {
  if (more !== undefined && !json) {
    terminal.err(`There are more. The next page: --before ${more}\n`);
  }
  if (behindBytes > 0) {
    terminal.err(`The newest ${byteText(behindBytes)} of the record are not in the search copy yet.\n`);
  }
};
