import { bareObject, type Json, type JsonObject } from "./json-value.ts";

/** Objects changed as copies, their members in the order they came. */

/** A copy with these members: those it had are changed in their place, the others come last. */
export const having = (value: JsonObject, members: JsonObject): Record<string, Json> =>
  Object.assign(bareObject(), value, members);

/** A copy without these members. */
export const without = (value: JsonObject, ...names: readonly string[]): Record<string, Json> => {
  const kept = bareObject();
  for (const [name, item] of Object.entries(value)) {
    if (!names.includes(name)) {
      kept[name] = item;
    }
  }
  return kept;
};

/** A copy with one member changed in its place. One that it has not is not added. */
export const withMember = (value: JsonObject, name: string, item: Json): Record<string, Json> =>
  Object.hasOwn(value, name) ? having(value, { [name]: item }) : having(value, {});
