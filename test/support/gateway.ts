import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..", "..");
export const WITNESS = join(ROOT, "test", "fixtures", "witness.ts");

/** Stands for all servers of a grant as one. */
export const ALL = "";

/** A token for tests; the gate wants at least 32 characters. */
export const tokenOf = (name: string): string => `test-token-of-${name}-${"0".repeat(32)}`;

const CAPABILITIES = { "io.modelcontextprotocol/clientCapabilities": {} };
export const modernMeta = (extra: object = {}): object => ({
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  ...CAPABILITIES,
  ...extra,
});

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The last JSON-RPC message of the answer: of an event stream, the one in its last event. */
  readonly message: Message;
  readonly events: readonly Message[];
}

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown> & {
    readonly content?: readonly { readonly text: string }[];
    readonly isError?: boolean;
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Starts a process of ours and collects what it prints. */
export class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly closed: Promise<number | null>;

  constructor(
    args: readonly string[],
    options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
  ) {
    this.child = spawn(process.execPath, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString("utf8")));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString("utf8")));
    this.closed = once(this.child, "close").then(([code]) => code as number | null);
  }

  /** Waits until standard output matches, and gives the first group. */
  async printed(pattern: RegExp, ms = 30_000): Promise<string> {
    for (const end = Date.now() + ms; Date.now() < end;) {
      const found = pattern.exec(this.stdout);
      if (found !== null) {
        return found[1] ?? found[0];
      }
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        break;
      }
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`never printed ${String(pattern)}; stdout: ${this.stdout} stderr: ${this.stderr}`);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
    }
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), "tollgate-test-"));

/** A witness server over HTTP, with its journal. */
export class Witness implements AsyncDisposable {
  readonly program: Program;
  readonly journalFile: string;
  url = "";

  constructor(directory: string, args: readonly string[]) {
    this.journalFile = join(directory, `witness-${String(Math.random()).slice(2)}.jsonl`);
    this.program = new Program([WITNESS, "--http", "--journal", this.journalFile, ...args]);
  }

  static async start(directory: string, ...args: readonly string[]): Promise<Witness> {
    const witness = new Witness(directory, args);
    witness.url = `http://127.0.0.1:${await witness.program.printed(/witness on (\d+)/u)}/mcp`;
    return witness;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

export interface JournalEntry {
  readonly name?: string;
  readonly arguments?: Record<string, unknown>;
  readonly raw?: string;
  readonly read?: string;
  readonly prompt?: string;
  /** When it came, and whether the gateway's journal had its record then: where the witness watches one. */
  readonly at?: number;
  readonly recorded?: boolean;
}

/** What reached a witness, in order. */
export const journalOf = (file: string): readonly JournalEntry[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as JournalEntry)
    : [];

/** A gateway process with its own data directory. */
export class Gateway implements AsyncDisposable {
  readonly directory: string;
  readonly configFile: string;
  readonly data: string;
  program: Program | undefined;
  url = "";

  constructor(config: object, directory = temporaryDirectory(), data = join(directory, "data")) {
    this.directory = directory;
    this.configFile = join(directory, "tollgate.json");
    this.data = data;
    this.configure(config);
  }

  configure(config: object): void {
    writeFileSync(this.configFile, JSON.stringify(config, null, 2));
  }

  static async start(config: object, directory?: string): Promise<Gateway> {
    const gateway = new Gateway(config, directory);
    await gateway.serve();
    return gateway;
  }

  async serve(env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.program = new Program(
      ["src/main.ts", "serve", "--config", this.configFile, "--data", this.data, "--port", "0"],
      { env },
    );
    this.url = await this.program.printed(/^tollgate ready on (\S+)$/mu);
  }

  /** Where this server is served, or all servers as one where it is `ALL`. */
  endpoint(server: string): string {
    return `${this.url}/mcp${server === ALL ? "" : `/${server}`}`;
  }

  /** Sends raw bytes as a request's body, with exactly these headers besides the token. */
  async raw(
    server: string,
    body: string | Buffer,
    grant: string,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(this.endpoint(server), {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokenOf(grant)}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: typeof body === "string" ? body : new Uint8Array(body),
    });
    return replyOf(response);
  }

  /** A 2026-07-28 request with its required headers. */
  async modern(
    server: string,
    grant: string,
    method: string,
    params: object = {},
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: { ...params, _meta: { ...modernMeta(), ...metaOf(params) } },
    });
    return this.raw(server, body, grant, { ...modernHeaders(method, params), ...headers });
  }

  async call(server: string, grant: string, tool: string, args: object = {}): Promise<Reply> {
    return this.modern(server, grant, "tools/call", { name: tool, arguments: args });
  }

  /** Runs a command of the CLI on this gateway's configuration and data. */
  async command(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const program = new Program(["src/main.ts", ...args, "--config", this.configFile, "--data", this.data]);
    program.child.stdin?.end();
    const code = await program.closed;
    return { code, stdout: program.stdout, stderr: program.stderr };
  }

  /** The audit log's lines, as the export has them. */
  async records(): Promise<readonly Record<string, unknown>[]> {
    const { stdout } = await this.command("audit", "export", "--json");
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    return (await this.program?.stop(signal)) ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const metaOf = (params: object): object =>
  "_meta" in params && typeof params._meta === "object" ? (params._meta ?? {}) : {};

export const modernHeaders = (method: string, params: object): Record<string, string> => {
  const { name, uri = name, taskId = uri } = params as Record<string, unknown>;
  return {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof taskId === "string" ? { "mcp-name": taskId } : {}),
  };
};

const replyOf = async (response: Response): Promise<Reply> => {
  const text = await response.text();
  const stream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const events = stream
    ? [...text.matchAll(/^data: (.*)$/gmu)].map((found) => JSON.parse(found[1] ?? "") as Message)
    : text === ""
      ? []
      : [JSON.parse(text) as Message];
  return { status: response.status, headers: response.headers, text, events, message: events.at(-1) ?? {} };
};
