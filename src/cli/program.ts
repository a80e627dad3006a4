import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ControlRefusal, ControlUnreachable } from "../control/contract.ts";
import { CommandFailure, EXIT, type CommandSpec, type Given, type OptionSpec } from "./command.ts";
import type { Ports } from "./ports.ts";
import { painter, type Terminal } from "./terminal.ts";

const EVERYWHERE: readonly OptionSpec[] = [
  {
    flags: "--config <file>",
    description: "configuration file (default: tollgate.json here or in the data directory)",
  },
  { flags: "--data <dir>", description: "data directory (default: .tollgate)" },
  { flags: "--json", description: "output for programs" },
];

/** Runs one command line. Gives the exit code; throws nothing. */
export const runProgram = async (
  argv: readonly string[],
  commands: readonly CommandSpec[],
  terminal: Terminal,
  ports: Ports,
): Promise<number> => {
  let exit: number = EXIT.done;
  const root = rootCommand(terminal, ports);
  const groups = new Map<string, Command>();
  for (const spec of commands) {
    const leaf = leafCommand(spec, terminal);
    leaf.action(async () => {
      const given = givenOf(leaf, argv);
      const where = { config: given.text("config"), data: given.text("data") };
      exit = await spec.run({ terminal, ports, given, where, json: given.flag("json") });
    });
    groupOf(root, groups, spec, terminal).addCommand(leaf);
  }
  try {
    await root.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (error) {
    return exitOf(error, terminal);
  }
};

/** Every refusal and fault as a message on standard error and an exit code. Never a stack trace. */
const exitOf = (error: unknown, terminal: Terminal): number => {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage; // It has printed its own message.
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`${painter(terminal, "err")("red", "error:")} ${message}\n`);
  if (error instanceof CommandFailure) {
    return error.exit;
  }
  if (error instanceof ControlUnreachable) {
    return EXIT.unreachable;
  }
  return error instanceof ControlRefusal && error.reason === "not_allowed" ? EXIT.notAllowed : EXIT.failed;
};

const configure = (command: Command, terminal: Terminal): Command =>
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .helpOption("-h, --help", "show this help");

const rootCommand = (terminal: Terminal, ports: Ports): Command =>
  configure(new Command("tollgate"), terminal)
    .description("The gate between AI agents and the tools they call.")
    .version(ports.version, "-V, --version", "show the version")
    .helpCommand(false)
    .addHelpText("after", "\nEvery command has --help with examples.");

const GROUPS: Readonly<Record<string, string>> = {
  policy: "write, check, try and test policies",
  server: "look at the servers behind the gate",
  grant: "who may use which server, under which policy",
  audit: "read and verify the record",
  catalogue: "what tools are, and how risky",
  attack: "known attacks, and what gets through",
};

const groupOf = (
  root: Command,
  groups: Map<string, Command>,
  spec: CommandSpec,
  terminal: Terminal,
): Command => {
  const [name] = spec.path;
  if (spec.path.length === 1) {
    return root;
  }
  const known = groups.get(name);
  if (known !== undefined) {
    return known;
  }
  const group = configure(new Command(name), terminal)
    .description(GROUPS[name] ?? "")
    .helpCommand(false);
  groups.set(name, group);
  root.addCommand(group);
  return group;
};

const leafCommand = (spec: CommandSpec, terminal: Terminal): Command => {
  const command = configure(new Command(spec.path.at(-1)), terminal).description(spec.summary);
  if (spec.argument !== undefined) {
    command.argument(spec.argument.name, spec.argument.description);
  }
  for (const option of [...spec.options, ...EVERYWHERE]) {
    command.addOption(optionOf(option));
  }
  return command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`);
};

const optionOf = (spec: OptionSpec): Option => {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices !== undefined) {
    option.choices(spec.choices);
  }
  if (spec.kind === "integer") {
    option.argParser(parseInteger);
  }
  if (spec.kind === "list") {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option.makeOptionMandatory(spec.required ?? false);
};

const parseInteger = (value: string): number => {
  if (!/^\d{1,9}$/.test(value)) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return Number(value);
};

const givenOf = (command: Command, argv: readonly string[]): Given => {
  const dashes = argv.indexOf("--");
  const options: ReadonlyMap<string, unknown> = new Map(Object.entries(command.opts()));
  return {
    args: command.args,
    afterDashes: dashes === -1 ? [] : argv.slice(dashes + 1),
    text: (name) => {
      const value = options.get(name);
      return typeof value === "string" ? value : undefined;
    },
    flag: (name) => options.get(name) === true,
    integer: (name) => {
      const value = options.get(name);
      return typeof value === "number" ? value : undefined;
    },
    list: (name) => {
      const value = options.get(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
};
