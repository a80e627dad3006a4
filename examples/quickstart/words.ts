// What `npm start` says when everything runs.
import { isAbsolute, join, relative } from "node:path";
import type { Places } from "./places.ts";

/** What the reader needs to reach the two servers. All paths are absolute. */
export interface Reach {
  readonly url: string;
  readonly orchestratorToken: string;
  readonly uefnToken: string;
  readonly places: Places;
  readonly folders: {
    /** The checkout. */
    readonly root: string;
    /** Where the reader is. */
    readonly from: string;
    readonly data: string;
    /** Where the simulator writes down what ran. */
    readonly journal: string;
  };
}

const clientOf = ({ url, orchestratorToken, uefnToken }: Reach): object => {
  const entry = (server: string, token: string): object => ({
    type: "http",
    url: `${url}/mcp/${server}`,
    headers: { Authorization: `Bearer ${token}` },
  });
  return {
    mcpServers: { orchestrator: entry("orchestrator", orchestratorToken), uefn: entry("uefn", uefnToken) },
  };
};

const CALL = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: {
    name: "start_server",
    arguments: { server_id: "web" },
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};

const quoted = (text: string): string =>
  /^[\w./@%+=:-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** From where the reader is, if it is there or below; else from the root of the file system. */
const pathFor = (path: string, from: string): string => {
  const way = relative(from, path);
  return quoted(way !== "" && !way.startsWith("..") && !isAbsolute(way) ? way : path);
};

/** How the command is run where the reader is: npx finds it in the checkout and below. */
const commandFor = (root: string, from: string): string => {
  const way = relative(root, from);
  return way.startsWith("..") || isAbsolute(way)
    ? quoted(join(root, "node_modules/.bin/tollgate"))
    : "npx tollgate";
};

export const wordsFor = (reach: Reach): string => {
  const { url, orchestratorToken, uefnToken, places, folders } = reach;
  const { root, from, data, journal } = folders;
  return `
A project's two web servers, to start and stop: ${url}/mcp/orchestrator
A UEFN editor, simulated:                       ${url}/mcp/uefn
Tokens for them, minted now:                    ${orchestratorToken}
                                                ${uefnToken}
Those of an earlier start are no longer taken.

Paste into your client's configuration:

${JSON.stringify(clientOf(reach), null, 2)}

Make a real call, which starts a web server:

curl -s ${url}/mcp/orchestrator \\
  -H 'Authorization: Bearer ${orchestratorToken}' \\
  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: start_server' \\
  -d '${JSON.stringify(CALL)}'

The answer says where it is: open it. Change start_server, twice, to stop_server and the call is denied.
What happened: ${commandFor(root, from)} audit tail --data ${pathFor(data, from)}
What the editor was told, once it is: cat ${pathFor(journal, from)}
Not behind the gate: port ${String(places.orchestratorPort)} takes calls of every program of this machine, without a token.
Ctrl+C stops everything.`;
};
