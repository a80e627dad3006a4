import { nearest } from "../base/nearest.ts";
import type { GrantView } from "../control/contract.ts";
import { CommandFailure, EXIT, type CommandSpec } from "./command.ts";
import { printGrants } from "./grant-print.ts";
import { jsonLine } from "./print.ts";

export const grantShow: CommandSpec = {
  path: ["grant", "show"],
  summary: "show one grant",
  argument: { name: "<name>", description: "name of the grant" },
  options: [],
  examples: ["tollgate grant show ci-orchestrator", "tollgate grant show ci-orchestrator --json"],
  run: async (context) => {
    const [name = ""] = context.given.args;
    await using commands = await context.ports.grants(context.where);
    const { grants } = await commands.list();
    const found = grantNamed(grants, name);
    if (context.json) {
      await context.terminal.out(jsonLine(found));
    } else {
      await printGrants(context, [found]);
    }
    return EXIT.done;
  },
};

/** Throws `CommandFailure` where there is none of this name. */
export const grantNamed = (grants: readonly GrantView[], name: string): GrantView => {
  const found = grants.find((grant) => grant.name === name);
  if (found === undefined) {
    const near = nearest(
      name,
      grants.map((grant) => grant.name),
    );
    const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
    throw new CommandFailure(`There is no grant ${JSON.stringify(name)}.${meant}`);
  }
  return found;
};
