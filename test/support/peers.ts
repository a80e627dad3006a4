import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Has } from "../fixtures/upstreams/acts.ts";
import {
  journalOf,
  modernHeaders,
  modernMeta,
  Program,
  ROOT,
  tokenOf,
  type Gateway,
  type Message,
} from "./gateway.ts";

const SCRIPTED = join(ROOT, "test", "fixtures", "upstreams", "scripted.ts");

/** A message as a scripted server got it, or what else it wrote down. */
export interface Arrived {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly http?: string;
  readonly ended?: unknown;
}

/** A server that has what it is told, over HTTP, with its journal. It can go and come back at the same address. */
export class Scripted implements AsyncDisposable {
  readonly name: string;
  readonly #files: readonly [journal: string, has: string];
  readonly #era: string;
  #program: Program | undefined;
  port = "0";

  private constructor(directory: string, name: string, has: Has, era: string) {
    this.name = name;
    this.#era = era;
    this.#files = [join(directory, `${name}.jsonl`), join(directory, `${name}.json`)];
    writeFileSync(this.#files[1], JSON.stringify(has));
  }

  static async start(directory: string, name: string, has: Has, era = "both"): Promise<Scripted> {
    const scripted = new Scripted(directory, name, has, era);
    await scripted.serve();
    return scripted;
  }

  async serve(): Promise<void> {
    this.#program = new Program([SCRIPTED, this.name, ...this.#files, this.#era, this.port]);
    this.port = await this.#program.printed(/scripted on (\d+)/u);
  }

  async stop(): Promise<void> {
    await this.#program?.stop("SIGKILL");
  }

  get entry(): object {
    return { type: "http", url: `http://127.0.0.1:${this.port}/mcp` };
  }

  journal(): readonly Arrived[] {
    return journalOf(this.#files[0]) as readonly Arrived[];
  }

  /** What arrived with this method. */
  got(method: string): readonly Arrived[] {
    return this.journal().filter((each) => each.method === method);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Waits until this gives something. */
export const until = async <T>(look: () => T | undefined, what = "what was waited for"): Promise<T> => {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(10)) {
    const found = look();
    if (found !== undefined) {
      return found;
    }
  }
  throw new Error(`${what} never came`);
};

/** The first text of a tool's answer. */
export const textIn = ({ result }: Message): string | undefined => result?.content?.[0]?.text;

/** An answer that is read while it comes: every message of it, and every byte. */
export class Heard {
  readonly messages: Message[] = [];
  readonly closed: Promise<void>;
  readonly status: number;
  readonly headers: Headers;
  bytes = "";
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    this.status = response.status;
    this.headers = response.headers;
    this.#abort = abort;
    this.closed = this.#read(response).catch(() => {});
  }

  async #read(response: Response): Promise<void> {
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    let rest = "";
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      this.bytes += text;
      rest += text;
      const lines = isStream ? rest.split("\n") : [];
      rest = lines.pop() ?? rest;
      lines.forEach((line) => this.#take(/^data: (.+)$/u.exec(line)?.[1]));
    }
    this.#take(isStream || rest === "" ? undefined : rest);
  }

  #take(data: string | undefined): void {
    if (data !== undefined) {
      this.messages.push(JSON.parse(data) as Message);
    }
  }

  /** The first message that this is true of, as soon as it is there. */
  async message(matches: (message: Message) => boolean): Promise<Message> {
    return until(() => this.messages.find(matches), "a message");
  }

  async notified(method: string): Promise<Message> {
    return this.message((message) => message.method === method);
  }

  /** The answer, when all of it is there. */
  async answer(): Promise<Message> {
    await this.closed;
    return this.messages.at(-1) ?? {};
  }

  /** Goes away, as a client does that has heard enough. */
  close(): void {
    this.#abort.abort();
  }
}

const sent = async (url: string, init: RequestInit): Promise<Heard> => {
  const abort = new AbortController();
  return new Heard(await fetch(url, { ...init, signal: abort.signal }), abort);
};

const usual = (grant: string): Record<string, string> => ({
  authorization: `Bearer ${tokenOf(grant)}`,
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
});

/** A modern request whose answer is heard while it comes. */
export const ask = async (
  gateway: Gateway,
  [server, grant]: readonly [server: string, grant: string],
  method: string,
  params: Record<string, unknown> = {},
  { capabilities = {}, id = 1 }: { readonly capabilities?: object; readonly id?: unknown } = {},
): Promise<Heard> => {
  const _meta = {
    ...modernMeta({ "io.modelcontextprotocol/clientCapabilities": capabilities }),
    ...(params["_meta"] as object | undefined),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } });
  const headers = { ...usual(grant), ...modernHeaders(method, params) };
  return sent(gateway.endpoint(server), { method: "POST", headers, body });
};

/** A legacy client's session, spoken by hand. */
export class Legacy {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly hello: Message;
  #next = 1;
  /** Everything it ever heard. */
  readonly heard: Heard[] = [];

  private constructor(url: string, headers: Record<string, string>, hello: Heard, said: Message) {
    this.#url = url;
    this.#headers = headers;
    this.hello = said;
    this.heard.push(hello);
  }

  static async open(
    gateway: Gateway,
    [server, grant]: readonly [server: string, grant: string],
    capabilities: object = {},
    protocolVersion = "2025-11-25",
  ): Promise<Legacy> {
    const url = gateway.endpoint(server);
    const params = { protocolVersion, capabilities, clientInfo: { name: "by hand", version: "1" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    const hello = await sent(url, { method: "POST", headers: usual(grant), body });
    const said = await hello.answer();
    const session = { "mcp-session-id": hello.headers.get("mcp-session-id") ?? "" };
    const legacy = new Legacy(url, { ...usual(grant), ...session }, hello, said);
    await legacy.tell("notifications/initialized");
    return legacy;
  }

  async #post(message: object): Promise<Heard> {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    const heard = await sent(this.#url, { method: "POST", headers: this.#headers, body });
    this.heard.push(heard);
    return heard;
  }

  /** A request whose answer is heard while it comes. */
  async ask(method: string, params: object = {}, id: unknown = this.#next++): Promise<Heard> {
    return this.#post({ id, method, params });
  }

  async request(method: string, params: object = {}): Promise<Message> {
    return (await this.ask(method, params)).answer();
  }

  async call(name: string, args: object = {}): Promise<Message> {
    return this.request("tools/call", { name, arguments: args });
  }

  async tell(method: string, params?: object): Promise<void> {
    await (
      await this.#post({ method, ...(params === undefined ? {} : { params }) })
    ).closed;
  }

  async reply(id: unknown, result: object): Promise<void> {
    await (
      await this.#post({ id, result })
    ).closed;
  }

  /** The stream of what belongs to no request. */
  async listen(): Promise<Heard> {
    const heard = await sent(this.#url, { headers: this.#headers });
    this.heard.push(heard);
    return heard;
  }

  async end(): Promise<number> {
    return (await sent(this.#url, { method: "DELETE", headers: this.#headers })).status;
  }
}
