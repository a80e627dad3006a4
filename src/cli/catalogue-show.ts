import { relatedTools } from "../catalogue/book/related.ts";
import { isUnsure, summaryOf } from "../catalogue/book/summary.ts";
import type { ServerEntry, ToolEntry } from "../catalogue/entry.ts";
import type { ArgumentFact, MetaTool } from "../catalogue/verdict.ts";
import { named, openCatalogue, serverNamed } from "./catalogue-open.ts";
import {
  classText,
  countsText,
  nameText,
  number,
  originText,
  riskText,
  summaryLines,
  whyText,
} from "./catalogue-print.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { fittedTable } from "./fit.ts";
import { jsonLine, oneLine, plural, table } from "./print.ts";
import { painter, type Paint } from "./terminal.ts";

const RELATED = 8;

export const catalogueShow: CommandSpec = {
  path: ["catalogue", "show"],
  summary: "show a server of the catalogue, or one of its tools; all servers without a name",
  argument: { name: "[names...]", description: "a server, and one of its tools" },
  options: [],
  examples: [
    "tollgate catalogue show",
    "tollgate catalogue show filesystem",
    "tollgate catalogue show filesystem write_file --json",
  ],
  run: async (context) => {
    const [serverName, toolName, ...more] = context.given.args;
    if (more.length > 0) {
      throw new CommandFailure("It shows one server, or one tool of it.", EXIT.usage);
    }
    const servers = await openCatalogue(context);
    if (serverName === undefined) {
      await showServers(context, servers);
      return EXIT.done;
    }
    const server = serverNamed(context, servers, serverName);
    if (toolName === undefined) {
      await showServer(context, server);
    } else {
      await showTool(context, server, named(server.tools, toolName, `The server ${server.name} has no tool`));
    }
    return EXIT.done;
  },
};

const showServers = async ({ terminal, json }: Context, servers: readonly ServerEntry[]): Promise<void> => {
  const summaries = servers.map((server) => ({ server, summary: summaryOf(server) }));
  if (json) {
    const facts = summaries.map(({ server: { name, origin, product, revision }, summary }) => ({
      name,
      origin,
      product,
      revision,
      summary,
    }));
    await terminal.out(jsonLine(facts));
    return;
  }
  const rows = summaries.map(({ server, summary }) => [
    server.name,
    String(summary.tools),
    countsText(summary.classes),
    number(summary.tokens),
    originText(server.origin),
  ]);
  await terminal.out(table(["SERVER", "TOOLS", "CLASSES", "TOKENS", "FROM"], rows, painter(terminal, "out")));
};

const showServer = async ({ terminal, json }: Context, server: ServerEntry): Promise<void> => {
  const summary = summaryOf(server);
  if (json) {
    await terminal.out(jsonLine({ ...server, summary }));
    return;
  }
  const paint = painter(terminal, "out");
  const { product, origin, revision, tools } = server;
  const says = product === undefined ? "" : `, ${oneLine(`${product.name} ${product.version}`, 60)}`;
  await terminal.out(
    `${paint("bold", server.name)}: ${plural(tools.length, "tool")}, revision ${oneLine(revision, 20)}${says} (${originText(origin)})\n`,
  );
  await terminal.out(summaryLines(summary, paint, terminal));
  const rows = tools.map((tool) => [
    nameText(tool.name),
    classText(tool),
    tool.risk,
    number(tool.tokens),
    whyText(tool.evidence),
  ]);
  await terminal.out(
    `\n${fittedTable(terminal, { head: ["TOOL", "CLASS", "RISK", "TOKENS", "WHY"], rows, names: 1 })}`,
  );
};

const showTool = async ({ terminal, json }: Context, server: ServerEntry, tool: ToolEntry): Promise<void> => {
  const related = relatedTools(server.tools, tool, RELATED);
  if (json) {
    const near = related.map(({ name, class: is, risk }) => ({ name, class: is, risk }));
    await terminal.out(jsonLine({ server: server.name, ...tool, related: near }));
    return;
  }
  const paint = painter(terminal, "out");
  await terminal.out(`${paint("bold", `${server.name} ${nameText(tool.name)}`)}\n${factLines(tool, paint)}`);
  await terminal.out(`\n${paint("bold", "why")}\n${whyLines(tool)}`);
  if (tool.arguments.length > 0) {
    const head = ["ARGUMENT", "TYPE", "REQUIRED", "CARRIES"];
    await terminal.out(`\n${table(head, tool.arguments.map(argumentCells), paint)}`);
  }
  if (related.length > 0) {
    const rows = related.map((other) => [nameText(other.name), classText(other), other.risk]);
    await terminal.out(`\n${table(["RELATED", "CLASS", "RISK"], rows, paint)}`);
  }
};

const LABEL = 12;

/** Where nothing readable carries it, a schema was not read whole, or says nothing. */
const runsText = ({ runs, arguments: paths }: MetaTool): string =>
  paths.length === 0
    ? `${runs}, by arguments that cannot be told`
    : `${runs} that it is given in ${paths.map(nameText).join(", ")}`;

const factLines = (tool: ToolEntry, paint: Paint): string => {
  const { risk, confidence, powers, meta, annotations, tokens, digest } = tool;
  const unsure = isUnsure(tool) ? ", a guess on the safe side" : "";
  const hints = Object.entries(annotations).map(([hint, value]) => `${hint} ${String(value)}`);
  const lines: readonly (readonly [label: string, text: string])[] = [
    ["class", `${tool.class} (confidence ${confidence.toFixed(2)}${unsure})`],
    ["risk", riskText(risk, paint)],
    ["powers", powers.join(", ")],
    ["runs", meta === undefined ? "" : runsText(meta)],
    ["says itself", hints.join(", ")],
    ["definition", `about ${number(tokens)} tokens, SHA-256 ${digest.slice(0, 12)}…`],
  ];
  return lines
    .filter(([, text]) => text !== "")
    .map(([label, text]) => `${label.padEnd(LABEL)}${text}\n`)
    .join("");
};

const whyLines = ({ evidence }: ToolEntry): string =>
  evidence
    .map((reason) => {
      const what = reason.found === "" ? "" : ` (${reason.from}: ${oneLine(reason.found, 80)})`;
      return `  ${oneLine(reason.says, 300)}${what}\n`;
    })
    .join("");

const argumentCells = ({ path, types, required, kinds }: ArgumentFact): readonly string[] => [
  nameText(path),
  types.join("|"),
  required ? "yes" : "no",
  kinds.join(", "),
];
