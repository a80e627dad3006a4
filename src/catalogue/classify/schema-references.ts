import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";
import { firstOf, step, type Reader } from "./schema-reader.ts";

const REFERENCE_CHARACTERS_MAX = 1_000;

/** What a reference into the same schema refers to. One that leads elsewhere, or nowhere, leaves something unread. */
export const resolveReference = (reader: Reader, reference: Json): Json | undefined => {
  if (typeof reference !== "string" || reference.length > REFERENCE_CHARACTERS_MAX) {
    reader.partly = true;
    return undefined;
  }
  if (!reader.references.has(reference)) {
    reader.references.set(reference, resolved(reader, reference));
  }
  return reader.references.get(reference);
};

const resolved = (reader: Reader, reference: string): Json | undefined => {
  const path = fragmentOf(reference);
  const found =
    path === undefined
      ? undefined
      : path === "" || path.startsWith("/")
        ? atPointer(reader, path)
        : atAnchor(reader, path);
  reader.partly ||= found === undefined;
  return found;
};

/** What stands behind the `#`, as it is meant: it may be percent-encoded. */
const fragmentOf = (reference: string): string | undefined => {
  if (!reference.startsWith("#")) {
    return undefined;
  }
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return reference.slice(1);
  }
};

const atPointer = (reader: Reader, pointer: string): Json | undefined => {
  let at: Json | undefined = reader.root;
  for (const part of pointer.split("/").slice(1)) {
    if (!step(reader)) {
      return undefined;
    }
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isJsonObject(at) ? member(at, name) : isJsonArray(at) ? at[Number(name)] : undefined;
  }
  return at;
};

const ANCHORS = ["$anchor", "$dynamicAnchor"];

/** Anchors are looked for at every place, as far as steps are left. */
const atAnchor = (reader: Reader, anchor: string): JsonObject | undefined => {
  const waiting: Json[] = [reader.root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!step(reader)) {
      return undefined;
    }
    if (isJsonObject(next)) {
      const at = next;
      if (ANCHORS.some((keyword) => member(at, keyword) === anchor) || member(at, "$id") === `#${anchor}`) {
        return at;
      }
    }
    waiting.push(...inside(reader, next));
  }
  return undefined;
};

const inside = (reader: Reader, value: Json): readonly Json[] => {
  const all = isJsonArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return firstOf(reader, all, all.length).filter((one) => isJsonObject(one) || isJsonArray(one));
};
