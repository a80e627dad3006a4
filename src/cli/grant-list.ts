import { EXIT, type CommandSpec } from "./command.ts";
import { printGrants } from "./grant-print.ts";

export const grantList: CommandSpec = {
  path: ["grant", "list"],
  summary: "show all grants, declared and made by commands",
  options: [],
  examples: ["tollgate grant list", "tollgate grant list --json"],
  run: async (context) => {
    await using grants = await context.ports.grants(context.where);
    await printGrants(context, (await grants.list()).grants);
    return EXIT.done;
  },
};
