import { CATEGORIES } from "../catalogue/attacks/pattern.ts";
import type { AttackList } from "../catalogue/attacks/result.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { fittedTable } from "./fit.ts";
import { jsonLine, oneLine, plural } from "./print.ts";

export const attackList: CommandSpec = {
  path: ["attack", "list"],
  summary: "list known attacks on agents and their tools, and what stops each",
  options: [{ flags: "--category <category>", description: "only these", choices: CATEGORIES }],
  examples: ["tollgate attack list", "tollgate attack list --category definitions --json"],
  run: async (context) => {
    const { given, json, terminal } = context;
    const category = given.text("category");
    const { attacks, problems } = await databaseFor(context);
    const exit = problems.length === 0 ? EXIT.done : EXIT.failed;
    const chosen = attacks
      .filter(({ pattern }) => category === undefined || pattern.category === category)
      .toSorted(
        (one, other) => CATEGORIES.indexOf(one.pattern.category) - CATEGORIES.indexOf(other.pattern.category),
      );
    if (json) {
      await terminal.out(jsonLine({ attacks: chosen.map(({ name, pattern }) => ({ name, ...pattern })) }));
      return exit;
    }
    const rows = chosen.map(({ name, pattern: { category, stops, summary } }) => [
      name,
      category,
      STOPPED[stops.by],
      summary,
    ]);
    const head = ["ATTACK", "CATEGORY", "STOPPED BY", "WHAT HAPPENS"];
    await terminal.out(fittedTable(terminal, { head, rows, names: 1 }));
    terminal.err(`${plural(chosen.length, "attack")}. To play them: tollgate attack run --policy FILE\n`);
    return exit;
  },
};

/** The database, after its problems on standard error. Throws `CommandFailure` where there is nothing in it. */
export const databaseFor = async ({ ports, terminal }: Context): Promise<AttackList> => {
  const list = await ports.attacks();
  list.problems.forEach((problem) => terminal.err(`${oneLine(problem, 400)}\n`));
  if (list.attacks.length === 0) {
    throw new CommandFailure("The attacks that come with Tollgate are not there: install it again.");
  }
  return list;
};

const STOPPED = {
  gate: "the gate itself",
  policy: "a policy",
  setting: "a setting",
  nothing: "nothing yet",
} as const;
