import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Editor, Job } from "./editor.ts";
import type { FaultKind, Faults } from "./faults.ts";
import { isFields, isText, type Fields } from "./values.ts";

// The wire: HTTP on loopback, one request after the other as the one thread of a real listener takes them.

/** Between two looks of the HTTP thread whether the command ran. */
const POLL_MS = 20;
/** A deferred shutdown answers first. */
const DEFERRED_MS = 500;
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** The answer of the fault `huge`. */
const HUGE_BYTES = 32 * 1024 * 1024;
const NONCE = /^[0-9a-f]{8,256}$/iu;

export type Shutdown = "deferred" | "hanging";

export interface ListenerOptions {
  readonly editor: Editor;
  readonly commands: readonly string[];
  readonly faults: Faults;
  readonly shutdown: Shutdown;
  readonly timeoutMs: number;
  readonly slowMs: number;
  /** Where there is one, who posts must know it, and who asks with a nonce gets a proof of it. */
  readonly secret: string | undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Command {
  readonly command: string;
  readonly raw: Fields;
}

const send = ({ response }: Exchange, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

const refuse = (exchange: Exchange, status: number, error: string): void =>
  send(exchange, status, { success: false, error });

const cut = ({ response }: Exchange): void => void response.destroy();

/** `undefined` where it is too large. */
const bodyOf = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > BODY_BYTES_MAX) {
      return undefined;
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
};

/** A command, or what is wrong with the body. */
const commandOf = (body: string): Command | string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return "Invalid JSON";
  }
  if (!isFields(parsed) || !isText(parsed["command"]) || parsed["command"] === "") {
    return "No command";
  }
  const params = parsed["params"] ?? {};
  return isFields(params) ? { command: parsed["command"], raw: params } : "params is an object";
};

const isSame = (given: string, secret: string): boolean => {
  const [a, b] = [given, secret].map((text) => createHmac("sha256", "compare").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
};

const listening = async (server: Server, port: number): Promise<number> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EADDRINUSE";

export class Listener {
  readonly #options: ListenerOptions;
  #server: Server | undefined;
  #port = 0;
  #stopping = false;
  #turn: Promise<void> = Promise.resolve();
  /** Called when it stops listening for good. */
  onStopped: () => void = () => {};

  constructor(options: ListenerOptions) {
    this.#options = options;
    options.editor.onStop((again) => this.#shutDown(again));
  }

  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server !== undefined;
  }

  /** Listens on the first of the ports that is free. Rejects where none is. */
  async start(ports: readonly number[]): Promise<number> {
    for (const port of ports) {
      const server = createServer((request, response) => {
        const exchange = { request, response };
        // Who is gone in the middle of a request gets no answer, and the next one's turn comes.
        this.#turn = this.#turn.then(() => this.#answer(exchange)).catch(() => cut(exchange));
      });
      try {
        this.#port = await listening(server, port);
      } catch (error) {
        if (isTaken(error)) {
          continue;
        }
        throw error;
      }
      this.#server = server;
      this.#stopping = false;
      return this.#port;
    }
    throw new Error(`No port is free: ${ports.join(", ")}`);
  }

  /** Stops listening once the request that is being answered has its answer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#turn = this.#turn.then(() => this.#close());
    await this.#turn;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) {
      return;
    }
    this.#server = undefined;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #shutDown(again: boolean): Promise<void> {
    const stopped = async (): Promise<void> => {
      await this.stop();
      // Somebody else may have taken the port meanwhile: then it stays stopped.
      if (!again || (await this.start([this.#port]).catch(() => 0)) === 0) {
        this.onStopped();
      }
    };
    if (this.#options.shutdown === "hanging") {
      // The main thread waits here for the HTTP thread, which waits for the main thread until its time-out.
      await stopped();
      return;
    }
    void sleep(DEFERRED_MS).then(stopped);
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { response } = exchange;
    if (this.#stopping) {
      cut(exchange);
      return;
    }
    response.setHeader("connection", "close");
    response.setHeader("access-control-allow-origin", "*");
    await this.#route(exchange);
    if (!response.writableFinished && !response.destroyed) {
      await once(response, "close");
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    if (request.method === "OPTIONS") {
      response.writeHead(204, { "access-control-allow-methods": "GET, POST, OPTIONS" }).end();
    } else if (request.method === "GET") {
      this.#greet(exchange);
    } else if (request.method === "POST") {
      await this.#post(exchange);
    } else {
      refuse(exchange, 405, "GET, POST or OPTIONS");
    }
  }

  #greet(exchange: Exchange): void {
    const { commands, faults, secret } = this.#options;
    const nonce = exchange.request.headers["x-bridge-nonce"];
    const port = this.#port + (faults.takeOtherPort() ? 1 : 0);
    const proof =
      secret !== undefined && isText(nonce) && NONCE.test(nonce)
        ? {
            proof: createHmac("sha256", secret)
              .update(`${nonce}:${String(this.#port)}`)
              .digest("hex"),
          }
        : {};
    send(exchange, 200, {
      status: "ok",
      app: "UEFN uefn_tools MCP Bridge",
      version: "simulator",
      port,
      commands: commands.toSorted(),
      ...proof,
    });
  }

  async #post(exchange: Exchange): Promise<void> {
    const { editor, faults, secret } = this.#options;
    const body = await bodyOf(exchange.request);
    const given = exchange.request.headers["x-bridge-secret"];
    if (secret !== undefined && !(isText(given) && isSame(given, secret))) {
      refuse(exchange, 403, "The secret is missing or wrong");
      return;
    }
    const asked = body === undefined ? "The body is too large" : commandOf(body);
    if (isText(asked)) {
      refuse(exchange, body === undefined ? 413 : 400, asked);
      return;
    }
    const fault = faults.take(asked.command, asked.raw["tool_name"]);
    if (fault === "cut-before") {
      cut(exchange);
      return;
    }
    if (fault === "504") {
      await sleep(this.#options.timeoutMs);
      this.#timedOut(exchange, asked);
      editor.submit(asked.command, asked.raw);
      return;
    }
    const job = editor.submit(asked.command, asked.raw);
    if (await this.#ran(job)) {
      await this.#deliver(exchange, job, fault);
    } else {
      this.#timedOut(exchange, asked);
    }
  }

  #timedOut(exchange: Exchange, { command }: Command): void {
    refuse(exchange, 504, `Timeout: ${command}`);
  }

  async #ran(job: Job): Promise<boolean> {
    const until = performance.now() + this.#options.timeoutMs;
    while (job.outcome === undefined && performance.now() < until) {
      await sleep(POLL_MS);
    }
    return job.outcome !== undefined;
  }

  async #deliver(exchange: Exchange, { outcome }: Job, fault: FaultKind | undefined): Promise<void> {
    if (fault === "cut") {
      cut(exchange);
    } else if (fault === "garbage") {
      exchange.response.writeHead(200, { "content-type": "application/json" });
      exchange.response.end('{"success": true, "result": {"truncated');
    } else if (fault === "huge") {
      send(exchange, 200, { ...outcome, padding: "x".repeat(HUGE_BYTES) });
    } else {
      await (fault === "slow" ? sleep(this.#options.slowMs) : undefined);
      send(exchange, 200, outcome);
    }
  }
}
