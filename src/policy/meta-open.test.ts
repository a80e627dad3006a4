import { describe, expect, it } from "vitest";
import { fromPlain, toPlain } from "../base/json-plain.ts";
import { isJsonObject } from "../base/json-value.ts";
import { openBy, type Search } from "./meta-open.ts";
import { readRule } from "./rule.ts";
import { OPTIONS } from "./testing/calls.ts";

const TEXT = { type: "string" };

const search = (
  properties: object,
  paths: readonly string[],
  rule: object,
  more: Partial<Search> = {},
): Search => {
  const schema = fromPlain({ type: "object", properties });
  if (!isJsonObject(schema)) {
    throw new Error("no schema");
  }
  const context = { compileSchema: OPTIONS.compileSchema };
  const own = readRule(fromPlain(rule), "", "run", { policy: "p", conditions: context }, []);
  return {
    tool: { name: "run", schema, definition: {} },
    meta: { runs: "tools", arguments: paths },
    own,
    all: undefined,
    targets: ["stop"],
    fillers: ["list"],
    context,
    classOf: undefined,
    calls: { left: 10_000 },
    ...more,
  };
};

const denyIf = (path: string, op: string, value: unknown, more: object = {}) => ({
  deny_if: [{ conditions: [{ path, op, value, ...more }] }],
});

/** Arguments of the call that is admitted. */
const admitted = (from: Search): unknown => {
  const found = openBy(from);
  return found?.kind === "admitted" ? toPlain(found.args) : found;
};

describe("a tool that runs others", () => {
  it("is open by the plainest call that names what is withheld", () => {
    expect(admitted(search({ tool: TEXT }, ["args.tool"], {}))).toEqual({ tool: "stop" });
    const batch = { steps: { type: "array", items: { type: "object", properties: { tool: TEXT } } } };
    const steps = (rule: object) => admitted(search(batch, ["args.steps[*].tool"], rule));
    expect(steps({})).toEqual({ steps: [{ tool: "stop" }] });
    expect(steps(denyIf("args.steps[0].tool", "neq", "list"))).toEqual({
      steps: [{ tool: "list" }, { tool: "stop" }],
    });
    expect(steps(denyIf("args.steps[*].tool", "not_in", ["list"]))).toBeUndefined();
  });

  it("is open where a text stands for the list that conditions are on", () => {
    const rule = denyIf("args.steps[*].tool", "not_in", ["list"], { on_missing: "false" });
    const items = { type: "object", properties: { tool: TEXT } };
    const steps = (type: unknown) =>
      admitted(search({ steps: { type, items } }, ["args.steps[*].tool"], rule));
    expect(steps(["array", "string"])).toEqual({ steps: '[{"tool":"stop"}]' });
    expect(steps("array")).toBeUndefined();
  });

  it("is open by a batch inside a batch, where names at one level do not decide", () => {
    const batch = { steps: { type: "array", items: { type: "object", properties: { tool: TEXT } } } };
    const rule = denyIf("args.steps[*].tool", "not_in", ["list"]);
    const meta = { runs: "tools", arguments: ["args.steps[*].tool"], namesDecide: false } as const;
    expect(admitted(search(batch, [], rule, { meta }))).toEqual({
      steps: [{ steps: [{ tool: "stop" }], tool: "list" }],
    });
    expect(admitted(search(batch, [], denyIf("args.**", "regex", "stop"), { meta }))).toBeUndefined();
  });

  it("is open by any argument where it is not known which one says what to run", () => {
    expect(admitted(search({ a: TEXT }, [], denyIf("args.a", "exists", true)))).toEqual({ zq: "stop" });
    expect(admitted(search({ a: TEXT }, [], denyIf("args.**", "regex", "stop")))).toBeUndefined();
  });

  it("is taken for open where there are too many calls to try", () => {
    const rule = denyIf("args.tool", "not_in", ["list"]);
    const calls = { left: 3 };
    expect(openBy(search({ tool: TEXT }, ["args.tool"], rule, { calls }))).toEqual({ kind: "untried" });
    expect(calls.left).toBe(0);
    expect(openBy(search({ tool: TEXT }, ["args.tool"], rule))).toBeUndefined();
  });

  it("is closed by approval without a call to try", () => {
    const asked = search({ tool: {} }, [], { approval: {} }, { calls: { left: 0 } });
    expect(openBy(asked)).toBeUndefined();
    expect(openBy({ ...asked, own: undefined })).toEqual({ kind: "untried" });
  });

  it("is closed by no condition that only observes", () => {
    expect(openBy(search({ tool: TEXT }, ["args.tool"], { approval: {} }))).toBeUndefined();
    expect(openBy(search({ tool: TEXT }, ["args.tool"], { approval: {} }), true)).toMatchObject({
      kind: "admitted",
    });
  });
});
