import type { McpRequestContext, McpServer, ServerEventBus } from "@modelcontextprotocol/server";

/** Says on every open connection that something changed. */
export interface Changes {
  readonly tools: () => void;
  readonly resources: () => void;
  /** One resource has other contents: told to those who subscribed to it. */
  readonly resource: (uri: string) => void;
}

interface Connection {
  readonly server: McpServer;
  /** URIs that its client subscribed to, in the eras of MCP that have sessions. */
  readonly subscribed: Set<string>;
  /** Whether the SDK knows what its client listens to, and keeps the rest back: MCP 2026-07-28 over stdio. */
  readonly sifted: boolean;
}

/** So many resources may one client follow. */
const SUBSCRIPTIONS_MAX = 1_000;

/** The open connections of a server, and the bus for requests that have a server of their own (MCP 2026-07-28). */
export class Live {
  readonly #connections = new Set<Connection>();
  readonly #bus: ServerEventBus;

  constructor(bus: ServerEventBus) {
    this.#bus = bus;
  }

  /** A server that has a connection for as long as it lives. */
  add(server: McpServer, era: McpRequestContext["era"]): void {
    const connection: Connection = { server, subscribed: new Set(), sifted: era === "modern" };
    const { server: inner } = server;
    inner.setRequestHandler("resources/subscribe", ({ params: { uri } }) => {
      if (connection.subscribed.size < SUBSCRIPTIONS_MAX) {
        connection.subscribed.add(uri);
      }
      return {};
    });
    inner.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
      connection.subscribed.delete(uri);
      return {};
    });
    const closed = inner.onclose;
    inner.onclose = () => {
      this.#connections.delete(connection);
      closed?.();
    };
    this.#connections.add(connection);
  }

  readonly changes: Changes = {
    tools: () => {
      this.#bus.publish({ kind: "tools_list_changed" });
      this.#tell(({ server }) => server.server.sendToolListChanged());
    },
    resources: () => {
      this.#bus.publish({ kind: "resources_list_changed" });
      this.#tell(({ server }) => server.server.sendResourceListChanged());
    },
    resource: (uri) => {
      this.#bus.publish({ kind: "resource_updated", uri });
      this.#tell(({ server, subscribed, sifted }) =>
        sifted || subscribed.has(uri) ? server.server.sendResourceUpdated({ uri }) : undefined,
      );
    },
  };

  #tell(say: (connection: Connection) => Promise<void> | undefined): void {
    for (const connection of this.#connections) {
      // Who is gone, or has not begun yet, is told nothing.
      say(connection)?.catch(() => {});
    }
  }
}
