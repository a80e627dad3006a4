import { expect, it } from "vitest";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Command } from "./editor/editor.ts";
import type { Outcome } from "./editor/outcome.ts";
import { audioSet, lightBulkAdjust } from "./several.ts";

const DONE: Outcome = { kind: "done", result: { ok: true } };
const FAILED: Outcome = { kind: "failed", problem: "no such actor" };
const UNKNOWN: Outcome = { kind: "unknown", problem: "cut" };

/** Runs with these outcomes, one after the other, and keeps what was asked. */
const runner = (
  ...outcomes: readonly Outcome[]
): { asked: unknown[]; run: (command: Command) => Promise<Outcome> } => {
  const asked: unknown[] = [];
  const run = async ({ params }: Command): Promise<Outcome> => {
    asked.push(params["kwargs"]);
    return outcomes[asked.length - 1] ?? DONE;
  };
  return { asked, run };
};

const statesOf = ({ structuredContent }: CallToolResult): unknown => {
  const { steps } = structuredContent as { steps: { step: string; state: string }[] };
  return steps.map(({ step, state }) => `${step} ${state}`);
};

const listed = (result: unknown): Outcome => ({ kind: "done", result });
const BOTH = { actor_label: "A", volume: 1, radius: 2 };
const ADJUST = { property_name: "radius", value: 5, light_type: "" };

it("sets what is given only", async () => {
  const { asked, run } = runner();
  const result = await audioSet({ actor_label: "A", radius: 2 }, run);
  expect(asked).toEqual([{ actor_label: "A", radius: 2 }]);
  expect(result.structuredContent).toEqual({
    complete: true,
    steps: [{ step: "radius", state: "done", result: { ok: true } }],
  });
});

it("asks nothing of the editor where nothing is given to set", async () => {
  const { asked, run } = runner();
  expect((await audioSet({ actor_label: "A" }, run)).isError).toBe(true);
  expect(asked).toEqual([]);
});

it("tells which part is done and which failed", async () => {
  const result = await audioSet(BOTH, runner(FAILED, DONE).run);
  expect(result.isError).toBe(true);
  expect(statesOf(result)).toEqual(["volume failed", "radius done"]);
  expect(result.structuredContent).toMatchObject({ complete: false });
});

it("begins nothing more after a step that may be running still", async () => {
  const { asked, run } = runner(UNKNOWN);
  const result = await audioSet(BOTH, run);
  expect(asked).toHaveLength(1);
  expect(result.isError).toBe(true);
  expect(statesOf(result)).toEqual(["volume unknown", "radius not_run"]);
});

it("does not call done what the editor gave no result for", async () => {
  const result = await audioSet(BOTH, runner(listed(null), listed({ result: null })).run);
  expect(statesOf(result)).toEqual(["volume unconfirmed", "radius unconfirmed"]);
  expect(result.structuredContent).toMatchObject({ complete: false });
});

it.each([
  ["labels", ["A", "B"]],
  ["objects", [{ label: "A" }, { name: "B" }]],
  ["a list in an object", { count: 2, lights: [{ actor_label: "A" }, { label: "B" }] }],
  ["a wrapped list", { tool: "light_list", result: { lights: ["A", "B"] } }],
])("sets each light of a list of %s", async (_name, lights) => {
  const { asked, run } = runner(listed(lights));
  const result = await lightBulkAdjust(ADJUST, run);
  expect(asked).toEqual([{}, { actor_label: "A", radius: 5 }, { actor_label: "B", radius: 5 }]);
  expect(statesOf(result)).toEqual(["A done", "B done"]);
});

it.each([
  ["nothing", null, ADJUST],
  ["no list", { lights: 3 }, ADJUST],
  ["two lists", { lights: [], errors: [] }, ADJUST],
  ["a light without a name", [{ type: "PointLight" }], ADJUST],
  ["lights without a kind, where a kind is wanted", ["A"], { ...ADJUST, light_type: "point" }],
  ["too many lights", Array.from({ length: 501 }, (_, index) => `L${String(index)}`), ADJUST],
])("changes nothing where the editor lists %s", async (_name, lights, params) => {
  const { asked, run } = runner(listed(lights));
  const result = await lightBulkAdjust(params, run);
  expect(result.isError).toBe(true);
  expect(asked).toHaveLength(1);
});

it("changes nothing where the lights cannot be listed, or the property is none of a light", async () => {
  const failing = runner(FAILED);
  expect((await lightBulkAdjust(ADJUST, failing.run)).isError).toBe(true);
  expect(failing.asked).toHaveLength(1);
  const { asked, run } = runner();
  expect((await lightBulkAdjust({ ...ADJUST, property_name: "name" }, run)).isError).toBe(true);
  expect(asked).toEqual([]);
});
