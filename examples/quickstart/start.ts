// `npm start`: the orchestrator, the editor's simulator, the gateway in front of the two servers, and what to do next.
import { mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endAll, start } from "./children.ts";
import { wordsFor } from "./words.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const config = join(here, "tollgate.json");
const DATA = ".tollgate";
const JOURNAL = `${DATA}/uefn-simulator/journal.jsonl`;

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

/** A server that the gateway reaches at a port of loopback. */
interface Beside {
  readonly what: string;
  /** Finds its port in the configuration. */
  readonly portAt: RegExp;
  readonly main: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What it prints when it listens. */
  readonly ready: RegExp;
}

const BESIDE: readonly Beside[] = [
  {
    what: "The simulator of the editor",
    portAt: /"--editor-port", "(\d+)"/u,
    main: "servers/uefn-simulator/main.ts",
    args: ["--journal", JOURNAL],
    cwd: root,
    ready: /^uefn simulator on \d+$/mu,
  },
  {
    what: "The orchestrator",
    portAt: /"url": "http:\/\/127\.0\.0\.1:(\d+)\/mcp"/u,
    main: "servers/node-orchestrator/main.ts",
    args: ["--http"],
    cwd: join(root, "examples/node-orchestrator"),
    ready: /^node-orchestrator listens on \S+$/mu,
  },
];

const portOf = async ({ what, portAt }: Beside): Promise<string> => {
  const port = portAt.exec(readFileSync(config, "utf8"))?.[1];
  if (port === undefined) {
    throw new Error(`${what}: examples/quickstart/tollgate.json names no port.`);
  }
  if (await accepts(Number(port))) {
    throw new Error(
      `Port ${port} is taken. Stop what listens there, or change it in examples/quickstart/tollgate.json.`,
    );
  }
  return port;
};

const startBeside = async (): Promise<void> => {
  const ports = await Promise.all(BESIDE.map(portOf));
  mkdirSync(dirname(join(root, JOURNAL)), { recursive: true, mode: 0o700 });
  await Promise.all(
    BESIDE.map(({ what, main, args, cwd, ready }, index) =>
      start(what, [join(root, main), "--port", ports[index] ?? "", ...args], { cwd }).prints(ready),
    ),
  );
};

const mint = async (grant: string): Promise<string> => {
  const args = [
    "src/main.ts",
    "grant",
    "rotate",
    grant,
    "--json",
    "--yes",
    "--config",
    config,
    "--data",
    DATA,
  ];
  const { code, output } = await start("tollgate grant rotate", args, { cwd: root }).ended;
  if (code !== 0) {
    throw new Error("tollgate grant rotate failed.");
  }
  const { token } = JSON.parse(output) as { readonly token: string };
  return token;
};

const run = async (): Promise<number> => {
  await startBeside();
  const args = ["src/main.ts", "serve", "--config", config, "--data", DATA, ...process.argv.slice(2)];
  const gateway = start("The gateway", args, { cwd: root, loud: true });
  const url = await gateway.prints(/^tollgate ready on (\S+)$/mu);
  const orchestratorToken = await mint("you-orchestrator");
  const uefnToken = await mint("you-uefn");
  console.log(wordsFor({ url, orchestratorToken, uefnToken, data: DATA, journal: JOURNAL }));
  return (await gateway.ended).code;
};

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await endAll();
}
