import { Agent, request, type ClientRequest, type IncomingMessage } from "node:http";
import { readFileSync } from "node:fs";
import { tokenOf, type Gateway, type Message } from "./gateway.ts";

// A client of the revisions with sessions that sees each event as it comes, and can stop looking.

/** One event of a stream: its id, and its message where it has one. */
export interface Heard {
  readonly id: string | undefined;
  readonly data: string;
  readonly message: Message & { readonly params?: Record<string, unknown> };
}

const agent = new Agent({ maxSockets: Infinity });

const parsed = (text: string): Heard => {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: ?(.*)$`, "mu").exec(text)?.[1] ?? undefined;
  const data = field("data") ?? "";
  return { id: field("id"), data, message: data === "" ? {} : (JSON.parse(data) as Heard["message"]) };
};

/** A response that is read as it comes. */
export class Listening implements Disposable {
  readonly events: Heard[] = [];
  status = 0;
  contentType = "";
  /** Whether the server ended it in good order. */
  ended = false;
  closed = false;
  readonly #request: ClientRequest;
  readonly #begun: Promise<void>;
  readonly #chunks: string[] = [];
  #response: IncomingMessage | undefined;

  constructor(url: string, method: string, headers: Record<string, string>, body: string | undefined) {
    this.#request = request(url, { method, headers, agent });
    this.#begun = new Promise((resolve, reject) => {
      this.#request.on("response", (response) => {
        this.#take(response);
        resolve();
      });
      this.#request.on("error", (error) => {
        this.closed = true;
        reject(error);
      });
    });
    this.#begun.catch(() => {}); // Whoever waits is told.
    this.#request.end(body);
  }

  #take(response: IncomingMessage): void {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.contentType = response.headers["content-type"] ?? "";
    let rest = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      this.#chunks.push(chunk);
      if (this.contentType.startsWith("text/event-stream")) {
        const parts = `${rest}${chunk}`.split("\n\n");
        rest = parts.pop() ?? "";
        this.events.push(...parts.filter((part) => !part.startsWith(":")).map(parsed));
      }
    });
    response.on("end", () => (this.ended = true));
    response.on("error", () => {});
    response.on("close", () => (this.closed = true));
  }

  get text(): string {
    return this.#chunks.join("");
  }

  async begun(): Promise<this> {
    await this.#begun;
    return this;
  }

  /** Waits for the end, whichever it is. */
  async over(): Promise<this> {
    await this.#begun;
    return this.until(() => this.closed);
  }

  async until(condition: (events: readonly Heard[]) => boolean, ms = 20_000): Promise<this> {
    for (const end = Date.now() + ms; !condition(this.events);) {
      if (Date.now() > end) {
        throw new Error(`did not come: ${String(condition)}; status ${String(this.status)}, ${this.text}`);
      }
      await new Promise((done) => setTimeout(done, 5));
    }
    return this;
  }

  /** Messages heard, without events that only say where one is. */
  get messages(): readonly Heard["message"][] {
    return this.events.filter(({ data }) => data !== "").map(({ message }) => message);
  }

  get methods(): readonly (string | undefined)[] {
    return this.messages.map(({ method }) => method);
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }
}

const BOTH = "application/json, text/event-stream";

export interface Opening {
  readonly revision?: string;
  readonly capabilities?: object;
  readonly grant?: string;
  /** Instead of the grant's own in the file. */
  readonly token?: string;
}

/** A client with a session at a gateway. */
export class LegacyClient {
  readonly url: string;
  readonly #token: string;
  readonly #revision: string;
  id = "";

  /** Without a server, all that the grant has, as one. */
  constructor(gateway: Gateway, server: string | undefined, opening: Opening) {
    const { grant = "live", token = tokenOf(grant), revision = "2025-11-25" } = opening;
    this.url = server === undefined ? `${gateway.url}/mcp` : `${gateway.url}/mcp/${server}`;
    this.#token = token;
    this.#revision = revision;
  }

  static async open(
    gateway: Gateway,
    server: string | undefined,
    opening: Opening = {},
  ): Promise<LegacyClient> {
    const client = new LegacyClient(gateway, server, opening);
    const { capabilities = {}, revision = "2025-11-25" } = opening;
    const params = { protocolVersion: revision, capabilities, clientInfo: { name: "t", version: "1" } };
    const message = { jsonrpc: "2.0", id: "open", method: "initialize", params };
    const response = await fetch(client.url, {
      method: "POST",
      headers: client.headers({ "mcp-protocol-version": "" }),
      body: JSON.stringify(message),
    });
    client.id = response.headers.get("mcp-session-id") ?? "";
    const text = await response.text();
    if (client.id === "") {
      throw new Error(`no session: ${String(response.status)} ${text}`);
    }
    await client.post({ method: "notifications/initialized" }).over();
    return client;
  }

  headers(extra: Record<string, string> = {}): Record<string, string> {
    const all = {
      authorization: `Bearer ${this.#token}`,
      "content-type": "application/json",
      accept: BOTH,
      "mcp-protocol-version": this.#revision,
      "mcp-session-id": this.id,
      ...extra,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  }

  /** Sends a message, or an array of them as they are. */
  post(message: object, headers: Record<string, string> = {}): Listening {
    const body = JSON.stringify(Array.isArray(message) ? message : { jsonrpc: "2.0", ...message });
    return new Listening(this.url, "POST", this.headers(headers), body);
  }

  call(id: unknown, name: string, args: object = {}, headers: Record<string, string> = {}): Listening {
    const params = { name, arguments: args, _meta: { progressToken: `token-${String(id)}` } };
    return this.post({ id, method: "tools/call", params }, headers);
  }

  /** A call whose answer is wanted alone, as one document. */
  async did(id: unknown, name: string, args: object = {}): Promise<Message> {
    const { text } = await this.call(id, name, args, { accept: "application/json" }).over();
    return JSON.parse(text) as Message;
  }

  /** Listens to what belongs to no request, or to the rest of a stream after an event. */
  listen(lastEventId?: string, headers: Record<string, string> = {}): Listening {
    const last: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const own = { accept: "text/event-stream", "content-type": "" };
    return new Listening(this.url, "GET", this.headers({ ...own, ...last, ...headers }), undefined);
  }

  async end(headers: Record<string, string> = {}): Promise<number> {
    const own = this.headers({ "content-type": "", ...headers });
    return (await new Listening(this.url, "DELETE", own, undefined).over()).status;
  }
}

type Line = Message & { readonly params?: Record<string, unknown>; readonly stalled?: number };

/** The lines that reached a server that writes them all down. */
export const linesOf = (file: string): readonly Line[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
