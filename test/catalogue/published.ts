import type { Label, LabelSet } from "./labels.ts";
import {
  agreement,
  judgeAll,
  matrixOf,
  nameAlone,
  percent,
  takenForRead,
  withoutProse,
  type Definitions,
  type Judged,
} from "./measure.ts";

/** What docs/catalogue.md says of the verdicts' quality. `npm run accuracy` writes it. */

export const PAGE = new URL("../../docs/catalogue.md", import.meta.url);

export interface Views {
  /** As the servers send them. */
  readonly whole: readonly Judged[];
  /** Without texts for people. */
  readonly bare: readonly Judged[];
  readonly names: readonly Judged[];
}

export const views = (labels: readonly Label[], definitions: Definitions): Views => ({
  whole: judgeAll(labels, definitions),
  bare: judgeAll(labels, definitions, withoutProse),
  names: judgeAll(labels, definitions, nameAlone),
});

const SETS: readonly (readonly [LabelSet, string])[] = [
  ["held", "kept aside"],
  ["tune", "the rules were made on"],
];

const ofSet = (judged: readonly Judged[], set: LabelSet): readonly Judged[] =>
  judged.filter(({ label }) => label.set === set);

const row = (views: Views, set: LabelSet, title: string): string => {
  const whole = ofSet(views.whole, set);
  const servers = new Set(whole.map(({ label }) => label.package)).size;
  const shares = [views.whole, views.bare, views.names].flatMap((judged) => [
    percent(agreement(ofSet(judged, set))),
    String(takenForRead(ofSet(judged, set)).length),
  ]);
  return `| ${[title, String(servers), String(whole.length), ...shares].join(" | ")} |`;
};

export const publishedOf = (measured: Views): string =>
  [
    "| set | servers | tools | whole definition | … dangerous as `read` | no texts | … dangerous as `read` | name alone | … dangerous as `read` |",
    "|---|---|---|---|---|---|---|---|---|",
    ...SETS.map(([set, title]) => row(measured, set, title)),
    "",
    ...SETS.flatMap(([set, title]) => [
      `Tools ${title}, whole definitions:`,
      "",
      matrixOf(ofSet(measured.whole, set)),
      "",
    ]),
  ]
    .join("\n")
    .trimEnd();

const BEGIN = "<!-- accuracy: begin -->";
const END = "<!-- accuracy: end -->";

export const withPublished = (page: string, text: string): string => {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new Error("docs/catalogue.md has no place for the tables");
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
};
