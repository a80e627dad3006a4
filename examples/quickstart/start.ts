// `npm start`: the editor's simulator, the gateway in front of the two servers, and what to do next.
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

/** Where the configuration has the editor's listener. */
const editorPort = (): number => {
  const found = /"--editor-port", "(\d+)"/u.exec(readFileSync(config, "utf8"))?.[1];
  if (found === undefined) {
    throw new Error("examples/quickstart/tollgate.json names no --editor-port.");
  }
  return Number(found);
};

const startSimulator = async (): Promise<void> => {
  const port = editorPort();
  if (await accepts(port)) {
    throw new Error(
      `Port ${port} is taken. Stop what listens there, or change it in examples/quickstart/tollgate.json.`,
    );
  }
  mkdirSync(dirname(join(root, JOURNAL)), { recursive: true, mode: 0o700 });
  const args = ["servers/uefn-simulator/main.ts", "--port", String(port), "--journal", JOURNAL];
  await start("The simulator of the editor", args, { cwd: root }).prints(/^uefn simulator on \d+$/mu);
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
  await startSimulator();
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
