import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LIMITS } from "../base/limits.ts";

type Listener = Parameters<typeof createServer>[1];

/** An HTTP server with the gate's bounds on it. */
export const createHttp = (listener: Listener): HttpServer =>
  createServer(
    {
      headersTimeout: LIMITS.headers_ms_max,
      requestTimeout: LIMITS.request_ms_max,
      maxHeaderSize: LIMITS.header_bytes_max,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 60_000,
      insecureHTTPParser: false,
    },
    listener,
  );

/** A port that cannot be had. The message says which, and how to choose another. */
class PortTaken extends Error {
  override readonly name = "PortTaken";
}

/** Listens; gives the port it has. */
export const listen = (server: HttpServer, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, () => resolve(portOf(server.address())));
  });

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === "object" && address !== null ? address.port : 0;

const explain = (error: NodeJS.ErrnoException, host: string, port: number): Error => {
  const where = `${host}:${String(port)}`;
  const choose =
    'Choose another with --port, or "gateway": { "port": … } in the configuration; --port 0 takes a free one.';
  if (error.code === "EADDRINUSE") {
    return new PortTaken(`Port ${String(port)} on ${host} is taken by another program. ${choose}`);
  }
  return error.code === "EACCES"
    ? new PortTaken(`Port ${String(port)} on ${host} may not be used by this user. ${choose}`)
    : new PortTaken(`Cannot listen on ${where} (${error.code ?? "unknown reason"}). ${choose}`);
};

/** Stops taking connections, lets answers under way go out, and cuts what is left after `waitMs`. */
export const drain = async (server: HttpServer, drained: Promise<void>, waitMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([drained, late]);
  // Answers that are written but not yet flushed get a moment of their own.
  server.closeIdleConnections();
  await Promise.race([closed, new Promise<void>((resolve) => setTimeout(resolve, 250).unref())]);
  clearTimeout(timer);
  server.closeAllConnections();
  await closed;
};
