import type { ServerEntry, ToolEntry } from "../entry.ts";
import { RISKS, TOOL_CLASSES } from "../verdict.ts";
import { fileNames } from "./file-names.ts";
import { isUnsure } from "./model/tool-ref.ts";
import { shortText } from "../visible-text.ts";

const NAME_MAX = 120;

/** What is searched besides names, which thousands of tools have the same. */
class Traits {
  readonly rows: (readonly [is: number, risk: number, unsure: number, words: string])[] = [];
  readonly #known = new Map<string, number>();

  /** The number of a tool's row. */
  rowOf(tool: ToolEntry): number {
    const kinds = new Set(tool.arguments.flatMap((fact) => fact.kinds));
    const words = [...new Set([...tool.powers, ...kinds])].join(" ");
    const unsure = isUnsure(tool) ? 1 : 0;
    const key = `${tool.class} ${tool.risk} ${String(unsure)} ${words}`;
    const row = this.#known.get(key) ?? this.rows.length;
    if (row === this.rows.length) {
      this.#known.set(key, row);
      this.rows.push([TOOL_CLASSES.indexOf(tool.class), RISKS.indexOf(tool.risk), unsure, words]);
    }
    return row;
  }
}

/** A name as it is shown and searched; its file only where that is another. Neither has a tab or ends a line. */
const nameOf = (name: string, file: string): string =>
  name === file ? name : `${shortText(name, NAME_MAX)}\t${file}`;

const NOT_PLAIN = /[^ -;=?-~]/gu;

/** A script can be written into a page, and read in any encoding: nothing but plain characters, and no `<` or `>`. */
const scriptText = (value: unknown): string =>
  JSON.stringify(value).replaceAll(NOT_PLAIN, (character) => {
    let escape = "";
    for (let at = 0; at < character.length; at += 1) {
      escape += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escape;
  });

/**
 * What the search looks through, as a script: pages opened from a disk cannot fetch data. Two texts a server, as a
 * list of 50,000 objects takes longer to read than all of them to search.
 */
export const searchIndexScript = (servers: readonly ServerEntry[]): string => {
  const traits = new Traits();
  const folders = fileNames(servers.map(({ name }) => name));
  const rows = servers.map(({ name, tools }, at) => {
    const files = fileNames(tools.map((tool) => tool.name));
    const names = tools.map((tool, index) => nameOf(tool.name, files[index] ?? "")).join("\n");
    return scriptText([nameOf(name, folders[at] ?? ""), names, tools.map((tool) => traits.rowOf(tool))]);
  });
  const head = scriptText({ classes: TOOL_CLASSES, risks: RISKS, traits: traits.rows });
  return `globalThis.tollgateCatalogue={"kinds":${head},"servers":[\n${rows.join(",\n")}\n]};\n`;
};
