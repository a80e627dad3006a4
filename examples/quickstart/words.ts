// What `npm start` says when everything runs.

/** What the reader needs to reach the two servers. */
export interface Reach {
  readonly url: string;
  readonly orchestratorToken: string;
  readonly uefnToken: string;
  /** Of the data directory, as a command takes it. */
  readonly data: string;
  /** Where the simulator writes down what ran. */
  readonly journal: string;
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

export const wordsFor = (reach: Reach): string => `
A project's two web servers, to start and stop: ${reach.url}/mcp/orchestrator
A UEFN editor, simulated:                       ${reach.url}/mcp/uefn
Tokens for them, minted now:                    ${reach.orchestratorToken}
                                                ${reach.uefnToken}

Paste into your client's configuration:

${JSON.stringify(clientOf(reach), null, 2)}

Make a real call, which starts a web server:

curl -s ${reach.url}/mcp/orchestrator \\
  -H 'Authorization: Bearer ${reach.orchestratorToken}' \\
  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: start_server' \\
  -d '${JSON.stringify(CALL)}'

The answer says where it is: open it. Change start_server, twice, to stop_server and the call is denied.
What happened: npx tollgate audit tail --data ${reach.data}
What the editor was told, once it is: cat ${reach.journal}
Ctrl+C stops everything.`;
