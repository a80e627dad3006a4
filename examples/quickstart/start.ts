// `npm start`: the demonstration server, the gateway in front of it and of the orchestrator, and what to do next.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const config = join(here, "tollgate.json");
const data = join(root, ".tollgate");
const EVERYTHING_PORT = 7411;

const children: ChildProcess[] = [];
const start = (args: readonly string[], env: NodeJS.ProcessEnv, quiet: boolean): ChildProcess => {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", quiet ? "ignore" : "inherit"],
  });
  children.push(child);
  return child;
};

const stop = (): void => children.forEach((child) => child.kill("SIGTERM"));
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

const fail = (message: string): never => {
  console.error(message);
  stop();
  process.exit(1);
};

const command = async (...args: string[]): Promise<string> => {
  const child = start(["src/main.ts", ...args], {}, false);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0 ? output : fail(`tollgate ${args.join(" ")} failed.`);
};

if (await accepts(EVERYTHING_PORT)) {
  fail(`Port ${EVERYTHING_PORT} is taken. Stop what listens there, or change it in examples/quickstart.`);
}
const everything = start(
  [
    "--import",
    join(here, "loopback-only.ts"),
    join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"),
    "streamableHttp",
  ],
  { PORT: String(EVERYTHING_PORT) },
  true,
);
everything.stdout?.resume();
for (let waited = 0; !(await accepts(EVERYTHING_PORT)); waited += 100) {
  if (waited > 20_000 || everything.exitCode !== null) {
    fail("The demonstration server did not start.");
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const gateway = start(
  ["src/main.ts", "serve", "--config", config, "--data", data, ...process.argv.slice(2)],
  {},
  false,
);
gateway.on("exit", (code) => {
  stop();
  process.exitCode = code ?? 0;
});
let printed = "";
gateway.stdout?.on("data", (chunk: Buffer) => {
  process.stdout.write(chunk);
  printed += chunk.toString("utf8");
  const url = /^tollgate ready on (\S+)$/mu.exec(printed)?.[1];
  if (url !== undefined && !printed.includes("\0")) {
    printed += "\0";
    void introduce(url);
  }
});

const token = async (grant: string): Promise<string> => {
  const output = await command(
    "grant",
    "rotate",
    grant,
    "--json",
    "--yes",
    "--config",
    config,
    "--data",
    data,
  );
  return (JSON.parse(output) as { token: string }).token;
};

const introduce = async (url: string): Promise<void> => {
  const orchestrator = await token("you-orchestrator");
  const demonstration = await token("you-everything");
  const entry = (server: string, bearer: string): object => ({
    type: "http",
    url: `${url}/mcp/${server}`,
    headers: { Authorization: `Bearer ${bearer}` },
  });
  const client = {
    mcpServers: {
      orchestrator: entry("orchestrator", orchestrator),
      everything: entry("everything", demonstration),
    },
  };
  const call = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "list_servers",
      arguments: {},
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  };
  console.log(`
The orchestrator, behind its policy: ${url}/mcp/orchestrator
Token for it, minted now:            ${orchestrator}

Paste into your client's configuration:

${JSON.stringify(client, null, 2)}

Make a real call:

curl -s ${url}/mcp/orchestrator \\
  -H 'Authorization: Bearer ${orchestrator}' \\
  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: list_servers' \\
  -d '${JSON.stringify(call)}'

Change list_servers, twice, to stop_server and it is denied. What happened: npx tollgate audit tail --data .tollgate
Ctrl+C stops everything.`);
};
