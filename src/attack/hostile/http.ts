import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Hostile } from "./hostile.ts";

/** Listens on a free port of loopback; which one. */
export const serveHttp = async (hostile: Hostile): Promise<number> => {
  const server = createServer((request, response) => void answer(hostile, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  }
  return Buffer.concat(chunks).toString("utf8");
};

const answer = async (
  hostile: Hostile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (request.method !== "POST") {
    response.writeHead(request.method === "DELETE" ? 200 : 405).end();
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const raw = await bodyOf(request);
  const replies = hostile.take({ headers, raw }).filter((reply) => reply !== undefined);
  if (replies.includes("never")) {
    return;
  }
  if (replies.length === 0) {
    response.writeHead(202).end();
    return;
  }
  const session = raw.includes('"initialize"') ? { "mcp-session-id": randomUUID() } : {};
  const [only] = replies;
  response
    .writeHead(200, { "content-type": "application/json", ...session })
    .end(JSON.stringify(replies.length === 1 ? only : replies));
};
