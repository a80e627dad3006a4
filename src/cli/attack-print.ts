import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { tellsOf } from "../catalogue/attacks/proposal-words.ts";
import { OUTCOMES, type AttackResult, type Outcome } from "../catalogue/attacks/result.ts";
import { writePolicy } from "../catalogue/recommend/write-policy.ts";
import { oneLine } from "./print.ts";
import { painter, type Paint, type Terminal } from "./terminal.ts";

const SAID: Readonly<Record<Outcome, readonly [string, Parameters<Paint>[0]]>> = {
  through: ["GOT THROUGH", "red"],
  failed: ["NOT PLAYED", "red"],
  unclear: ["UNCLEAR", "yellow"],
  not_stopped: ["NOT STOPPED YET", "yellow"],
  held: ["held", "green"],
  not_applicable: ["does not apply", "dim"],
};

/** How many came out how. */
export const countsOf = (results: readonly AttackResult[]): Readonly<Record<Outcome, number>> => {
  const counts = { through: 0, failed: 0, unclear: 0, not_stopped: 0, held: 0, not_applicable: 0 };
  results.forEach(({ outcome }) => (counts[outcome] += 1));
  return counts;
};

/** For programs. */
export const resultFor = ({ name, pattern, ...told }: AttackResult): object => ({
  name,
  title: pattern.title,
  category: pattern.category,
  ...told,
  stops: { by: pattern.stops.by, says: pattern.stops.says },
});

export const printResults = async (
  terminal: Terminal,
  about: string,
  results: readonly AttackResult[],
): Promise<void> => {
  const paint = painter(terminal, "out");
  const width = Math.max(...results.map(({ name }) => name.length), 0);
  const ordered = results.toSorted(
    (one, other) => OUTCOMES.indexOf(other.outcome) - OUTCOMES.indexOf(one.outcome),
  );
  for (const result of ordered) {
    const [said, colour] = SAID[result.outcome];
    await terminal.out(
      `${result.name.padEnd(width)}  ${paint(colour, said.padEnd(LONGEST))}  ${oneLine(result.why, 200)}\n${details(result, paint)}`,
    );
  }
  const counts = countsOf(results);
  const told = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${String(counts[outcome])} ${SAID[outcome][0].toLowerCase()}`,
  );
  await terminal.out(`\n${oneLine(about)}: ${told.join(", ")}\n`);
};

const LONGEST = Math.max(...Object.values(SAID).map(([said]) => said.length));

/** Of what got through: which tool, the message that shows it, and what would stop it. */
const details = (result: AttackResult, paint: Paint): string => {
  if (result.outcome === "unclear" && result.pattern.stops.by !== "nothing") {
    return paint(
      "dim",
      `    ${oneLine(`What stops it: ${result.pattern.stops.says}`, LIMITS.attack_shown_characters_max)}\n`,
    );
  }
  if (result.outcome !== "through" && result.outcome !== "not_stopped") {
    return "";
  }
  const { pattern, proofs, tools } = result;
  const own = Object.entries(tools).map(([name, tool]) =>
    tool === name ? tool : `${tool} in the place of ${name}`,
  );
  const lines = [
    pattern.summary,
    ...(own.length === 0 ? [] : [`Played with your ${own.join(", ")}.`]),
    ...proofs.map(({ message }) => `What came: ${message}`),
    ...(result.because === undefined ? [] : [result.because]),
    `What stops it: ${pattern.stops.says}`,
  ];
  return `${lines.map((line) => paint("dim", `    ${oneLine(line, LIMITS.attack_shown_characters_max)}\n`)).join("")}${ruleText(result, paint)}`;
};

/** What to put into the policy, which was seen to hold it; or why there is nothing. */
const ruleText = ({ outcome, proposal, unproposed }: AttackResult, paint: Paint): string => {
  if (outcome !== "through") {
    return "";
  }
  const told = proposal === undefined ? undefined : tellsOf(proposal);
  const said = (line: string): string =>
    paint("dim", `    ${oneLine(line, LIMITS.attack_shown_characters_max)}\n`);
  return [
    ...(unproposed === undefined ? [] : [said(unproposed)]),
    ...(told === undefined ? [] : [said(`Put this into the policy${told.place}:`), indented(told.adds)]),
    ...(told?.notes ?? []).map(said),
  ].join("");
};

const indented = (rule: JsonObject): string =>
  writePolicy(rule)
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("");
