import { type Json, isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { type InvalidPath, isRoot, type ParsedPath, parsePath, rootNames, type Step } from "./path.ts";
import { rootPath, rootPathNames } from "./roots.ts";
import type { Call } from "./types.ts";

const withNearest = (invalid: string, candidate: string | undefined): InvalidPath =>
  candidate === undefined ? { invalid } : { invalid, nearest: candidate };

/** Reads a path of a condition: the grammar, and that policies have such a path (docs/policy.md). */
export const readPath = (text: string): ParsedPath | InvalidPath => {
  const parsed = parsePath(text);
  if ("invalid" in parsed) {
    return parsed;
  }
  const { root } = parsed;
  if (!isRoot(root)) {
    const known = nearest(root, rootNames);
    const rest = text.slice(root.length);
    const message = `A path begins with one of ${rootNames.join(", ")}.`;
    return withNearest(message, known === undefined ? undefined : known + rest);
  }
  if (root !== "args" && rootPath(parsed) === undefined) {
    return withNearest(`Policies have no path ${text}.`, nearest(text, rootPathNames));
  }
  return { ...parsed, root };
};

/** Reads one value out of another; `undefined` where nothing is. */
export type Read = (value: Json) => Json | undefined;

/**
 * One step that yields at most one value. Arguments come from the strict reader, whose objects inherit nothing, so a
 * plain look-up is enough; names that ordinary objects inherit are looked up with care all the same.
 */
export const compileStep = (step: Extract<Step, { kind: "name" | "index" }>): Read => {
  if (step.kind === "index") {
    const { index } = step;
    return (value) => (isJsonArray(value) ? value[index] : undefined);
  }
  const { name } = step;
  return name in Object.prototype
    ? (value) => (isJsonObject(value) ? member(value, name) : undefined)
    : (value) => (isJsonObject(value) ? value[name] : undefined);
};

/** A reader of an `args` path without wildcards, for `increment_from` and conditions. */
export const compileArgsNumberPath = (path: ParsedPath): ((call: Call) => Json | undefined) => {
  const reads = path.steps.map((step) =>
    step.kind === "name" || step.kind === "index" ? compileStep(step) : nothing,
  );
  const [first, second] = reads;
  if (first === undefined) {
    return (call) => call.args;
  }
  if (second === undefined) {
    return (call) => first(call.args);
  }
  return (call) => {
    let value: Json | undefined = call.args;
    for (const read of reads) {
      value = read(value);
      if (value === undefined) {
        return undefined;
      }
    }
    return value;
  };
};

const nothing: Read = () => undefined;
