import { createSearch, type CatalogueFound, type CatalogueQuery } from "../catalogue/book/search.ts";
import { POWERS, RISKS, TOOL_CLASSES } from "../catalogue/verdict.ts";
import { LIMITS } from "../base/limits.ts";
import { openCatalogue, serverNamed } from "./catalogue-open.ts";
import { classText, nameText, whyText } from "./catalogue-print.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { fittedTable } from "./fit.ts";
import { jsonLine } from "./print.ts";

const ROWS = 50;

export const catalogueSearch: CommandSpec = {
  path: ["catalogue", "search"],
  summary: "find tools of all servers by words, class, risk and what they can do",
  argument: {
    name: "[words...]",
    description: "all of them must be there: in the name, or as server, class, risk or kind of argument",
  },
  options: [
    { flags: "--class <class>", description: "only tools of this class", choices: TOOL_CLASSES },
    { flags: "--risk <risk>", description: "only tools of this risk", choices: RISKS },
    { flags: "--server <name>", description: "only tools of this server" },
    { flags: "--power <power>", description: "only tools that can do this", choices: POWERS },
    {
      flags: "-n, --limit <count>",
      description: `how many, up to ${String(LIMITS.search_rows_max)} (default: ${String(ROWS)})`,
      kind: "integer",
    },
  ],
  examples: [
    "tollgate catalogue search delete file",
    "tollgate catalogue search --class financial --json",
    "tollgate catalogue search query --server mysql --power sql",
  ],
  run: async (context) => {
    const query = queryOf(context);
    const servers = await openCatalogue(context);
    if (query.server !== undefined) {
      serverNamed(context, servers, query.server);
    }
    const found = createSearch(servers)(query);
    await (context.json ? context.terminal.out(jsonLine(forPrograms(found))) : print(context, found));
    return EXIT.done;
  },
};

const queryOf = ({ given }: Context): CatalogueQuery => {
  const limit = given.integer("limit") ?? ROWS;
  if (limit < 1 || limit > LIMITS.search_rows_max) {
    throw new CommandFailure(`--limit is 1 to ${String(LIMITS.search_rows_max)}.`, EXIT.usage);
  }
  const one = <Word extends string>(words: readonly Word[], name: string): Word | undefined =>
    words.find((word) => word === given.text(name));
  return {
    words: given.args.flatMap((word) => word.split(/\s+/u)),
    class: one(TOOL_CLASSES, "class"),
    risk: one(RISKS, "risk"),
    server: given.text("server"),
    power: one(POWERS, "power"),
    limit,
  };
};

const forPrograms = ({ total, tools }: CatalogueFound): object => ({
  total,
  tools: tools.map(({ server, tool }) => ({
    server: server.name,
    name: tool.name,
    class: tool.class,
    risk: tool.risk,
    confidence: tool.confidence,
    powers: tool.powers,
    tokens: tool.tokens,
  })),
});

const print = async ({ terminal }: Context, { total, tools }: CatalogueFound): Promise<void> => {
  if (total === 0) {
    terminal.err("No such tools.\n");
    return;
  }
  const rows = tools.map(({ server, tool }) => [
    nameText(tool.name),
    server.name,
    classText(tool),
    tool.risk,
    whyText(tool.evidence),
  ]);
  await terminal.out(
    fittedTable(terminal, { head: ["TOOL", "SERVER", "CLASS", "RISK", "WHY"], rows, names: 2 }),
  );
  if (total > tools.length) {
    terminal.err(`There are ${String(total)}; --limit shows more.\n`);
  }
};
