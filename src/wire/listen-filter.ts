import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";

const isBoolean = (value: Json): boolean => typeof value === "boolean";
const isTexts = (value: Json): boolean =>
  isJsonArray(value) && value.every((each) => typeof each === "string");

/** The members of a filter that are read, each with the one shape in which it is judged (2026-07-28 "Subscriptions", SEP-2663). */
const SHAPES: Readonly<Record<string, (value: Json) => boolean>> = {
  toolsListChanged: isBoolean,
  promptsListChanged: isBoolean,
  resourcesListChanged: isBoolean,
  resourceSubscriptions: isTexts,
  taskIds: isTexts,
};

/** What is wrong with the filter of a `subscriptions/listen`: a server may make something of a shape that nobody judged. */
export const listenFault = (params: JsonObject): string | undefined => {
  const filter = member(params, "notifications");
  if (!isJsonObject(filter)) {
    return "params.notifications must be an object.";
  }
  for (const [name, isRight] of Object.entries(SHAPES)) {
    const value = member(filter, name);
    if (value !== undefined && !isRight(value)) {
      return `params.notifications.${name} is not of the right type.`;
    }
  }
  return undefined;
};
