import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A message as it reached the puppet. */
export interface Taken {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

export interface Stage {
  readonly message: Taken;
  readonly response: ServerResponse;
  readonly request: IncomingMessage;
  /** How many requests of this method came before. */
  readonly nth: number;
}

/** Members of the answer (`result` or `error`), or nothing where the act answers by itself, or never. */
type Act = (stage: Stage) => object | undefined | Promise<object | undefined>;

/** An MCP server over HTTP that does as it is told, message by message, and remembers what it was sent. */
export class Puppet implements AsyncDisposable {
  readonly taken: Taken[] = [];
  readonly #acts: Readonly<Record<string, Act>>;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(acts: Readonly<Record<string, Act>>) {
    this.#acts = acts;
  }

  static async start(acts: Readonly<Record<string, Act>>): Promise<Puppet> {
    const puppet = new Puppet(acts);
    await new Promise<void>((resolve) => puppet.#server.listen(0, "127.0.0.1", resolve));
    return puppet;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/mcp`;
  }

  /** What came of this method. */
  of(method: string): readonly Taken[] {
    return this.taken.filter((message) => message.method === method);
  }

  /** Nobody can connect any more, and who is connected is cut off. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString("utf8");
    if (request.method !== "POST") {
      response.writeHead(405).end();
      return;
    }
    const message = JSON.parse(text) as Taken;
    const nth = this.of(message.method ?? "").length;
    this.taken.push(message);
    if (message.id === undefined || message.method === undefined) {
      await this.#acts[message.method ?? ""]?.({ message, response, request, nth });
      response.writeHead(202).end();
      return;
    }
    const act = this.#acts[message.method];
    const unknown = { error: { code: -32601, message: "Method not found" } };
    const done = act === undefined ? unknown : await act({ message, response, request, nth });
    if (done !== undefined) {
      const answer = JSON.stringify({ jsonrpc: "2.0", id: message.id, ...done });
      response.writeHead(act === undefined ? 404 : 200, { "content-type": "application/json" }).end(answer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

const tool = (name: string): object => ({ name, inputSchema: { type: "object" } });

/** What a server of 2026-07-28 says of itself. */
export const discovered = (capabilities: object = { tools: {} }): object => ({
  result: {
    resultType: "complete",
    supportedVersions: ["2026-07-28"],
    capabilities,
    _meta: { "io.modelcontextprotocol/serverInfo": { name: "puppet", version: "1" } },
    ttlMs: 0,
    cacheScope: "private",
  },
});

/** A modern answer that lists these tools. */
export const listing = (...names: readonly string[]): object => ({
  result: { resultType: "complete", tools: names.map(tool), ttlMs: 60_000, cacheScope: "private" },
});

export const said = (text: string): object => ({
  result: { resultType: "complete", content: [{ type: "text", text }] },
});
