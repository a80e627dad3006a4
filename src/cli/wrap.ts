import { createHash } from "node:crypto";
import { basename } from "node:path";
import { isServerName, SERVER_NAME_RULE } from "../base/names.ts";
import { CommandFailure, EXIT, type CommandSpec } from "./command.ts";
import { loadPolicy } from "./policy-file.ts";

export const wrap: CommandSpec = {
  path: ["wrap"],
  summary: "put the gate around one stdio server, for a client that starts it",
  argument: { name: "<command...>", description: "the server's command, after --" },
  options: [
    { flags: "--policy <file>", description: "the policy document", required: true },
    {
      flags: "--name <name>",
      description: "name of the server, its grant and identity (default: made of the command)",
    },
  ],
  examples: [
    "tollgate wrap --policy policy.json -- npx -y node-server-orchestrator mcp",
    "tollgate wrap --policy policy.json --name files -- node ./files-server.js /srv",
  ],
  run: async (context) => {
    const { given, ports } = context;
    const [command, ...args] = given.args;
    const policy = given.text("policy") ?? "";
    const name = given.text("name") ?? nameOf(given.args);
    if (command === undefined || !isServerName(name)) {
      throw new CommandFailure(`--name: ${SERVER_NAME_RULE}.`, EXIT.usage);
    }
    loadPolicy(context, policy);
    return ports.wrap({ policy, name, data: given.text("data"), command: [command, ...args] });
  },
};

const RUNNERS = new Set(["npx", "node", "bunx", "uvx", "deno", "python", "python3", "docker"]);

/**
 * A name for a server that was given none: its most telling word, and a hash of the whole command line, because a
 * wrap of a known name goes through the one that runs already, and must not end up at another server.
 */
const nameOf = (commandLine: readonly string[]): string => {
  const [command = "", ...args] = commandLine;
  const telling = RUNNERS.has(basename(command))
    ? (args.find((arg) => !arg.startsWith("-")) ?? command)
    : command;
  const word = basename(telling)
    .replace(/(?<=.)[.@].*$/u, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 20);
  const hash = createHash("sha256").update(JSON.stringify(commandLine)).digest("hex").slice(0, 8);
  return word === "" ? hash : `${word}-${hash}`;
};
