import type { Proposal, Recommendation } from "../catalogue/recommendation.ts";
import { writeJson } from "../base/json-write.ts";
import { TOOL_CLASSES, type ToolProfile } from "../catalogue/verdict.ts";
import { oneLine, plural } from "./print.ts";
import { painter, type Terminal } from "./terminal.ts";

/** What people read of a recommended policy, on standard error. */

/** `12 tools: 7 read, 3 write, 2 destructive.` */
const countsOf = (profiles: readonly ToolProfile[]): string => {
  const counts = TOOL_CLASSES.flatMap((is) => {
    const count = profiles.filter((profile) => profile.class === is).length;
    return count === 0 ? [] : [`${String(count)} ${is}`];
  });
  const total = plural(profiles.length, "tool");
  return counts.length === 0 ? `${total}.` : `${total}: ${counts.join(", ")}.`;
};

/** Proposals that say the same, whatever argument they are for. */
const sameText = ({ value, why }: Proposal): string =>
  `${why} ${JSON.stringify(value, (name, part: unknown) => (name === "path" ? undefined : part))}`;

const ARGUMENTS_SHOWN = 12;

/** One text for all of them, the snippet of the first, and which they are. */
const proposalLines = (alike: readonly Proposal[]): string => {
  const [first] = alike;
  if (first === undefined) {
    return "";
  }
  const named = alike.map(({ tool, argument }) => `${oneLine(tool, 60)} ${oneLine(argument, 60)}`);
  const more = named.length - ARGUMENTS_SHOWN;
  const rest = more > 0 ? `, and ${String(more)} more` : "";
  const paths = new Set(alike.map(({ argument }) => argument)).size > 1 ? ", each with its own path" : "";
  return [
    `  ${oneLine(first.why, 400)}`,
    `    "require": [${oneLine(writeJson(first.value), 1_000)}]`,
    `    For${paths}: ${named.slice(0, ARGUMENTS_SHOWN).join(", ")}${rest}\n`,
  ].join("\n");
};

export const printRecommendation = (
  terminal: Terminal,
  profiles: readonly ToolProfile[],
  { preset, notes, proposals }: Recommendation,
  shown: "all" | "commented" | "written",
): void => {
  const paint = painter(terminal, "err");
  terminal.err(`${paint("bold", countsOf(profiles))} The preset is ${preset}.\n`);
  for (const note of notes) {
    terminal.err(`- ${note}\n`);
  }
  if (proposals.length === 0) {
    return;
  }
  if (shown !== "all") {
    terminal.err(`- ${plural(proposals.length, "proposal")}: ${SEE[shown]}\n`);
    return;
  }
  terminal.err(`\n${paint("bold", "Proposals")}, with example values, to be written into a tool's rule:\n`);
  for (const alike of Map.groupBy(proposals, sameText).values()) {
    terminal.err(proposalLines(alike));
  }
};

const SEE = {
  commented: "they stand as comments where they would be written.",
  written: "run it again with --commented in place of --out to see them where they would be written.",
} as const;
