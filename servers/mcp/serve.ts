import { InMemoryServerEventBus, type McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { listen } from "./http.ts";
import { Live, type Changes } from "./live.ts";

/** How a server is reached: over standard input and output, or at a port of loopback (0: any free one). */
export type Face = { readonly kind: "stdio" } | { readonly kind: "http"; readonly port: number };

export interface Serving {
  readonly changes: Changes;
  /** Where it listens; `undefined` over stdio. */
  readonly url: string | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Serves MCP of every revision from 2024-11-05 on. `make` is called for each connection, and in 2026-07-28 over HTTP for
 * each request; what lives longer than that is the caller's. Rejects where the port is taken.
 */
export const serve = async (make: () => McpServer, face: Face): Promise<Serving> => {
  const bus = new InMemoryServerEventBus();
  const live = new Live(bus);
  if (face.kind === "http") {
    const kept = (server: McpServer): void => live.add(server, "legacy");
    const { url, close } = await listen(face.port, { make, kept, bus });
    return { changes: live.changes, url, close };
  }
  const handle = serveStdio(({ era }) => {
    const server = make();
    live.add(server, era);
    return server;
  });
  return { changes: live.changes, url: undefined, close: () => handle.close() };
};
