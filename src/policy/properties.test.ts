import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPlain } from "../base/json-plain.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json-value.ts";
import { checkPolicy, compilePolicy, compilePolicyValue, type PolicySet } from "./compile.ts";
import { decide, refuseLimit } from "./decide.ts";
import type { Charge } from "./limits.ts";
import { OPTIONS, SUBJECT, validPolicy } from "./testing/calls.ts";
import {
  chooser,
  exchange,
  plainArguments,
  type PlainObject,
  predicate,
  reorder,
  TOOL_NAMES,
  validDocument,
} from "./testing/documents.ts";
import type { Call } from "./types.ts";

const RUNS = { numRuns: 10_000 };

const objectOf = (value: unknown): JsonObject => {
  const json = fromPlain(value);
  return isJsonObject(json) ? json : {};
};

const call: fc.Arbitrary<Call> = fc
  .record({
    tool: fc.constantFrom(...TOOL_NAMES),
    args: plainArguments.map(objectOf),
    session: fc.constantFrom(
      undefined,
      { id: "s", tools: new Set<string>() },
      { id: "s", tools: new Set(["a", "B"]) },
    ),
    groups: fc.constantFrom([], ["a"], ["x y", "B"]),
    hour: fc.nat(23),
  })
  .map(({ tool, args, session, groups, hour }) => ({
    tool,
    args,
    offered: "unchecked",
    subject: { ...SUBJECT, session, identity: { name: "ann", groups } },
    at: hour * 3_600_000,
    frozen: false,
  }));

/** What was taken before, by counter: the same for every policy that is compared. */
type Taken = Readonly<Record<string, number>>;
const taken: fc.Arbitrary<Taken> = fc.dictionary(
  fc.constantFrom("c1", "c2", "c3", "rate:*all*", ...TOOL_NAMES.map((name) => `rate:${name}`)),
  fc.constantFrom(0, 1, 2, 4, 5, 7),
);

/** Whether all charges have room, each with what the earlier ones of the same call take. */
const haveRoom = (charges: readonly Charge[], before: Taken): boolean => {
  const used = new Map(Object.entries(before).map(([name, count]) => [name, BigInt(count) * 1_000_000_000n]));
  return charges.every(({ limit, amount }) => {
    const sum = (used.get(limit.counter) ?? 0n) + amount;
    used.set(limit.counter, sum);
    return sum <= limit.max;
  });
};

const admits = (policy: PolicySet, one: Call, before: Taken): boolean => {
  const { decision, charges } = decide(policy, one);
  return decision.decision === "allow" && haveRoom(charges, before);
};

const isObject = (value: unknown): value is PlainObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const part = (value: unknown): PlainObject => (isObject(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** One of a document's rules changed; `undefined` if there is none. */
const withRule = (
  document: PlainObject,
  choose: (below: number) => number,
  change: (rule: PlainObject) => PlainObject,
): PlainObject | undefined => {
  const tools = part(document["tools"]);
  const names = Object.keys(tools);
  const index = choose(names.length + 1);
  const name = names[index];
  if (name !== undefined) {
    return { ...document, tools: { ...tools, [name]: change(part(tools[name])) } };
  }
  return { ...document, all_tools: change(part(document["all_tools"])) };
};

/** Every `max` of one counter lowered. */
const lowered = (value: unknown, counter: string, by: number): unknown => {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => lowered(item, counter, by));
  }
  if (!isObject(value)) {
    return value;
  }
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, lowered(item, counter, by)]),
  );
  const max = inner["max"];
  const isIt = "counter" in inner ? inner["counter"] === counter : counter === "rate";
  return isIt && typeof max === "number" ? { ...inner, max: Math.max(0, max - by) } : inner;
};

describe("for every document and call", () => {
  it("the generated documents are valid, and calls of both kinds", () => {
    let admitted = 0;
    const documents = fc.sample(fc.tuple(validDocument, call), { numRuns: 1_000, seed: 7 });
    for (const [document, one] of documents) {
      admitted += admits(validPolicy(document), one, {}) ? 1 : 0;
    }
    expect(admitted).toBeGreaterThan(150);
    expect(admitted).toBeLessThan(850);
  });

  it("order of keys, rules, limits and conditions never changes admission", () => {
    fc.assert(
      fc.property(validDocument, call, taken, fc.nat(), (document, one, before, seed) => {
        const other = reorder(document, chooser(seed));
        expect(admits(validPolicy(other), one, before)).toBe(admits(validPolicy(document), one, before));
      }),
      RUNS,
    );
  });

  it("adding a require or deny_if never admits more", () => {
    const field = fc.constantFrom("require", "deny_if");
    fc.assert(
      fc.property(
        validDocument,
        call,
        taken,
        fc.nat(),
        field,
        predicate,
        (document, one, before, seed, name, added) => {
          const stricter = withRule(document, chooser(seed), (rule) => ({
            ...rule,
            [name]: [...list(rule[name]), added],
          }));
          return !admits(validPolicy(stricter), one, before) || admits(validPolicy(document), one, before);
        },
      ),
      RUNS,
    );
  });

  it("adding to hide never admits more, and what it hides never again", () => {
    fc.assert(
      fc.property(
        validDocument,
        call,
        taken,
        fc.constantFrom(...TOOL_NAMES, "a*", "*x", "*"),
        (document, one, before, hidden) => {
          const stricter = validPolicy({ ...document, hide: [...list(document["hide"]), hidden] });
          const now = admits(stricter, one, before);
          return (
            !now || (hidden !== one.tool && hidden !== "*" && admits(validPolicy(document), one, before))
          );
        },
      ),
      RUNS,
    );
  });

  it("lowering a max never admits more", () => {
    const counter = fc.constantFrom("c1", "c2", "c3", "rate");
    fc.assert(
      fc.property(
        validDocument,
        call,
        taken,
        counter,
        fc.constantFrom(0.5, 1, 3),
        (document, one, before, name, by) => {
          const stricter = validPolicy(lowered(document, name, by));
          return !admits(stricter, one, before) || admits(validPolicy(document), one, before);
        },
      ),
      RUNS,
    );
  });

  it("observe decides what enforce decides", () => {
    fc.assert(
      fc.property(validDocument, call, (document, one) => {
        const enforced = decide(validPolicy(document), one);
        const observed = decide(validPolicy({ ...document, mode: "observe" }), one);
        const { enforced: mark, ...decision } = observed.decision;
        expect(decision).toEqual(enforced.decision);
        expect(observed.charges).toEqual(enforced.charges);
        expect(observed.passes).toBe(enforced.passes || mark === false);
      }),
      { numRuns: 2_000 },
    );
  });
});

const SAMPLE: Call = {
  tool: "a",
  args: {},
  offered: "unchecked",
  subject: SUBJECT,
  at: 0,
  frozen: false,
};

describe("nothing throws", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const hostile: fc.Arbitrary<Call> = fc.record({
    tool: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "constructor", ...TOOL_NAMES)),
    args: fc
      .dictionary(fc.oneof(fc.string(), fc.constantFrom("n", "s", "l", "o", "__proto__")), json)
      .map(objectOf),
    offered: fc.constantFrom("unchecked" as const, "unknown" as const, "changed" as const),
    subject: fc.record({
      grant: fc.option(fc.string(), { nil: undefined }),
      identity: fc.option(fc.record({ name: fc.string(), groups: fc.array(fc.string()) }), {
        nil: undefined,
      }),
      server: fc.option(fc.string(), { nil: undefined }),
      client: fc.option(fc.record({ name: fc.string(), version: fc.string() }), { nil: undefined }),
      session: fc.constantFrom(undefined, { id: "", tools: new Set<string>() }),
      timezone: fc.constantFrom("UTC", "Europe/Zurich", "Mars/Olympus", ""),
    }),
    at: fc.oneof(fc.double(), fc.maxSafeNat()),
    frozen: fc.boolean(),
  });

  const runs = (policy: PolicySet, one: Call): void => {
    const verdict = decide(policy, one);
    expect(policy.invalid.length === 0 || !verdict.passes).toBe(true);
    for (const index of verdict.charges.keys()) {
      refuseLimit(policy, verdict, index, "limit_exceeded", 1);
    }
  };

  it("for texts that are no documents", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), hostile, (text, one) => {
        runs(compilePolicy(text, OPTIONS), one);
        checkPolicy(text, OPTIONS);
      }),
      RUNS,
    );
  });

  it("for documents with a part exchanged", () => {
    fc.assert(
      fc.property(validDocument, json, fc.nat(), hostile, (document, other, seed, one) => {
        runs(compilePolicy(JSON.stringify(exchange(document, chooser(seed), other)), OPTIONS), one);
      }),
      RUNS,
    );
  });

  it("for documents with a part exchanged, checked beside any tool list", () => {
    fc.assert(
      fc.property(validDocument, json, fc.nat(), json, (document, other, seed, schema) => {
        const text = JSON.stringify(exchange(document, chooser(seed), other));
        const tools = [
          schema,
          { name: "a", inputSchema: schema },
          { name: "ab", inputSchema: { properties: { n: schema } } },
        ];
        checkPolicy(text, { ...OPTIONS, tools: tools.map(fromPlain) });
      }),
      { numRuns: 3_000 },
    );
  });

  it("for values, of whatever depth", () => {
    let deep: Json = {};
    for (let level = 0; level < 20_000; level += 1) {
      deep = { all: [deep] };
    }
    const bottomless = { version: "1", default: "allow", all_tools: { deny_if: [{ conditions: [deep] }] } };
    const policy = compilePolicyValue(bottomless, OPTIONS);
    expect(policy.invalid.length).toBeGreaterThan(0);
    runs(policy, SAMPLE);
    fc.assert(
      fc.property(json, hostile, (value, one) => {
        runs(compilePolicyValue(fromPlain(value), OPTIONS), one);
      }),
      { numRuns: 2_000 },
    );
  });
});
