import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { Program, type Message } from "./gateway.ts";

/** `tollgate connect` as a process, spoken to line by line. */
export class RelayProcess implements AsyncDisposable {
  readonly program: Program;

  constructor(url: string, token?: string) {
    const env = { TOLLGATE_TOKEN: token ?? "" };
    this.program = new Program(["src/main.ts", "connect", "--url", url], { env });
  }

  get lines(): readonly string[] {
    return this.program.stdout.split("\n").slice(0, -1);
  }

  get messages(): readonly Message[] {
    return this.lines.map((line) => JSON.parse(line) as Message);
  }

  write(text: string): void {
    this.program.child.stdin?.write(text);
  }

  say(message: object): void {
    this.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  /** The first message that fits, as soon as it is there. */
  async heard(fits: (message: Message) => boolean): Promise<Message> {
    await expect.poll(() => this.messages.some(fits), { timeout: 20_000, interval: 20 }).toBe(true);
    return this.messages.find(fits) ?? {};
  }

  answer(id: unknown): Promise<Message> {
    return this.heard((message) => message.id === id && message.method === undefined);
  }

  /** Ends the input; the exit code. */
  async end(): Promise<number | null> {
    this.program.child.stdin?.end();
    return this.program.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

export interface Asked {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  /** The body as it came. */
  readonly raw: string;
  readonly message: Message & { readonly params?: Record<string, unknown> };
  readonly response: ServerResponse;
  /** Answers with one JSON document. */
  readonly json: (body: unknown, status?: number, headers?: Record<string, string>) => void;
  /** Begins an event stream, or says something on it. */
  readonly event: (data: unknown, id?: string) => void;
  /** Whether the relay has closed the response before its end. */
  closed: boolean;
}

/** An HTTP server on loopback that does what a test says, and remembers what it was asked. */
export class HttpPeer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  constructor(serve: (asked: Asked) => void) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const asked = askedOf(request, response, Buffer.concat(chunks).toString("utf8"));
        response.on("close", () => (asked.closed = !response.writableFinished));
        this.asked.push(asked);
        serve(asked);
      });
    });
  }

  static async start(serve: (asked: Asked) => void): Promise<HttpPeer> {
    const peer = new HttpPeer(serve);
    peer.#server.listen(0, "127.0.0.1");
    await once(peer.#server, "listening");
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/mcp`;
  }

  /** What was asked by this HTTP method, or for this MCP method. */
  of(method: string): readonly Asked[] {
    return this.asked.filter((one) => one.method === method || one.message.method === method);
  }

  /** The first that was asked by this method, as soon as it is there. */
  async got(method: string, count = 1): Promise<Asked> {
    await expect
      .poll(() => this.of(method).length, { timeout: 20_000, interval: 20 })
      .toBeGreaterThanOrEqual(count);
    const found = this.of(method)[count - 1];
    if (found === undefined) {
      throw new Error(`nothing asked for ${method}`);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const askedOf = (request: IncomingMessage, response: ServerResponse, raw: string): Asked => ({
  method: request.method ?? "",
  headers: request.headers,
  raw,
  message: raw === "" ? {} : (JSON.parse(raw) as Asked["message"]),
  response,
  json: (body, status = 200, headers = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  },
  event: (data, id) => {
    if (!response.headersSent) {
      response.writeHead(200, { "content-type": "text/event-stream" });
    }
    const text = data === "" ? "" : JSON.stringify(data);
    response.write(`${id === undefined ? "" : `id: ${id}\n`}data: ${text}\n\n`);
  },
  closed: false,
});
