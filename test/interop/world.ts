import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { Gateway, Program, ROOT, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { prepareScratch, type Scratch, type ServerRow } from "./servers.ts";
import type { Target } from "./talk.ts";

const ALLOW_ALL = { version: "1", default: "allow" };
const MAIN = join(ROOT, "src/main.ts");

/** Every process of a run has this variable in its environment, so that what is left behind can be found. */
const MARK = "INTEROP_RUN";

/** The servers that listen, and a gateway in front of all servers. */
export class World implements AsyncDisposable {
  readonly mark = randomUUID();
  readonly scratch: Scratch;
  /** Hundreds of processes load the same modules: compiling them once halves the time of a run. */
  readonly #env: Readonly<Record<string, string>>;
  readonly #stack = new AsyncDisposableStack();
  readonly #urls = new Map<string, string>();
  #gateway: Gateway | undefined;
  #wraps = 0;

  private constructor() {
    const directory = temporaryDirectory();
    this.#stack.defer(() => rmSync(directory, { recursive: true, force: true }));
    this.scratch = prepareScratch(directory);
    this.#env = { [MARK]: this.mark, NODE_COMPILE_CACHE: join(directory, "compiled") };
    writeFileSync(join(directory, "policy.json"), JSON.stringify(ALLOW_ALL));
  }

  static async open(servers: readonly ServerRow[]): Promise<World> {
    const world = new World();
    try {
      await Promise.all(servers.filter(({ over }) => over !== "stdio").map((row) => world.#listen(row)));
      await world.#open(servers);
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The server itself. */
  direct(row: ServerRow): Target {
    const cwd = this.scratch.project;
    if (row.over === "stdio") {
      const { args, env = {} } = row.start(this.scratch, 0);
      return { over: "stdio", args, env: { ...env, ...this.#env }, cwd };
    }
    return { over: row.over, url: this.#urls.get(row.key) ?? "", headers: {}, env: this.#env, cwd };
  }

  /** The gate's endpoint for a server. */
  overHttp(row: ServerRow): Target {
    return {
      over: "http",
      url: `${this.#url()}/mcp/${row.key}`,
      headers: { authorization: `Bearer ${tokenOf(row.key)}` },
      env: this.#env,
      cwd: this.scratch.project,
    };
  }

  /** The gate as a command: `wrap` around a server that is one, `connect` to an endpoint for the others. */
  overStdio(row: ServerRow): Target {
    const cwd = this.scratch.project;
    const env = this.#env;
    if (row.over === "stdio") {
      const server = row.start(this.scratch, 0);
      const policy = join(this.scratch.directory, "policy.json");
      const data = join(this.scratch.directory, `wrap-${String((this.#wraps += 1))}`);
      const gate = ["wrap", "--policy", policy, "--name", row.key, "--data", data];
      const args = [MAIN, ...gate, "--", process.execPath, ...server.args];
      return { over: "stdio", args, env: { ...env, ...server.env }, cwd };
    }
    const args = [MAIN, "connect", "--url", `${this.#url()}/mcp/${row.key}`];
    return { over: "stdio", args, env: { ...env, TOLLGATE_TOKEN: tokenOf(row.key) }, cwd };
  }

  #url(): string {
    if (this.#gateway === undefined) {
      throw new Error("no gateway was started");
    }
    return this.#gateway.url;
  }

  async #listen(row: ServerRow): Promise<void> {
    const port = await freePort();
    const { args, env = {} } = row.start(this.scratch, port);
    const program = this.#stack.use(
      new Program(args, { cwd: this.scratch.project, env: { ...env, ...this.#env } }),
    );
    await answers(program, port);
    this.#urls.set(row.key, `http://127.0.0.1:${String(port)}${row.path ?? ""}`);
  }

  async #open(servers: readonly ServerRow[]): Promise<void> {
    const gateway = new Gateway({
      mcpServers: Object.fromEntries(servers.map((row) => [row.key, this.#entryOf(row)])),
      policies: { all: ALLOW_ALL },
      identities: { agent: { kind: "service" } },
      grants: Object.fromEntries(
        servers.map(({ key }) => [
          key,
          { identity: "agent", server: key, policy: "all", token: tokenOf(key) },
        ]),
      ),
    });
    this.#gateway = this.#stack.use(gateway);
    await gateway.serve(this.#env);
  }

  #entryOf(row: ServerRow): object {
    const target = this.direct(row);
    return target.over === "stdio"
      ? { command: process.execPath, args: target.args, env: target.env, cwd: target.cwd }
      : { type: target.over, url: target.url };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

const PATIENCE_MS = 30_000;
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 50));

const answers = async (program: Program, port: number): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; !(await accepts(port)); await pause()) {
    if (program.child.exitCode !== null || Date.now() > end) {
      throw new Error(`a server did not begin to listen: ${program.stderr}`);
    }
  }
};

/** The processes of a run that are still there, once they have had time to end. Linux tells; elsewhere it is none. */
export const leftBehind = async (mark: string): Promise<readonly string[]> => {
  for (const end = Date.now() + PATIENCE_MS / 3; ; await pause()) {
    const left = processesWith(`${MARK}=${mark}`);
    if (left.length === 0 || Date.now() > end) {
      return left;
    }
  }
};

const processesWith = (variable: string): readonly string[] =>
  process.platform === "linux"
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/u.test(name))
        .filter((pid) => textOf(pid, "environ").split("\0").includes(variable))
        .map((pid) => `${pid}: ${textOf(pid, "cmdline").replaceAll("\0", " ")}`)
    : [];

/** A process may end while it is looked at. */
const textOf = (pid: string, file: string): string => {
  try {
    return readFileSync(join("/proc", pid, file), "utf8");
  } catch {
    return "";
  }
};
