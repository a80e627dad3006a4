import { EXIT, type CommandSpec } from "./command.ts";
import { confirm, YES } from "./confirm.ts";
import { jsonLine, oneLine } from "./print.ts";

export const grantRevoke: CommandSpec = {
  path: ["grant", "revoke"],
  summary: "end a grant within a second, what it has open included",
  argument: { name: "<name>", description: "name of the grant" },
  options: [YES],
  examples: [
    "tollgate grant revoke ci-orchestrator",
    "tollgate grant revoke ci-orchestrator --data /var/lib/tollgate",
  ],
  run: async (context) => {
    const { given, ports, where, terminal, json } = context;
    await confirm(context, `Revoke ${oneLine(given.args[0] ?? "")}? Its token ends for good.`);
    await using grants = await ports.grants(where);
    const { grant, stored, recorded } = await grants.revoke({ name: given.args[0] ?? "" });
    await terminal.out(json ? jsonLine({ grant, stored, recorded }) : `${oneLine(grant.name)} is revoked.\n`);
    if (!stored) {
      terminal.err(
        "It could not be stored: it is in force while the gateway runs, and stored as soon as it can be.\n",
      );
    }
    if (!recorded) {
      terminal.err("It is in force. The record cannot be written now; the act is kept and recorded later.\n");
    }
    return stored && recorded ? EXIT.done : EXIT.failed;
  },
};
