import {
  bareObject,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Step } from "./path.ts";
import { placesAt, typesAt } from "./schema-places.ts";

/** Calls of a tool that runs others, as an agent would write them to have something run: for the checker to try. */

/** What a call is to hand on. */
export interface Payload {
  /** Texts for whatever carries a text. */
  readonly texts: readonly string[];
  /** A text that the policy admits, for other elements of a batch and other arguments. */
  readonly filler: string | undefined;
}

/** Where a tool is told what to run. */
export interface Route {
  readonly steps: readonly Step[];
  readonly optional: boolean;
}

const ELEMENTS: Step = { kind: "elements" };
/** An untyped value may be a list or an object, and what is in those too. */
const SHAPES_DEEP = 2;

const isWild = ({ kind }: Step): boolean => kind === "elements" || kind === "members";

const objectOf = (name: string, value: Json): JsonObject => {
  const made = bareObject();
  made[name] = value;
  return made;
};

/** Names that an object there may have for what it carries. */
const namesAt = (schema: JsonObject, steps: readonly Step[]): readonly string[] => {
  const names = placesAt(schema, steps).schemas.flatMap((one) => {
    const properties = member(one, "properties");
    return isJsonObject(properties) ? Object.keys(properties) : [];
  });
  return names.length === 0 ? [keyOf(steps)] : [...new Set(names)].slice(0, LIMITS.tried_arguments_max);
};

/** What carries a name is called so, where nothing else is known. */
export const keyOf = (steps: readonly Step[]): string =>
  steps.findLast((step) => step.kind === "name")?.name ?? "name";

/** What may stand at one place: texts, and lists and objects of them where the schema allows. */
const shapesAt = (
  schema: JsonObject,
  steps: readonly Step[],
  payload: Payload,
  left: number,
): readonly Json[] => {
  const types = typesAt(placesAt(schema, steps));
  const may = (type: string): boolean => types === undefined || types.has(type);
  const isOther = !["string", "array", "object"].some(may);
  const inner = (step: Step): readonly Json[] =>
    left === 0 ? [] : shapesAt(schema, [...steps, step], payload, left - 1);
  const { texts, filler } = payload;
  const lists = may("array") ? inner(ELEMENTS) : [];
  const names = may("object") && left > 0 ? namesAt(schema, steps) : [];
  return [
    ...(may("string") || isOther ? texts : []),
    ...lists.flatMap((value) => (filler === undefined ? [[value]] : [[value], [filler, value]])),
    ...names.flatMap((name) => inner({ kind: "name", name }).map((value) => objectOf(name, value))),
  ];
};

/** `spread`: at which of its wildcards the values stand side by side. */
const build = (steps: readonly Step[], values: readonly Json[], spread: number): Json => {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return values[0] ?? null;
  }
  if (step.kind === "name") {
    return objectOf(step.name, build(rest, values, spread));
  }
  if (step.kind === "index") {
    const at = Math.min(step.index, LIMITS.tried_elements_max);
    return [...Array.from({ length: at }, () => null), build(rest, values, spread)];
  }
  const items =
    spread === 0 ? values.map((value) => build(rest, [value], -1)) : [build(rest, values, spread - 1)];
  return step.kind === "elements" ? items : membersOf(items);
};

const membersOf = (items: readonly Json[]): JsonObject => {
  const made = bareObject();
  for (const [at, item] of items.entries()) {
    made[`a${String(at)}`] = item;
  }
  return made;
};

/** Of two values for one place the first, and what only the second has. */
const merged = (first: Json, second: Json): Json => {
  if (isJsonArray(first) && isJsonArray(second)) {
    const length = Math.max(first.length, second.length);
    return Array.from({ length }, (_, at) => mergedMaybe(first[at], second[at]));
  }
  if (!isJsonObject(first) || !isJsonObject(second)) {
    return first;
  }
  const made = bareObject();
  for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
    made[name] = mergedMaybe(member(first, name), member(second, name));
  }
  return made;
};

const mergedMaybe = (first: Json | undefined, second: Json | undefined): Json =>
  first === undefined || second === undefined ? (first ?? second ?? null) : merged(first, second);

/** One value alone in a batch, before another and after it. */
const placed = (steps: readonly Step[], value: Json, filler: string | undefined): readonly Json[] => {
  const wilds = steps.filter(isWild).length;
  const other = filler ?? value;
  const spread = Array.from({ length: wilds }, (_, at) => [
    build(steps, [other, value], at),
    build(steps, [value, other], at),
  ]).flat();
  return [build(steps, [value], 0), ...spread];
};

/** What holds the value, as JSON text, wherever the schema lets a text stand for it. */
const asText = (schema: JsonObject, steps: readonly Step[], value: Json): readonly Json[] =>
  steps.slice(1).flatMap((_, at) => {
    const outer = steps.slice(0, at + 1);
    const types = typesAt(placesAt(schema, outer));
    const isText = types === undefined || types.has("string");
    return isText ? [build(outer, [writeJson(build(steps.slice(at + 1), [value], 0))], 0)] : [];
  });

/** A batch inside an element of the batch. */
const nested = (steps: readonly Step[], value: Json, filler: string | undefined): readonly Json[] => {
  const at = steps.findIndex(isWild);
  const inner = steps.findLastIndex(({ kind }, index) => kind === "name" && index < at);
  if (at === -1 || inner === -1 || at === steps.length - 1) {
    return [];
  }
  const deep = build([...steps.slice(0, at + 1), ...steps.slice(inner)], [value], 0);
  return [merged(deep, build(steps, [filler ?? value], 0))];
};

/** Every call that hands the payload on by one route. Other routes have the filler, or are left out where they may be. */
export const callsBy = function* (
  schema: JsonObject,
  route: Route,
  others: readonly Route[],
  payload: Payload,
  nests: boolean,
): Generator<JsonObject> {
  const { filler } = payload;
  const { steps } = route;
  for (const value of shapesAt(schema, steps, payload, SHAPES_DEEP)) {
    const own = [
      ...placed(steps, value, filler),
      ...asText(schema, steps, value),
      ...(nests ? nested(steps, value, filler) : []),
    ];
    for (const one of own) {
      yield* withOthers(one, others, filler ?? value);
    }
  }
};

const withOthers = function* (own: Json, others: readonly Route[], filler: Json): Generator<JsonObject> {
  const add = (routes: readonly Route[]): Json =>
    routes.reduce<Json>((args, { steps }) => merged(args, build(steps, [filler, filler], 0)), own);
  const all = add(others);
  const least = others.some(({ optional }) => optional)
    ? add(others.filter(({ optional }) => !optional))
    : undefined;
  for (const args of [all, least]) {
    if (isJsonObject(args)) {
      yield args;
    }
  }
};
