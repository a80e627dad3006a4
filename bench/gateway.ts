import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { HOUSEKEEPING, POLICY, REQUEST_BODY, requestHeaders, RESPONSE_BODY } from "./call.ts";
import { loadGenerator, type Generator, type Load } from "./load.ts";
import { startProxy, startUpstream } from "./nginx.ts";
import { readOptions } from "./options.ts";
import { cpuOf, freePort, needPrograms, start, type Program } from "./processes.ts";
import { decimals, machine, markdown, median, whole } from "./table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TOKEN = "bench-token-that-is-long-enough-to-be-taken-0123456789";
const WARM_UP_SECONDS = 2;
const READY_MS = 30_000;

/** One way for the call to go. `proxy`: the process whose CPU is counted. */
interface Way {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly proxy: Program | undefined;
}

interface Measured extends Load {
  readonly cpuUs: number;
}

/** Sends the same small `tools/call` straight to a server, through nginx, and through the gate, in turns. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, { seconds: [5], rounds: [1], connections: [1, 16, 64] });
  needPrograms({ nginx: "nginx-light", wrk: "wrk" });
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const ways = await open(folder, stack);
  for (const way of ways) {
    await probe(way);
  }
  const generator = loadGenerator(folder, requestHeaders(TOKEN));
  const rows: string[][] = [];
  for (const connections of options.connections) {
    const runs = await inTurns(ways, generator, connections, options.rounds[0] ?? 1, options.seconds[0] ?? 5);
    const nginx = medianOf(runs.get("nginx")).cpuUs;
    for (const way of ways) {
      rows.push(rowOf(way, connections, medianOf(runs.get(way.name)), nginx));
    }
  }
  const head = ["way", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs a call", "× nginx", "errors"];
  console.log(
    `${markdown(head, rows)}\n\n${machine()}. CPU is user and system time of the proxy's own processes.`,
  );
  if (rows.some((row) => row.at(-1) !== "0")) {
    throw new Error("There were errors: these numbers say nothing.");
  }
};

const open = async (folder: string, stack: AsyncDisposableStack): Promise<readonly Way[]> => {
  const housekeeper = await keepHouse();
  stack.defer(() => closeServer(housekeeper.server));
  const upstreamPort = await freePort();
  const upstream = await startUpstream(join(folder, "upstream"), upstreamPort, housekeeper.port);
  stack.use(upstream);
  const proxyPort = await freePort();
  const proxy = await startProxy(join(folder, "proxy"), proxyPort, upstreamPort);
  stack.use(proxy);
  const ways: Way[] = [
    { name: "direct", port: upstreamPort, path: "/mcp", proxy: undefined },
    { name: "nginx", port: proxyPort, path: "/mcp", proxy },
  ];
  if (existsSync(join(ROOT, "src/main.ts"))) {
    const gate = await startGate(join(folder, "gate"), upstreamPort, stack);
    ways.push({ name: "tollgate", ...gate, path: "/mcp/bench" });
  } else {
    console.log("There is no src/main.ts: the gate is left out.\n");
  }
  return ways;
};

/** Answers the few requests that are no calls: each needs its own id in the answer. */
const keepHouse = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const answer = async (request: IncomingMessage): Promise<string> => {
    const { id, method } = JSON.parse(await text(request)) as {
      readonly id?: unknown;
      readonly method: string;
    };
    const result = HOUSEKEEPING[method];
    const error = { code: -32_601, message: "Method not found" };
    return JSON.stringify({ jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) });
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.setHeader("Content-Type", "application/json").end(body),
      () => response.writeHead(400).end(),
    );
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, port };
};

const closeServer = async (server: Server): Promise<void> => {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
};

/** The gate with everything on: a token, a policy with conditions and a limit, the record. */
const startGate = async (
  folder: string,
  upstream: number,
  stack: AsyncDisposableStack,
): Promise<{ readonly port: number; readonly proxy: Program }> => {
  mkdirSync(folder);
  const config = {
    audit: { durability: "process", arguments: "keys" },
    mcpServers: { bench: { type: "http", url: `http://127.0.0.1:${String(upstream)}/mcp` } },
    policies: { bench: POLICY },
    identities: { bench: { kind: "service" } },
    grants: { bench: { identity: "bench", server: "bench", policy: "bench", token: TOKEN } },
  };
  const file = join(folder, "tollgate.json");
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  const main = join(ROOT, "src/main.ts");
  const args = [main, "serve", "--config", file, "--data", join(folder, "data"), "--port", "0"];
  const proxy = start(process.execPath, args, { cwd: folder });
  stack.use(proxy);
  const ready = await proxy.until(/tollgate ready on http:\/\/[^\s:]+:(\d+)/u, READY_MS);
  return { port: Number(ready[1]), proxy };
};

/** One call by hand: a way that does not answer as it should is not worth measuring. */
const probe = async (way: Way): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${String(way.port)}${way.path}`, {
    method: "POST",
    headers: requestHeaders(TOKEN),
    body: REQUEST_BODY,
  });
  const body = await response.text();
  if (response.status !== 200 || body !== RESPONSE_BODY) {
    throw new Error(`${way.name} answered ${String(response.status)}: ${body}\n${way.proxy?.output() ?? ""}`);
  }
};

const inTurns = async (
  ways: readonly Way[],
  generator: Generator,
  connections: number,
  rounds: number,
  seconds: number,
): Promise<ReadonlyMap<string, readonly Measured[]>> => {
  const runs = new Map<string, Measured[]>(ways.map(({ name }) => [name, []]));
  for (const way of ways) {
    await generator.run(way.port, way.path, connections, WARM_UP_SECONDS);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      const before = way.proxy === undefined ? Number.NaN : cpuOf(way.proxy.pid);
      const load = await generator.run(way.port, way.path, connections, seconds);
      const used = way.proxy === undefined ? Number.NaN : cpuOf(way.proxy.pid) - before;
      if (load.wrong !== undefined) {
        console.error(`${way.name} at ${String(connections)} connections answered: ${load.wrong}`);
      }
      runs.get(way.name)?.push({ ...load, cpuUs: used / load.requests });
    }
  }
  return runs;
};

const medianOf = (runs: readonly Measured[] = []): Measured => ({
  requests: median(runs.map(({ requests }) => requests)),
  perSecond: median(runs.map(({ perSecond }) => perSecond)),
  p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
  cpuUs: median(runs.map(({ cpuUs }) => cpuUs)),
  errors: runs.reduce((sum, { errors }) => sum + errors, 0),
  wrong: runs.find(({ wrong }) => wrong !== undefined)?.wrong,
});

const rowOf = (way: Way, connections: number, measured: Measured, nginxCpuUs: number): string[] => [
  way.name,
  String(connections),
  whole(measured.perSecond),
  decimals(measured.p50Ms, 2),
  decimals(measured.p99Ms, 2),
  decimals(measured.cpuUs, 1),
  decimals(measured.cpuUs / nginxCpuUs, 1),
  String(measured.errors),
];
