import * as fc from "fast-check";
import type { JsonObject } from "../../base/json-value.ts";
import { JsonNumber } from "../../base/json-value.ts";
import type { AdminRecord, DecisionRecord, OutcomeRecord } from "../../audit/record.ts";

const ID = "0199f3a4-1b2c-7d3e-8f4a-5b6c7d8e9f0a";

/** An id that tells its number. */
export const idOf = (number: number): string => `${ID.slice(0, -12)}${String(number).padStart(12, "0")}`;

/** A decision as the gate writes most of them. */
export const decisionOf = (number: number, changes: Partial<DecisionRecord> = {}): DecisionRecord => ({
  v: 1,
  id: idOf(number),
  at: new Date(Date.UTC(2026, 2, 1, 12) + number).toISOString(),
  request_id: `r-${String(number)}`,
  server: "orchestrator",
  grant: "ci-orchestrator",
  identity: "ci",
  groups: ["automation"],
  session: "ab".repeat(32),
  client: { name: "agent", version: "1.0.0" },
  protocol: "2026-07-28",
  transport: "http",
  method: "tools/call",
  tool: "stop_all_servers",
  tool_digest: "cd".repeat(32),
  args: { keys: ["force"], sha256: "ef".repeat(32) },
  policy: { name: "seed", version: "1", sha256: "01".repeat(32) },
  decision: "allow",
  code: "allowed",
  rule: "/tools/stop_all_servers",
  name: null,
  message: "",
  enforced: true,
  reserved: [
    {
      policy: "seed",
      counter: "stop_all_servers_rate",
      scope: "grant",
      whose: "ci-orchestrator",
      amount: "1",
      at: Date.UTC(2026, 2, 1, 12) + number,
      window: 60,
    },
  ],
  retry_after_ms: null,
  approval_id: null,
  ...changes,
});

export const outcomeOf = (number: number, changes: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  id: idOf(number),
  outcome: "ok",
  http_status: 200,
  duration_ms: 12,
  result_bytes: 345,
  at: new Date(Date.UTC(2026, 2, 1, 12) + number + 12).toISOString(),
  ...changes,
});

export const adminOf = (number: number, changes: Partial<AdminRecord> = {}): AdminRecord => ({
  v: 1,
  id: idOf(number),
  at: new Date(Date.UTC(2026, 2, 1, 12) + number).toISOString(),
  act: "grant.revoke",
  by: "local",
  subject: "ci-orchestrator",
  before: { state: "live" },
  after: { state: "revoked" },
  ...changes,
});

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', "\\", "\\ud800", "\n", "\u2028", "é", "😀"),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    new JsonNumber("9007199254740993", 9007199254740992, false),
    new JsonNumber("1.0", 1, true),
  ),
);

/** Arguments of any shape, with names that sort unlike they are written. */
export const jsonObjects: fc.Arbitrary<JsonObject> = fc.letrec<{ object: JsonObject }>((tie) => ({
  object: fc
    .uniqueArray(
      fc.tuple(
        fc.oneof(text, fc.constantFrom("10", "9", "hash", "prev", "é", "Z", "a", "__proto__")),
        fc.oneof(
          { maxDepth: 3, depthSize: "small" },
          text,
          numbers,
          fc.boolean(),
          fc.constant(null),
          tie("object"),
        ),
      ),
      { selector: ([name]) => name, maxLength: 5 },
    )
    .map((entries) => Object.fromEntries(entries)),
})).object;

export const decisions: fc.Arbitrary<DecisionRecord> = fc
  .record({
    request_id: text,
    server: maybe(text),
    groups: fc.array(text, { maxLength: 3 }),
    client: maybe(fc.record({ version: maybe(text), name: text })),
    tool: maybe(text),
    args: maybe(
      fc.oneof(
        fc.record({ sha256: text, keys: fc.array(text, { maxLength: 3 }) }),
        fc.record({ sha256: text, masked: jsonObjects }),
        fc.record({ sha256: text, full: jsonObjects }),
      ),
    ),
    policy: maybe(fc.record({ version: text, name: text, sha256: text })),
    message: text,
    enforced: fc.boolean(),
    retry_after_ms: maybe(fc.double({ noNaN: true, noDefaultInfinity: true })),
    rule: maybe(text),
  })
  .map((changes) => decisionOf(1, changes));
