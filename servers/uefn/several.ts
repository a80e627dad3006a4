import type { CallToolResult } from "@modelcontextprotocol/server";
import { problem, problemOf } from "./answers.ts";
import type { Command } from "./editor/editor.ts";
import { isObject, type JsonObject } from "./editor/json.ts";
import type { Outcome } from "./editor/outcome.ts";
import { runSteps, type Step } from "./steps.ts";

type Run = (command: Command) => Promise<Outcome>;

const LIGHTS_MAX = 500;
/** What a light has that is a number. */
const LIGHT_NUMBERS: ReadonlySet<string> = new Set(["intensity", "radius", "temperature"]);

export const registryCommand = (tool: string, kwargs: JsonObject): Command => ({
  command: "run_tool",
  params: { tool_name: tool, kwargs },
});

/** Volume and radius are one registry tool each. */
export const audioSet = async (params: JsonObject, run: Run): Promise<CallToolResult> => {
  const steps = ["volume", "radius"]
    .filter((name) => Object.hasOwn(params, name))
    .map((name): Step => {
      const kwargs = { actor_label: params["actor_label"], [name]: params[name] };
      return { step: name, command: registryCommand(`audio_set_${name}`, kwargs) };
    });
  return steps.length === 0
    ? problem("audio_set did not run: give volume, radius or both.")
    : runSteps(steps, run);
};

interface Light {
  readonly label: string;
  readonly type: string | undefined;
}

/** Lists the lights, then sets each. */
export const lightBulkAdjust = async (params: JsonObject, run: Run): Promise<CallToolResult> => {
  const { property_name: property, value, light_type: type } = params;
  if (typeof property !== "string" || !LIGHT_NUMBERS.has(property)) {
    return problem("light_bulk_adjust did not run: property_name is intensity, radius or temperature.");
  }
  const listed = await run(registryCommand("light_list", {}));
  if (listed.kind !== "done") {
    const why = problemOf("light_list", listed);
    return problem(`light_bulk_adjust changed nothing: the lights could not be listed. ${why}`);
  }
  const lights = lightsIn(listed.result);
  if (lights === undefined) {
    return problem(
      "light_bulk_adjust changed nothing: the editor's list of lights is not one that this server understands. Use light_list, and light_set for each.",
    );
  }
  const typed = typeof type === "string" && type !== "";
  if (typed && lights.some((light) => light.type === undefined)) {
    return problem(
      "light_bulk_adjust changed nothing: the editor's list does not tell the kind of every light. Leave out light_type, or use light_set.",
    );
  }
  const chosen = typed ? ofType(lights, type) : lights;
  if (chosen.length > LIGHTS_MAX) {
    return problem(
      `light_bulk_adjust changed nothing: ${String(chosen.length)} lights are more than ${String(LIGHTS_MAX)}. Give a light_type, or use light_set.`,
    );
  }
  const steps = chosen.map(({ label }): Step => {
    const command = registryCommand("light_set", { actor_label: label, [property]: value });
    return { step: label, command };
  });
  return runSteps(steps, run);
};

const ofType = (lights: readonly Light[], type: string): readonly Light[] =>
  lights.filter((light) => light.type?.toLowerCase().includes(type.toLowerCase()) === true);

/** A list of labels or of objects with a label; bare, or the one list in an object. */
const lightsIn = (result: unknown): readonly Light[] | undefined => {
  const list = listIn(result) ?? (isObject(result) ? listIn(result["result"]) : undefined);
  const lights = list?.map(lightOf);
  return lights?.every((light) => light !== undefined) === true ? lights : undefined;
};

const listIn = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) {
    return value;
  }
  const lists = isObject(value) ? Object.values(value).filter((inner) => Array.isArray(inner)) : [];
  return lists.length === 1 ? lists[0] : undefined;
};

const lightOf = (item: unknown): Light | undefined => {
  if (typeof item === "string") {
    return { label: item, type: undefined };
  }
  const label = isObject(item) ? firstText(item, ["actor_label", "label", "name"]) : undefined;
  return isObject(item) && label !== undefined
    ? { label, type: firstText(item, ["light_type", "type", "class"]) }
    : undefined;
};

const firstText = (item: JsonObject, names: readonly string[]): string | undefined =>
  names.map((name) => item[name]).find((value) => typeof value === "string");
