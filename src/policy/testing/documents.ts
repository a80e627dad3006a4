import * as fc from "fast-check";

/** Documents for the properties: small vocabularies, so that rules, patterns, counters and calls meet. */

export type PlainObject = Readonly<Record<string, unknown>>;

export const TOOL_NAMES = ["a", "ab", "abc", "get_x", "get_y", "other"] as const;
/** No two of them tie. */
const KEYS = [...TOOL_NAMES, "*", "a*", "ab*", "get_*", "?et*x"] as const;
const WORDS = ["a", "ab", "B", "get_x", "", "x y", "10.0.0.1", "/srv/a", "https://a.example/"] as const;
const PATHS = [
  "args.n",
  "args.s",
  "args.o.x",
  "args.l[*]",
  "args.l[0]",
  "args.o.*",
  "args.**",
  "args",
  "tool.name",
  "grant.name",
  "identity.groups[*]",
  "session.tools[*]",
  "now.hour",
] as const;

const number = fc.constantFrom(-1, 0, 1, 5, 5.5, 10);
const word = fc.constantFrom(...WORDS);
const scalar = fc.oneof(number, word, fc.boolean(), fc.constant(null));

const valueOf: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  eq: scalar,
  neq: scalar,
  in: fc.array(scalar, { maxLength: 3 }),
  not_in: fc.array(scalar, { maxLength: 3 }),
  lt: number,
  gte: number,
  exists: fc.boolean(),
  regex: fc.constantFrom("\\S", "^a", "b$", ""),
  contains: scalar,
  starts_with: word,
  glob: fc.constantFrom("a*", "?", "*"),
  max_length: fc.nat(4),
  type: fc.constantFrom("string", "number", "array"),
  within: fc.constantFrom(["/srv"], []),
  host_in: fc.constantFrom(["*.example"], []),
  cidr_in: fc.constantFrom(["10.0.0.0/8"], []),
};

const leaf = fc.constantFrom(...Object.keys(valueOf)).chain((op) =>
  fc.record(
    {
      path: fc.constantFrom(...PATHS),
      op: fc.constant(op),
      value: valueOf[op] ?? scalar,
      ...(op === "exists" ? {} : { on_missing: fc.constantFrom("true", "false") }),
    },
    { requiredKeys: ["path", "op", "value"] },
  ),
);

const condition: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }).map((all) => ({ all })) },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }).map((any) => ({ any })) },
  { weight: 1, arbitrary: leaf.map((not) => ({ not })) },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 2 }).map((any) => ({ not: { any } })) },
);

const conditions = fc.array(condition, { maxLength: 2 });

export const predicate: fc.Arbitrary<PlainObject> = fc.record(
  { conditions, name: word, on_deny: word },
  { requiredKeys: ["conditions"] },
);

/** Limits of one counter agree in all that a counter is. */
const COUNTERS = [
  { counter: "c1", window: "minute", max: 5, scope: "grant" },
  { counter: "c2", window: "lifetime", max: 7.5, scope: "session" },
  { counter: "c3", window: "month", max: 3, scope: "session" },
] as const;
const COSTS = [{}, { increment: 2 }, { increment_from: "args.n" }] as const;
const limit = fc
  .tuple(fc.constantFrom(...COUNTERS), fc.constantFrom(...COSTS))
  .map((parts): PlainObject => Object.assign({}, ...parts));

/** Mostly nothing, so that calls get past it about as often as not. */
const seldom = <Item>(list: fc.Arbitrary<readonly Item[]>): fc.Arbitrary<readonly Item[]> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list });

const rule: fc.Arbitrary<PlainObject> = fc.record(
  {
    action: fc.constantFrom("allow", "allow", "allow", "allow", "allow", "deny"),
    reason: word,
    require: seldom(fc.array(predicate, { maxLength: 2 })),
    deny_if: seldom(fc.array(predicate, { maxLength: 2 })),
    limits: fc.array(limit, { maxLength: 1 }),
    rate_limit: fc.record({ max: fc.constantFrom(1, 2, 9), window: fc.constantFrom(60, "hour") }),
    arguments: fc.constantFrom("strict", "schema", "any"),
  },
  { requiredKeys: [] },
);

const approving: fc.Arbitrary<PlainObject> = fc
  .tuple(rule, fc.record({ conditions, timeout: fc.constantFrom("30s", "10m") }))
  .map(([fields, approval]) => Object.assign({ approval }, fields));

const anyRule = fc.oneof({ weight: 5, arbitrary: rule }, { weight: 1, arbitrary: approving });

/** Documents that are valid. */
export const validDocument: fc.Arbitrary<PlainObject> = fc.record(
  {
    version: fc.constant("1"),
    default: fc.constantFrom("allow", "allow", "deny"),
    description: word,
    hide: fc.array(fc.constantFrom(...KEYS.filter((key) => key !== "*")), { maxLength: 1 }),
    resources: fc.array(word, { maxLength: 2 }),
    all_tools: anyRule,
    tools: fc.dictionary(fc.constantFrom(...KEYS), anyRule, { maxKeys: 4 }),
  },
  { requiredKeys: ["version", "default", "tools"] },
);

/** Arguments as JSON text would give them. */
export const plainArguments: fc.Arbitrary<PlainObject> = fc.record(
  {
    n: fc.oneof({ weight: 4, arbitrary: number }, scalar),
    s: fc.oneof({ weight: 4, arbitrary: word }, scalar),
    l: fc.array(scalar, { maxLength: 3 }),
    o: fc.dictionary(fc.constantFrom("x", "y"), scalar),
  },
  { requiredKeys: [] },
);

/** A cheap, seeded source of choices: equal seeds choose alike. */
export const chooser = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const shuffled = <Item>(items: readonly Item[], choose: (below: number) => number): Item[] => {
  const out = [...items];
  for (let index = out.length - 1; index > 0; index -= 1) {
    const other = choose(index + 1);
    const [one, two] = [out[index], out[other]];
    if (one !== undefined && two !== undefined) {
      out[index] = two;
      out[other] = one;
    }
  }
  return out;
};

const isObject = (value: unknown): value is PlainObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lists whose order must not matter: all but the lists that are values of `eq` and its like. */
const ORDERLESS = new Set(["require", "deny_if", "limits", "conditions", "all", "any", "hide", "resources"]);

/** The same document with its keys, rules, limits and conditions in another order. */
export const reorder = (value: unknown, choose: (below: number) => number, name = ""): unknown => {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => reorder(item, choose));
    return ORDERLESS.has(name) ? shuffled(items, choose) : items;
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, reorder(item, choose, key)] as const);
  return Object.fromEntries(shuffled(entries, choose));
};

/** The document with one of its parts exchanged for something else. */
export const exchange = (value: unknown, choose: (below: number) => number, other: unknown): unknown => {
  const names = isObject(value) ? Object.keys(value) : Array.isArray(value) ? Object.keys(value) : [];
  const name = names[choose(names.length)];
  if (name === undefined || choose(4) === 0) {
    return other;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === name ? exchange(item, choose, other) : item,
    );
  }
  return isObject(value) ? { ...value, [name]: exchange(value[name], choose, other) } : other;
};
