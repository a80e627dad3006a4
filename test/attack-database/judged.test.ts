import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Attack } from "../../src/attack/read.ts";
import { OPEN } from "../../src/attack/gate-config.ts";
import { runAttacks } from "../../src/attack/run.ts";
import type { OwnTool, Plain } from "../../src/catalogue/attacks/result.ts";
import { patternShape } from "../../src/catalogue/attacks/pattern.ts";
import { profileTool } from "../../src/catalogue/profile.ts";
import { scenarioShape } from "../../src/attack/scenario.ts";
import { readJson } from "../../src/base/json-read.ts";
import { isJsonObject } from "../../src/base/json-value.ts";
import { ROOT } from "../support/gateway.ts";

// "Held" is said only of an attack that was played to its end and works where nothing stops it.

const pattern = patternShape.parse(
  JSON.parse(readFileSync(join(ROOT, "attacks/tool-poisoning/pattern.json"), "utf8")),
);

const text = { type: "string" };
const wipe = { name: "wipe", description: "Deletes a file.", inputSchema: { type: "object" } };

const attackOf = (scenario: object): Attack => ({
  name: "made-here",
  pattern,
  scenario: scenarioShape.parse(scenario),
});

const SHUT = '{ "version": "1", "default": "deny" }';

const played = async (scenario: object, policy = SHUT, tools?: readonly OwnTool[]) => {
  const [result] = await runAttacks([attackOf(scenario)], {
    tried: { policy },
    tools,
    policy: { judge: async (calls) => calls.map(() => "default_deny"), ruleOf: () => undefined },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return result;
};

const callsWipe = { call: "wipe", arguments: {} };
const through = [{ called: "wipe", times: 1_000_000 }];

interface Process {
  readonly pid: number;
  readonly args: string;
  readonly folder: string;
}

const processAt = (pid: string): Process | undefined => {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return { pid: Number(pid), args, folder: readlinkSync(`/proc/${pid}/cwd`) };
  } catch {
    return undefined;
  }
};

/** Kills the process of the scenario whose command line has this, once calls have come to its server. */
const kill = (what: string): boolean => {
  const victim = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => processAt(pid) ?? [])
    .filter(({ args }) => args.includes(what))
    .find(({ folder }) => statSync(join(folder, `journal-${HERE}.jsonl`), { throwIfNoEntry: false })?.size);
  return victim !== undefined && process.kill(victim.pid, "SIGKILL");
};

/** No other scenario has a server of this name. */
const HERE = `here-${String(process.pid)}`;
const scenarioOn = (face: "http" | "stdio", steps: readonly object[]) => ({
  servers: { [HERE]: { face, tools: [{ definition: wipe }] } },
  steps,
  through,
});

describe("an attack in the midst of which something dies", () => {
  it.each([
    ["the gate", "\0serve\0"],
    ["the server", "/hostile/main."],
  ])("is not held: %s", async (_, what) => {
    const ending = played(scenarioOn("http", [{ repeat: 2_000, steps: [callsWipe] }]), OPEN);
    await expect.poll(() => kill(what), { timeout: 60_000, interval: 5 }).toBe(true);
    const result = await ending;
    expect(result).toMatchObject({ outcome: "failed", why: expect.stringContaining("ended too early") });
  });

  it("is not held: a server that the gate starts, again and again", async () => {
    const killing = setInterval(() => kill("/hostile/main."), 5);
    const result = await played(
      scenarioOn("stdio", [callsWipe, { command: ["grant", "list"] }, callsWipe]),
      OPEN,
    );
    clearInterval(killing);
    expect(result).toMatchObject({ outcome: "failed", why: expect.stringContaining("1001") });
  });
});

describe("an attack with a command that fails", () => {
  it("is not held", async () => {
    const result = await played({
      servers: { here: { tools: [{ definition: wipe }] } },
      steps: [callsWipe, { command: ["grant", "revoke", "nobody"] }],
      through,
    });
    expect(result).toMatchObject({ outcome: "failed", why: expect.stringContaining("grant revoke nobody") });
  });
});

describe("an attack that does not work with one's own tools", () => {
  const ownTool = (name: string, description: string, inputSchema: Plain): OwnTool => {
    const definition = { name, description, inputSchema };
    const value = readJson(JSON.stringify(definition));
    return { definition, profile: profileTool(isJsonObject(value) ? value : {}) };
  };
  const scenario = {
    servers: {
      here: {
        tools: [
          {
            definition: { name: "look", description: "Reads a file.", inputSchema: { type: "object" } },
            stands_for: { classes: ["read"] },
          },
          { definition: wipe, stands_for: { classes: ["destructive"], arguments: { path: "path" } } },
        ],
      },
    },
    steps: [
      { call: "look", arguments: {} },
      { call: "wipe", arguments: { path: "/" } },
    ],
    through: [{ called: "wipe" }],
  };
  const look = ownTool("read_file", "Reads a file.", { type: "object" });
  const deleteIn = (path: object): OwnTool =>
    ownTool("delete_file", "Deletes a file.", { type: "object", properties: { path } });

  it("does not apply, whatever the policy refuses", async () => {
    const tools = [look, deleteIn({ ...text, maxLength: 0 })];
    expect(await played(scenario, SHUT, tools)).toMatchObject({ outcome: "not_applicable" });
  });

  it("is held where it would work", async () => {
    expect(await played(scenario, SHUT, [look, deleteIn(text)])).toMatchObject({ outcome: "held" });
  });
});

describe("a policy that is attacked", () => {
  it.each([
    ["1", "through"],
    ["1.00000000000000001", "held"],
  ])("is the one that was written, to the last digit: %s", async (value, outcome) => {
    const scenario = {
      servers: { here: { tools: [{ definition: { ...wipe, inputSchema: { properties: { of: {} } } } }] } },
      steps: [{ call: "wipe", arguments: { of: 1 } }],
      through: [{ called: "wipe" }],
    };
    const policy = `{
      "version": "1",
      "default": "deny",
      "tools": { "wipe": { "require": [{ "conditions": [{ "path": "args.of", "op": "eq", "value": ${value} }] }] } }
    }`;
    expect(await played(scenario, policy)).toMatchObject({ outcome });
  });
});

describe("what a scenario begins with", () => {
  // `add` is what the recommended policy of the pattern admits plainly.
  const add = { definition: { ...wipe, name: "add" } };
  const scenario = {
    servers: { here: { tools: [add, { definition: wipe }] } },
    steps: [{ call: "add", arguments: {} }, callsWipe],
    through: [{ called: "wipe" }],
  };

  it.each([
    { default: "deny", hide: ["a*"] },
    { default: "deny", tools: { "a*": { action: "deny" } } },
  ])("is admitted, so that held is what comes after: %j", async (policy) => {
    const result = await played(scenario, JSON.stringify({ version: "1", ...policy }));
    expect(result).toMatchObject({ outcome: "held", why: "tools/call wipe was refused: default_deny." });
    expect(result?.refused).toHaveLength(1);
  });

  it("does not apply where the policy refuses it all the same", async () => {
    const policy = '{ "version": "1", "default": "deny", "all_tools": { "action": "deny" } }';
    expect(await played(scenario, policy)).toMatchObject({
      outcome: "not_applicable",
      why: "Your policy refuses add, a tool of the scenario's own.",
    });
  });
});

describe("calls at the same time", () => {
  it("are no more than a gate takes, however many there are", async () => {
    const scenario = {
      ...scenarioOn("http", [{ repeat: 150, together: true, steps: [callsWipe] }]),
      through: [{ called: "wipe", times: 150 }],
    };
    const result = await played(scenario, OPEN);
    expect(result).toMatchObject({ outcome: "through", refused: [] });
  });
});
