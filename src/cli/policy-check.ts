import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { overridden, overridesBy } from "../catalogue/override.ts";
import { profileTool } from "../catalogue/profile.ts";
import { metaFactsOf } from "../catalogue/recommend/meta-tool.ts";
import { writePolicy } from "../catalogue/recommend/write-policy.ts";
import { checkPolicy } from "../policy/compile.ts";
import type { ClassFinder, MetaFinder } from "../policy/types.ts";
import { openCatalogue } from "./catalogue-open.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { readText, readTools } from "./files.ts";
import { inFile, policyName } from "./policy-file.ts";
import type { FileProblem } from "./ports.ts";
import { jsonLine, plural, problemLine } from "./print.ts";
import { painter } from "./terminal.ts";

export const policyCheck: CommandSpec = {
  path: ["policy", "check"],
  summary: "find everything that is wrong with policy documents",
  argument: { name: "<file...>", description: "policy documents" },
  options: [
    { flags: "--tools <file>", description: "a tools/list result: warn of what cannot match these tools" },
    { flags: "--server <name>", description: "ask this server of the configuration for its tools" },
    { flags: "--strict", description: "exit 1 on warnings too" },
  ],
  examples: [
    "tollgate policy check policies/*.json",
    "tollgate policy check policies/billing.json --server billing --strict",
    "tollgate policy check policies/billing.json --tools tools.json --json",
  ],
  run: async (context) => {
    const { given, json, terminal } = context;
    const tools = await toolsFor(context);
    const problems = given.args.flatMap((file) => checkFile(context, file, tools));
    const warnings = problems.filter(({ severity }) => severity === "warning").length;
    const errors = problems.length - warnings;
    if (json) {
      await terminal.out(jsonLine({ errors, warnings, problems }));
    } else {
      await printProblems(context, problems, errors, warnings);
    }
    return errors > 0 || (given.flag("strict") && warnings > 0) ? EXIT.failed : EXIT.done;
  },
};

/** What tells the checker which tools run others. */
export const metaOf: MetaFinder = (tool) => metaFactsOf(profileTool(tool));

/** … and, for rules that withhold tools by their class, what they do. */
export const classOf: ClassFinder = (tool) => profileTool(tool).class;

/** What documents are checked against. */
interface Against {
  readonly tools: readonly JsonObject[];
  readonly classOf: ClassFinder;
}

/** The tools of `--tools` or `--server`; `undefined` where neither is given. */
const toolsFor = async (context: Context): Promise<Against | undefined> => {
  const { given, ports, terminal, where } = context;
  const file = given.text("tools");
  if (file !== undefined) {
    return { tools: readTools(terminal, file), classOf };
  }
  const server = given.text("server");
  if (server === undefined) {
    return undefined;
  }
  await refuseUnconfigured(context, server);
  const scan = await ports.scan(where, server);
  if (!scan.ok) {
    throw new CommandFailure(
      `the server ${server} cannot be asked for its tools: ${scan.reason} ${scan.advice}`,
    );
  }
  const own = overridesBy(await ports.overridesOf(where)).get(server);
  const classes = new Map(
    scan.tools.map(({ name, definition, digest }) => [
      definition,
      () => overridden(profileTool(definition), digest, own?.get(name)).class,
    ]),
  );
  return {
    tools: scan.tools.map(({ definition }) => definition),
    // The gate goes by what people said of a tool of a server.
    classOf: (tool) => classes.get(tool)?.(),
  };
};

/** The catalogue keeps what tools are, not their definitions, and those are what is checked against. */
const refuseUnconfigured = async (context: Context, server: string): Promise<void> => {
  const { config } = context.ports.configuration(context.where);
  if (config === undefined || config.servers.some(({ name }) => name === server)) {
    return;
  }
  if ((await openCatalogue(context)).some(({ name }) => name === server)) {
    throw new CommandFailure(
      `The catalogue knows ${server}, but the configuration has no such server to ask for its definitions. Take them from its command: tollgate server scan ${server} --json -- COMMAND > tools.json, and check with --tools tools.json.`,
    );
  }
};

const checkFile = (
  { ports, terminal }: Context,
  file: string,
  against: Against | undefined,
): readonly FileProblem[] => {
  let text: string;
  try {
    text = readText(terminal, file);
  } catch (error) {
    if (error instanceof CommandFailure) {
      return [{ file, message: error.message.replace(`${file}: `, ""), severity: "error" }];
    }
    throw error;
  }
  const options = { name: policyName(file), compileSchema: ports.compileSchema, metaOf };
  const { errors, warnings } = checkPolicy(text, { ...options, ...against });
  return [...errors, ...warnings].map((problem) => inFile(file, problem));
};

/** The rule to write, as it stands under "tools". */
const proposalLines = ({ tool, proposal }: FileProblem): string => {
  if (tool === undefined || proposal === undefined) {
    return "";
  }
  const text = writePolicy({ [tool]: proposal }).slice("{\n".length, -"\n}\n".length);
  return text.length > LIMITS.proposal_characters_max ? "  The rule is long: see --json.\n" : `${text}\n`;
};

const printProblems = async (
  { given, terminal }: Context,
  problems: readonly FileProblem[],
  errors: number,
  warnings: number,
): Promise<void> => {
  const paint = painter(terminal, "out");
  for (const problem of problems) {
    await terminal.out(problemLine(problem, paint) + proposalLines(problem));
  }
  const sound = paint("green", `${plural(given.args.length, "file")} checked, nothing wrong`);
  const found = `${plural(errors, "error")}, ${plural(warnings, "warning")} in ${plural(given.args.length, "file")}`;
  await terminal.out(`${problems.length === 0 ? sound : found}\n`);
};
