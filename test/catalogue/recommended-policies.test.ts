import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRESETS } from "../../src/catalogue/recommendation.ts";
import { commandOf } from "../interop/packages.ts";
import { Desk } from "../support/command.ts";

// What is recommended for real servers checks against their own lists, and lets nothing through that it withholds.

const SERVERS: Readonly<Record<string, readonly string[]>> = {
  everything: [commandOf("@modelcontextprotocol/server-everything"), "stdio"],
  filesystem: [commandOf("@modelcontextprotocol/server-filesystem"), "."],
  memory: [commandOf("@modelcontextprotocol/server-memory")],
  playwright: [commandOf("@playwright/mcp")],
  orchestrator: [commandOf("node-server-orchestrator"), "mcp"],
};

interface Recommended {
  readonly policy: object & { readonly tools: Record<string, object> };
  readonly proposals: readonly { readonly tool: string; readonly value: object }[];
}

describe("for the tools of real servers", () => {
  const desk = new Desk();

  beforeAll(async () => {
    const mcpServers = Object.fromEntries(
      Object.entries(SERVERS).map(([name, args]) => [name, { command: process.execPath, args }]),
    );
    desk.write("tollgate.json", { mcpServers });
    for (const name of Object.keys(SERVERS)) {
      const { exit, out, err } = await desk.run(["server", "scan", name, "--json"]);
      expect([exit, err]).toEqual([0, ""]);
      desk.write(`${name}.tools.json`, out);
    }
  }, 120_000);

  afterAll(() => desk[Symbol.dispose]());

  const recommend = (name: string, ...more: readonly string[]) =>
    desk.run(["policy", "recommend", "--tools", `${name}.tools.json`, ...more]);
  const check = (policy: string, name: string) =>
    desk.run(["policy", "check", policy, "--tools", `${name}.tools.json`, "--strict"]);

  it.each(Object.keys(SERVERS).flatMap((name) => PRESETS.map((preset) => [name, preset] as const)))(
    "%s: the %s policy checks without a warning, its proposals accepted or not",
    async (name, preset) => {
      const { exit, out } = await recommend(name, "--preset", preset, "--json");
      expect(exit).toBe(0);
      const { policy, proposals } = JSON.parse(out) as Recommended;
      desk.write("p.json", policy);
      expect(await check("p.json", name)).toMatchObject({ exit: 0, out: "1 file checked, nothing wrong\n" });
      for (const { tool, value } of proposals) {
        const rule: { require?: object[] } = (policy.tools[tool] ??= {});
        rule.require = [...(rule.require ?? []), value];
      }
      desk.write("q.json", policy);
      expect(await check("q.json", name)).toMatchObject({ exit: 0, out: "1 file checked, nothing wrong\n" });
    },
  );

  it("stopping every server is nothing that a policy admits of itself", async () => {
    for (const preset of PRESETS) {
      const { out } = await recommend("orchestrator", "--preset", preset);
      desk.write("o.json", out);
      const { out: decision } = await desk.run(
        ["policy", "eval", "--policy", "o.json", "--tools", "orchestrator.tools.json"],
        '{ "tool": "stop_all_servers" }\n{ "tool": "list_servers" }',
      );
      const [stop, list] = decision.trim().split("\n");
      expect(stop).not.toContain('"allow"');
      expect(list).toContain('"allow"');
    }
  });
});
