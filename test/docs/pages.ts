import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/gateway.ts";

/** What the pages for users are, from the project's root. */
export const PAGES: readonly string[] = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  "examples/README.md",
  ...["examples", "servers"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .map((entry) => `${folder}/${entry.name}/README.md`)
      .filter((page) => existsSync(join(ROOT, page))),
  ),
];

export const pageText = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

const FENCE = /^```([a-z]*)\n(.*?)^```$/gmsu;

/** Every block of a language, in the order of the pages. */
export const blocksOf = (language: string): readonly Block[] =>
  PAGES.flatMap((page) => {
    const text = pageText(page);
    return [...text.matchAll(FENCE)]
      .filter(([, named]) => named === language)
      .map((found) => ({
        page,
        line: text.slice(0, found.index).split("\n").length + 1,
        text: found[2] ?? "",
      }));
  });

export const placeOf = ({ page, line }: Block): string => `${page}:${String(line)}`;

const SHOWN = /^\n```text\n(.*?)^```$/msuy;

/** The lines that stand below a block as what it prints. A line of dots alone stands for others. */
export const shownBelow = ({ page, line, text }: Block): readonly string[] => {
  const below = pageText(page).split("\n");
  SHOWN.lastIndex = 0;
  const found = SHOWN.exec(below.slice(line - 1 + text.split("\n").length).join("\n"));
  return (found?.[1] ?? "").split("\n").filter((one) => one !== "" && one !== "…");
};
