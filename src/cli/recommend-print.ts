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

const proposalLines = ({ tool, argument, value, why }: Proposal): string =>
  `  ${oneLine(tool, 60)}, ${oneLine(argument, 60)}: ${oneLine(why, 400)}\n    "require": [${oneLine(writeJson(value), 1_000)}]\n`;

export const printRecommendation = (
  terminal: Terminal,
  profiles: readonly ToolProfile[],
  { preset, notes, proposals }: Recommendation,
): void => {
  const paint = painter(terminal, "err");
  terminal.err(`${paint("bold", countsOf(profiles))} The preset is ${preset}.\n`);
  for (const note of notes) {
    terminal.err(`- ${note}\n`);
  }
  if (proposals.length > 0) {
    terminal.err(`\n${paint("bold", "Proposals")}, with example values, to be written into a tool's rule:\n`);
  }
  for (const proposal of proposals) {
    terminal.err(proposalLines(proposal));
  }
};

export interface Written {
  /** As it was given. */
  readonly file: string;
  /** Name of the policy and, where known, of the server. */
  readonly name: string;
  readonly server: string | undefined;
  /** The server's command line, where the configuration has one. */
  readonly command: string | undefined;
  readonly identity: string;
}

/** What to do with a policy that was written: lines to copy. */
export const nextSteps = ({ file, name, server = "SERVER", command, identity }: Written): string => {
  const policy = JSON.stringify(name);
  const grant = { [`${identity}-${server}`]: { identity, server, policy: name } };
  const path = file.startsWith("/") ? file : `./${file.replace(/^\.\//, "")}`;
  return [
    `${file} is written, and checks without warnings.`,
    "",
    "To use it, write into tollgate.json:",
    `  "policies": { ${policy}: ${JSON.stringify(path)} }`,
    `  "grants": ${writeMembers(grant)}`,
    "or make a grant by a command, once the policy stands there:",
    `  tollgate grant create ${identity}-${server} --identity ${identity} --server ${server} --policy ${shellWord(name)}`,
    "or put the gate around one server, for a client that starts it:",
    `  tollgate wrap --policy ${shellWord(file)} -- ${command ?? "COMMAND"}`,
    "",
  ].join("\n");
};

const writeMembers = (value: Readonly<Record<string, object>>): string =>
  JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, " ");

const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
