import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { REFUSALS, type RefusalCode } from "../base/errors.ts";
import type { HeaderLists } from "../wire/headers.ts";
import { errorReply } from "../wire/replies.ts";
import type { Desk } from "./desk.ts";
import { ALL_SERVERS, receive, type Received } from "./edge.ts";
import type { Snapshot } from "./gate.ts";
import { handle } from "./handle.ts";
import { readBody } from "./http-body.ts";
import { HttpSink } from "./http-sink.ts";
import { serveEvents } from "./events.ts";
import { identify } from "./identify.ts";
import { recordRefusal } from "./record.ts";
import { isRefusal, refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";

/** What the gateway serves besides MCP, by path: answers with a status and a JSON body. */
export type PlainRoutes = ReadonlyMap<string, () => { readonly status: number; readonly body: string }>;

/** The HTTP edge: decides in the contract's order what is wrong with a request before anybody looks into it. */
export const createHttpEdge =
  (desk: Desk, plain: PlainRoutes) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const fault = faultOf(request, desk.gate.snapshot());
    if (fault !== undefined) {
      refuseUnknown(desk, request, response, fault);
      return;
    }
    const path = pathOf(request.url);
    const route = plain.get(path);
    if (route !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      const { status, body } = route();
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(body);
      return;
    }
    // What is below /mcp wants a token before it is said that there is nothing: the contract's 401 comes before its 403.
    const below = /^\/mcp(?:\/(.*))?$/su.exec(path);
    if (below === null) {
      refuseUnknown(desk, request, response, "not_found");
      return;
    }
    serve(desk, request, response, serverIn(below[1])).catch(() => response.destroy());
  };

/** What all servers are called within the gate is no server's name in a path. */
const serverIn = (below: string | undefined): string => (below === ALL_SERVERS ? "" : (below ?? ALL_SERVERS));

const serve = async (
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  server: string,
): Promise<void> => {
  const received = receive({
    requestId: randomUUID(),
    at: desk.gate.clock.now(),
    transport: "http",
    credential: { kind: "bearer", token: bearerOf(request) },
    server,
    headers: mirrorsOf(request.rawHeaders),
    sessionId: headerOf(request, "mcp-session-id"),
    read: () => readBody(request, desk.gate.bodyBytesMax()),
    sink: new HttpSink(request, response),
  });
  if (request.method === "POST") {
    await handle(desk, received);
    return;
  }
  await handleBodiless(desk, received, request, response);
};

/** GET listens to a legacy session, DELETE ends it; other methods have nothing to do here. The sender must be known all the same. */
const handleBodiless = async (
  desk: Desk,
  received: Received,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { sink, sessionId } = received.arrival;
  const identified = identify(desk.gate, received);
  if (isRefusal(identified)) {
    await recordRefusal(desk.gate, identified);
    refuse(identified);
    return;
  }
  const { method } = request;
  if ((method !== "DELETE" && method !== "GET") || sessionId === undefined) {
    const row = REFUSALS.method_not_allowed;
    sink.answer(405, errorReply(undefined, row.rpc, row.message), { allow: "POST, GET, DELETE" });
    return;
  }
  const session = desk.sessions.find(sessionId, identified.grant, received.arrival.server);
  if (session === undefined) {
    refuse(refusal(received, "unknown_session"));
  } else if (method === "GET") {
    serveEvents(desk, received, session, { request, response });
  } else {
    await desk.sessions.close(session);
    sink.end(204);
  }
};

/** In the contract's order: Host and Origin, a token in the query, two Authorization headers. */
const faultOf = (request: IncomingMessage, snapshot: Snapshot): RefusalCode | undefined => {
  if (!hostAllowed(request.headers.host, snapshot)) {
    return "host_forbidden";
  }
  const { origin } = request.headers;
  if (origin !== undefined && !originAllowed(origin, snapshot)) {
    return "origin_forbidden";
  }
  if (tokenInQuery(request.url)) {
    return "token_in_query";
  }
  return authorizationHeaders(request) > 1 ? "duplicate_authorization" : undefined;
};

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

const withoutPort = (host: string): string => host.replace(/:\d*$/u, "");

const hostAllowed = (host: string | undefined, snapshot: Snapshot): boolean => {
  const given = host?.toLowerCase() ?? "";
  return (
    LOOPBACK.has(withoutPort(given)) ||
    snapshot.allowedHosts.has(given) ||
    snapshot.allowedHosts.has(withoutPort(given))
  );
};

const originAllowed = (origin: string, snapshot: Snapshot): boolean => {
  const given = origin.toLowerCase();
  const host = /^https?:\/\/([^/]+)$/u.exec(given)?.[1];
  return (host !== undefined && LOOPBACK.has(withoutPort(host))) || snapshot.allowedOrigins.has(given);
};

const TOKEN_PARAMETERS = ["access_token", "token"] as const;

const tokenInQuery = (url: string | undefined): boolean => {
  const start = url?.indexOf("?") ?? -1;
  if (url === undefined || start < 0) {
    return false;
  }
  const query = new URLSearchParams(url.slice(start + 1));
  return TOKEN_PARAMETERS.some((name) => query.has(name));
};

const pathOf = (url: string | undefined): string => url?.split("?", 1)[0] ?? "";

/** The headers that mirror the body, each with every value it came with. */
const mirrorsOf = (rawHeaders: readonly string[]): HeaderLists => {
  const found: Record<string, string[]> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const first = name.charCodeAt(0);
    if (first === LOWER_M || first === UPPER_M) {
      (found[name.toLowerCase()] ??= []).push(rawHeaders[index + 1] ?? "");
    }
  }
  return found;
};

/** All of them begin with `mcp-`. */
const LOWER_M = 0x6d;
const UPPER_M = 0x4d;

/** Node keeps only the first of several Authorization headers, so they are counted as they came. */
const authorizationHeaders = (request: IncomingMessage): number => {
  const { rawHeaders } = request;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name !== undefined && name.length === 13 && name.toLowerCase() === "authorization") {
      count += 1;
    }
  }
  return count;
};

/** RFC 6750 section 2.1; the scheme's name is compared without case (RFC 9110 section 11.1). */
const bearerOf = (request: IncomingMessage): string | undefined =>
  /^bearer +([\w\-.~+/]+=*) *$/iu.exec(request.headers.authorization ?? "")?.[1];

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};

const refuseUnknown = (
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  code: RefusalCode,
): void => {
  desk.gate.onStranger(code);
  const row = REFUSALS[code];
  new HttpSink(request, response).answer(row.http, errorReply(undefined, row.rpc, row.message));
};
