import { CATEGORIES } from "../catalogue/attacks/pattern.ts";
import { EXIT, type CommandSpec } from "./command.ts";
import { fittedTable } from "./fit.ts";
import { jsonLine, plural } from "./print.ts";

export const attackList: CommandSpec = {
  path: ["attack", "list"],
  summary: "list known attacks on agents and their tools, and what stops each",
  options: [{ flags: "--category <category>", description: "only these", choices: CATEGORIES }],
  examples: ["tollgate attack list", "tollgate attack list --category definitions --json"],
  run: async ({ given, json, ports, terminal }) => {
    const category = given.text("category");
    const { attacks, problems } = await ports.attacks();
    problems.forEach((problem) => terminal.err(`${problem}\n`));
    const chosen = attacks
      .filter(({ pattern }) => category === undefined || pattern.category === category)
      .toSorted(
        (one, other) => CATEGORIES.indexOf(one.pattern.category) - CATEGORIES.indexOf(other.pattern.category),
      );
    if (json) {
      await terminal.out(jsonLine({ attacks: chosen.map(({ name, pattern }) => ({ name, ...pattern })) }));
      return EXIT.done;
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
    return EXIT.done;
  },
};

const STOPPED = {
  gate: "the gate itself",
  policy: "a policy",
  setting: "a setting",
  nothing: "nothing yet",
} as const;
