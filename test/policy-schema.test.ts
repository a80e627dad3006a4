import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "../src/policy/compile.ts";
import { POLICY_SCHEMA } from "../src/policy/policy-schema.ts";
import { OPTIONS } from "../src/policy/testing/calls.ts";
import { chooser, exchange, validDocument } from "../src/policy/testing/documents.ts";

const fits = new Ajv2020({ strict: false }).compile(POLICY_SCHEMA);

const errorsOf = (document: unknown): readonly string[] =>
  checkPolicy(JSON.stringify(document), OPTIONS).errors.map(({ message }) => message);

/** What is wrong in meaning and not in shape: a schema cannot say it. */
const MEANING = [
  /^The counter ".*" is another one at /,
  /have equally many literal characters/,
  /^"timezone" must be an IANA name/,
  /no JSON Schema that can be used/,
  /^A block is an IP address/,
  /RE2/,
];

const FULL = {
  version: "1",
  description: "All there is.",
  mode: "observe",
  default: "allow",
  hide: ["shutdown"],
  resources: ["file:///public/*"],
  prompts: ["greet*"],
  methods: ["vendor/*"],
  all_tools: {
    action: "deny",
    reason: "No.",
    arguments: "schema",
    require: [
      { name: "a", conditions: [{ path: "args.s", op: "regex", value: "x", flags: "im" }], on_deny: "b" },
    ],
    deny_if: [
      { conditions: [{ any: [{ path: 'args["a b"][0].*.**', op: "contains", value: "x", fold: true }] }] },
      { conditions: [{ not: { all: [{ path: "now.date", op: "gte", value: "2026-12-31" }] } }] },
      {
        conditions: [
          { path: "args", op: "schema", value: { type: "object" } },
          { path: "args.x", op: "exists", value: false },
        ],
      },
    ],
    rate_limit: { max: 10, window: 60 },
  },
  tools: {
    a: {
      limits: [
        {
          counter: "a",
          window: "day",
          max: 5,
          scope: "identity",
          increment_from: "args.a",
          align: "calendar",
          timezone: "UTC",
        },
        { counter: "b", window: "month", max: 1, increment: 2, timezone: "UTC" },
        { counter: "c", window: "lifetime", max: 0 },
        { counter: "d", window: 60, max: 0, align: "sliding" },
      ],
      approval: {
        conditions: [{ path: "args.n", op: "gt", value: 5, on_missing: "false" }],
        approvers: ["finance"],
        timeout: "10m",
        remember: "1d",
        quorum: 2,
        self: true,
      },
    },
    "b*": { action: "require_approval" },
  },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every object in a document, with the way to it. */
const places = (value: unknown, way: readonly string[] = []): readonly (readonly string[])[] => [
  ...(isObject(value) ? [way] : []),
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, item]) => places(item, [...way, name]))
    : []),
];

const objectAt = (way: readonly string[]): object =>
  way.reduce<object>((value, name) => Reflect.get(value, name) as object, FULL);

const changedAt = (value: unknown, way: readonly string[], change: (object: object) => unknown): unknown => {
  const [name, ...rest] = way;
  if (name === undefined) {
    return isObject(value) ? change(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === name ? changedAt(item, rest, change) : item,
    );
  }
  return isObject(value) ? { ...value, [name]: changedAt(value[name], rest, change) } : value;
};

/** Every field that a document may have anywhere, and some that it may not. */
const FIELDS = [
  ...new Set([
    ...places(FULL).flatMap((way) => Object.keys(objectAt(way))),
    "increment",
    "nonsense",
    "Version",
  ]),
];
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1,
  60,
  1.5,
  "",
  "x",
  "1",
  "deny",
  "true",
  "month",
  "lifetime",
  "hour",
  "calendar",
  "sliding",
  "10m",
  "args.n",
  "args.l[*]",
  "require_approval",
  "UTC",
  "i",
  "2026-01-01",
  "exists",
  "regex",
  "gt",
  [],
  [1],
  ["x"],
  ["/x"],
  [{}],
  [{ conditions: [] }],
  {},
  { conditions: [] },
  { all: [] },
  { x: 1 },
];

const agree = (document: unknown): void => {
  const errors = errorsOf(document);
  const ok = fits(document);
  if (ok !== (errors.length === 0)) {
    const onlyMeaning = ok && errors.every((message) => MEANING.some((meaning) => meaning.test(message)));
    expect(
      onlyMeaning ? "" : JSON.stringify({ document, ok, errors, schema: fits.errors?.slice(0, 3) }),
    ).toBe("");
  }
};

describe("the JSON Schema of policies", () => {
  it("is what ships, written by `node scripts/policy-schema.ts`", () => {
    const url = new URL("../schema/policy.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(url, "utf8"))).toEqual(JSON.parse(JSON.stringify(POLICY_SCHEMA)));
  });

  it("takes a document with every field, as the check does", () => {
    expect(errorsOf(FULL)).toEqual([]);
    expect([fits(FULL), fits.errors]).toEqual([true, null]);
  });

  it("agrees with the check on a document that lacks any one field", () => {
    for (const way of places(FULL)) {
      const names = Object.keys(objectAt(way));
      for (const name of names) {
        agree(
          changedAt(FULL, way, (object) =>
            Object.fromEntries(Object.entries(object).filter(([key]) => key !== name)),
          ),
        );
      }
    }
  });

  it("agrees with the check on a document with any one field more or other", () => {
    for (const way of places(FULL)) {
      for (const [index, name] of FIELDS.entries()) {
        // Fields that are there get every value, others each a few of them.
        const isThere = Object.hasOwn(objectAt(way), name);
        const values = isThere ? VALUES : VALUES.filter((_, at) => (at + index + way.length) % 10 === 0);
        for (const value of values) {
          agree(changedAt(FULL, way, (object) => ({ ...object, [name]: value })));
        }
      }
    }
  });

  it("agrees with the check on documents of all kinds, and on what changes of them make", () => {
    let refused = 0;
    fc.assert(
      fc.property(validDocument, fc.constantFrom(...VALUES), fc.nat(), (document, other, seed) => {
        const changed = exchange(document, chooser(seed), other);
        refused += fits(changed) ? 0 : 1;
        agree(document);
        agree(changed);
      }),
      { numRuns: 4_000 },
    );
    expect(refused).toBeGreaterThan(800);
  });
});
