import { nearest } from "../base/nearest.ts";
import type { AttackResult, Outcome } from "../catalogue/attacks/result.ts";
import { databaseFor } from "./attack-list.ts";
import { countsOf, printResults, resultFor } from "./attack-print.ts";
import { ReportFolder } from "./attack-report.ts";
import { subjectFor, type Subject } from "./attack-subject.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { YES } from "./confirm.ts";
import { jsonLine, oneLine, plural } from "./print.ts";
import { startProgress } from "./progress.ts";

const REPORT = "attack-report";

export const attackRun: CommandSpec = {
  path: ["attack", "run"],
  summary: "play known attacks against a grant or a policy, and say what gets through",
  argument: { name: "[names...]", description: "which attacks (default: all)" },
  options: [
    { flags: "--grant <name>", description: "a grant: its policy, its settings and its tools" },
    { flags: "--policy <file>", description: "a policy document instead" },
    {
      flags: "--server <name>",
      description: "with --policy: ask this server of the configuration for its tools",
    },
    { flags: "--tools <file>", description: "with --policy: a tools/list result with them" },
    { flags: "--all", description: `all of them, with a report in the folder ${REPORT}` },
    { flags: "--report <dir>", description: "write a report in HTML and JSON to this folder" },
    { ...YES, description: "write the report over files that are no earlier one" },
  ],
  examples: [
    "tollgate attack run --grant ana-billing --all",
    "tollgate attack run --policy billing.policy.json --tools tools.json ssrf-metadata-address",
    "tollgate attack run --policy billing.policy.json --json",
  ],
  run: async (context) => {
    const { given, json, terminal } = context;
    const { names, count, isWhole } = await namesFor(context);
    const subject = await subjectFor(context);
    const folder = given.text("report") ?? (given.flag("all") ? REPORT : undefined);
    const report = folder === undefined ? undefined : new ReportFolder(context, folder);
    const results = await played(context, names, subject);
    if (json) {
      const counts = countsOf(results);
      await terminal.out(
        jsonLine({ about: subject.about, asked: count, counts, results: results.map(resultFor) }),
      );
    } else {
      await printResults(terminal, subject.about, results);
    }
    report?.write(subject.about, count, results);
    if (results.length < count) {
      terminal.err(`Interrupted: ${String(results.length)} of ${plural(count, "attack")} were played.\n`);
    }
    return isWhole && results.length === count && !results.some(isBad) ? EXIT.done : EXIT.failed;
  },
};

/** What is not known is no reason to go on. */
const isBad = ({ outcome }: AttackResult): boolean => BAD.has(outcome);
const BAD: ReadonlySet<Outcome> = new Set(["through", "failed", "unclear"]);

interface Asked {
  /** None where all are meant. */
  readonly names: readonly string[];
  readonly count: number;
  /** Every attack of the database can be used. */
  readonly isWhole: boolean;
}

const namesFor = async (context: Context): Promise<Asked> => {
  const { given } = context;
  const { attacks, problems } = await databaseFor(context);
  const known = attacks.map(({ name }) => name);
  const unknown = given.args.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    const meant = near === undefined ? "tollgate attack list has them all." : `Did you mean ${near}?`;
    throw new CommandFailure(`There is no attack ${JSON.stringify(oneLine(unknown))}. ${meant}`, EXIT.usage);
  }
  if (given.flag("all") && given.args.length > 0) {
    throw new CommandFailure("Say --all, or which attacks.", EXIT.usage);
  }
  return {
    names: given.args,
    count: given.args.length === 0 ? known.length : new Set(given.args).size,
    isWhole: problems.length === 0,
  };
};

/** An interruption ends it after what is being played, and tells of what was. */
const played = async (
  { ports, terminal }: Context,
  names: readonly string[],
  { tried, tools, policy }: Subject,
): Promise<readonly AttackResult[]> => {
  using progress = startProgress(terminal, "playing", ports.clock, {
    atOnce: true,
    counted: (total) => plural(total, "attack"),
  });
  return ports.playAttacks({
    names,
    tried,
    tools,
    policy,
    onProgress: progress.update,
    signal: ports.interrupted(),
  });
};
