import { CommandFailure, EXIT, type CommandSpec, type Given } from "./command.ts";
import { requireConfig } from "./require-config.ts";

const LEVELS = ["error", "warn", "info"] as const;

export const serve: CommandSpec = {
  path: ["serve"],
  summary: "run the gateway",
  options: [
    {
      flags: "--host <address>",
      description: "address to listen on (default: the configuration's, or 127.0.0.1)",
    },
    { flags: "--port <number>", description: "port to listen on; 0 picks a free one", kind: "integer" },
    { flags: "--log-level <level>", description: "what is logged to standard error", choices: LEVELS },
  ],
  examples: [
    "tollgate serve",
    "tollgate serve --config /etc/tollgate.json --data /var/lib/tollgate --port 8080",
    "tollgate serve --port 0 --log-level warn",
  ],
  run: async (context) => {
    const { given, ports, where } = context;
    requireConfig(context);
    return ports.serve({ ...where, host: given.text("host"), port: portOf(given), logLevel: levelOf(given) });
  },
};

const portOf = (given: Given): number | undefined => {
  const port = given.integer("port");
  if (port !== undefined && port > 65_535) {
    throw new CommandFailure("--port is a number from 0 to 65535.", EXIT.usage);
  }
  return port;
};

const levelOf = (given: Given): (typeof LEVELS)[number] =>
  LEVELS.find((level) => level === given.text("logLevel")) ?? "info";
