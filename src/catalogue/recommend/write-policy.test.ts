import { describe, expect, it } from "vitest";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-value.ts";
import { PRESETS, type Preset } from "../recommendation.ts";
import { recommend } from "./recommend.ts";
import { complaints, object, type Sample, sample, SERVER } from "./testing/profiles.ts";
import { writeCommented, writePolicy } from "./write-policy.ts";

const TEXT = { type: "string" };
const FILES = sample(
  "read_file",
  { powers: ["files"] },
  { type: "object", properties: { path: TEXT, source: TEXT }, required: ["path"] },
  [
    { path: "args.path", kinds: ["path"] },
    { path: "args.source", kinds: ["url"], required: false },
  ],
);
const WRITES = sample(
  "write_file",
  { class: "write", risk: "medium" },
  { type: "object", properties: { path: TEXT }, required: ["path"] },
  [{ path: "args.path", kinds: ["path"] }],
);
const TOOLS = [...SERVER, FILES, WRITES];
const recommended = (preset: Preset, tools: readonly Sample[] = TOOLS) =>
  recommend(
    tools.map(({ profile }) => profile),
    { preset },
  );

/** What is left when the sentences are taken away, and then the two slashes before what is JSON. */
const uncommented = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^\/\/|^\s*\/\/ [A-Za-z]/.test(line))
    .map((line) => line.replace(/^(\s*)\/\/ /, "$1"))
    .join("\n");

describe("a policy as text", () => {
  it.each(PRESETS)("is the same policy: %s", (preset) => {
    const { policy } = recommended(preset);
    expect(readJson(writePolicy(policy))).toEqual(readJson(JSON.stringify(policy)));
    expect(writePolicy(policy).endsWith("}\n")).toBe(true);
    expect(
      writePolicy(policy)
        .split("\n")
        .every((line) => line.length < 140),
    ).toBe(true);
  });

  it("has a line for each tool where its rule is short", () => {
    const text = writePolicy(recommended("recommended").policy);
    expect(text).toContain('\n    "list_servers": {},\n');
    expect(text).toContain('\n    "start_server": { "rate_limit": { "max": 30, "window": "minute" } },\n');
    expect(text.indexOf('"version"')).toBeLessThan(text.indexOf('"default"'));
    expect(text.indexOf('"default"')).toBeLessThan(text.indexOf('"tools"'));
  });

  it("has long lists of names on full lines", () => {
    const many = Array.from({ length: 60 }, (_, at) => sample(`list_${String(at)}`, {}));
    const { policy } = recommended("recommended", [...SERVER, ...many]);
    const text = writePolicy(policy);
    expect(readJson(text)).toEqual(readJson(JSON.stringify(policy)));
    expect(text).toMatch(/^ +"list_\d+", "list_\d+", "list_\d+", .*,$/m);
    expect(text.split("\n").every((line) => line.length < 140)).toBe(true);
  });

  it("shows every character of names that would hide some", () => {
    const nasty = sample("a\u202Eb\u007F\u2028\u{E0041}", {});
    const text = writePolicy(recommended("recommended", [nasty]).policy);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    const tools = member(readJson(text) as JsonObject, "tools");
    expect(isJsonObject(tools) ? Object.keys(tools) : []).toEqual([nasty.profile.name]);
  });
});

describe("a commented policy", () => {
  it.each(PRESETS)("is the policy when its comments are taken away: %s", (preset) => {
    const recommendation = recommended(preset);
    const bare = writeCommented(recommendation)
      .split("\n")
      .filter((line) => !/^\s*\/\//.test(line))
      .join("\n");
    expect(readJson(bare)).toEqual(readJson(writePolicy(recommendation.policy)));
  });

  it.each(["recommended", "strict"] as const)("has the proposals as they would stand: %s", (preset) => {
    const recommendation = recommended(preset);
    const policy = readJson(uncommented(writeCommented(recommendation)));
    // A tool with a condition is not one that others may run: whoever takes it over is told.
    const told = isJsonObject(policy) ? complaints(policy, TOOLS) : ["no object"];
    expect(told.filter((one) => !one.includes("read_file may be called only under conditions"))).toEqual([]);
    expect(told).toHaveLength(preset === "strict" ? 0 : 2);
    const rules = isJsonObject(policy) ? member(policy, "tools") : undefined;
    for (const { tool, value } of recommendation.proposals) {
      const rule = isJsonObject(rules) ? member(rules, tool) : undefined;
      expect(isJsonObject(rule) && member(rule, "require")).toContainEqual(value);
    }
    expect(recommendation.proposals.length).toBe(preset === "strict" ? 0 : 4);
  });

  it.each(PRESETS)("says at a tool that reads secrets that it does: %s", (preset) => {
    const reads = sample("get_env", { risk: "high" });
    const recommendation = recommended(preset, [...TOOLS, reads]);
    const text = writeCommented(recommendation);
    const at = text.indexOf("may be secret", text.indexOf('"version"'));
    expect(at === -1).toBe(preset === "strict");
    expect(recommendation.remarks.map(({ tool }) => tool)).toEqual(preset === "strict" ? [] : ["get_env"]);
    expect(preset === "strict" || /^[^"]*\n *(?:\/\/ )?"get_env": \{\}/.test(text.slice(at))).toBe(true);
    expect(recommendation.notes.some((note) => /may be secret.*get_env/.test(note))).toBe(
      preset !== "strict",
    );
  });

  it("has every note and reason, and the rules that tools without one would get", () => {
    const recommendation = recommended("permissive");
    const words = writeCommented(recommendation).replaceAll(/\n\s*\/\/ /g, " ");
    for (const note of recommendation.notes) {
      expect(words).toContain(note);
    }
    for (const { why } of recommendation.proposals) {
      expect(words).toContain(why);
    }
    expect(writeCommented(recommendation)).toMatch(/^ {4}\/\/ "read_file": \{/m);
  });

  it("keeps its comments on their lines whatever a server calls its tools", () => {
    const nasty = sample(
      'x\n"evil": {},\u2028//',
      {},
      { type: "object", properties: { "a\nb": TEXT }, required: ["a\nb"] },
      [{ path: 'args["a\\nb"]', kinds: ["path"] }],
    );
    const odd = { ...nasty, profile: { ...nasty.profile, confidence: 0.1 } };
    const recommendation = recommended("recommended", [odd]);
    const bare = writeCommented(recommendation)
      .split(/[\n\u2028]/)
      .filter((line) => !/^\s*\/\//.test(line))
      .join("\n");
    expect(readJson(bare)).toEqual(object({ ...recommendation.policy }));
  });
});
