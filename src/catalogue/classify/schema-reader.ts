import { LIMITS } from "../../base/limits.ts";
import type { Json, JsonObject } from "../../base/json-value.ts";

/** How much of a schema was read, and what is known of its parts: each is looked at once, wherever it is used. */
export interface Reader {
  readonly root: JsonObject;
  readonly parts: Map<JsonObject, Part>;
  readonly owns: Map<JsonObject, Own>;
  /** What keywords with schemas by names hold. */
  readonly named: Map<JsonObject, readonly (readonly [string, JsonObject])[]>;
  /** What references refer to. */
  readonly references: Map<string, Json | undefined>;
  /** All that was looked at: parts, alternatives, names, required names and values. */
  steps: number;
  /** Whether something was left out. */
  partly: boolean;
}

/** One of the schemas that a schema is put together from. */
export interface Alternative {
  readonly schema: JsonObject;
  /** Whether it holds whenever the value is there. */
  readonly sure: boolean;
}

/** What a schema says of a value, its alternatives included. */
export interface Part {
  readonly alternatives: readonly Alternative[];
  readonly types: readonly string[];
  readonly ofObjects: boolean;
  readonly description: string;
  readonly format: string;
  readonly values: readonly string[];
}

/** What one schema says of the members of a value. */
export interface Own {
  readonly names: readonly string[];
  readonly required: ReadonlySet<Json>;
}

export const newReader = (root: JsonObject): Reader => ({
  root,
  parts: new Map(),
  owns: new Map(),
  named: new Map(),
  references: new Map(),
  steps: 0,
  partly: false,
});

/** Takes so many steps, if as many are left. */
export const step = (reader: Reader, count = 1): boolean => {
  if (reader.steps + count > LIMITS.classified_schema_steps_max) {
    reader.partly = true;
    return false;
  }
  reader.steps += count;
  return true;
};

/** The beginning of a list that is not read to its end. */
export const firstOf = (reader: Reader, list: readonly Json[], max: number): readonly Json[] => {
  const count = Math.min(list.length, max, LIMITS.classified_schema_steps_max - reader.steps);
  reader.partly ||= count < list.length;
  reader.steps += count;
  return list.slice(0, count);
};
