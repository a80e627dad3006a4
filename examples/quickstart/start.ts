// `npm start`: the orchestrator, the editor's simulator, the gateway in front of the two servers, and what to do next.
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { endAll, lost, run, serve } from "./children.ts";
import { readOptions, type Options } from "./options.ts";
import { CONFIG, readPlaces, type Places } from "./places.ts";
import { requireFree } from "./ports.ts";
import { wordsFor } from "./words.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** npm runs this in the checkout, wherever it was run itself. */
const from =
  process.env["npm_lifecycle_event"] === "start" ? (process.env["INIT_CWD"] ?? root) : process.cwd();

const SECRET_BYTES = 32;

/** Another one at each start. What was there is removed first: its mode would stay. */
const makeSecret = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, `${randomBytes(SECRET_BYTES).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
};

/** The servers that the gateway, or its bridge, reaches at ports of loopback. */
const startBeside = async (places: Places, journal: string): Promise<void> => {
  makeSecret(places.secretFile);
  mkdirSync(dirname(journal), { recursive: true, mode: 0o700 });
  const simulator = ["--port", String(places.simulatorPort), "--secret-file", places.secretFile];
  await Promise.all([
    serve(
      "The simulator of the editor",
      [join(root, "servers/uefn-simulator/main.ts"), ...simulator, "--journal", journal],
      { cwd: root, ready: /^uefn simulator on \d+$/mu },
    ),
    serve(
      "The orchestrator",
      [join(root, "servers/node-orchestrator/main.ts"), "--http", "--port", String(places.orchestratorPort)],
      { cwd: join(root, "examples/node-orchestrator"), ready: /^node-orchestrator listens on \S+$/mu },
    ),
  ]);
};

const MINTED = z.object({ token: z.string() });

const mint = async (grant: string, where: readonly string[]): Promise<string> => {
  const args = ["src/main.ts", "grant", "rotate", grant, "--json", "--yes", ...where];
  const { code, output } = await run(args, root);
  if (code !== 0) {
    throw new Error("tollgate grant rotate failed.");
  }
  return MINTED.parse(JSON.parse(output)).token;
};

const startAll = async ({ data, port, passed }: Options): Promise<void> => {
  const places = readPlaces();
  await requireFree(places, port ?? places.gatewayPort);
  const journal = join(data, "uefn-simulator", "journal.jsonl");
  await startBeside(places, journal);
  const where = ["--config", CONFIG, "--data", data];
  const url = await serve("The gateway", ["src/main.ts", "serve", ...where, ...passed], {
    cwd: root,
    loud: true,
    ready: /^tollgate ready on (\S+)$/mu,
  });
  const orchestratorToken = await mint("you-orchestrator", where);
  const uefnToken = await mint("you-uefn", where);
  console.log(
    wordsFor({ url, orchestratorToken, uefnToken, places, folders: { root, from, data, journal } }),
  );
};

/** Resolves when this is told to end: by Ctrl+C, by whoever started it, or because its terminal is closed. */
const told = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => resolve());
  }
});

const main = async (options: Options): Promise<void> => {
  // A terminal that is closed takes no more words: the rest must be ended all the same.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    await Promise.race([told, lost, startAll(options).then(() => Promise.race([told, lost]))]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await endAll();
  }
};

const options = readOptions(process.argv.slice(2), from, root);
if ("text" in options) {
  (options.code === 0 ? process.stdout : process.stderr).write(`${options.text.trimEnd()}\n`);
  process.exitCode = options.code;
} else {
  await main(options);
}
