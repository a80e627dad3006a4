import { EXIT, type CommandSpec } from "./command.ts";
import { printMinted } from "./grant-print.ts";
import { readMoment } from "./moment.ts";

export const grantCreate: CommandSpec = {
  path: ["grant", "create"],
  summary: "make a grant and mint its token, which is shown once",
  argument: { name: "<name>", description: "name of the grant" },
  options: [
    { flags: "--identity <name>", description: "whose grant it is, from the configuration", required: true },
    {
      flags: "--server <name>",
      description: "a server it is for; may be given again",
      kind: "list",
      required: true,
    },
    {
      flags: "--policy <name>",
      description: "its policy, from the configuration; without one nothing passes",
    },
    { flags: "--expires <when>", description: "RFC 3339 time, or a span from now such as 12h, 30d" },
    { flags: "--timezone <name>", description: "IANA time zone for now.* in policies (default: UTC)" },
  ],
  examples: [
    "tollgate grant create ana-billing --identity ana --server billing --policy support --expires 30d",
    "tollgate grant create ci --identity ci --server orchestrator --server billing --policy seed --json",
  ],
  run: async (context) => {
    const { given, ports, where } = context;
    const expires = given.text("expires");
    const policy = given.text("policy");
    const timezone = given.text("timezone");
    await using grants = await ports.grants(where);
    const minted = await grants.create({
      name: given.args[0] ?? "",
      identity: given.text("identity") ?? "",
      servers: [...given.list("server")],
      ...(policy === undefined ? {} : { policy }),
      ...(timezone === undefined ? {} : { timezone }),
      ...(expires === undefined
        ? {}
        : { expiresAt: readMoment("--expires", expires, ports.clock.now(), "future") }),
    });
    await printMinted(context, minted);
    return EXIT.done;
  },
};
