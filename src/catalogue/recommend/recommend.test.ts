import { describe, expect, it } from "vitest";
import { toPlain } from "../../base/json-plain.ts";
import { PRESETS, type Preset } from "../recommendation.ts";
import { recommend } from "./recommend.ts";
import { complaints, judge, runTool, type Sample, sample, SERVER } from "./testing/profiles.ts";

const recommended = (tools: readonly Sample[] = SERVER, preset: Preset = "recommended") =>
  recommend(
    tools.map(({ profile }) => profile),
    { preset },
  );

interface Plain {
  readonly default: string;
  readonly hide?: readonly string[];
  readonly tools: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const plain = (tools: readonly Sample[] = SERVER, preset: Preset = "recommended"): Plain =>
  toPlain(recommended(tools, preset).policy) as Plain;

const noted = (tools: readonly Sample[], preset: Preset = "recommended"): string =>
  recommended(tools, preset).notes.join("\n");

describe("a recommended policy", () => {
  it.each(PRESETS)("checks without a warning: %s", (preset) => {
    expect(complaints(recommended(SERVER, preset).policy, SERVER)).toEqual([]);
  });

  it("admits reads, limits writes and executions, and asks for or hides the rest", () => {
    const { tools, hide, default: otherwise } = plain();
    expect(otherwise).toBe("deny");
    expect(hide).toEqual(["wipe_all"]);
    expect(tools["list_servers"]).toEqual({});
    expect(tools["start_server"]).toEqual({ rate_limit: { max: 30, window: "minute" } });
    expect(tools["deploy"]).toEqual({ rate_limit: { max: 10, window: "minute" } });
    expect(tools["stop_server"]).toMatchObject({ action: "require_approval" });
    expect(tools["refund"]).toMatchObject({
      action: "require_approval",
      limits: [{ window: "day", max: 1000, increment_from: "args.amount" }],
    });
    expect(tools["execute_python"]).toMatchObject({ action: "require_approval" });
    expect(tools["wipe_all"]).toBeUndefined();
    expect(Object.keys(tools)).toEqual([
      "get_status",
      "list_servers",
      "start_server",
      "batch_exec",
      "deploy",
      "execute_python",
      "run_tool",
      "stop_server",
      "refund",
    ]);
  });

  it("names nothing but exact names, and says nothing of resources and prompts", () => {
    for (const preset of PRESETS) {
      const policy = plain(SERVER, preset);
      expect([...(policy.hide ?? []), ...Object.keys(policy.tools)].join("")).not.toMatch(/[*?]/);
      expect(policy).not.toHaveProperty("resources");
      expect(noted(SERVER, preset)).toMatch(/[Rr]esources and prompts/);
    }
  });

  it("of the strict kind has harmless reads only", () => {
    const powerful = sample("fetch", { powers: ["network"] });
    const risky = sample("read_secrets", { risk: "high" });
    const guessed = sample("thing", { confidence: 0.2 });
    const policy = plain([...SERVER, powerful, risky, guessed], "strict");
    expect(Object.keys(policy.tools)).toEqual(["get_status", "list_servers"]);
    expect(Object.values(policy.tools)).toEqual([{}, {}]);
    expect(policy.hide).toEqual(["batch_exec", "execute_python", "run_tool", "stop_server", "wipe_all"]);
  });

  it("of the permissive kind admits what it does not name", () => {
    const policy = plain(SERVER, "permissive");
    expect(policy.default).toBe("allow");
    expect(Object.keys(policy.tools)).toEqual([
      "batch_exec",
      "deploy",
      "execute_python",
      "run_tool",
      "stop_server",
      "wipe_all",
      "refund",
    ]);
    const { deploy, ...others } = policy.tools;
    expect(deploy).toEqual({ rate_limit: { max: 10, window: "minute" } });
    expect(Object.values(others).every(({ action }) => action === "require_approval")).toBe(true);
  });

  it("admits only what was called where that is told, under every preset", () => {
    const called = new Set(["list_servers", "start_server", "run_tool", "wipe_all", "gone"]);
    for (const preset of PRESETS) {
      const { policy } = recommend(
        SERVER.map(({ profile }) => profile),
        { preset, called },
      );
      expect(policy["default"]).toBe("deny");
      expect(complaints(policy, SERVER)).toEqual([]);
      const shown = Object.keys(policy["tools"] ?? {});
      expect(shown.filter((name) => !called.has(name))).toEqual([]);
      expect(shown).toContain("list_servers");
    }
  });

  it("counts only amounts that are always there and numbers", () => {
    const amount = (type: string, more: object, path = "args.amount") =>
      sample(
        "pay",
        { class: "financial", risk: "high" },
        { type: "object", properties: { amount: { type } }, required: ["amount"] },
        [{ path, types: [type], kinds: ["money"], ...more }],
      );
    for (const odd of [
      amount("string", {}),
      amount("number", { required: false }),
      amount("number", {}, "args.items[*].amount"),
      sample("pay", { class: "financial", risk: "high" }),
    ]) {
      expect(plain([odd]).tools["pay"]).not.toHaveProperty("limits");
      expect(noted([odd])).toMatch(/cannot be counted.*pay/);
    }
    expect(plain([amount("integer", {})]).tools["pay"]).toHaveProperty("limits");
    expect(noted([amount("integer", {})])).toMatch(/1000 a day.*begin with/);
  });

  it("leaves out tools that a key cannot name, and says so", () => {
    const odd = [
      sample("get_*", {}),
      sample("delete?", { class: "destructive", risk: "high" }),
      sample("", {}),
      sample("x".repeat(1_001), {}),
      sample("twice", {}),
      sample("twice", { class: "destructive", risk: "high" }),
      sample("__proto__", {}),
      sample("7", {}),
    ];
    for (const preset of PRESETS) {
      expect(complaints(recommended(odd, preset).policy, odd)).toEqual([]);
      expect(noted(odd, preset)).toMatch(/Left out.*"get_\*".*twice/);
    }
    expect(Object.keys(plain(odd).tools).sort()).toEqual(["7", "__proto__"]);
    const permissive = recommended(odd, "permissive");
    for (const { profile } of odd.slice(0, 6)) {
      expect(judge(permissive, odd, profile.name).decision).toBe("deny");
    }
    expect(judge(permissive, odd, "__proto__").decision).toBe("allow");
  });

  it("names what it is not sure of", () => {
    const guess = sample("frobnicate", { class: "execute", risk: "high", confidence: 0.2 });
    expect(noted([guess])).toMatch(/Not sure.*frobnicate/);
    expect(plain([guess]).tools["frobnicate"]).toEqual({ rate_limit: { max: 10, window: "minute" } });
  });

  it("speaks of nothing that it does not have", () => {
    const guess = sample("frobnicate", { class: "write", confidence: 0.2 });
    const write = sample("put_thing", { class: "write" });
    const tools = [...SERVER, guess, write].map(({ profile }) => profile);
    for (const preset of PRESETS) {
      const { policy, notes } = recommend(tools, { preset, called: new Set(["list_servers"]) });
      expect(policy["description"]).toMatch(/^Only tools that were really called/);
      expect(notes.join("\n")).not.toMatch(/times a minute|Not sure/);
    }
    const { notes } = recommend(tools, { preset: "permissive", called: new Set(["deploy", "put_thing"]) });
    expect(notes.join("\n")).toMatch(/each executing tool 10 times a minute.*: deploy\./);
    expect(notes.join("\n")).not.toMatch(/each writing tool/);
  });

  it("shows no hidden characters of names in its notes", () => {
    const nasty = sample("a\n\u202Eb\u001B[2J", { class: "destructive", risk: "critical" });
    expect(recommended([nasty]).notes.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("of more tools than a policy holds denies the rest and says so", () => {
    const many = Array.from({ length: 2_000 }, (_, at) =>
      sample(`tool_${String(at).padStart(200, "0")}`, { class: at % 2 === 0 ? "read" : "destructive" }),
    );
    for (const preset of PRESETS) {
      const { policy, notes } = recommended([...many, runTool()], preset);
      const found = complaints(policy, [...many, runTool()]);
      expect(found).toEqual([]);
      expect(notes.join("\n")).toMatch(/largest size/);
      expect(judge({ policy }, many, "run_tool", { tool_name: "x" }).decision).toBe("deny");
    }
  }, 30_000);
});
