import { isJsonArray, isJsonObject, type Json } from "../../../base/json-value.ts";
import { writeJson } from "../../../base/json-write.ts";
import { visibleText } from "./visible-text.ts";

const WIDTH = 72;

/** JSON for people: two spaces a level, what fits on a line on one line, and nothing in it that is not seen. */
export const jsonText = (value: Json): string => write(value, "", 0);

/** `used`: how much of the line stands before it. */
const write = (value: Json, indent: string, used: number): string => {
  const flat = writeFlat(value);
  const holds = isJsonArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
  if (!holds || (indent !== "" && indent.length + used + flat.length <= WIDTH && levels(value) <= 3)) {
    return flat;
  }
  if (isJsonArray(value) && value.length === 1 && isJsonObject(value[0])) {
    return `[${write(value[0], indent, used + 1)}]`;
  }
  const inner = `${indent}  `;
  const items = isJsonArray(value)
    ? value.map((item) => inner + write(item, inner, 0))
    : Object.entries(isJsonObject(value) ? value : {}).map(([name, item]) => {
        const key = `${text(name)}: `;
        return inner + key + write(item, inner, key.length);
      });
  const [open, close] = isJsonArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${items.join(",\n")}\n${indent}${close}`;
};

/** How many levels of lists and objects a value has. */
const levels = (value: Json): number => {
  const parts = isJsonObject(value) ? Object.values(value) : isJsonArray(value) ? value : undefined;
  return parts === undefined ? 0 : 1 + Math.max(0, ...parts.map(levels));
};

const text = (value: string): string => visibleText(writeJson(value));

const writeFlat = (value: Json): string => {
  if (isJsonArray(value)) {
    return `[${value.map(writeFlat).join(", ")}]`;
  }
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([name, item]) => `${text(name)}: ${writeFlat(item)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return visibleText(writeJson(value));
};
