import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { Proposal, Recommendation } from "../recommendation.ts";
import { quoted } from "./texts.ts";

/** Policies as text for people: short things on one line, the rest broken and indented by two. */

const COLUMNS = 110;

const flat = (value: Json): string => {
  if (typeof value === "string") {
    return quoted(value);
  }
  if (isJsonArray(value)) {
    return `[${value.map(flat).join(", ")}]`;
  }
  if (!isJsonObject(value)) {
    return writeJson(value);
  }
  const members = Object.keys(value).map((name) => `${quoted(name)}: ${flat(member(value, name) ?? null)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
};

/** Names one after the other, as many on a line as there is room for. */
const filled = (words: readonly string[], indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = "";
  for (const [at, word] of words.entries()) {
    const item = at === words.length - 1 ? word : `${word},`;
    if (line !== "" && indent.length + line.length + item.length >= COLUMNS) {
      lines.push(indent + line);
      line = "";
    }
    line += line === "" ? item : ` ${item}`;
  }
  return [...lines, indent + line];
};

/** `before`: characters that stand before it on its line. */
const pretty = (value: Json, indent: string, before: number): string => {
  const line = flat(value);
  if (before + line.length <= COLUMNS || (!isJsonArray(value) && !isJsonObject(value))) {
    return line;
  }
  const deeper = `${indent}  `;
  if (isJsonArray(value) && value.every((item) => typeof item === "string")) {
    return `[\n${filled(value.map(quoted), deeper).join("\n")}\n${indent}]`;
  }
  if (isJsonArray(value)) {
    const items = value.map((item) => deeper + pretty(item, deeper, deeper.length));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  return isJsonObject(value) ? `{\n${membersOf(value, deeper).join(",\n")}\n${indent}}` : line;
};

const memberLine = (name: string, value: Json, indent: string): string => {
  const start = `${indent}${quoted(name)}: `;
  return start + pretty(value, indent, start.length);
};

const membersOf = (value: JsonObject, indent: string): readonly string[] =>
  Object.keys(value).map((name) => memberLine(name, member(value, name) ?? null, indent));

/** Members that are always broken, so that each tool has its line. */
const document = (policy: JsonObject, toolLines: (tools: JsonObject) => readonly string[]): string => {
  const members = Object.keys(policy).map((name) => {
    const value = member(policy, name) ?? null;
    const lines = name === "tools" && isJsonObject(value) ? toolLines(value) : [];
    return lines.length > 0 ? `  "tools": {\n${lines.join("\n")}\n  }` : memberLine(name, value, "  ");
  });
  return `{\n${members.join(",\n")}\n}\n`;
};

const withCommas = (items: readonly string[]): readonly string[] =>
  items.map((item, at) => (at === items.length - 1 ? item : `${item},`));

/** Strict JSON, for a file. */
export const writePolicy = (policy: JsonObject): string =>
  document(policy, (tools) => withCommas(membersOf(tools, "    ")));

/** Text after `//`, broken at spaces. */
const comment = (text: string, indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = `${indent}//`;
  for (const word of text.split(" ")) {
    if (line.length + word.length >= COLUMNS && line.trim() !== "//") {
      lines.push(line);
      line = `${indent}//`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
};

const commented = (text: string, indent: string): readonly string[] =>
  text.split("\n").map((line) => `${indent}// ${line}`);

/** What would be written into a rule: `"require": [ … ]` as it would stand there, behind `//`. */
const proposalLines = (proposals: readonly Proposal[], indent: string, comma: string): readonly string[] => [
  ...proposals.flatMap(({ argument, why }) =>
    comment(`Proposal for ${quoted(argument).slice(1, -1)}. ${why}`, indent),
  ),
  ...commented(
    `${memberLine(
      "require",
      proposals.map(({ value }) => value),
      "",
    )}${comma}`,
    indent,
  ),
];

const toolWith = (name: string, rule: JsonObject, proposals: readonly Proposal[]): readonly string[] => {
  if (proposals.length === 0) {
    return [memberLine(name, rule, "    ")];
  }
  const members = withCommas(membersOf(rule, "      "));
  return [
    `    ${quoted(name)}: {`,
    ...proposalLines(proposals, "      ", members.length === 0 ? "" : ","),
    ...members,
    "    }",
  ];
};

/** Rules for tools that the default admits would be rules of their own. */
const unruled = (
  name: string,
  proposals: readonly Proposal[],
  remarks: readonly string[],
): readonly string[] => [
  ...remarks,
  ...proposals.flatMap(({ argument, why }) =>
    comment(`Proposal for ${quoted(argument).slice(1, -1)}. ${why}`, "    "),
  ),
  ...commented(memberLine(name, rulesOf(proposals), ""), "    "),
];

const rulesOf = (proposals: readonly Proposal[]): JsonObject =>
  proposals.length === 0 ? {} : { require: proposals.map(({ value }) => value) };

const endedByComma = (lines: readonly string[]): readonly string[] =>
  lines.map((line, at) => (at === lines.length - 1 ? `${line},` : line));

const HEAD = "For reading: the file of a policy is plain JSON without comments.";

/** The policy with its notes at the top and its proposals where they would stand, as comments. For reading. */
export const writeCommented = ({ policy, proposals, remarks, notes }: Recommendation): string => {
  const byTool = Map.groupBy(proposals, ({ tool }) => tool);
  const remarked = Map.groupBy(remarks, ({ tool }) => tool);
  const remarksOn = (name: string): readonly string[] =>
    (remarked.get(name) ?? []).flatMap((remark) => comment(remark.text, "    "));
  const text = document(policy, (tools) => {
    const rules = Object.keys(tools).map((name) => {
      const rule = member(tools, name);
      const lines = toolWith(name, isJsonObject(rule) ? rule : {}, byTool.get(name) ?? []);
      return remarksOn(name).concat(lines);
    });
    // The comma of a rule goes behind its last line.
    const ruled = rules.flatMap((lines, at) => (at === rules.length - 1 ? lines : endedByComma(lines)));
    const others = [...new Set([...remarked.keys(), ...byTool.keys()])].filter(
      (name) => !Object.hasOwn(tools, name),
    );
    return [...ruled, ...others.flatMap((name) => unruled(name, byTool.get(name) ?? [], remarksOn(name)))];
  });
  return `${[HEAD, ...notes].flatMap((note) => comment(note, "")).join("\n")}\n${text}`;
};
