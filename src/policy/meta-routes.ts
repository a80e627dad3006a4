import { isJsonObject, type JsonObject, member } from "../base/json-value.ts";
import type { Route } from "./meta-calls.ts";
import type { ParsedPath, Step } from "./path.ts";
import { readPath } from "./path-read.ts";
import { placesAt } from "./schema-places.ts";
import type { Taking } from "./taking.ts";
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

const ANY_NAME: readonly Step[] = [{ kind: "name", name: UNKNOWN_NAME }];

/** Each of them, and what stands beside them; every argument where it is not known which. */
export const routesOf = (tool: Taking, meta: MetaFacts): readonly Route[] => {
  const { schema } = tool;
  const known = meta.arguments.map(stepsOf);
  const steps = known.filter((one) => one !== undefined);
  const isKnown = steps.length > 0 && steps.length === known.length;
  const beside = (meta.beside ?? []).map(stepsOf).filter((one) => one !== undefined);
  return [
    ...[...steps, ...(isKnown ? [] : anywhere(schema))].map((one) => ({
      steps: one,
      optional: !isKnown || placesAt(schema, one.slice(0, 1)).optional,
      beside: false,
    })),
    ...[...beside, ...(isKnown && meta.runs === "tools" && tool.takesMore ? [ANY_NAME] : [])].map((one) => ({
      steps: one,
      optional: placesAt(schema, one.slice(0, 1)).optional,
      beside: true,
    })),
  ];
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

/** Whether a condition looks at what the tool is told to run, or at what holds it. */
export const isOnRoute = (routes: readonly Route[], { root, steps }: ParsedPath): boolean =>
  root === "args" &&
  routes.some((route) =>
    route.steps.every((step, at) => at >= steps.length || meets(step, steps[at] ?? step)),
  );
