import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JournalLine, RecordQuery } from "../../audit/port.ts";
import type { DecisionRecord, Outcome, OutcomeRecord } from "../../audit/record.ts";
import { decisionOf, idOf, outcomeOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { RecordsDatabase } from "./records-database.ts";
import { type Question, questionsOf, searchRecords } from "./search.ts";

interface Sample {
  readonly decision: DecisionRecord;
  readonly outcome: OutcomeRecord | undefined;
}

/** A copy that was filled with these, outcomes in a batch of their own. */
const filled = (samples: readonly Sample[]): DatabaseSync => {
  const path = join(temporaryDirectory(), "tollgate.db");
  using copy = new RecordsDatabase(path);
  copy.fill(samples.map(({ decision }) => lineOf(decision)));
  copy.fill(samples.flatMap(({ outcome }) => (outcome === undefined ? [] : [lineOf(outcome)])));
  const database = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => database.close());
  return database;
};

const lineOf = (record: object): JournalLine => ({
  text: JSON.stringify(record),
  position: { segment: 1, offset: 0 },
  next: { segment: 1, offset: 1 },
});

/** Which of them are sought, found the slow way. */
const expected = (samples: readonly Sample[], query: RecordQuery): readonly string[] =>
  samples
    .map((sample, index) => ({ ...sample, at: Date.parse(sample.decision.at), seq: index + 1 }))
    .filter(({ at }) => at >= (query.from ?? -Infinity) && at < (query.to ?? Infinity))
    .filter(({ at, seq }) => at < (query.before?.at ?? Infinity) || isBehind(query, at, seq))
    .filter(({ decision }) => FACTS.every((name) => (query[name] ?? decision[name]) === decision[name]))
    .filter(({ decision, outcome }) => {
      const ended = outcome?.outcome ?? pendingOf(decision);
      return (query.outcome ?? ended) === ended;
    })
    .toSorted((a, b) => b.at - a.at || b.seq - a.seq)
    .slice(0, query.limit)
    .map(({ decision }) => decision.id);

const FACTS = ["grant", "identity", "server", "tool", "decision", "code"] as const;

const isBehind = ({ before }: RecordQuery, at: number, seq: number): boolean =>
  before?.at === at && seq < before.seq;

const pendingOf = ({ decision, enforced }: DecisionRecord): string =>
  decision === "allow" || !enforced ? "pending" : "none";

const few = (...names: readonly string[]) => fc.option(fc.constantFrom(...names), { nil: null });
const START = Date.UTC(2026, 2, 1);
const outcomes: fc.Arbitrary<Outcome> = fc.constantFrom("ok", "timeout", "unknown");

const samples: fc.Arbitrary<readonly Sample[]> = fc
  .array(
    fc.record({
      grant: few("g", "h"),
      identity: few("ann", "ben"),
      server: few("one", "two"),
      tool: few("echo", "pay", "free"),
      denied: fc.boolean(),
      enforced: fc.boolean(),
      code: fc.constantFrom("hidden", "limit_exceeded"),
      ms: fc.nat(20),
      outcome: fc.option(outcomes, { nil: undefined }),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ denied, code, ms, outcome, enforced, ...facts }, index) => ({
      decision: decisionOf(index, {
        ...facts,
        at: new Date(START + ms).toISOString(),
        decision: denied ? "deny" : "allow",
        code: denied ? code : "allowed",
        enforced: !denied || enforced,
      }),
      outcome: outcome === undefined || (denied && enforced) ? undefined : outcomeOf(index, { outcome }),
    })),
  );

const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const queries: fc.Arbitrary<RecordQuery> = fc
  .record({
    from: perhaps(fc.nat(20).map((ms) => START + ms)),
    to: perhaps(fc.nat(20).map((ms) => START + ms)),
    grant: perhaps(fc.constantFrom("g", "h", "nobody")),
    identity: perhaps(fc.constantFrom("ann", "ben")),
    server: perhaps(fc.constantFrom("one", "two")),
    tool: perhaps(fc.constantFrom("echo", "pay", "none")),
    decision: perhaps(fc.constantFrom("allow", "deny", "hold")),
    code: perhaps(fc.constantFrom("allowed", "hidden", "limit_exceeded")),
    outcome: perhaps(fc.oneof(outcomes, fc.constant("pending" as const))),
    before: perhaps(fc.record({ at: fc.nat(20).map((ms) => START + ms), seq: fc.nat(60) })),
    limit: fc.integer({ min: 1, max: 8 }),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown)
  .map((query) => query as RecordQuery);

describe("a search", () => {
  it("finds what a walk through all records does, by a glance and by kinds", () => {
    fc.assert(
      fc.property(samples, fc.array(queries, { minLength: 20, maxLength: 20 }), (records, asked) => {
        const database = filled(records);
        for (const query of asked) {
          for (const glanced of [0, 3, 1_000]) {
            const found = searchRecords(database, query, glanced).map(({ id }) => id);
            expect(found).toEqual(expected(records, query));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("gives pages that are together the whole, each record once", () => {
    const records = Array.from({ length: 200 }, (_, index) => ({
      decision: decisionOf(index, {
        at: new Date(START + Math.floor(index / 30)).toISOString(),
        grant: `g${String(index % 3)}`,
        tool: index % 2 === 0 ? "even" : "odd",
      }),
      outcome: undefined,
    }));
    const database = filled(records);
    const ids: string[] = [];
    const query: RecordQuery = { tool: "even", limit: 7 };
    for (let page = searchRecords(database, query, 0); page.length > 0;) {
      ids.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      page = last === undefined ? [] : searchRecords(database, { ...query, before: last }, 0);
    }
    expect(ids).toEqual(expected(records, { ...query, limit: 1_000 }));
    expect(ids).toHaveLength(100);
  });

  it("keeps a kind for a combination, not for a record", () => {
    const database = filled(
      Array.from({ length: 50 }, (_, index) => ({
        decision: decisionOf(index, { tool: `tool ${String(index)}` }),
        outcome: index % 2 === 0 ? outcomeOf(index) : undefined,
      })),
    );
    expect(database.prepare("SELECT outcome FROM kinds").all()).toEqual([
      { outcome: null },
      { outcome: "ok" },
    ]);
    expect(
      searchRecords(database, { outcome: "pending", tool: "tool 7", limit: 9 }).map(({ id }) => id),
    ).toEqual([idOf(7)]);
  });
});

const FILTERS = {
  from: START,
  to: START + 9,
  grant: "g",
  identity: "ann",
  server: "one",
  tool: "echo",
  decision: "deny",
  code: "hidden",
  outcome: "pending",
  before: { at: START, seq: 3 },
} as const satisfies Omit<RecordQuery, "limit">;

/** Every set of filters there can be. */
const everySet = (): readonly RecordQuery[] => {
  const filters = Object.entries(FILTERS);
  return Array.from({ length: 2 ** filters.length }, (_, set) => ({
    limit: 50,
    ...Object.fromEntries(filters.filter((_filter, bit) => (set >> bit) % 2 === 1)),
  }));
};

const TO_FIRST = "SEARCH records USING COVERING INDEX records_by_tool (tool=?)";
const TO_NEXT = "SEARCH records USING COVERING INDEX records_by_tool (tool=? AND kind>?)";

describe("whatever is asked for", () => {
  const steps = (database: DatabaseSync, { sql, values }: Question): readonly string[] =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => String(detail));

  it("no record is walked through but those of a glance, and none of one kind is sorted", () => {
    const database = filled([]);
    for (const query of everySet()) {
      const { glance, kinds, ofKind, limit } = questionsOf(query);
      const [tool, byTool] = [query.tool, "records_by_tool (tool=? AND kind=? AND at>? AND at<?)"];
      const index = tool === undefined ? "records_by_kind (kind=? AND at>? AND at<?)" : byTool;
      const search = expect.stringMatching(/^SEARCH records USING (COVERING )?INDEX /u) as string;
      const one = steps(database, ofKind(1, START));
      expect([one, one[0]?.endsWith(index)]).toEqual([[search], true]);
      const newest = steps(database, kinds);
      expect(newest.filter((step) => step.includes("records"))).toEqual(
        tool === undefined ? [search] : [TO_FIRST, TO_NEXT, search],
      );
      expect(newest.at(-1)?.endsWith(index)).toBe(true);
      expect(newest.filter((step) => /SCAN|AUTOMATIC/u.test(step))).toEqual(
        tool === undefined ? [expect.stringMatching(/^SCAN kinds/u)] : ["SCAN of_tool", "SCAN of_tool"],
      );
      const looked = steps(database, glance);
      expect(looked).toContain("SEARCH records USING INDEX records_by_time (at>? AND at<?)");
      expect(looked).toContain("SEARCH kinds USING INTEGER PRIMARY KEY (rowid=?)");
      expect(looked.filter((step) => /SCAN (?!\(subquery)|AUTOMATIC/u.test(step))).toEqual([]);
      expect(glance.values.at(4)).toBe(Object.keys(query).some(isAsked) ? 2_050 : limit);
    }
  });

  const isAsked = (name: string): boolean => !["limit", "from", "to", "before"].includes(name);

  it("a record is found by its id in an index", () => {
    const plan = steps(filled([]), {
      sql: "SELECT * FROM records CROSS JOIN kinds USING (kind) WHERE id = ?",
      values: ["x"],
    });
    expect(plan).toEqual([
      expect.stringMatching(/^SEARCH records USING INDEX sqlite_autoindex_records_1/u),
      "SEARCH kinds USING INTEGER PRIMARY KEY (rowid=?)",
    ]);
  });
});
