import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json-value.ts";
import { profileTool } from "../../src/catalogue/profile.ts";
import type { MetaTool, ToolClass } from "../../src/catalogue/verdict.ts";
import { ROOT } from "../support/gateway.ts";

// Tools of our own: of servers as there are many, with misleading names, without descriptions, with texts that lie.

interface Written extends JsonObject {
  readonly name: string;
  readonly class: ToolClass;
  /** What it runs of what its caller tells it, where that is looked at too. */
  readonly meta?: MetaTool["runs"] | "none";
  /** Its name says another thing than its schema: without that nobody can know. */
  readonly misnamed?: true;
}

const TOOLS = JSON.parse(
  readFileSync(join(ROOT, "test/catalogue/written-tools.json"), "utf8"),
) as readonly Written[];

const DANGEROUS: ReadonlySet<string> = new Set(["execute", "destructive", "financial"]);

const definitionOf = ({ class: _class, meta: _meta, misnamed: _misnamed, ...definition }: Written) =>
  definition;

const missesOf = (seen: (tool: JsonObject) => JsonObject, tools: readonly Written[] = TOOLS) =>
  tools.flatMap((tool) => {
    const got = profileTool(seen(definitionOf(tool))).class;
    return got === tool.class ? [] : [`${tool.name}: ${tool.class}, not ${got}`];
  });

const share = (misses: readonly string[], tools: readonly Written[] = TOOLS): number =>
  1 - misses.length / tools.length;
const harmless = (misses: readonly string[]) =>
  misses.filter((miss) => miss.endsWith("not read") && DANGEROUS.has(/: (\w+),/.exec(miss)?.[1] ?? ""));

describe("written tools", () => {
  it("are many, of every class", () => {
    expect(TOOLS.length).toBeGreaterThan(200);
    expect(new Set(TOOLS.map((tool) => tool.class)).size).toBe(5);
    expect(TOOLS.filter(({ description }) => description === undefined).length).toBeGreaterThan(40);
  });

  it("are classed as people class them, none that is dangerous as harmless", () => {
    const misses = missesOf((tool) => tool);
    expect(harmless(misses)).toEqual([]);
    expect(share(misses) >= 0.95 ? [] : misses).toEqual([]);
  });

  it("are found where they run what they are told, and only there", () => {
    const told = TOOLS.filter(({ meta }) => meta !== undefined);
    expect(told.filter(({ meta }) => meta !== "none").length).toBeGreaterThan(70);
    expect(told.filter(({ meta }) => meta === "none").length).toBeGreaterThan(50);
    const misses = told.flatMap((tool) => {
      const got = profileTool(definitionOf(tool)).meta?.runs ?? "none";
      return got === tool.meta
        ? []
        : [`${tool.name} ${JSON.stringify(tool["inputSchema"])}: ${tool.meta}, not ${got}`];
    });
    expect(misses).toEqual([]);
  });

  // Whose name says the opposite of what they do: without a description and a schema nobody can know.
  const LIARS = new Set([
    "query: execute, not read",
    "get_shell: execute, not read",
    "search: destructive, not read",
    "get_data: execute, not read",
  ]);

  it("are still classed by their names alone", () => {
    const named = TOOLS.filter(({ misnamed }) => misnamed !== true);
    const misses = missesOf(({ name }) => ({ name: name ?? null }), named);
    expect(harmless(misses).filter((miss) => !LIARS.has(miss))).toEqual([]);
    expect(share(misses, named) >= 0.9 ? [] : misses).toEqual([]);
  });
});
