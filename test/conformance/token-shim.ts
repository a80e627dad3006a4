import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/**
 * Stands in front of the gate for a client that sends no token: adds one, and passes all the rest on as it came, Host
 * and Origin too, for the gate to judge.
 */
export class TokenShim implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(gate: string, token: string): Promise<TokenShim> {
    const server = createServer((incoming, outgoing) => {
      pass(gate, token, incoming, outgoing).catch(() => outgoing.destroy());
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new TokenShim(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

const pass = async (
  gate: string,
  token: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const onward = request(`${gate}${url}`, {
    method,
    headers: [...rawHeaders, "Authorization", `Bearer ${token}`],
    agent: false,
    setHost: false,
  });
  outgoing.on("close", () => onward.destroy());
  const answered = once(onward, "response");
  // A gate that answers before it has read everything may stop reading: its answer counts all the same.
  pipeline(incoming, onward).catch(() => {});
  const [answer] = (await answered) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
  outgoing.flushHeaders();
  await pipeline(answer, outgoing);
};
