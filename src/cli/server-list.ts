import { EXIT, type CommandSpec } from "./command.ts";
import { jsonLine, oneLine, table } from "./print.ts";
import { requireConfig } from "./require-config.ts";
import { painter } from "./terminal.ts";

export const serverList: CommandSpec = {
  path: ["server", "list"],
  summary: "show the servers of the configuration",
  options: [],
  examples: ["tollgate server list", "tollgate server list --config /etc/tollgate.json --json"],
  run: async (context) => {
    const { terminal, json } = context;
    const config = requireConfig(context);
    const servers = config.servers.map(({ name, transport, shown }) => ({
      name,
      transport,
      target: shown,
      grants: config.grants.filter(({ servers }) => servers.includes(name)).map((grant) => grant.name),
    }));
    if (json) {
      await terminal.out(jsonLine(servers));
    } else if (servers.length === 0) {
      await terminal.out('There are no servers. Add one under "mcpServers" in tollgate.json.\n');
    } else {
      const rows = servers.map(({ name, transport, target, grants }) => [
        name,
        transport,
        grants.length === 0 ? "none" : oneLine(grants.join(","), 40),
        oneLine(target, 80),
      ]);
      await terminal.out(table(["SERVER", "BY", "GRANTS", "TARGET"], rows, painter(terminal, "out")));
    }
    return EXIT.done;
  },
};
