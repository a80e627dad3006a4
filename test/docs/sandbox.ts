import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Program, ROOT } from "../support/gateway.ts";
import { Checkout, freePorts, withPorts } from "./checkout.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A block that takes longer hangs: some play attacks, each with processes of its own, while others run. */
export const BLOCK_MS = 150_000;
const GATEWAY_PORT = 7410;
const SIMULATOR_PORT = 7411;
/** Of a simulator by itself, which asks for no secret. */
const ALONE_PORT = 8765;
const ORCHESTRATOR_PORT = 7412;
const DOCUMENTED_URL = `http://127.0.0.1:${String(GATEWAY_PORT)}`;

/** A checkout in which the blocks of the pages run, beside what `npm start` runs: simulator, orchestrator, gateway. */
export class Sandbox implements AsyncDisposable {
  readonly #checkout: Checkout;
  readonly #ports: ReadonlyMap<number, number>;
  #url = "";
  /** What the gateway reaches at a port. */
  readonly #beside: Program[] = [];
  #gateway: ChildProcess | undefined;

  private constructor(ports: ReadonlyMap<number, number>) {
    this.#ports = ports;
    this.#checkout = new Checkout(ports);
  }

  static async create(): Promise<Sandbox> {
    const ports = new Map(await freePorts());
    // The page's own command gives the gateway a free one.
    ports.delete(GATEWAY_PORT);
    return new Sandbox(ports);
  }

  get directory(): string {
    return this.#checkout.directory;
  }

  /** Starts the gateway with the block of a page that does. */
  async serve(block: string): Promise<void> {
    // Where the quick start's configuration says that it is.
    const secret = join(this.directory, ".tollgate/uefn.secret");
    mkdirSync(dirname(secret), { mode: 0o700 });
    writeFileSync(secret, "a-secret-of-the-pages\n", { mode: 0o600 });
    const journal = join(this.directory, "journal.jsonl");
    await Promise.all([
      this.#start("servers/uefn-simulator", SIMULATOR_PORT, ["--journal", journal, "--secret-file", secret]),
      this.#start("servers/uefn-simulator", ALONE_PORT, []),
      this.#start("servers/node-orchestrator", ORCHESTRATOR_PORT, ["--http"]),
    ]);
    // No other command may take the documented port for its own.
    for (const name of ["quickstart", "node-orchestrator", "uefn"]) {
      const file = join(this.directory, "examples", name, "tollgate.json");
      writeFileSync(file, readFileSync(file, "utf8").replace(`"port": ${String(GATEWAY_PORT)}`, '"port": 0'));
    }
    const child = this.#shell(block);
    this.#gateway = child;
    let printed = "";
    this.#url = await new Promise<string>((resolve, reject) => {
      child.stderr?.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
      child.stdout?.on("data", (chunk: Buffer) => {
        printed += chunk.toString("utf8");
        const url = /^tollgate ready on (\S+)$/mu.exec(printed)?.[1];
        if (url !== undefined) {
          resolve(url);
        }
      });
      child.once("close", () => reject(new Error(`the gateway did not start: ${printed}`)));
    });
  }

  /** Starts a server beside the gateway, where it finds the example's configuration, and waits until it listens. */
  async #start(server: string, documented: number, args: readonly string[]): Promise<void> {
    const program = new Program(
      [join(ROOT, server, "main.ts"), "--port", String(this.#ports.get(documented)), ...args],
      { cwd: join(this.directory, "examples/node-orchestrator") },
    );
    this.#beside.push(program);
    await program.printed(/^(?:uefn simulator|node-orchestrator listens) on \S+$/mu);
  }

  /** Runs a block as it stands on its page, but for the ports. */
  async run(block: string, input = ""): Promise<Ran> {
    const child = this.#shell(withPorts(block.replaceAll(DOCUMENTED_URL, this.#url), this.#ports));
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), BLOCK_MS);
    const [code] = (await once(child, "close")) as [number | null];
    clearTimeout(timer);
    return { code, stdout, stderr };
  }

  #shell(text: string): ChildProcess {
    return spawn("bash", ["-e", "-u", "-o", "pipefail", "-c", text], {
      cwd: this.directory,
      env: { ...this.#checkout.env, TOLLGATE_URL: this.#url },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gateway = this.#gateway;
    if (gateway !== undefined && gateway.exitCode === null && gateway.signalCode === null) {
      const closed = once(gateway, "close");
      signalGroup(gateway, "SIGTERM");
      await closed;
    }
    // The orchestrator ends its servers where it is told to.
    await Promise.all(this.#beside.map((program) => program.stop()));
    this.#checkout[Symbol.dispose]();
  }
}

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid !== undefined) {
    process.kill(-pid, signal);
  }
};
