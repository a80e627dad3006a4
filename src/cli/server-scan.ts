import { member, type JsonObject } from "../base/json-value.ts";
import { EXIT, type CommandSpec, type Context } from "./command.ts";
import { jsonLine, oneLine, plural, table } from "./print.ts";
import { requireConfig } from "./require-config.ts";
import { scanOrFail, type Scanned } from "./scan-or-fail.ts";
import { painter } from "./terminal.ts";

export const serverScan: CommandSpec = {
  path: ["server", "scan"],
  summary: "start a server, list its tools, and stop it again",
  argument: { name: "<name>", description: "name of the server in the configuration" },
  options: [],
  examples: ["tollgate server scan billing", "tollgate server scan billing --json > tools.json"],
  run: async (context) => {
    const [name = ""] = context.given.args;
    requireConfig(context);
    const scan = await scanOrFail(context, name);
    if (context.json) {
      await context.terminal.out(jsonLine(forPrograms(name, scan)));
    } else {
      await printTools(context, name, scan);
    }
    return EXIT.done;
  },
};

/** A `tools/list` result with more beside it: what `--tools` of the policy commands takes. */
const forPrograms = (server: string, scan: Scanned): object => ({
  server,
  revision: scan.revision,
  serverInfo: scan.product,
  tools: scan.tools.map(({ definition }) => definition),
  digests: Object.fromEntries(scan.tools.map(({ name, digest }) => [name, digest])),
  withheld: Object.fromEntries(scan.withheld),
});

const printTools = async ({ terminal }: Context, server: string, scan: Scanned): Promise<void> => {
  const paint = painter(terminal, "out");
  const product =
    scan.product === undefined ? "" : `, ${oneLine(`${scan.product.name} ${scan.product.version}`, 60)}`;
  const count = plural(scan.tools.length, "tool");
  await terminal.out(`${paint("bold", server)}: ${count}, revision ${scan.revision}${product}\n`);
  if (scan.tools.length > 0) {
    const rows = scan.tools.map(({ name, definition, digest }) => [
      oneLine(name, 60),
      digest.slice(0, 12),
      oneLine(describe(definition), Math.max(20, terminal.columns - 50)),
    ]);
    await terminal.out(table(["TOOL", "DIGEST", "DESCRIPTION"], rows, paint));
  }
  for (const [name, reason] of scan.withheld) {
    await terminal.out(`${paint("yellow", "withheld")} ${oneLine(name, 60)}: ${reason}\n`);
  }
};

const describe = (definition: JsonObject): string => {
  const description = member(definition, "description");
  return typeof description === "string" ? description : "";
};
