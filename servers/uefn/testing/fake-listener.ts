import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

// The editor's side as it is seen on the wire, with everything that can be wrong with it. For tests.

export type Reply =
  | { readonly kind: "say"; readonly status: number; readonly body: string | Buffer }
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Takes the request and ends the connection. */
  | { readonly kind: "cut" }
  /** Ends the connection in the middle of the answer. */
  | { readonly kind: "half" };

export interface Received {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly secret: string | undefined;
}

interface Plan {
  readonly port?: number;
  readonly secret?: string;
  readonly greet?: (nonce: string | undefined, fake: FakeListener) => Promise<Reply> | Reply;
  readonly reply?: (received: Received) => Promise<Reply> | Reply;
}

export const say = (value: unknown, status = 200): Reply => ({
  kind: "say",
  status,
  body: JSON.stringify(value),
});
export const done = (result: unknown): Reply => say({ success: true, result });

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};

export class FakeListener {
  readonly received: Received[] = [];
  /** Secrets that came with `GET /`. */
  readonly told: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #plan: Plan;
  readonly #waiting = new Set<() => void>();
  port = 0;

  private constructor(plan: Plan) {
    this.#plan = plan;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(plan: Plan = {}): Promise<FakeListener> {
    const fake = new FakeListener(plan);
    fake.#server.listen(plan.port ?? 0, "127.0.0.1");
    await once(fake.#server, "listening");
    const address = fake.#server.address();
    fake.port = typeof address === "object" && address !== null ? address.port : 0;
    return fake;
  }

  /** What a listener says of itself. */
  status(nonce: string | undefined): Readonly<Record<string, unknown>> {
    const { secret } = this.#plan;
    const proof =
      secret === undefined || nonce === undefined
        ? {}
        : {
            proof: createHmac("sha256", secret)
              .update(`${nonce}:${String(this.port)}`)
              .digest("hex"),
          };
    return { status: "ok", app: "fake", port: this.port, commands: ["ping"], ...proof };
  }

  /** Takes no connection from now on; those that are there stay. */
  deafen(): void {
    this.#server.close();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) {
      const closed = once(this.#server, "close");
      this.#server.close();
      await closed;
    }
  }

  /** Resolves when so many commands have come. */
  async heard(count: number): Promise<void> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET") {
      this.told.push(header(request, "x-bridge-secret"));
      const nonce = header(request, "x-bridge-nonce");
      give(response, (await this.#plan.greet?.(nonce, this)) ?? say(this.status(nonce)));
      return;
    }
    let body = "";
    for await (const chunk of request) {
      body += String(chunk);
    }
    const { command, params }: Received = JSON.parse(body);
    const received = { command, params, secret: header(request, "x-bridge-secret") };
    this.received.push(received);
    for (const resolve of this.#waiting) {
      resolve();
    }
    this.#waiting.clear();
    give(response, (await this.#plan.reply?.(received)) ?? done({ ran: command }));
  }
}

const give = (response: ServerResponse, reply: Reply): void => {
  switch (reply.kind) {
    case "say":
      response.writeHead(reply.status, { "Content-Type": "application/json" }).end(reply.body);
      return;
    case "cut":
      response.destroy();
      return;
    case "half":
      response.writeHead(200, { "Content-Length": "1000" });
      response.write('{"success": true, "result": "', () => response.destroy());
      return;
    case "hang":
  }
};

/** So many ports in a row that nobody has; the first of them. */
export const freePorts = async (count: number): Promise<number> => {
  for (;;) {
    const servers = [await FakeListener.start()];
    const first = servers[0]?.port ?? 0;
    let free = true;
    for (let more = 1; free && more < count; more += 1) {
      const next = await FakeListener.start({ port: first + more }).catch(() => undefined);
      free = next !== undefined;
      servers.push(...(next === undefined ? [] : [next]));
    }
    await Promise.all(servers.map((server) => server.stop()));
    if (free) {
      return first;
    }
  }
};
