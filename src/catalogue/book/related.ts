import { compareCodePoints } from "../../base/text.ts";
import type { ToolEntry } from "../entry.ts";

/** Tools of the same server whose names share a word with this one's: the rarer the word, the nearer they are. */
export const relatedTools = (
  tools: readonly ToolEntry[],
  tool: ToolEntry,
  most: number,
): readonly ToolEntry[] => {
  const words = new Map(tools.map((other) => [other, wordsOf(other.name)]));
  const uses = new Map<string, number>();
  for (const set of words.values()) {
    set.forEach((word) => uses.set(word, (uses.get(word) ?? 0) + 1));
  }
  const own = words.get(tool) ?? wordsOf(tool.name);
  const near = (other: ToolEntry): number =>
    [...(words.get(other) ?? [])]
      .filter((word) => own.has(word))
      // A word that most tools have, such as the server's name, says nothing.
      .reduce((sum, word) => sum + Math.log(tools.length / (uses.get(word) ?? 1)), 0);
  return tools
    .filter((other) => other !== tool)
    .map((other) => ({ other, score: near(other) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || compareCodePoints(a.other.name, b.other.name))
    .slice(0, most)
    .map(({ other }) => other);
};

const wordsOf = (name: string): ReadonlySet<string> =>
  new Set(
    name
      .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, " ")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== "")
      .map((word) => (word.length > 3 ? word.replace(/s$/u, "") : word)),
  );
