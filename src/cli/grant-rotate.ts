import { EXIT, type CommandSpec } from "./command.ts";
import { confirm, YES } from "./confirm.ts";
import { printMinted } from "./grant-print.ts";
import { oneLine } from "./print.ts";

export const grantRotate: CommandSpec = {
  path: ["grant", "rotate"],
  summary: "mint a new token for a grant; the old one ends at once",
  argument: { name: "<name>", description: "name of the grant" },
  options: [YES],
  examples: [
    "tollgate grant rotate ci-orchestrator",
    "export CI_TOKEN=$(tollgate grant rotate ci-orchestrator 2>/dev/null)",
  ],
  run: async (context) => {
    await confirm(
      context,
      `Mint a new token for ${oneLine(context.given.args[0] ?? "")}? The old one ends at once.`,
    );
    await using grants = await context.ports.grants(context.where);
    await printMinted(context, await grants.rotate({ name: context.given.args[0] ?? "" }));
    return EXIT.done;
  },
};
