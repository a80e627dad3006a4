import { entryOf } from "../catalogue/book/entry-of.ts";
import { changesSince } from "../catalogue/book/changes.ts";
import { overriddenEntry, overridesBy, type Overrides } from "../catalogue/override.ts";
import { summaryOf } from "../catalogue/book/summary.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import { member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { isServerName, SERVER_NAME_RULE } from "../base/names.ts";
import { named, scanHint } from "./catalogue-open.ts";
import { classText, nameText, number, summaryLines } from "./catalogue-print.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import type { Kept, Scan } from "./ports.ts";
import { fittedTable } from "./fit.ts";
import { stateOf } from "./override-print.ts";
import { jsonLine, oneLine, plural, problemLine } from "./print.ts";
import { requireConfig } from "./require-config.ts";
import { printChanges, type Since } from "./scan-changes.ts";
import { scannedOrFail, type Scanned } from "./scan-or-fail.ts";
import { painter } from "./terminal.ts";

export const serverScan: CommandSpec = {
  path: ["server", "scan"],
  summary: "start a server, list its tools, say what they do, and stop it again",
  argument: {
    name: "<name...>",
    description: "name of the server in the configuration; or a name for it, and its command after --",
  },
  options: [
    {
      flags: "--start-ms <count>",
      description: `how long a command after -- may take to start (default: ${String(LIMITS.start_ms)})`,
      kind: "integer",
    },
  ],
  examples: [
    "tollgate server scan billing",
    "tollgate server scan billing --json > tools.json",
    "tollgate server scan files -- npx -y @modelcontextprotocol/server-filesystem /srv",
  ],
  run: async (context) => {
    const { json, ports, where } = context;
    const name = nameIn(context);
    const scan = scannedOrFail(await scanOf(context, name));
    const judged = entryFrom(name, scan, ports.clock.now());
    const overrides = await overridesFor(context);
    const since = await sinceBefore(context, judged, scan, overrides);
    const kept = await ports.keepEntry(where, judged);
    const entry = overriddenEntry(judged, overrides);
    if (json) {
      await context.terminal.out(jsonLine(forPrograms(entry, scan, kept, since)));
    } else {
      await print(context, entry, scan, { kept, since });
    }
    if (!kept.ok) {
      context.terminal.err(`The catalogue does not keep this scan. ${kept.reason}\n`);
    }
    return EXIT.done;
  },
};

/** One name: words behind it that are no command, because there is no `--`, are a slip. */
const nameIn = ({ given: { args, afterDashes } }: Context): string => {
  const [name = "", ...more] = args;
  if (more.length !== afterDashes.length) {
    throw new CommandFailure("One server is scanned at a time. A command goes after --.", EXIT.usage);
  }
  return name;
};

const scanOf = (context: Context, name: string): Promise<Scan> => {
  const { given, ports, where } = context;
  const [command, ...args] = given.afterDashes;
  const startMs = given.integer("startMs");
  if (startMs !== undefined && (startMs < 1 || startMs > LIMITS.scan_start_ms_max)) {
    throw new CommandFailure(`--start-ms is 1 to ${String(LIMITS.scan_start_ms_max)}.`, EXIT.usage);
  }
  if (command === undefined) {
    if (startMs !== undefined) {
      const sentence =
        '--start-ms is for a command after --. The configuration has "startMs" for its servers.';
      throw new CommandFailure(sentence, EXIT.usage);
    }
    named(requireConfig(context).servers, name, "The configuration has no server", scanHint(name));
    return ports.scan(where, name);
  }
  if (!isServerName(name)) {
    throw new CommandFailure(`${SERVER_NAME_RULE}.`, EXIT.usage);
  }
  const { config } = ports.configuration(where);
  if (config?.servers.some((server) => server.name === name) === true) {
    throw new CommandFailure(`The configuration has a server ${name}. Take another name for this command.`);
  }
  return ports.scanCommand(name, [command, ...args], startMs);
};

/** A scan is worth printing without them. */
const overridesFor = async ({ ports, terminal, where }: Context): Promise<Overrides> => {
  try {
    return overridesBy(await ports.overridesOf(where));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`Overrides cannot be read, so none is shown: ${oneLine(reason, 400)}\n`);
    return new Map();
  }
};

const entryFrom = (name: string, { product, revision, tools }: Scanned, at: number): ServerEntry =>
  entryOf({ name, origin: { from: "scan", at }, product, revision, tools });

/** Held against the scan that was kept before, and against what people said of tools. */
const sinceBefore = async (
  { ports, terminal, where }: Context,
  now: ServerEntry,
  scan: Scanned,
  overrides: Overrides,
): Promise<Since> => {
  const { entry: before, problem } = await ports.keptEntry(where, now.name);
  if (problem !== undefined) {
    const reason = problemLine({ ...problem, severity: "warning" }, painter(terminal, "err"));
    terminal.err(`What changed since the last scan cannot be said.\n${reason}`);
  }
  return {
    at: before?.origin.from === "scan" ? before.origin.at : undefined,
    changes: before === undefined ? [] : changesSince(before, now),
    overrides: [...(overrides.get(now.name)?.values() ?? [])]
      .map((override) => stateOf(override, scan))
      .filter(({ state }) => state !== "in force"),
  };
};

/** A `tools/list` result with more beside it: what `--tools` of the policy commands takes. */
const forPrograms = (entry: ServerEntry, scan: Scanned, kept: Kept, since: Since): object => ({
  server: entry.name,
  revision: scan.revision,
  serverInfo: scan.product,
  tools: scan.tools.map(({ definition }) => definition),
  digests: Object.fromEntries(scan.tools.map(({ name, digest }) => [name, digest])),
  withheld: Object.fromEntries(scan.withheld),
  verdicts: Object.fromEntries(
    entry.tools.map(({ name, class: is, risk, confidence, tokens }) => [
      name,
      { class: is, risk, confidence, tokens },
    ]),
  ),
  kept: kept.ok ? kept.file : null,
  changes:
    since.at === undefined
      ? null
      : since.changes.map((each) => ({ ...each, before: each.before ?? null, now: each.now ?? null })),
  overridesLost: since.overrides.map(({ tool, state }) => ({ tool, state })),
});

const print = async (
  context: Context,
  entry: ServerEntry,
  scan: Scanned,
  { kept, since }: { readonly kept: Kept; readonly since: Since },
): Promise<void> => {
  const { terminal } = context;
  const paint = painter(terminal, "out");
  const product =
    scan.product === undefined ? "" : `, ${oneLine(`${scan.product.name} ${scan.product.version}`, 60)}`;
  const count = plural(scan.tools.length, "tool");
  await terminal.out(`${paint("bold", entry.name)}: ${count}, revision ${scan.revision}${product}\n`);
  if (scan.tools.length > 0) {
    await printTools(context, entry, scan);
  }
  for (const [name, reason] of scan.withheld) {
    await terminal.out(`${paint("yellow", "withheld")} ${nameText(name)}: ${reason}\n`);
  }
  if (scan.tools.length > 0) {
    await terminal.out(`\n${summaryLines(summaryOf(entry), paint, terminal)}`);
  } else {
    await terminal.out(`${scan.withheld.size === 0 ? NO_TOOLS : ALL_WITHHELD}\n`);
  }
  await printChanges(context, since);
  await terminal.out(kept.ok && scan.tools.length > 0 ? `\n${nextSteps(entry.name)}` : "");
};

const NO_TOOLS =
  "The server lists no tools, so there is nothing to judge. Some list theirs only with credentials or other arguments.";
const ALL_WITHHELD = "All of its tools are withheld from clients, so there is nothing to judge.";

/** In the order in which the server lists them. */
const printTools = async ({ terminal }: Context, entry: ServerEntry, scan: Scanned): Promise<void> => {
  const known = new Map(entry.tools.map((tool) => [tool.name, tool]));
  const rows = scan.tools.map(({ name, definition }) => {
    const tool = known.get(name);
    const verdict = tool === undefined ? ["", "", ""] : [classText(tool), tool.risk, number(tool.tokens)];
    return [nameText(name), ...verdict, describe(definition)];
  });
  const head = ["TOOL", "CLASS", "RISK", "TOKENS", "DESCRIPTION"];
  await terminal.out(fittedTable(terminal, { head, rows, names: 1 }));
};

const nextSteps = (name: string): string =>
  [
    "Next:",
    `  tollgate catalogue show ${name} TOOL          why a tool is what it is`,
    `  tollgate policy recommend --server ${name}    a policy to start from`,
    "",
  ].join("\n");

const describe = (definition: JsonObject): string => {
  const description = member(definition, "description");
  return typeof description === "string" ? description : "";
};
