// Starts, watches and stops a project's development servers, for whoever speaks MCP.
import { parseArgs } from "node:util";
import { complain } from "../mcp/complain.ts";
import { serve, type Face, type Serving } from "../mcp/serve.ts";
import { PACKAGE_VERSION } from "../mcp/version.ts";
import { Fleet } from "./fleet.ts";
import { makeServer } from "./make.ts";
import { logUri } from "./results.ts";

const USAGE = `Starts, watches and stops a project's development servers, over MCP.

  --http          over Streamable HTTP on loopback, not over standard input and output
  --port N        the port for --http (by default: any free one)
  --config FILE   the servers; without it orchestrator.json in the working directory, or, where there is none,
                  the dev and start scripts of package.json files
  -h, --help      says this
  -V, --version   says its version
`;

interface Options {
  readonly face: Face;
  readonly config: string | undefined;
}

const say = (problem: string): void => complain("tollgate-node-orchestrator", problem);

const portOf = (written: string | undefined): number | undefined =>
  written === undefined
    ? 0
    : /^\d{1,5}$/u.test(written) && Number(written) <= 65_535
      ? Number(written)
      : undefined;

const OPTIONS = {
  http: { type: "boolean", default: false },
  port: { type: "string" },
  config: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "V", default: false },
} as const;

/** What is only said, and not done: asked for, or because of what was asked for. */
interface Said {
  readonly text: string;
  readonly code: 0 | 2;
}

const wrong = (problem: string): Said => ({ text: `${problem}\n\n${USAGE}`, code: 2 });

const optionsOf = (args: readonly string[]): Options | Said => {
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (error) {
    return wrong(error instanceof Error ? error.message : "Unknown option");
  }
  const { http, help, version, config } = values;
  const port = portOf(values.port);
  if (help || version) {
    return { text: help ? USAGE : `${PACKAGE_VERSION}\n`, code: 0 };
  }
  if (port === undefined || (values.port !== undefined && !http)) {
    return wrong("--port is a number up to 65535, and goes with --http.");
  }
  return { face: http ? { kind: "http", port } : { kind: "stdio" }, config };
};

/** Comes back when it is time to go. */
const untilEnd = ({ kind }: Face): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve());
    }
    if (kind === "stdio") {
      process.stdin.on("end", resolve);
      process.stdin.on("close", resolve);
      // A client that is gone shows at the first word to it.
      process.stdout.on("error", () => resolve());
    }
  });

const run = async ({ face, config }: Options): Promise<void> => {
  const open: { serving?: Serving } = {};
  const fleet = new Fleet(
    { config, folder: process.cwd() },
    {
      logGrew: (id) => open.serving?.changes.resource(logUri(id)),
      serversChanged: () => open.serving?.changes.resources(),
    },
  );
  await fleet.load();
  if (fleet.problem !== undefined) {
    say(fleet.problem);
  }
  const ended = untilEnd(face);
  const serving = await serve(() => makeServer(fleet), face);
  open.serving = serving;
  if (serving.url !== undefined) {
    process.stdout.write(`node-orchestrator listens on ${serving.url}\n`);
  }
  await ended;
  await Promise.all([serving.close().catch(() => {}), fleet.close()]);
};

const main = async (): Promise<number> => {
  if (process.platform === "win32") {
    say("Stopping a server with all its processes needs process groups: on Windows, run this in WSL.");
    return 1;
  }
  const options = optionsOf(process.argv.slice(2));
  if ("code" in options) {
    if (options.code === 0) {
      process.stdout.write(options.text);
    } else {
      say(options.text);
    }
    return options.code;
  }
  try {
    await run(options);
    return 0;
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    say(taken ? "The port is in use already. Give another with --port." : `It ended: ${String(error)}`);
    return 1;
  }
};

process.exit(await main());
