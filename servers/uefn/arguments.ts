import { isObject, type JsonObject } from "./editor/json.ts";
import type { ToolFact } from "./tool.ts";

export interface Given {
  readonly params: JsonObject;
  /** Names that the tool does not know: they are not sent. */
  readonly ignored: readonly string[];
}

/** What is sent for these arguments: with the schema's defaults, and without what is null. */
export const givenOf = (schema: ToolFact["inputSchema"], args: JsonObject): Given => {
  const properties: JsonObject = schema.properties ?? {};
  const entries = Object.entries(properties).flatMap(([name, property]) => {
    const value = Object.hasOwn(args, name) ? args[name] : defaultOf(property);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return {
    params: Object.fromEntries(entries),
    ignored: Object.keys(args).filter((name) => !Object.hasOwn(properties, name)),
  };
};

const defaultOf = (property: unknown): unknown => (isObject(property) ? property["default"] : undefined);

/** `kwargs` of run_tool: an object, or JSON text of one. `undefined` where it is neither. */
export const kwargsOf = (kwargs: unknown): JsonObject | undefined => {
  if (kwargs === undefined || kwargs === null) {
    return {};
  }
  if (typeof kwargs !== "string") {
    return isObject(kwargs) ? kwargs : undefined;
  }
  try {
    const value: unknown = JSON.parse(kwargs);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
