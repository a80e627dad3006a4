import { isJsonArray, isJsonObject, type Json } from "../../../base/json-value.ts";
import { writeJson } from "../../../base/json-write.ts";
import { visibleText } from "../../visible-text.ts";

const WIDTH = 72;

/** JSON for people: two spaces a level, what fits on a line on one line, and nothing in it that is not seen. */
export const jsonText = (value: Json): string => write(value, "", 0);

/** `used`: how much of the line stands before it. */
const write = (value: Json, indent: string, used: number): string => {
  const flat = writeFlat(value);
  const deep = levels(value);
  const fits = indent !== "" && deep <= LEVELS_ON_A_LINE && indent.length + used + flat.length <= WIDTH;
  if (deep === 0 || flat.length <= EMPTY || fits) {
    return flat;
  }
  return isJsonArray(value) ? writeList(value, indent, used) : writeMembers(value, indent);
};

const LEVELS_ON_A_LINE = 3;
/** `[]` and `{}`. */
const EMPTY = 2;

const writeList = (list: readonly Json[], indent: string, used: number): string => {
  const [only] = list;
  if (list.length === 1 && isJsonObject(only)) {
    return `[${write(only, indent, used + 1)}]`;
  }
  const inner = `${indent}  `;
  return `[\n${list.map((item) => inner + write(item, inner, 0)).join(",\n")}\n${indent}]`;
};

const writeMembers = (value: Json, indent: string): string => {
  const inner = `${indent}  `;
  const members = Object.entries(isJsonObject(value) ? value : {}).map(([name, item]) => {
    const key = `${text(name)}: `;
    return inner + key + write(item, inner, key.length);
  });
  return `{\n${members.join(",\n")}\n${indent}}`;
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
