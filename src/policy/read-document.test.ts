import { describe, expect, it } from "vitest";
import { checkPolicy, compilePolicy, compilePolicyValue } from "./compile.ts";
import { fromPlain } from "../base/json-plain.ts";
import { OPTIONS, policyOf } from "./testing/calls.ts";

/** Pointers of the errors of a document that is otherwise fine. */
const faults = (document: object): readonly string[] =>
  policyOf({ version: "1", default: "deny", ...document }).invalid.map(({ pointer }) => pointer);
const ruleFaults = (rule: unknown): readonly string[] => faults({ tools: { t: rule } });
const limitFaults = (more: object): readonly string[] =>
  ruleFaults({ limits: [{ counter: "c", window: "day", max: 1, ...more }] });

const FULL = {
  version: "1",
  description: "All there is.",
  mode: "observe",
  default: "allow",
  hide: ["shutdown", "admin_*"],
  resources: ["file:///public/*"],
  prompts: ["greet*"],
  methods: ["vendor/*"],
  all_tools: {
    reason: "No.",
    arguments: "schema",
    deny_if: [
      {
        name: "keys",
        conditions: [{ path: "args.**", op: "regex", value: "AKIA[0-9A-Z]{16}" }],
        on_deny: "No keys.",
      },
    ],
    limits: [{ counter: "calls", window: "minute", max: 60, scope: "grant" }],
    rate_limit: { max: 10, window: 60 },
  },
  tools: {
    list_customers: {},
    "get_*": { action: "require_approval", reason: "Ask.", arguments: "any" },
    create_refund: {
      action: "allow",
      require: [{ conditions: [] }],
      limits: [
        {
          counter: "refunded",
          window: "day",
          max: 50000.5,
          scope: "identity",
          increment_from: "args.amount",
          align: "calendar",
          timezone: "Europe/Zurich",
        },
        { counter: "m", window: "month", max: 1, align: "calendar", timezone: "UTC" },
        { counter: "l", window: "lifetime", max: 0, increment: 0.000000001 },
      ],
      approval: {
        conditions: [{ path: "args.amount", op: "gt", value: 1000 }],
        approvers: ["finance"],
        timeout: "10m",
        remember: "1d",
        quorum: 2,
        self: true,
      },
    },
  },
};

describe("a document", () => {
  it("with every field is valid", () => {
    const set = policyOf(FULL);
    expect(set.invalid).toEqual([]);
    expect([set.version, set.mode, set.name]).toEqual(["1", "observe", "p"]);
  });

  it("needs no more than a version and a default", () => {
    expect(faults({})).toEqual([]);
    expect(policyOf({}).invalid.map(({ pointer, message }) => [pointer, message])).toEqual([
      ["", 'A policy needs "version".'],
      ["", 'A policy needs "default".'],
    ]);
  });

  it.each([
    [{ version: 1 }, "/version"],
    [{ version: "2" }, "/version"],
    [{ description: 1 }, "/description"],
    [{ mode: "watch" }, "/mode"],
    [{ default: "maybe" }, "/default"],
    [{ default: true }, "/default"],
    [{ hide: "x" }, "/hide"],
    [{ hide: ["x", 1] }, "/hide/1"],
    [{ resources: {} }, "/resources"],
    [{ prompts: [null] }, "/prompts/0"],
    [{ methods: [["x"]] }, "/methods/0"],
    [{ all_tools: [] }, "/all_tools"],
    [{ all_tools: null }, "/all_tools"],
    [{ all_tools: { x: 1 } }, "/all_tools/x"],
    [{ tools: [] }, "/tools"],
    [{ tools: { t: null } }, "/tools/t"],
    [{ tools: { "a/b~c": true } }, "/tools/a~1b~0c"],
    [{ tool: {} }, "/tool"],
    [{ Version: "1" }, "/Version"],
  ])("%j is an error at %s", (document, pointer) => {
    expect(faults(document)).toEqual([pointer]);
  });

  it.each([
    [{ action: "block" }, "/action"],
    [{ action: "require_approval", approval: {} }, "/approval"],
    [{ approval: {}, action: "require_approval" }, "/action"],
    [{ reason: 1 }, "/reason"],
    [{ require: {} }, "/require"],
    [{ require: [1] }, "/require/0"],
    [{ deny_if: [{}] }, "/deny_if/0"],
    [{ deny_if: [{ conditions: [], when: 1 }] }, "/deny_if/0/when"],
    [{ limits: {} }, "/limits"],
    [{ limits: [1] }, "/limits/0"],
    [{ rate_limit: 10 }, "/rate_limit"],
    [{ rate_limit: { max: 1 } }, "/rate_limit"],
    [{ rate_limit: { max: 1, window: 60, scope: "grant" } }, "/rate_limit/scope"],
    [{ rate_limit: { max: "1", window: 60 } }, "/rate_limit/max"],
    [{ rate_limit: { max: 1, window: 0 } }, "/rate_limit/window"],
    [{ arguments: "loose" }, "/arguments"],
    [{ denyif: [] }, "/denyif"],
    [{ approval: [] }, "/approval"],
    [{ approval: { conditions: {} } }, "/approval/conditions"],
    [{ approval: { approvers: "finance" } }, "/approval/approvers"],
    [{ approval: { approvers: [] } }, "/approval/approvers"],
    [{ approval: { approvers: [1] } }, "/approval/approvers/0"],
    [{ approval: { timeout: 10 } }, "/approval/timeout"],
    [{ approval: { timeout: "10" } }, "/approval/timeout"],
    [{ approval: { timeout: "0m" } }, "/approval/timeout"],
    [{ approval: { timeout: "9999999d" } }, "/approval/timeout"],
    [{ approval: { remember: "ten" } }, "/approval/remember"],
    [{ approval: { quorum: 0 } }, "/approval/quorum"],
    [{ approval: { quorum: 1.5 } }, "/approval/quorum"],
    [{ approval: { quorum: "2" } }, "/approval/quorum"],
    [{ approval: { self: "true" } }, "/approval/self"],
    [{ approval: { wait: "1m" } }, "/approval/wait"],
  ])("with the rule %j is wrong at …%s", (rule, pointer) => {
    expect(ruleFaults(rule)).toEqual([`/tools/t${pointer}`]);
    expect(faults({ all_tools: rule })).toEqual([`/all_tools${pointer}`]);
  });
});

describe("a limit", () => {
  it.each([
    [{ window: "second" }],
    [{ window: "week", align: "calendar" }],
    [{ window: 1 }],
    [{ window: 3_155_760_000 }],
    [{ window: "month" }],
    [{ window: "month", timezone: "Asia/Tokyo" }],
    [{ window: "lifetime" }],
    [{ align: "sliding" }],
    [{ align: "calendar", timezone: "Etc/UTC" }],
    [{ max: 0 }],
    [{ max: 0.123456789 }],
    [{ max: 1e15 }],
    [{ increment: 0 }],
    [{ increment_from: 'args["a b"].c[0]' }],
    [{ scope: "global" }],
  ])("may say %j", (more) => {
    expect(limitFaults(more)).toEqual([]);
  });

  it.each([
    [{ counter: 1 }, "/counter"],
    [{ counter: "" }, "/counter"],
    [{ window: "days" }, "/window"],
    [{ window: 0 }, "/window"],
    [{ window: -1 }, "/window"],
    [{ window: 1.5 }, "/window"],
    [{ window: "60" }, "/window"],
    [{ window: 3_155_760_001 }, "/window"],
    [{ window: null }, "/window"],
    [{ max: -1 }, "/max"],
    [{ max: "1" }, "/max"],
    [{ max: 0.1234567891 }, "/max"],
    [{ scope: "tool" }, "/scope"],
    [{ increment: -1 }, "/increment"],
    [{ increment: 1e-10 }, "/increment"],
    [{ increment: true }, "/increment"],
    [{ increment: 1, increment_from: "args.a" }, "/increment_from"],
    [{ increment_from: "args.a", increment: 1 }, "/increment"],
    [{ increment_from: "amount" }, "/increment_from"],
    [{ increment_from: "now.hour" }, "/increment_from"],
    [{ increment_from: "args.a[*]" }, "/increment_from"],
    [{ increment_from: "args.a.*" }, "/increment_from"],
    [{ increment_from: "args.**" }, "/increment_from"],
    [{ increment_from: 5 }, "/increment_from"],
    [{ align: "fixed" }, "/align"],
    [{ align: "calendar", window: 86400 }, "/align"],
    [{ align: "sliding", window: "month" }, "/align"],
    [{ align: "sliding", window: "lifetime" }, "/align"],
    [{ align: "calendar", window: "lifetime" }, "/align"],
    [{ timezone: "UTC" }, "/timezone"],
    [{ timezone: "UTC", align: "sliding" }, "/timezone"],
    [{ timezone: "UTC", window: "lifetime" }, "/timezone"],
    [{ timezone: "Mars/Olympus", align: "calendar" }, "/timezone"],
    [{ timezone: "+01:00", align: "calendar" }, "/timezone"],
    [{ timezone: 1, align: "calendar" }, "/timezone"],
    [{ timezone: "UTC", align: "calendr" }, "/align"],
    [{ per: "day" }, "/per"],
  ])("may not say %j", (more, pointer) => {
    expect(limitFaults(more)).toEqual([`/tools/t/limits/0${pointer}`]);
  });

  it("needs a counter, a window and a max", () => {
    expect(ruleFaults({ limits: [{}] })).toEqual([
      "/tools/t/limits/0",
      "/tools/t/limits/0",
      "/tools/t/limits/0",
    ]);
  });

  it("takes numbers in any way JSON writes them", () => {
    const text = `{"version":"1","default":"deny","tools":{"t":{"limits":[
      {"counter":"a","window":60.0,"max":1e2,"increment":-0},{"counter":"b","window":6e1,"max":1.000000000000}]}}}`;
    expect(compilePolicy(text, OPTIONS).invalid).toEqual([]);
  });
});

describe("counters of one name", () => {
  const two = (first: object, second: object, more: object = {}) =>
    faults({
      tools: {
        a: { limits: [{ counter: "c", window: "minute", max: 5, ...first }] },
        b: { limits: [{ counter: "c", window: "minute", max: 5, ...second }] },
      },
      ...more,
    });

  it.each([
    [{}, {}],
    [{}, { window: 60 }],
    [{}, { scope: "grant", align: "sliding" }],
    [{}, { max: 5.0, increment: 3 }],
    [{ align: "calendar" }, { align: "calendar", timezone: "UTC" }],
    [{ window: "month" }, { window: "month", align: "calendar" }],
  ])("are one: %j and %j", (first, second) => {
    expect(two(first, second)).toEqual([]);
  });

  it.each([
    [{}, { window: "hour" }],
    [{}, { max: 6 }],
    [{}, { scope: "identity" }],
    [{}, { align: "calendar" }],
    [{ align: "calendar" }, { align: "calendar", timezone: "Asia/Tokyo" }],
  ])("clash at the later one: %j and %j", (first, second) => {
    expect(two(first, second)).toEqual(["/tools/b/limits/0"]);
  });

  it("do not clash where a time zone has two names", () => {
    const zone = (timezone: string) => ({ align: "calendar", timezone });
    expect(two(zone("US/Eastern"), zone("america/new_york"))).toEqual([]);
  });

  it("clash at the later one where keys look like numbers too", () => {
    const tools = (text: string) =>
      compilePolicy(`{"version":"1","default":"deny","tools":{${text}}}`, OPTIONS);
    const limit = (max: number) => `{"limits":[{"counter":"c","window":60,"max":${max}}]}`;
    expect(tools(`"b":${limit(1)},"7":${limit(2)}`).invalid).toMatchObject([
      { pointer: "/tools/7/limits/0" },
    ]);
    expect(tools(`"7":${limit(1)},"b":${limit(2)}`).invalid).toMatchObject([
      { pointer: "/tools/b/limits/0" },
    ]);
    expect(tools(`"20":${limit(1)},"10":${limit(2)}`).invalid).toMatchObject([
      { pointer: "/tools/10/limits/0" },
    ]);
  });

  it("clash across all_tools and rate limits too, whichever is written later", () => {
    const limit = (counter: string, max: number) => ({ limits: [{ counter, window: 60, max }] });
    expect(faults({ all_tools: limit("c", 1), tools: { a: limit("c", 2) } })).toEqual(["/tools/a/limits/0"]);
    expect(faults({ tools: { a: limit("c", 2) }, all_tools: limit("c", 1) })).toEqual([
      "/all_tools/limits/0",
    ]);
    expect(faults({ tools: { a: { rate_limit: { max: 1, window: 60 } }, b: limit("rate:a", 2) } })).toEqual([
      "/tools/b/limits/0",
    ]);
    expect(faults({ tools: { b: limit("rate:a", 2), a: { rate_limit: { max: 1, window: 60 } } } })).toEqual([
      "/tools/a/rate_limit",
    ]);
    expect(faults({ tools: { a: { rate_limit: { max: 2, window: 60 } }, b: limit("rate:a", 2) } })).toEqual(
      [],
    );
    const own = { rate_limit: { max: 1, window: 60 }, ...limit("rate:a", 2) };
    expect(faults({ tools: { a: own } })).toEqual(["/tools/a/limits/0"]);
  });
});

describe("keys of tools", () => {
  it.each([
    [{ "a*": {}, "*a": {} }, ["/tools/*a"]],
    [{ "a*": {}, "a**": {} }, ["/tools/a**"]],
    [{ "a?": {}, "?a": {}, "b?": {} }, ["/tools/?a", "/tools/b?"]],
    [{ "*": {}, "?": {} }, ["/tools/?"]],
    [{ "*/": {}, "/*": {} }, ["/tools/~1*"]],
  ])("tie: %j", (tools, pointers) => {
    const problems = policyOf({ version: "1", default: "deny", tools }).invalid;
    expect(problems.map(({ pointer, at }) => [pointer, at])).toEqual(
      pointers.map((pointer) => [pointer, "key"]),
    );
  });

  it.each([[{ "a*": {}, "b*": {} }], [{ a: {}, "a*": {}, "aa*": {} }], [{ "a?": {}, "a??": {} }]])(
    "do not tie: %j",
    (tools) => {
      expect(faults({ tools })).toEqual([]);
    },
  );

  it("and other patterns have at most 1,000 characters", () => {
    const long = "😀".repeat(1_000);
    expect(faults({ hide: [long], tools: { [long]: {}, [`${long.slice(2)}*`]: {} } })).toEqual([]);
    const longer = `${long}*`;
    expect(
      faults({
        hide: [longer],
        resources: [longer],
        prompts: [longer],
        methods: [longer],
        tools: { [longer]: {} },
      }),
    ).toEqual(["/hide/0", "/resources/0", "/prompts/0", "/methods/0", `/tools/${longer}`]);
  });
});

describe("errors", () => {
  it("are all told at once, in the document's order, with place and nearest spelling", () => {
    const text = `{
  "version": "1",
  "defualt": "deny",
  "tools": {
    "refund": { "action": "alow", "limits": [{ "counter": "c", "window": "days", "max": -1 }] },
    "x": { "deny_iff": [] }
  }
}`;
    expect(
      checkPolicy(text, OPTIONS).errors.map(({ pointer, line, column, at, nearest }) => [
        pointer,
        line,
        column,
        at,
        nearest,
      ]),
    ).toEqual([
      ["", 1, 1, "value", undefined],
      ["/defualt", 3, 3, "key", "default"],
      ["/tools/refund/action", 5, 27, "value", "allow"],
      ["/tools/refund/limits/0/window", 5, 74, "value", "day"],
      ["/tools/refund/limits/0/max", 5, 89, "value", undefined],
      ["/tools/x/deny_iff", 6, 12, "key", "deny_if"],
    ]);
  });

  it.each(["", "{", "nonsense", "\uFEFF{}", '{"version":"1"} {}'])(
    "of what is no JSON (%j) have no pointer",
    (text) => {
      const { errors } = checkPolicy(text, OPTIONS);
      expect(errors).toMatchObject([{ unreadable: true, pointer: "" }]);
      expect(errors[0]?.line).toBeGreaterThan(0);
      expect(compilePolicy(text, OPTIONS).rules).toBeUndefined();
    },
  );

  it("of duplicate keys point at the key", () => {
    const text = '{ "version": "1", "default": "deny",\n "tools": { "t": {}, "t": {} } }';
    expect(checkPolicy(text, OPTIONS).errors).toMatchObject([
      { pointer: "/tools/t", at: "key", line: 2, column: 22 },
    ]);
  });

  it.each(["null", "[]", '"deny"', "1"])("of %s say that it is no object", (text) => {
    expect(compilePolicy(text, OPTIONS).invalid).toMatchObject([{ pointer: "", line: 1, column: 1 }]);
  });

  it("of a document over 256 KiB say so, whether text or value", () => {
    const document = (length: number) => ({ version: "1", default: "deny", description: "é".repeat(length) });
    const room = 256 * 1_024 - JSON.stringify(document(0)).length;
    expect(policyOf(document(Math.floor(room / 2))).invalid).toEqual([]);
    expect(policyOf(document(Math.floor(room / 2) + 1)).invalid).toMatchObject([
      { message: /256 KiB/, line: 1, column: 1 },
    ]);
    const large = compilePolicyValue(fromPlain(document(room)), OPTIONS);
    expect(large.invalid).toMatchObject([{ message: /256 KiB/ }]);
    expect(large.rules).toBeUndefined();
  });

  it("of a value have pointers and no lines", () => {
    const set = compilePolicyValue(fromPlain({ version: "1", default: "deny", x: 1 }), OPTIONS);
    expect(set.invalid).toHaveLength(1);
    expect(set.invalid[0]).toMatchObject({ pointer: "/x", at: "key" });
    expect(set.invalid[0]).not.toHaveProperty("line");
    expect(compilePolicyValue(fromPlain(FULL), OPTIONS).invalid).toEqual([]);
  });

  it("of a schema compiler that breaks make the policy invalid", () => {
    const breaking = {
      name: "p",
      compileSchema: () => {
        throw new Error("no");
      },
    };
    const document = {
      ...FULL,
      all_tools: { require: [{ conditions: [{ path: "args", op: "schema", value: {} }] }] },
    };
    expect(compilePolicy(JSON.stringify(document), breaking).rules).toBeUndefined();
  });
});
