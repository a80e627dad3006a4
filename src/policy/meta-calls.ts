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
import { placesAt, typesAt, valuesAt } from "./schema-places.ts";

/** Calls of a tool that runs others, as an agent would write them to have something run: for the checker to try. */

/** What a call is to hand on. */
export interface Payload {
  /** Texts for whatever carries a text. */
  readonly texts: readonly string[];
  /** Lengths of batches to try, besides one alone. */
  readonly sizes: readonly number[];
  /** Whether a batch may stand inside a batch. */
  readonly nests: boolean;
}

/** Where a tool is told what to run, or could be told of more. */
export interface Route {
  readonly steps: readonly Step[];
  readonly optional: boolean;
  /** Whether it stands beside what the tool is told. */
  readonly beside: boolean;
  /** A text that the policy admits there, for other elements of a batch and other arguments. */
  readonly filler?: string | undefined;
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

/** What a schema says of one place, as far as calls are made by it. */
interface Shape {
  readonly types: ReadonlySet<string> | undefined;
  readonly values: readonly Json[] | undefined;
  /** Names that an object there may have for what it carries. */
  readonly names: readonly string[];
}

const shapeOf = (schema: JsonObject, steps: readonly Step[]): Shape => {
  const places = placesAt(schema, steps);
  const names = places.schemas.flatMap((one) => {
    const properties = member(one, "properties");
    return isJsonObject(properties) ? Object.keys(properties) : [];
  });
  return {
    types: typesAt(places),
    values: valuesAt(places),
    names: names.length === 0 ? [keyOf(steps)] : [...new Set(names)].slice(0, LIMITS.tried_arguments_max),
  };
};

/** Schemas may be large, and each of a thousand names is tried at the same places. */
const shapes = new WeakMap<JsonObject, Map<string, Shape>>();

/** The values that may stand at a place, where its schema lists them. */
export const listedAt = (schema: JsonObject, steps: readonly Step[]): readonly Json[] | undefined =>
  shapeAt(schema, steps).values;

const shapeAt = (schema: JsonObject, steps: readonly Step[]): Shape => {
  const known = shapes.get(schema) ?? new Map<string, Shape>();
  shapes.set(schema, known);
  const key = JSON.stringify(steps);
  const shape = known.get(key) ?? shapeOf(schema, steps);
  if (known.size < LIMITS.tried_shapes_max) {
    known.set(key, shape);
  }
  return shape;
};

/** What carries a name is called so, where nothing else is known. */
export const keyOf = (steps: readonly Step[]): string =>
  steps.findLast((step) => step.kind === "name")?.name ?? "name";

/** What may stand at one place: texts, and lists and objects of them where the schema allows. */
const shapesAt = (
  schema: JsonObject,
  { steps, filler }: Pick<Route, "steps" | "filler">,
  payload: Payload,
  left: number,
): readonly Json[] => {
  const { types, values, names } = shapeAt(schema, steps);
  // What may only be one of a few values, none of which is a list or an object, is none.
  const isPlain = values?.every((value) => !isJsonArray(value) && !isJsonObject(value)) === true;
  const may = (type: string): boolean =>
    types === undefined ? type === "string" || !isPlain : types.has(type);
  const isOther = !["string", "array", "object"].some(may);
  const inner = (step: Step): readonly Json[] =>
    left === 0 ? [] : shapesAt(schema, { steps: [...steps, step], filler }, payload, left - 1);
  const texts = values === undefined ? payload.texts : payload.texts.filter((text) => values.includes(text));
  const lists = may("array") ? inner(ELEMENTS) : [];
  const members = may("object") && left > 0 ? names : [];
  return [
    ...(may("string") || isOther ? texts : []),
    ...lists.map((value) => [value]),
    ...(filler === undefined
      ? []
      : lists.flatMap((value) => payload.sizes.flatMap((size) => besides(value, filler, size)))),
    ...members.flatMap((name) => inner({ kind: "name", name }).map((value) => objectOf(name, value))),
  ];
};

/** One value behind all others of a list, and before them. */
const besides = (value: Json, other: Json, size: number): readonly (readonly Json[])[] => {
  const others = Array.from({ length: size - 1 }, () => other);
  return [
    [...others, value],
    [value, ...others],
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

interface Placed {
  readonly args: Json;
  /** How many elements its batch has. */
  readonly size: number;
}

/** One value alone in a batch, before others and behind them. */
const placed = (
  steps: readonly Step[],
  value: Json,
  other: Json,
  sizes: readonly number[],
): readonly Placed[] => {
  const wilds = steps.filter(isWild).length;
  const spread = Array.from({ length: wilds }, (_, at) =>
    sizes.flatMap((size) =>
      besides(value, other, size).map((values) => ({ args: build(steps, values, at), size })),
    ),
  ).flat();
  return [alone(build(steps, [value], 0)), ...spread];
};

const alone = (args: Json): Placed => ({ args, size: 1 });

/** What holds the value, as JSON text, wherever the schema lets a text stand for it. */
const asText = (schema: JsonObject, steps: readonly Step[], value: Json): readonly Json[] =>
  steps.slice(1).flatMap((_, at) => {
    const outer = steps.slice(0, at + 1);
    const { types } = shapeAt(schema, outer);
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

/** Every call that hands the payload on by one route. Other routes have their filler, or are left out where they may be. */
export const callsBy = function* (
  schema: JsonObject,
  route: Route,
  others: readonly Route[],
  payload: Payload,
): Generator<JsonObject> {
  const { steps, filler } = route;
  const rest = restBy(others);
  for (const value of shapesAt(schema, route, payload, SHAPES_DEEP)) {
    const own = [
      ...placed(steps, value, filler ?? value, payload.sizes),
      ...asText(schema, steps, value).map(alone),
      ...(payload.nests ? nested(steps, value, filler) : []).map(alone),
    ];
    for (const { args, size } of own) {
      for (const beside of rest(size, value)) {
        const whole = beside === undefined ? args : merged(args, beside);
        if (isJsonObject(whole)) {
          yield whole;
        }
      }
    }
  }
};

/** What stands at these routes, in batches of a size. What must be told and has no filler has the value. */
const restOf = (routes: readonly Route[], size: number, value: Json): Json | undefined => {
  let rest: Json | undefined;
  for (const { steps, filler, beside } of routes) {
    const fill = filler ?? (beside ? undefined : value);
    if (fill !== undefined) {
      const one = build(
        steps,
        Array.from({ length: size }, () => fill),
        0,
      );
      rest = rest === undefined ? one : merged(rest, one);
    }
  }
  return rest;
};

/** All other routes, and those that may not be left out: made once a size, but for what the value changes. */
const restBy = (others: readonly Route[]): ((size: number, value: Json) => readonly (Json | undefined)[]) => {
  const sets = others.some(({ optional }) => optional)
    ? [others, others.filter(({ optional }) => !optional)]
    : [others];
  const fixed = sets.every((set) => set.every(({ filler, beside }) => filler !== undefined || beside));
  const known = new Map<number, readonly (Json | undefined)[]>();
  return (size, value) => {
    const made = known.get(size) ?? sets.map((set) => restOf(set, size, value));
    if (fixed) {
      known.set(size, made);
    }
    return made;
  };
};
