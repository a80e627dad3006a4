import { isUnsure, type ServerSummary } from "../catalogue/book/summary.ts";
import type { Origin } from "../catalogue/entry.ts";
import type { Evidence, Risk, ToolClass } from "../catalogue/verdict.ts";
import { oneLine, plural } from "./print.ts";
import { hanging } from "./fit.ts";
import type { Paint, Terminal } from "./terminal.ts";

const NAME_CHARACTERS = 60;

export const nameText = (name: string): string => oneLine(name, NAME_CHARACTERS) || "(no name)";

/** A class, with a question mark where it is a guess on the safe side. */
export const classText = (verdict: { readonly class: ToolClass; readonly confidence: number }): string =>
  isUnsure(verdict) ? `${verdict.class}?` : verdict.class;

/** The words that a verdict rests on: `name: delete; description: remove`. */
export const whyText = (evidence: readonly Evidence[]): string => {
  const words = Map.groupBy(
    evidence.filter(({ found }) => found !== ""),
    (each) => each.from,
  );
  const parts = [...words].map(
    ([place, own]) =>
      `${place}: ${[...new Set(own.map(({ found }) => oneLine(found, FOUND_CHARACTERS)))].join(", ")}`,
  );
  // A doubt has no word of its own.
  const doubt = evidence.some(({ from }) => from === "doubt") ? ["in doubt"] : [];
  return parts.length === 0 ? oneLine(evidence[0]?.says ?? "") : [...doubt, ...parts].join("; ");
};

const FOUND_CHARACTERS = 40;

/** `4 read, 2 write`: what there is none of is left out. */
export const countsText = (counts: Readonly<Record<string, number>>): string => {
  const there = Object.entries(counts).filter(([, count]) => count > 0);
  return there.length === 0 ? "none" : there.map(([name, count]) => `${String(count)} ${name}`).join(", ");
};

const sizeText = ({ tokens, contextShare, heaviest }: ServerSummary): string => {
  const most =
    heaviest === undefined
      ? ""
      : `; the heaviest is ${nameText(heaviest.name)} with ${number(heaviest.tokens)}`;
  return `about ${number(tokens)} tokens, ${percent(contextShare)} of a context of 200,000${most}`;
};

export const number = (value: number): string => value.toLocaleString("en-US");

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** What a person wants to know of a server first. */
export const summaryLines = (summary: ServerSummary, paint: Paint, terminal: Terminal): string => {
  const width = terminal.columns - LABEL;
  const { modify, unsure } = summary;
  const lines: readonly (readonly [label: string, text: string])[] = [
    ["classes", countsText(summary.classes)],
    ["risks", countsText(summary.risks)],
    ["can modify or destroy", modify.length === 0 ? "none" : listed(modify, width)],
    ...(unsure.length === 0
      ? []
      : [["unsure (?)", `${listed(unsure, width)}; taken for the more dangerous class`] as const]),
    ["definitions", sizeText(summary)],
  ];
  return lines
    .map(([label, text]) => `${paint("bold", label.padEnd(LABEL))}${hanging(terminal, LABEL, text)}\n`)
    .join("");
};

const LABEL = 23;

/** As many as stand on about two lines, and how many more. */
const listed = (names: readonly string[], width: number): string => {
  const shown: string[] = [];
  let left = Math.max(40, width) * 2;
  for (const name of names.map(nameText)) {
    left -= name.length + 2;
    if (left < 0) {
      break;
    }
    shown.push(name);
  }
  const more = names.length - shown.length;
  return `${String(names.length)}: ${shown.join(", ")}${more === 0 ? "" : ` and ${plural(more, "other")}`}`;
};

export const originText = (origin: Origin): string =>
  origin.from === "package"
    ? `${oneLine(origin.package, NAME_CHARACTERS)} ${oneLine(origin.version, NAME_CHARACTERS)}`
    : `scanned ${new Date(origin.at).toISOString().slice(0, 16).replace("T", " ")}`;

const RISK_COLOURS = { low: "green", medium: "yellow", high: "red", critical: "red" } as const;

/** Only in the last column, or where nothing is padded: colours count as characters. */
export const riskText = (risk: Risk, paint: Paint): string => paint(RISK_COLOURS[risk], risk);
