import { EXIT, type CommandSpec } from "./command.ts";
import { printMinted } from "./grant-print.ts";

export const grantRotate: CommandSpec = {
  path: ["grant", "rotate"],
  summary: "mint a new token for a grant; the old one ends at once",
  argument: { name: "<name>", description: "name of the grant" },
  options: [],
  examples: [
    "tollgate grant rotate ci-orchestrator",
    "export CI_TOKEN=$(tollgate grant rotate ci-orchestrator 2>/dev/null)",
  ],
  run: async (context) => {
    await using grants = await context.ports.grants(context.where);
    await printMinted(context, await grants.rotate({ name: context.given.args[0] ?? "" }));
    return EXIT.done;
  },
};
