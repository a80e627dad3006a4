import { describe, expect, it } from "vitest";
import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject } from "../../base/json-value.ts";
import type { OwnTool, Plain, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { profileTool } from "../../catalogue/profile.ts";
import { rolesOf } from "../bind/roles.ts";
import { scenarioShape } from "../scenario.ts";
import { consequencesOf } from "./consequences.ts";

const text = { type: "string" };

const own = (
  name: string,
  description: string,
  properties: object,
  required?: readonly string[],
): OwnTool => {
  const inputSchema = { type: "object", properties, required: required ?? Object.keys(properties) };
  const definition = { name, description, inputSchema };
  const json = fromPlain(definition);
  return { definition, profile: profileTool(isJsonObject(json) ? json : {}) };
};

/** A policy that judges by itself: what it says now, and what with the candidate. */
const policy = (
  now: (tool: string, given: Plain) => string,
  then: (tool: string, given: Plain) => string,
  rule?: Plain,
): TriedPolicy => ({
  judge: async (calls, instead) =>
    calls.map(({ tool, given }) => (instead === undefined ? now : then)(tool, given)),
  ruleOf: (tool) => (rule === undefined ? undefined : { key: tool, rule }),
});
const allows = (): string => "allowed";

const candidate = (tools: Readonly<Record<string, object>>) => ({
  policy: "{}",
  proposal: { adds: { tools }, replaces: [], closes: [] },
});

const scenario = scenarioShape.parse({
  servers: {
    target: {
      tools: [
        {
          definition: { name: "read_file", inputSchema: { type: "object", properties: { path: text } } },
          stands_for: { classes: ["read"], arguments: { path: "path" } },
        },
      ],
    },
  },
  steps: [{ call: "read_file", arguments: { path: "/etc/shadow" } }],
  through: [{ called: "read_file" }],
});
const files = ["read_file", "load_document", "show_file"].map((name) =>
  own(name, "Reads a file from disk and returns its text.", { file_path: text }),
);
const [readFile = own("none", "", {})] = files;
const stands = Object.values(scenario.servers).flatMap(({ tools = [] }) => tools);

const consequences = (
  { tools = files, played = true, powers = [] }: Partial<Given>,
  rules: Readonly<Record<string, object>>,
  judged: TriedPolicy,
) => {
  const [role] = stands[0] === undefined ? [] : rolesOf(stands[0], readFile, undefined, scenario);
  return consequencesOf(
    candidate(rules),
    {
      recommended: {},
      scenario,
      roles: new Map(played && role !== undefined ? [["read_file", role]] : []),
      tools,
      policy: "{}",
      keyOf: () => undefined,
      closed: new Set(),
      premise: [],
      powers,
    },
    judged,
  );
};

interface Given {
  readonly tools: readonly OwnTool[];
  readonly played: boolean;
  readonly powers: Parameters<typeof consequencesOf>[1]["powers"];
}

describe("tools that are as open as the one that was attacked", () => {
  const others = (
    now: typeof allows,
    then: (tool: string, given: Plain) => string,
    more: Partial<Given> = {},
  ) => consequences(more, {}, policy(now, then)).then((found) => found.others);

  it("are those that fit, and that the policy with the rule in it admits as much", async () => {
    expect(await others(allows, allows)).toEqual(["load_document", "show_file"]);
    expect(await others(allows, (tool) => (tool === "show_file" ? "require_failed" : "allowed"))).toEqual([
      "load_document",
    ]);
  });

  it("are none where nothing of the attack was admitted, or where the scenario's own tools were played", async () => {
    expect(await others(() => "action_deny", allows)).toBe(undefined);
    expect(await others(allows, allows, { played: false })).toBe(undefined);
  });

  it("are able to do what the attack needs", async () => {
    expect(await others(allows, allows, { powers: ["sql"] })).toBe(undefined);
    expect(await others(allows, allows, { powers: ["files"] })).toHaveLength(2);
  });
});

describe("a harmless call", () => {
  const rule = (path: string, op: string, value: unknown) => ({
    require: [{ conditions: [{ path, op, value }] }],
  });
  const costs = async (tool: OwnTool, after: object, judged: TriedPolicy, more: readonly OwnTool[] = []) => {
    const { refuses, asks } = await consequences(
      { tools: [tool, ...more], played: false },
      { [tool.profile.name]: after },
      judged,
    );
    return { refuses, asks };
  };

  it("that the policy admitted and the rule refuses is told, once for a tool", async () => {
    const found = await costs(
      own("find", "Finds.", { query: text }),
      {},
      policy(allows, () => "require_failed"),
    );
    expect(found.refuses).toEqual([{ tool: "find", given: { query: "notes" }, code: "require_failed" }]);
  });

  it("is not told where it was refused before, or where people may agree to it", async () => {
    const tool = own("find", "Finds.", { query: text });
    const no = (): string => "require_failed";
    expect(await costs(tool, {}, policy(no, no))).toEqual({});
    expect(
      await costs(
        tool,
        {},
        policy(allows, () => "approval_required"),
      ),
    ).toEqual({});
    expect(await costs(tool, { action: "deny" }, policy(allows, no))).toEqual({});
  });

  it("has values that the user's rules and the schema ask for", async () => {
    const schema = {
      mode: { enum: ["fast", "slow"] },
      to: text,
      count: { type: "integer", minimum: 5 },
      items: { type: "array", items: { type: "object", properties: { id: text } } },
    };
    const found = await costs(
      own("find", "Finds.", schema),
      {},
      policy(allows, () => "require_failed", rule("args.to", "ends_with", "@corp.example")),
    );
    expect(found.refuses?.[0]?.given).toEqual({
      mode: "fast",
      to: "x@corp.example",
      count: 5,
      items: [{ id: "notes" }],
    });
  });

  it("passes where one way to write it does: in the example's folder, or as another text", async () => {
    const tool = own("find", "Finds.", { path: text });
    const inFolder = (_: string, { path }: Plain): string =>
      String(path).startsWith("/srv/") ? "allowed" : "require_failed";
    expect(
      await costs(tool, rule("args.path", "within", ["/srv/project"]), policy(allows, inFolder)),
    ).toEqual({});
    const asSql = (_: string, { path }: Plain): string =>
      String(path).startsWith("SELECT") ? "allowed" : "require_failed";
    expect(await costs(tool, {}, policy(allows, asSql))).toEqual({});
  });

  it("that lacks what the rule reads and the tool does not require is told by that", async () => {
    const tool = own("list", "Lists.", { of: text, limit: { type: "integer" } }, ["of"]);
    const judged = policy(allows, (_, given) =>
      Object.hasOwn(given, "limit") ? "allowed" : "require_failed",
    );
    expect(await costs(tool, rule("args.limit", "lte", 100), judged)).toEqual({ asks: ["limit"] });
  });

  it("of a tool that runs others names one of the user's, in the form that its description has", async () => {
    const batch = own("batch_exec", "Runs a list of commands ({ command, params }) one after the other.", {
      commands: { type: "array", items: {} },
    });
    const after = rule("args.commands[*].tool", "in", ["list_servers"]);
    const read = own("ping", "Reads whether it is there.", {});
    const found = await costs(
      batch,
      after,
      policy(allows, () => "require_failed"),
      [read],
    );
    expect(found.refuses?.map(({ given }) => given)).toEqual([{ commands: [{ command: "ping" }] }]);
  });
});
