import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isInitializeRequest,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
  type McpServer,
  type McpServerFactory,
  type ServerEventBus,
  type WebStandardStreamableHTTPServerTransportOptions,
} from "@modelcontextprotocol/server";

// Streamable HTTP on loopback, in both eras of MCP. Who is not on this machine, or a web page, is refused.

/** One request body. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Sessions of clients of the older eras; the one that was idle longest makes room. */
const SESSIONS_MAX = 100;

type Handler = (request: Request) => Promise<Response>;

const failure = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status });

interface HttpOptions {
  readonly make: McpServerFactory;
  /** Called with each server that keeps a connection. */
  readonly kept: (server: McpServer) => void;
  readonly bus: ServerEventBus;
  /** Which eras it speaks; both where nothing is said. */
  readonly era?: "both" | "legacy" | "modern";
  /** For a new session of the older eras: whether a stream that broke can be gone on with, and when. */
  readonly resume?: () => Pick<
    WebStandardStreamableHTTPServerTransportOptions,
    "eventStore" | "retryInterval"
  >;
}

/** Sessions of the eras that have them. */
const legacyHandler = ({ make, kept, resume = () => ({}) }: HttpOptions): Handler => {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const open = async (request: Request): Promise<Response> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      ...resume(),
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const made = await make({ era: "legacy" });
    if ("server" in made) {
      kept(made);
    }
    await made.connect(transport);
    const [oldest] = sessions;
    if (sessions.size >= SESSIONS_MAX && oldest !== undefined) {
      sessions.delete(oldest[0]);
      await oldest[1].close();
    }
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) {
      // Refused: nobody can come back to it.
      await made.close();
    }
    return response;
  };
  return async (request) => {
    const id = request.headers.get("mcp-session-id");
    const transport = id === null ? undefined : sessions.get(id);
    if (id !== null) {
      if (transport === undefined) {
        return failure(404, -32001, "Session not found");
      }
      // The newest at the end.
      sessions.delete(id);
      sessions.set(id, transport);
      return transport.handleRequest(request);
    }
    const body: unknown =
      request.method === "POST"
        ? await request
            .clone()
            .json()
            .catch(() => undefined)
        : undefined;
    return isInitializeRequest(body)
      ? open(request)
      : failure(400, -32000, "Bad Request: a session is needed");
  };
};

const handlerOf = (options: HttpOptions): Handler => {
  const { make, bus, era = "both" } = options;
  const modern = createMcpHandler(make, { legacy: "reject", bus, maxRequestBodySize: BODY_BYTES_MAX });
  const legacy = legacyHandler(options);
  const isLegacy = async (request: Request): Promise<boolean> =>
    era === "both" ? isLegacyRequest(request) : era === "legacy";
  return async (request) =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins()) ??
    ((await isLegacy(request)) ? legacy(request) : modern.fetch(request));
};

class TooLarge extends Error {}

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > BODY_BYTES_MAX) {
      throw new TooLarge();
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const requestOf = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Request> => {
  const headers = new Headers();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? "");
  }
  const { method = "GET", url = "/" } = incoming;
  const body = await bodyOf(incoming);
  return new Request(`http://127.0.0.1${url}`, {
    method,
    headers,
    signal,
    ...(method === "POST" ? { body: new Uint8Array(body) } : {}),
  });
};

const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0] ?? "/";

const answer = async (
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  if (pathOf(incoming) !== "/mcp") {
    outgoing.writeHead(404).end();
    return;
  }
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  let response: Response;
  try {
    response = await handler(await requestOf(incoming, gone.signal));
  } catch (error) {
    response =
      error instanceof TooLarge
        ? failure(413, -32600, "The body is too large")
        : failure(500, -32603, "Internal error");
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  if (response.body === null) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body), outgoing);
};

export interface Listening {
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves MCP at `/mcp` of a port of loopback; 0 is any free one. Rejects where the port is taken. */
export const listen = async (port: number, options: HttpOptions): Promise<Listening> => {
  const handler = handlerOf(options);
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${String(portOf(server))}/mcp`, close: () => closed(server) };
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const closed = async (server: Server): Promise<void> => {
  const done = once(server, "close");
  server.close();
  server.closeAllConnections();
  await done;
};
