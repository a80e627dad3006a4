import { isJsonObject, type JsonObject, member } from "../base/json-value.ts";
import type { Route } from "./meta-calls.ts";
import type { ParsedPath, Step } from "./path.ts";
import { readPath } from "./path-read.ts";
import { placesAt } from "./schema-places.ts";
import type { Counts } from "./meta-trial.ts";
import type { MetaFacts } from "./types.ts";

/** Where in its arguments a tool is told what to run. */

/** An argument that no schema has: where nothing is known, any may carry it. */
const UNKNOWN_NAME = "zq";

export const stepsOf = (path: string): readonly Step[] | undefined => {
  const read = readPath(path);
  return "invalid" in read || read.root !== "args" || read.steps.length === 0 ? undefined : read.steps;
};

const anywhere = (schema: JsonObject): readonly (readonly Step[])[] => {
  const properties = member(schema, "properties");
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  return [...new Set([...names, UNKNOWN_NAME])].map((name) => [{ kind: "name", name }]);
};

/** Each of them; every argument where it is not known which. */
export const routesOf = (schema: JsonObject, meta: MetaFacts): readonly Route[] => {
  const known = meta.arguments.map(stepsOf);
  const steps = known.filter((one) => one !== undefined);
  const isKnown = steps.length > 0 && steps.length === known.length;
  return [...steps, ...(isKnown ? [] : anywhere(schema))].map((one) => ({
    steps: one,
    optional: !isKnown || placesAt(schema, one.slice(0, 1)).optional,
  }));
};

const WITHIN: Readonly<Record<Step["kind"], Step["kind"] | undefined>> = {
  members: "name",
  elements: "index",
  name: "members",
  index: "elements",
};

const meets = (a: Step, b: Step): boolean => {
  if (a.kind === "name" && b.kind === "name") {
    return a.name === b.name;
  }
  if (a.kind === "index" && b.kind === "index") {
    return a.index === b.index;
  }
  return a.kind === b.kind || WITHIN[a.kind] === b.kind;
};

/** Conditions count that look at what the tool is told to run, or at what holds it; and at the tool's name. */
export const countsFor =
  (routes: readonly Route[]): Counts =>
  ({ root, steps }: ParsedPath) =>
    root === "args"
      ? routes.some((route) =>
          route.steps.every((step, at) => at >= steps.length || meets(step, steps[at] ?? step)),
        )
      : root === "tool" && steps[0]?.kind === "name" && steps[0].name === "name";
