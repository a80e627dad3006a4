import { describe, expect, it } from "vitest";
import { profileTool } from "../profile.ts";
import type { MetaTool } from "../verdict.ts";
import { metaFactsOf } from "./meta-tool.ts";
import { recommend } from "./recommend.ts";
import { object, sample, SERVER } from "./testing/profiles.ts";

// What stands beside the argument that says what to run, and could say more.

const TEXT = { type: "string" };
const NAME = { path: "args.tool", kinds: ["tool"] } as const;

const factsOf = (meta: MetaTool, facts: NonNullable<Parameters<typeof sample>[3]>) =>
  metaFactsOf(sample("run_tool", { class: "execute", meta }, undefined, facts).profile);

const besideName = (...paths: readonly string[]) =>
  factsOf({ runs: "tools", arguments: ["args.tool"], batch: false }, [
    NAME,
    ...paths.map((path) => ({ path, types: ["object"] })),
  ]);

/** The facts, and what is recommended for it beside the tools of a whole server. */
const runner = (properties: object) => {
  const definition = object({
    name: "run_other",
    description: "Runs another tool by its name",
    inputSchema: { type: "object", properties: { tool: TEXT, ...properties }, required: ["tool"] },
  });
  const profile = profileTool(definition);
  const profiles = [...SERVER.map((one) => one.profile), profile];
  const { policy } = recommend(profiles, { preset: "recommended" });
  const rules = object(policy["tools"] as object);
  return { facts: metaFactsOf(profile), rule: rules["run_other"] as { readonly action?: string } };
};

describe("what the named tool is given", () => {
  it("is one argument, the most usual one", () => {
    expect(besideName("args.payload")).toMatchObject({ beside: [], namesDecide: true });
    expect(besideName("args.payload", "args.args")?.beside).toEqual(["args.payload"]);
    const three = besideName("args.args", "args.call_input", "args.params");
    expect(three).toMatchObject({ beside: ["args.call_input", "args.params"], namesDecide: false });
  });

  it("is the one nearest to the name, in a batch of each element", () => {
    const meta: MetaTool = { runs: "tools", arguments: ["args.calls[*].tool"], batch: true };
    const facts = ["args.calls[*].params", "args.args"].map((path) => ({ path, types: ["object"] }));
    expect(factsOf(meta, [{ path: "args.calls[*].tool", kinds: ["tool"] }, ...facts])?.beside).toEqual([
      "args.args",
    ]);
  });

  it("has no text that is there whichever tool is named", () => {
    expect(besideName("args.args", "args.args.*", "args.args[*]")?.beside).toEqual([]);
    expect(besideName("args.args", "args.args.then")?.beside).toEqual(["args.args.then"]);
  });

  it("is text, or may be", () => {
    const given = (types: readonly string[]) =>
      factsOf({ runs: "tools", arguments: ["args.tool"], batch: false }, [
        NAME,
        { path: "args.params", types },
      ])?.givenAsText;
    expect([["object"], ["string"], ["object", "string"], []].map(given)).toEqual([false, true, true, true]);
  });
});

describe("a number or a switch", () => {
  it.each(["next", "all", "runOthers", "next_call", "args.then_call"])("%s has more run", (name) => {
    const [outer = "", inner] = name.split(".");
    const leaf = { type: "integer" };
    const schema = inner === undefined ? leaf : { type: "object", properties: { [inner]: leaf } };
    const { facts, rule } = runner({ [outer]: schema });
    expect(facts?.beside).toEqual([`args.${name}`]);
    expect(rule).toMatchObject({ action: "require_approval" });
  });
});

describe("an argument that is said to have more run", () => {
  it.each<readonly [string, object]>([
    ["payload", { type: "string", description: "What is to be run next" }],
    ["call_input", { type: "string", description: "Further calls" }],
    ["args", { type: "object", description: "More calls, made afterwards" }],
    ["number", { type: "integer", description: "Number of the tool to run next" }],
    ["wide", { type: "boolean", description: "Run all other tools as well" }],
  ])("needs approval: %s", (property, schema) => {
    expect(runner({ [property]: schema }).rule).toMatchObject({ action: "require_approval" });
  });

  it("is none that says what the tool is given, or how long it may take", () => {
    const { rule } = runner({
      args: { type: "object", description: "Arguments of the tool" },
      timeout: { type: "integer", description: "Seconds after which the call is given up" },
    });
    expect(rule).toHaveProperty("deny_if");
    expect(rule).not.toHaveProperty("action");
  });
});

describe("beside a program", () => {
  it("any text, list or object tells it more", () => {
    const beside = ["cli_args", "cwd", "rest", "setup", "words"].map((name) => `args.${name}`);
    const facts = [
      { path: "args.command", kinds: ["command"] as const },
      ...beside.map((path) => ({ path, types: ["array"] })),
      { path: "args.timeout", types: ["integer"] },
    ];
    const meta: MetaTool = { runs: "commands", arguments: ["args.command"], batch: false };
    expect(factsOf(meta, facts)?.beside).toEqual(beside);
  });
});
