import { chmodSync, lstatSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { isJsonObject, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { CONTROL_SOCKET, controlRequest, ControlRefusal, type RefusalReason } from "./contract.ts";
import type { ControlHandler } from "./commands/handler.ts";
import { socketPath } from "./socket-path.ts";

/** One request is small; a peer that sends more is cut off. */
const LINE_BYTES_MAX = 256 * 1024;
const IDLE_MS = 30_000;

/**
 * Serves the control socket of a data directory whose lock this process holds: one JSON object a line in,
 * `{ "command", "body"? }`, one a line out, `{ "ok": true, "result" }` or `{ "ok": false, "error": { "reason",
 * "message" } }`. Mode 0600: who may open it is who may read the store.
 */
export const serveControl = async (
  directory: string,
  handlers: Readonly<Record<string, ControlHandler>>,
): Promise<AsyncDisposable> => {
  removeStale(join(directory, CONTROL_SOCKET));
  const address = socketPath(directory);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, handlers);
  });
  try {
    await listenAt(server, address.path);
    chmodSync(address.path, 0o600);
  } catch (error) {
    server.close();
    address.close();
    throw error;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
      address.close();
    },
  };
};

/** What a gateway that was killed left behind. Anything but a socket is somebody's file and stays. */
const removeStale = (path: string): void => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket() === true) {
    rmSync(path);
  }
};

const listenAt = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });

const converse = (socket: Socket, handlers: Readonly<Record<string, ControlHandler>>): void => {
  let pending = "";
  let answering = Promise.resolve();
  socket.setEncoding("utf8");
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf("\n"); end !== -1; end = pending.indexOf("\n")) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      // One after the other: a create and a revoke on one connection happen in that order.
      answering = answering.then(async () => {
        const answer = await answerTo(line, handlers);
        socket.write(`${writeJson(answer)}\n`);
      });
    }
    if (pending.length > LINE_BYTES_MAX) {
      socket.destroy();
    }
  });
};

const answerTo = async (line: string, handlers: Readonly<Record<string, ControlHandler>>): Promise<Json> => {
  try {
    const request = readRequest(line);
    const handler = Object.hasOwn(handlers, request.command) ? handlers[request.command] : undefined;
    if (handler === undefined) {
      return refused("invalid", `This gateway knows no command ${JSON.stringify(request.command)}.`);
    }
    return { ok: true, result: await handler(request.body) };
  } catch (error) {
    return error instanceof ControlRefusal
      ? refused(error.reason, error.message)
      : refused("unavailable", "Something went wrong in the gateway.");
  }
};

const readRequest = (line: string): { readonly command: string; readonly body: JsonObject } => {
  let value: Json;
  try {
    value = readJson(line);
  } catch {
    throw new ControlRefusal("invalid", "The line is not JSON.");
  }
  const parsed = controlRequest.safeParse(toPlain(value));
  if (!parsed.success || !isJsonObject(value)) {
    throw new ControlRefusal("invalid", "The line is no command.");
  }
  const body = member(value, "body");
  return { command: parsed.data.command, body: isJsonObject(body) ? body : {} };
};

const refused = (reason: RefusalReason, message: string): Json => ({ ok: false, error: { reason, message } });
