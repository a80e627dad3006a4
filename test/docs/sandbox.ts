import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ROOT, temporaryDirectory, Witness } from "../support/gateway.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BLOCK_MS = 45_000;
const DOCUMENTED_URL = "http://127.0.0.1:7410";

/**
 * A folder that looks like a checkout after `npm ci`, in which blocks of the pages run: `tollgate` is this source,
 * `npx` runs what is installed, nothing is fetched. The quick start's gateway takes a free port, and its HTTP server is
 * one of the tests.
 */
export class Sandbox implements AsyncDisposable {
  readonly directory = temporaryDirectory();
  readonly #env: NodeJS.ProcessEnv;
  #url = "";
  #witness: Witness | undefined;
  #gateway: ChildProcess | undefined;

  constructor() {
    const bin = join(this.directory, "bin");
    mkdirSync(bin);
    const tollgate = `exec '${process.execPath}' '${join(ROOT, "src/main.ts")}' "$@"`;
    this.#script(join(bin, "tollgate"), tollgate);
    this.#script(
      join(bin, "npx"),
      `name=$1; shift\n[ "$name" = tollgate ] || exec '${ROOT}/node_modules/.bin/'"$name" "$@"\n${tollgate}`,
    );
    cpSync(join(ROOT, "examples"), join(this.directory, "examples"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"));
    this.#env = {
      PATH: [bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
      HOME: this.directory,
      XDG_DATA_HOME: join(this.directory, "share"),
    };
  }

  #script(path: string, text: string): void {
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  }

  /** Starts the gateway with the block of a page that does. */
  async serve(block: string): Promise<void> {
    this.#witness = await Witness.start(this.directory);
    const file = join(this.directory, "examples/quickstart/tollgate.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as {
      gateway: object;
      mcpServers: Record<string, object>;
    };
    config.gateway = { host: "127.0.0.1", port: 0 };
    config.mcpServers["everything"] = { type: "http", url: this.#witness.url };
    writeFileSync(file, JSON.stringify(config));
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

  /** Runs a block as it stands on its page, but for the port. */
  async run(block: string, input = ""): Promise<Ran> {
    const child = this.#shell(block.replaceAll(DOCUMENTED_URL, this.#url));
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
      env: this.#env,
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
    await this.#witness?.[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid !== undefined) {
    process.kill(-pid, signal);
  }
};
