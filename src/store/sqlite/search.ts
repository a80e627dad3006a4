import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RecordQuery, RecordRow } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { numberOf, type Row, textOf } from "./database.ts";

type Condition = readonly [condition: string, ...values: readonly SQLInputValue[]];
type Filter = (query: RecordQuery) => Condition | undefined;

const equal =
  (column: string, name: "grant" | "identity" | "server" | "decision" | "code"): Filter =>
  ({ [name]: value }) =>
    value === undefined ? undefined : [`${column} = ?`, value];

/** Conditions on kinds. */
const FILTERS: readonly Filter[] = [
  equal("grant_name", "grant"),
  equal("identity", "identity"),
  equal("server", "server"),
  equal("decision", "decision"),
  equal("code", "code"),
  ({ outcome }) => {
    if (outcome === undefined) {
      return undefined;
    }
    return outcome === "pending"
      ? ["outcome IS NULL AND (decision = 'allow' OR enforced = 0)"]
      : ["outcome = ?", outcome];
  },
];

/** Times beyond all that a record can have. */
const EVER = 8_640_000_000_000_001;

/** A span of the record: four values in the order of its question marks. */
const SPAN = "at BETWEEN ? AND ? AND (at < ? OR seq < ?)";
type Span = readonly [from: number, upTo: number, at: number, seq: number];

const spanOf = ({ from = -EVER, to = EVER, before }: RecordQuery): Span => {
  const { at, seq } = before ?? { at: EVER, seq: 0 };
  return [from, Math.min(to - 1, at), at, seq];
};

/** So many times the rows that are wanted are kept before the oldest are dropped. */
const SLACK = 1.25;

const NEWEST_FIRST = "ORDER BY at DESC, seq DESC";

/** A tool is of one server, mostly: from one of its kinds to the next, past all the records of each. */
const KINDS_OF_TOOL = `WITH RECURSIVE of_tool (kind) AS (
    SELECT min(kind) FROM records INDEXED BY records_by_tool WHERE tool = ?
    UNION ALL
    SELECT (SELECT min(kind) FROM records INDEXED BY records_by_tool WHERE tool = ? AND kind > of_tool.kind)
    FROM of_tool WHERE kind IS NOT NULL
  ) `;

/** One statement of a search, and what it is run with. */
export interface Question {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * The statements of a search. None of them walks through more records than it gives, but for the first, which does for
 * a bounded number.
 */
export const questionsOf = (query: RecordQuery, glanced: number = LIMITS.search_glance_rows) => {
  const conditions = FILTERS.flatMap((filter) => [filter(query) ?? []].filter(isCondition));
  const kinds = conditions.map(([condition]) => condition);
  const kindValues = conditions.flatMap(([, ...values]) => values);
  const span = spanOf(query);
  const limit = Math.max(1, Math.min(LIMITS.search_rows_max, Math.floor(query.limit)));
  const { tool } = query;
  const [index, ofTool, toolValues] =
    tool === undefined ? ["kind", "", []] : ["tool", "tool = ? AND ", [tool]];
  const whole = conditions.length === 0 && tool === undefined;
  return {
    limit,
    /** Nothing but time is asked for: the glance is the answer. */
    whole,
    /** Looks at the newest records, one after the other: most searches end with that. */
    glance: {
      sql: `SELECT seq, at FROM
              (SELECT seq, at, kind, tool FROM records INDEXED BY records_by_time WHERE ${SPAN} ${NEWEST_FIRST} LIMIT ?)
            CROSS JOIN kinds USING (kind) ${where([...kinds, ...(tool === undefined ? [] : ["tool = ?"])])}
            ${NEWEST_FIRST} LIMIT ?`,
      values: [...span, whole ? limit : limit + glanced, ...kindValues, ...toolValues, limit],
    },
    /** The kinds that fit, each with the time of its newest record. */
    kinds: {
      sql: `${tool === undefined ? "" : KINDS_OF_TOOL}SELECT kind, (
              SELECT at FROM records INDEXED BY records_by_${index}
              WHERE ${ofTool}records.kind = kinds.kind AND ${SPAN} ${NEWEST_FIRST} LIMIT 1
            ) AS newest FROM ${tool === undefined ? "kinds" : "of_tool CROSS JOIN kinds USING (kind)"} ${where(kinds)}`,
      values: [...toolValues, ...toolValues, ...toolValues, ...span, ...kindValues],
    },
    /** The newest records of one kind from a time on. */
    ofKind: (kind: number, from: number): Question => ({
      sql: `SELECT seq, at FROM records INDEXED BY records_by_${index}
            WHERE ${ofTool}kind = ? AND ${SPAN} ${NEWEST_FIRST} LIMIT ?`,
      values: [...toolValues, kind, Math.max(from, span[0]), ...span.slice(1), limit],
    }),
  };
};

const isCondition = (filter: Condition | readonly []): filter is Condition => filter.length > 0;

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;

/** Newest first. `glancedRows` is how many records are looked at one after the other. */
export const searchRecords = (
  database: DatabaseSync,
  query: RecordQuery,
  glancedRows?: number,
): readonly RecordRow[] =>
  inSnapshot(database, () => {
    const { glance, whole, limit } = questionsOf(query, glancedRows);
    const glanced = database
      .prepare(glance.sql)
      .all(...glance.values)
      .map(placeOf);
    return rowsAt(database, whole || glanced.length === limit ? glanced : merged(database, query));
  });

export const findRecord = (database: DatabaseSync, id: string): RecordRow | undefined => {
  const row = database.prepare("SELECT * FROM records CROSS JOIN kinds USING (kind) WHERE id = ?").get(id);
  return row === undefined ? undefined : rowOf(row);
};

interface Place {
  readonly seq: number;
  readonly at: number;
}

const placeOf = (row: Row): Place => ({ seq: numberOf(row["seq"]) ?? 0, at: numberOf(row["at"]) ?? 0 });

const newestFirst = (a: Place, b: Place): number => b.at - a.at || b.seq - a.seq;

/** The newest of all kinds that fit. A kind whose newest record is older than what was found brings nothing. */
const merged = (database: DatabaseSync, query: RecordQuery): readonly Place[] => {
  const { limit, kinds, ofKind } = questionsOf(query);
  let found: Place[] = [];
  let floor = -EVER;
  const prune = (): void => {
    found = found.sort(newestFirst).slice(0, limit);
    floor = found[limit - 1]?.at ?? floor;
  };
  const statement = database.prepare(ofKind(0, 0).sql);
  for (const { kind, newest } of newestKinds(database, kinds)) {
    if (newest < floor) {
      break;
    }
    for (const row of statement.all(...ofKind(kind, floor).values)) {
      found.push(placeOf(row));
    }
    // Sorting for every few that come would cost more than they do.
    if (found.length >= (floor === -EVER ? limit : limit * SLACK)) {
      prune();
    }
  }
  prune();
  return found;
};

const rowsAt = (database: DatabaseSync, places: readonly Place[]): readonly RecordRow[] => {
  const whole = database.prepare("SELECT * FROM records CROSS JOIN kinds USING (kind) WHERE seq = ?");
  return places.map(({ seq }) => rowOf(whole.get(seq) ?? {}));
};

const newestKinds = (database: DatabaseSync, { sql, values }: Question) =>
  database
    .prepare(sql)
    .all(...values)
    .flatMap((row) => {
      const newest = numberOf(row["newest"]);
      return newest === undefined ? [] : [{ kind: numberOf(row["kind"]) ?? 0, newest }];
    })
    .sort((a, b) => b.newest - a.newest);

/** All statements of one search see the same records, whoever writes meanwhile. */
const inSnapshot = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec("BEGIN");
  try {
    return work();
  } finally {
    database.exec("COMMIT");
  }
};

const rowOf = (row: Row): RecordRow => {
  const text = (name: string): string | null => textOf(row[name]) ?? null;
  const number = (name: string): number | null => numberOf(row[name]) ?? null;
  const [words, count] = [(name: string) => text(name) ?? "", (name: string) => number(name) ?? 0];
  return {
    seq: count("seq"),
    id: words("id"),
    at: count("at"),
    requestId: words("request_id"),
    server: text("server"),
    grant: text("grant_name"),
    identity: text("identity"),
    method: text("method"),
    tool: text("tool"),
    policy: text("policy"),
    decision: words("decision"),
    code: words("code"),
    rule: text("rule"),
    enforced: number("enforced") === 1,
    outcome: text("outcome"),
    httpStatus: number("http_status"),
    durationMs: number("duration_ms"),
    resultBytes: number("result_bytes"),
    position: { segment: count("segment"), offset: count("offset") },
    outcomePosition:
      text("outcome") === null
        ? null
        : { segment: count("outcome_segment"), offset: count("outcome_offset") },
  };
};
