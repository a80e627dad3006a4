import { McpServer, ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";
import { PACKAGE_VERSION } from "../mcp/version.ts";
import type { Fleet } from "./fleet.ts";
import { logUri } from "./results.ts";
import { addTools } from "./tools.ts";

const INSTRUCTIONS =
  "Starts, watches and stops the development servers of a project. list_servers gives their ids. What a server prints is the resource log://{server_id}; subscribe to it to be told when it grows.";

const addLogs = (mcp: McpServer, fleet: Fleet): void => {
  const template = new ResourceTemplate("log://{server_id}", {
    list: () => ({
      resources: fleet.all.map(({ spec: { id, name } }) => ({
        uri: logUri(id),
        name: id,
        title: `Log of ${name}`,
        mimeType: "text/plain",
      })),
    }),
    complete: {
      server_id: (begun) => fleet.all.map(({ spec }) => spec.id).filter((id) => id.startsWith(begun)),
    },
  });
  mcp.registerResource(
    "log",
    template,
    {
      title: "Log of a server",
      description: "The last lines that a server printed.",
      mimeType: "text/plain",
    },
    (uri, { server_id: id }) => {
      const server = typeof id === "string" ? fleet.get(id) : undefined;
      if (server === undefined) {
        throw new ResourceNotFoundError(uri.href);
      }
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text: server.log.text() }] };
    },
  );
};

/** The orchestrator's face for one connection; what it acts on is one fleet for all. */
export const makeServer = (fleet: Fleet): McpServer => {
  const mcp = new McpServer(
    { name: "node-orchestrator", title: "Node server orchestrator", version: PACKAGE_VERSION },
    {
      capabilities: { tools: {}, resources: { subscribe: true, listChanged: true }, completions: {} },
      instructions: INSTRUCTIONS,
    },
  );
  addTools(mcp, fleet);
  addLogs(mcp, fleet);
  return mcp;
};
