import { describe, expect, it } from "vitest";
import { fromPlain, toPlain } from "../../base/json-plain.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject } from "../../base/json-value.ts";
import type { OwnTool } from "../../catalogue/attacks/result.ts";
import { profileTool } from "../../catalogue/profile.ts";
import { candidatesFor, type Candidate } from "./propose.ts";
import type { Role } from "../bind/roles.ts";
import { scenarioShape } from "../scenario.ts";

const text = { type: "string" };
const number = { type: "number" };

const own = (name: string, properties: object, description = "Does something."): OwnTool => {
  const definition = { name, description, inputSchema: { type: "object", properties } };
  const json = fromPlain(definition);
  return { definition, profile: profileTool(isJsonObject(json) ? json : {}) };
};

const roleOf = (
  tool: OwnTool,
  names: Readonly<Record<string, string>> = {},
  more: { readonly list?: boolean; readonly swaps?: Role["swaps"] } = {},
): Role => ({
  tool,
  arguments: new Map(Object.entries(names).map(([from, name]) => [from, { name, list: more.list ?? false }])),
  swaps: more.swaps ?? [],
  admitted: new Map(),
});

interface Given {
  readonly recommended: object;
  /** Of the scenario: name and properties. */
  readonly played?: Readonly<Record<string, object>>;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly tools?: readonly OwnTool[];
  readonly policy: object | string;
  readonly keys?: Readonly<Record<string, string>>;
  readonly called?: readonly string[];
  readonly closed?: readonly string[];
  /** What tools of the scenario stand for. */
  readonly stands?: Readonly<Record<string, object>>;
}

const candidates = (given: Given): readonly Candidate[] => {
  const {
    recommended,
    played = { pay: {} },
    roles = {},
    tools,
    policy,
    keys = {},
    called = ["pay"],
    closed = [],
    stands = {},
  } = given;
  const scenario = scenarioShape.parse({
    servers: {
      target: {
        tools: Object.entries(played).map(([name, properties]) => ({
          definition: { name, inputSchema: { type: "object", properties } },
          stands_for: stands[name],
        })),
      },
    },
    steps: [{ call: "pay" }],
    through: called.map((name) => ({ called: name })),
  });
  return candidatesFor({
    recommended: { version: "1", default: "deny", ...recommended },
    scenario,
    roles: new Map(Object.entries(roles)),
    tools,
    policy: typeof policy === "string" ? policy : JSON.stringify({ version: "1", ...policy }),
    keyOf: (tool) => keys[tool],
    closed: new Set(closed),
    premise: [],
    powers: [],
  });
};

const plain = (value: unknown): unknown => toPlain(fromPlain(value));
const adds = (given: Given): readonly unknown[] =>
  candidates(given).map(({ proposal }) => plain(proposal.adds));
const first = (given: Given): unknown => adds(given)[0];

const when = (path: string, op: string, value: unknown) => ({ conditions: [{ path, op, value }] });
const cheap = { deny_if: [when("args.amount", "gt", 1000)] };
const refund = own("refund", { sum: number, note: text });
const asRefund = { pay: roleOf(refund, { amount: "sum" }) };

/** What another default would close that is no tool. */
const EVERYTHING = { resources: ["*"], prompts: ["*"], methods: ["*"] };

describe("a rule for a tool that has one", () => {
  it("is the whole rule, made stricter, and leaves the rest of the policy as it is written", () => {
    const policy =
      '{"version":"1","default":"deny","tools":{"b":{},"refund":{"limits":[{"counter":"c","window":60,"max":1.50}],"deny_if":[{"conditions":[]}]},"a":{"limits":[{"counter":"d","window":"day","max":1e2}]}}}';
    const [made] = candidates({
      recommended: { tools: { pay: cheap } },
      roles: asRefund,
      policy,
      keys: { refund: "refund" },
    });
    expect(made?.policy).toBe(
      policy.replace(
        '{"conditions":[]}]',
        '{"conditions":[]},{"conditions":[{"path":"args.sum","op":"gt","value":1000}]}]',
      ),
    );
    expect(made?.proposal.replaces).toEqual(["refund"]);
  });

  it("goes on counting where the pattern counted whose rule it repeats", () => {
    const rated = {
      "re*": { require: [when("args.note", "eq", "x")], rate_limit: { max: 5, window: "hour" } },
    };
    const given = {
      recommended: { tools: { pay: cheap } },
      roles: asRefund,
      policy: { default: "deny", tools: rated },
      keys: { refund: "re*" },
    };
    expect(first(given)).toEqual({
      tools: {
        refund: {
          require: [when("args.note", "eq", "x")],
          limits: [{ counter: "rate:re*", max: 5, window: "hour" }],
          deny_if: [when("args.sum", "gt", 1000)],
        },
      },
    });
    expect(candidates(given)[0]?.proposal.replaces).toEqual([]);
  });

  it("has a second rate as a limit, and counters that no other rule has", () => {
    const recommended = {
      tools: {
        pay: { limits: [{ counter: "paid", window: "day", max: 5 }], rate_limit: { max: 1, window: 60 } },
      },
    };
    const policy = {
      default: "deny",
      tools: {
        refund: { rate_limit: { max: 9, window: 60 } },
        other: { limits: [{ counter: "paid", window: "hour", max: 7 }] },
        more: { limits: [{ counter: "refund_rate", window: "hour", max: 7 }] },
      },
    };
    expect(first({ recommended, roles: asRefund, policy, keys: { refund: "refund" } })).toEqual({
      tools: {
        refund: {
          rate_limit: { max: 9, window: 60 },
          limits: [
            { counter: "paid_2", window: "day", max: 5 },
            { counter: "refund_rate_2", max: 1, window: 60 },
          ],
        },
      },
    });
  });

  it.each([
    [{}, { conditions: [1] }, { approval: { conditions: [1] } }],
    [{ action: "require_approval" }, { conditions: [1] }, undefined],
    [{ approval: { timeout: "1h" } }, { conditions: [1] }, undefined],
    [{ approval: { timeout: "1h", conditions: [2] } }, {}, { approval: { timeout: "1h" } }],
    [
      { approval: { timeout: "1h", conditions: [2] } },
      { conditions: [1] },
      { approval: { timeout: "1h", conditions: [{ any: [{ all: [2] }, { all: [1] }] }] } },
    ],
  ])("asks somebody where either would have: %j, %j", (mine, approval, made) => {
    const over = (list?: readonly number[]) => list?.map((value) => ({ path: "args.sum", op: "gt", value }));
    const filled = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value ?? null).replaceAll(/(?<=\[)[12](?=\])/gu, (one) =>
          JSON.stringify(over([Number(one)])?.[0]),
        ),
      );
    const asked = JSON.parse(
      JSON.stringify(filled(approval)).replaceAll("args.sum", "args.amount"),
    ) as object;
    const tools = { refund: filled(mine) };
    const given = {
      recommended: { tools: { pay: { approval: asked } } },
      roles: asRefund,
      policy: { default: "deny", tools },
      keys: { refund: "refund" },
    };
    expect(first(given)).toEqual(made === undefined ? undefined : { tools: { refund: filled(made) } });
  });

  it("takes the place of all that a denied tool would be asked", () => {
    const recommended = { tools: { pay: { action: "deny", reason: "People pay." } } };
    const policy = { default: "deny", tools: { refund: cheap } };
    expect(first({ recommended, roles: asRefund, policy, keys: { refund: "refund" } })).toEqual({
      tools: { refund: { action: "deny", reason: "People pay." } },
    });
  });

  it("is not there where nothing is new", () => {
    const policy = { default: "deny", tools: { refund: { deny_if: [when("args.sum", "gt", 1000)] } } };
    expect(
      adds({ recommended: { tools: { pay: cheap } }, roles: asRefund, policy, keys: { refund: "refund" } }),
    ).toEqual([]);
  });
});

describe("nothing that is proposed", () => {
  it("opens a tool that the policy closes, by whatever means", () => {
    const recommended = { tools: { pay: cheap, list: {} }, hide: ["pay"] };
    const given = { recommended, played: { pay: {}, list: {} }, roles: asRefund, closed: ["refund"] };
    expect(adds({ ...given, policy: { default: "deny" } })).toEqual([]);
    expect(
      adds({ ...given, policy: { default: "allow", tools: { refund: {} } }, keys: { refund: "refund" } }),
    ).toEqual([{ default: "deny", ...EVERYTHING }]);
  });

  it("says of a tool only that it may be called", () => {
    const recommended = { tools: { pay: cheap, list: {} } };
    expect(
      JSON.stringify(adds({ recommended, played: { pay: {}, list: {} }, policy: { default: "allow" } })),
    ).not.toContain("{}");
  });
});

describe("what a rule reads", () => {
  const requires = (...conditions: readonly object[]) => ({ tools: { pay: { require: [{ conditions }] } } });
  const fitted = (
    recommended: object,
    tool: OwnTool,
    names: Readonly<Record<string, string>>,
    list = false,
  ) => {
    const [made] = adds({
      recommended,
      played: { pay: { ids: { type: "array" }, to: text } },
      roles: { pay: roleOf(tool, names, { list }) },
      policy: { default: "allow", tools: { [tool.profile.name]: {} } },
      keys: { [tool.profile.name]: tool.profile.name },
    });
    return (made as { tools: Record<string, unknown> } | undefined)?.tools[tool.profile.name];
  };
  const leaf = (path: string, op: string, value: unknown) => ({ path, op, value });

  it("is an argument that the tool has: a requirement loses what it has not, another predicate goes", () => {
    const two = [leaf("args.namespace", "regex", "^a$"), leaf("args.pod", "regex", "^b$")];
    expect(fitted(requires(...two), refund, { pod: "note" })).toEqual({
      require: [when("args.note", "regex", "^b$")],
    });
    expect(fitted({ tools: { pay: { deny_if: [{ conditions: two }] } } }, refund, { pod: "note" })).toBe(
      undefined,
    );
    expect(fitted(requires({ any: [two[0], two[1]] }), refund, { pod: "note" })).toBe(undefined);
    expect(fitted(requires({ not: two[0] }), refund, { pod: "note" })).toBe(undefined);
  });

  it("is not what a call costs where the tool has no such number", () => {
    const limit = { counter: "paid", window: "day", max: 15, increment_from: "args.amount" };
    const recommended = { tools: { pay: { limits: [limit] } } };
    expect(fitted(recommended, refund, { amount: "sum" })).toEqual({
      limits: [{ ...limit, increment_from: "args.sum" }],
    });
    expect(fitted(recommended, refund, {})).toBe(undefined);
    expect(fitted(recommended, refund, { amount: "note" })).toBe(undefined);
    expect(
      fitted(
        recommended,
        own("refund", { sums: { type: "array", items: number } }),
        { amount: "sums" },
        true,
      ),
    ).toBe(undefined);
  });

  it("is a value that the argument can be", () => {
    const limited = own("refund", {
      note: { enum: ["a", "b"] },
      id: { type: "integer" },
      deep: { type: ["object", "null"] },
    });
    const of = (name: string, op: string, value: unknown) =>
      fitted(requires(leaf("args.to", op, value)), limited, { to: name }) !== undefined;
    expect(of("note", "in", ["b", "c"])).toBe(true);
    expect(of("note", "in", ["c"])).toBe(false);
    expect(of("id", "eq", 5)).toBe(true);
    expect(of("id", "eq", "5")).toBe(false);
    expect(of("id", "regex", "^5$")).toBe(false);
    expect(of("id", "lte", 5)).toBe(true);
    expect(of("deep", "eq", null)).toBe(true);
    expect(of("deep", "within", ["/srv"])).toBe(false);
    expect(of("deep", "exists", true)).toBe(true);
  });

  it("is each of a list where the scenario has one, and never the length of a text for that of a list", () => {
    const listed = own("refund", { people: { type: "array", items: text } });
    expect(fitted(requires(leaf("args.to", "in", ["a"])), listed, { to: "people" }, true)).toEqual({
      require: [when("args.people[*]", "in", ["a"])],
    });
    expect(fitted(requires(leaf("args.ids", "max_length", 5)), listed, { ids: "people" }, true)).toEqual({
      require: [when("args.people", "max_length", 5)],
    });
    expect(fitted(requires(leaf("args.ids[*]", "in", ["a"])), refund, { ids: "note" })).toEqual({
      require: [when("args.note", "in", ["a"])],
    });
    expect(fitted(requires(leaf("args.ids", "max_length", 5)), refund, { ids: "note" })).toBe(undefined);
  });

  it("is as deep as the tool's schema goes", () => {
    const items = { type: "object", properties: { name: text } };
    const batch = own("refund", { ids: { type: "array", items } });
    const of = (name: string) => fitted(requires(leaf(`args.ids[*].${name}`, "in", ["a"])), batch, {});
    expect(of("name")).toEqual({ require: [when("args.ids[*].name", "in", ["a"])] });
    expect(of("tool")).toBe(undefined);
  });

  it("is every argument that the tool has, where the rule shuts out others", () => {
    const closed = { properties: { text: {}, to: {} }, additionalProperties: false };
    expect(fitted(requires(leaf("args", "schema", closed)), refund, { text: "note" })).toEqual({
      require: [when("args", "schema", { properties: { sum: {}, note: {} }, additionalProperties: false })],
    });
  });

  it("is every member of a list's entries that the tool has, too", () => {
    const entries = { type: "array", items: { properties: { tool: {} }, additionalProperties: false } };
    const closed = { properties: { ids: entries }, additionalProperties: false };
    const items = { type: "object", properties: { tool: text, params: {} } };
    expect(
      fitted(requires(leaf("args", "schema", closed)), own("refund", { ids: { type: "array", items } }), {}),
    ).toEqual({
      require: [
        when("args", "schema", {
          properties: {
            ids: {
              type: "array",
              items: { properties: { tool: {}, params: {} }, additionalProperties: false },
            },
          },
          additionalProperties: false,
        }),
      ],
    });
  });

  it("is the names of the user's tools that are open, where it is those of the scenario's", () => {
    const given = (value: readonly string[]) => ({
      recommended: requires(leaf("args.tool", "in", value)),
      played: { pay: {}, list: {}, show: {} },
      roles: { pay: roleOf(refund, { tool: "note" }) },
      tools: [refund, own("get_a", {}), own("get_b", {}), own("shut", {})],
      closed: ["shut"],
      policy: { default: "allow", tools: { refund: {} } },
      keys: { refund: "refund" },
    });
    expect(first(given(["list", "show"]))).toEqual({
      tools: { refund: { require: [when("args.note", "in", ["get_a", "get_b"])] } },
    });
    expect(first(given(["list", "team"]))).toEqual({
      tools: { refund: { require: [when("args.note", "in", ["list", "team"])] } },
    });
  });

  it("is what a relative path is made of, but a folder where it is refused", () => {
    const within = { path: "args.path", op: "within", value: ["/srv/project"] };
    const [made] = adds({
      recommended: {
        tools: {
          pay: {
            require: [
              { conditions: [within], on_deny: "Of the project." },
              { conditions: [{ not: within }] },
            ],
            deny_if: [{ conditions: [within] }],
          },
        },
      },
      roles: { pay: roleOf(own("refund", { owner: text, path: text })) },
      policy: { default: "deny", tools: { refund: {} } },
      keys: { refund: "refund" },
    });
    expect(made).toMatchObject({
      tools: {
        refund: {
          require: [
            {
              conditions: [{ path: "args.path", op: "regex" }],
              on_deny: "The policy admits no call with these arguments.",
            },
            { conditions: [{ not: within }] },
          ],
          deny_if: [{ conditions: [within] }],
        },
      },
    });
  });

  it("is not told in the words of an example where it is another", () => {
    const require = [
      {
        conditions: [leaf("args.owner", "eq", "ana"), leaf("args.to", "regex", "^x$")],
        on_deny: "Ana's only.",
      },
    ];
    const given = (swaps: Role["swaps"], rule: object) =>
      JSON.stringify(
        first({
          recommended: { tools: { pay: { require } } },
          roles: { pay: roleOf(own("refund", { owner: text, to: text }), {}, { swaps }) },
          policy: { default: "deny", tools: { refund: rule } },
          keys: { refund: "refund" },
        }),
      );
    expect(given([], {})).toContain("Ana's only.");
    const other = given([{ argument: "owner", from: "ana", to: "acme" }], {});
    expect(other).toContain('"value":"acme"');
    expect(other).not.toContain("Ana's");
    expect(given([], { require: [when("args.owner", "eq", "acme")] })).not.toContain("Ana's");
  });

  it("is a list of the user's own where their rule has one", () => {
    const given = (op: string) => ({
      recommended: { tools: { pay: { require: [when("args.path", "within", ["/srv/x", "/srv"])] } } },
      roles: {
        pay: roleOf(refund, { path: "note" }, { swaps: [{ argument: "path", from: "/srv/x", to: "/data" }] }),
      },
      policy: { default: "deny", tools: { refund: { require: [when("args.note", op, "/data")] } } },
      keys: { refund: "refund" },
    });
    expect(first(given("starts_with"))).toEqual({
      tools: {
        refund: {
          require: [
            when("args.note", "starts_with", "/data"),
            when("args.note", "within", ["/data", "/srv"]),
          ],
        },
      },
    });
    expect(first(given("within"))).toBe(undefined);
  });
});

describe("what is recommended for all tools", () => {
  const recommended = {
    tools: { pay: {}, list: {} },
    all_tools: {
      require: [when("args.owner", "eq", "ana"), when("server.name", "eq", "x")],
      deny_if: [when("args.**", "regex", "AKIA"), when("args.to", "eq", "x")],
    },
  };

  it("stays there where it can be for all, and goes to those that have the argument", () => {
    expect(
      first({
        recommended,
        played: { pay: { owner: text }, list: { to: text } },
        policy: { default: "allow" },
      }),
    ).toEqual({
      all_tools: {
        require: [when("server.name", "eq", "x")],
        deny_if: [when("args.**", "regex", "AKIA")],
      },
      tools: {
        pay: { require: [when("args.owner", "eq", "ana")] },
        list: { deny_if: [when("args.to", "eq", "x")] },
      },
    });
  });

  it("says which tools it closes for their class, beside those that were attacked", () => {
    const wipe = own("delete_everything", {}, "Deletes everything for good.");
    const drop = own("delete_table", {}, "Deletes a table for good.");
    const [made] = candidates({
      roles: { pay: roleOf(drop, {}) },
      recommended: { default: "allow", all_tools: { deny_if: [when("tool.class", "in", ["destructive"])] } },
      tools: [refund, wipe, drop],
      policy: { default: "allow", all_tools: { rate_limit: { max: 1, window: 60 } } },
    });
    expect(made?.proposal).toMatchObject({
      adds: { all_tools: { rate_limit: { max: 1, window: 60 } } },
      replaces: ["all_tools"],
      closes: ["delete_everything"],
    });
  });
});

describe("a rate that is for any tool", () => {
  const rate = { rate_limit: { max: 60, window: "minute" } };
  const given = (policy: object, stands: object = { classes: ["read"] }) =>
    adds({
      recommended: { tools: { pay: rate } },
      roles: asRefund,
      stands: { pay: stands },
      policy: { default: "allow", ...policy },
    });

  it("is for all tools first, where nothing is counted yet", () => {
    expect(given({ all_tools: { arguments: "any" } })[0]).toEqual({
      all_tools: { arguments: "any", ...rate },
    });
  });

  it("is for its tool where it is not any, or where the policy counts", () => {
    const alone = { tools: { refund: rate } };
    expect(given({}, { classes: ["destructive"] })[0]).toEqual(alone);
    expect(given({}, { classes: ["read"], arguments: { amount: "money" } })[0]).toEqual(alone);
    expect(given({ all_tools: rate })[0]).toEqual(alone);
    expect(given({ tools: { other: { rate_limit: { max: 500, window: "minute" } } } })[0]).toEqual(alone);
  });
});

describe("where the cure is that a tool is not named", () => {
  const recommended = { tools: { list: {} } };

  it("the user's tool is denied, also where a pattern admits it", () => {
    const given = { recommended, roles: asRefund, policy: { default: "deny", tools: { "*": {} } } };
    expect(adds({ ...given, keys: { refund: "*" } })).toEqual([{ tools: { refund: { action: "deny" } } }]);
  });

  it("the default is another, with what that closes, before a stranger is denied by its name", () => {
    const named = own("named", {});
    const made = candidates({
      recommended,
      tools: [refund, named],
      policy: { default: "allow", tools: { named: {} } },
      keys: { named: "named" },
    });
    expect(made.map(({ proposal }) => [plain(proposal.adds), proposal.closes])).toEqual([
      [{ default: "deny", ...EVERYTHING }, ["refund"]],
      [{ tools: { pay: { action: "deny" } } }, []],
    ]);
  });

  it("another default closes nothing that is no tool, and opens nothing", () => {
    const policy = { default: "allow", prompts: ["one"], tools: {} };
    expect(first({ recommended: { ...recommended, resources: [] }, policy })).toEqual({ resources: [] });
    expect(adds({ recommended: { ...recommended, resources: [] }, policy })[1]).toEqual({
      default: "deny",
      resources: [],
      methods: ["*"],
    });
  });

  it("no other default is proposed where a pattern decides before it", () => {
    expect(
      adds({ recommended, policy: { default: "allow", tools: { "*": {} } }, keys: { pay: "*" } }),
    ).toEqual([{ tools: { pay: { action: "deny" } } }]);
  });
});

describe("other parts of a policy", () => {
  it("are lists in the place of none, or of everything", () => {
    const recommended = { prompts: ["summary"], resources: ["x://*"] };
    expect(
      adds({ recommended, closed: ["pay"], policy: { default: "deny", prompts: ["*"], resources: ["y"] } }),
    ).toEqual([{ prompts: ["summary"] }]);
    expect(first({ recommended, policy: { default: "allow" } })).toEqual(recommended);
  });

  it("are names that are hidden besides", () => {
    const recommended = { default: "allow", hide: ["pay", "other_*"] };
    const [made] = candidates({ recommended, roles: asRefund, policy: { default: "allow", hide: ["x"] } });
    expect(made?.proposal.adds).toEqual({ hide: ["refund", "other_*"] });
    expect(toPlain(readJson(made?.policy ?? ""))).toMatchObject({ hide: ["x", "refund", "other_*"] });
  });

  it("begin with a policy that no longer observes only", () => {
    const made = candidates({
      recommended: { tools: { pay: cheap } },
      policy: { mode: "observe", default: "deny", tools: { pay: {} } },
      keys: { pay: "pay" },
    });
    expect(made.map(({ proposal }) => plain(proposal.adds))).toEqual([
      { mode: "enforce" },
      { mode: "enforce", tools: { pay: cheap } },
    ]);
    expect(made[0]?.policy).toBe('{"version":"1","mode":"enforce","default":"deny","tools":{"pay":{}}}');
  });
});
