import { EXIT, type CommandSpec } from "./command.ts";
import { jsonLine, oneLine } from "./print.ts";

export const grantRevoke: CommandSpec = {
  path: ["grant", "revoke"],
  summary: "end a grant within a second, what it has open included",
  argument: { name: "<name>", description: "name of the grant" },
  options: [],
  examples: [
    "tollgate grant revoke ci-orchestrator",
    "tollgate grant revoke ci-orchestrator --data /var/lib/tollgate",
  ],
  run: async ({ given, ports, where, terminal, json }) => {
    await using grants = await ports.grants(where);
    const { grant, recorded } = await grants.revoke({ name: given.args[0] ?? "" });
    await terminal.out(json ? jsonLine({ grant, recorded }) : `${oneLine(grant.name)} is revoked.\n`);
    if (!recorded) {
      terminal.err("It could not be written to the record.\n");
    }
    return recorded ? EXIT.done : EXIT.failed;
  },
};
