import parameters from "./parameters.json" with { type: "json" };
import categories from "./registry.json" with { type: "json" };
import { CommandError, contains, type Fields } from "./values.ts";

// The names that the editor's registry has, and what is known of their parameters.

const categoryOf: ReadonlyMap<string, string> = new Map(
  Object.entries(categories).flatMap(([category, names]) => names.map((name) => [name, category] as const)),
);

const parametersOf: ReadonlyMap<string, Fields> = new Map<string, Fields>(Object.entries(parameters));

/** All names, in the order of the categories. */
export const REGISTRY_NAMES: readonly string[] = [...categoryOf.keys()];

/** Parameters of a command or a tool with the kind of each; `?` where it may be left out. */
export const knownParameters = (name: string): Fields => parametersOf.get(name) ?? {};

export const listTools = (category: string): Fields => {
  const tools = REGISTRY_NAMES.flatMap((name) => {
    const of = categoryOf.get(name) ?? "";
    return contains(of, category) ? [{ name, category: of }] : [];
  });
  return { tools, count: tools.length, categories: Object.keys(categories) };
};

export const describeTool = (name: string): Fields => {
  const category = categoryOf.get(name);
  if (category === undefined) {
    throw new CommandError(`Unknown tool: ${name}`);
  }
  return { name, category, parameters: knownParameters(name) };
};
