import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";

// One request to a port of loopback and its answer: within a time, within a size, and knowing whether anything was sent.

const LOOPBACK = "127.0.0.1";

export interface Ask {
  readonly port: number;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs?: number;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
}

export type Exchange =
  | { readonly kind: "answered"; readonly status: number; readonly body: Buffer }
  /** Nothing listens there: nothing was sent. */
  | { readonly kind: "refused" }
  /** There was no connection in time: nothing was sent. */
  | { readonly kind: "unreachable" }
  /** The connection ended, or went wrong, before the whole answer was there. */
  | { readonly kind: "cut" }
  | { readonly kind: "late" }
  | { readonly kind: "too-large" };

/** Each request has a connection of its own: so what was not connected was not sent. */
export const exchange = async (ask: Ask): Promise<Exchange> => {
  const stop = new AbortController();
  const give = (): void => stop.abort();
  const timer = ask.timeoutMs === undefined ? undefined : setTimeout(give, ask.timeoutMs);
  ask.signal.addEventListener("abort", give, { once: true });
  let connected = false;
  try {
    ask.signal.throwIfAborted();
    const { port, method, headers } = ask;
    const signal = stop.signal;
    const request = httpRequest({ host: LOOPBACK, port, method, headers, agent: false, signal });
    request.once("socket", (socket) => socket.once("connect", () => (connected = true)));
    const response = await responseOf(request, ask.body);
    const body = await bodyOf(response, ask.bytesMax);
    return body === undefined
      ? { kind: "too-large" }
      : { kind: "answered", status: response.statusCode ?? 0, body };
  } catch (error) {
    if (!connected) {
      return { kind: isRefusal(error) ? "refused" : "unreachable" };
    }
    return { kind: stop.signal.aborted ? "late" : "cut" };
  } finally {
    clearTimeout(timer);
    ask.signal.removeEventListener("abort", give);
  }
};

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ECONNREFUSED";

/** Sends a request. Rejects where its connection ends without a response. */
export const responseOf = (request: ClientRequest, body?: Buffer): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once("response", resolve);
    // All there is where the other side changes to another protocol (101): no error comes then.
    request.once("close", () => reject(new Error("The connection ended without a response")));
    // Stays: a connection can break more than once.
    request.on("error", reject);
    request.end(body);
  });

/** `undefined` where it is larger than that. Rejects where it ends early. */
export const bodyOf = async (response: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > bytesMax) {
      response.destroy();
      return undefined;
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};
