import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { commandOf } from "./packages.ts";
import type { Ask, Method } from "./servers.ts";
import type { Heard, Talk, Target } from "./talk.ts";

/** The Inspector's command line: one process for each request, whose result it prints. */

const COMMAND = commandOf("@modelcontextprotocol/inspector-cli");

/** One `key=value` argument for each member, which the command reads as JSON where it can. */
const pairs = (flag: string, members: unknown): readonly string[] =>
  Object.entries((members ?? {}) as Record<string, unknown>).flatMap(([name, value]) => [
    flag,
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);

const NONE = (): readonly string[] => [];

const ARGUMENTS: Readonly<Record<Method, (params: Ask["params"]) => readonly string[]>> = {
  "tools/list": NONE,
  "resources/list": NONE,
  "resources/templates/list": NONE,
  "prompts/list": NONE,
  "tools/call": (params) => [
    "--tool-name",
    String(params["name"]),
    ...pairs("--tool-arg", params["arguments"]),
  ],
  "resources/read": (params) => ["--uri", String(params["uri"])],
  "prompts/get": (params) => [
    "--prompt-name",
    String(params["name"]),
    ...pairs("--prompt-args", params["arguments"]),
  ],
};

/**
 * The command hands what is after its first `--` to a second one. That wants the first word of the target before its
 * options, because some of them take all words that follow, and the other words after a `--` of its own.
 */
const commandLine = (target: Target, ask: Ask): readonly string[] => {
  const options = ["--method", ask.method, ...ARGUMENTS[ask.method](ask.params), "--transport", target.over];
  if (target.over === "stdio") {
    return ["--cli", "--", process.execPath, ...options, "--", ...target.args];
  }
  const headers = Object.entries(target.headers).flatMap(([name, value]) => [
    "--header",
    `${name}: ${value}`,
  ]);
  return ["--cli", "--", target.url, ...options, ...headers];
};

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const run = (args: readonly string[], { env, cwd }: Target): Promise<Ran> =>
  new Promise((resolve, reject) => {
    // It starts a second process by the name `node`.
    const PATH = [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd,
      env: { PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });

/** The line that says what went wrong, among the notices. */
const complaintOf = ({ err }: Ran): string =>
  /^Failed to .*$/mu.exec(err)?.[0] ?? err.trim().split("\n").at(-1) ?? "";

const askOnce = async (target: Target, ask: Ask): Promise<Heard> => {
  const ran = await run(commandLine(target, ask), target);
  return ran.code === 0
    ? { ask, frames: [JSON.parse(ran.out) as unknown] }
    : { ask, frames: [], refused: complaintOf(ran) };
};

const HELLO: Ask = { method: "tools/list", params: {} };

/** Every request is a connection of its own. The first, for the list of tools, shows whether there is any. */
export const inspect = async (target: Target): Promise<Talk> => {
  const first = await askOnce(target, HELLO);
  if (first.refused !== undefined) {
    throw new Error(first.refused);
  }
  return {
    ask: (ask) => (ask.method === HELLO.method ? Promise.resolve(first) : askOnce(target, ask)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};
