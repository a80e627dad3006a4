import { writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, ROOT, temporaryDirectory, tokenOf, type Message } from "../support/gateway.ts";
import { examplePolicy } from "./editor.ts";

// `stop_all_servers`, ten times a minute for each grant: seen by the processes and ports of the servers themselves.

const IDS = ["web", "api"] as const;
const SERVER = `require("node:http").createServer((q, a) => a.end("well")).listen(process.env.PORT, "127.0.0.1")`;

let gateway: Gateway;
const ports: number[] = [];

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

beforeAll(async () => {
  const folder = temporaryDirectory();
  for (const _ of IDS) {
    ports.push(await freePort());
  }
  const servers = IDS.map((id, at) => [
    id,
    {
      command: process.execPath,
      args: ["-e", SERVER],
      env: { PORT: String(ports[at]) },
      port: ports[at],
      healthPath: "/",
    },
  ]);
  writeFileSync(join(folder, "orchestrator.json"), JSON.stringify({ servers: Object.fromEntries(servers) }));
  const grant = (name: string, policy: string): object => ({
    identity: name,
    server: "orchestrator",
    policy,
    token: tokenOf(name),
  });
  gateway = await Gateway.start(
    {
      mcpServers: {
        orchestrator: {
          command: process.execPath,
          args: [join(ROOT, "servers/node-orchestrator/main.ts")],
          cwd: folder,
          tollgate: { isolation: "shared" },
        },
      },
      policies: {
        example: examplePolicy("node-orchestrator/orchestrator.policy.json"),
        open: { version: "1", default: "allow" },
      },
      identities: { one: {}, other: {}, person: {} },
      grants: {
        one: grant("one", "example"),
        other: grant("other", "example"),
        person: grant("person", "open"),
      },
    },
    folder,
  );
});

afterAll(() => gateway[Symbol.asyncDispose]());

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const call = async (grant: string, tool: string): Promise<Message> =>
  (await gateway.call("orchestrator", grant, tool)).message;

/** Starts both, and gives their processes. */
const startBoth = async (): Promise<readonly number[]> => {
  const { result } = await call("person", "start_all_servers");
  const started = result?.["structuredContent"] as
    | { readonly servers: readonly { readonly pid: number }[] }
    | undefined;
  return (started?.servers ?? []).map(({ pid }) => pid);
};

const state = async (pids: readonly number[]): Promise<readonly boolean[]> => [
  ...pids.map(isAlive),
  ...(await Promise.all(ports.map(isOpen))),
];

const UP = [true, true, true, true];
const DOWN = [false, false, false, false];

describe("stop_all_servers under the example's policy", () => {
  it("ends every process and frees every port ten times, and the eleventh time ends nothing", async () => {
    for (let count = 0; count < 10; count += 1) {
      const pids = await startBoth();
      expect(await state(pids)).toEqual(UP);
      expect((await call("one", "stop_all_servers")).result?.isError ?? false).toBe(false);
      expect(await state(pids)).toEqual(DOWN);
    }
    const pids = await startBoth();
    const { result } = await call("one", "stop_all_servers");
    expect(result?._meta).toMatchObject({
      "tollgate/decision": {
        decision: "deny",
        code: "limit_exceeded",
        rule: "/tools/stop_all_servers/limits/0",
      },
    });
    expect(await state(pids)).toEqual(UP);

    // Another grant has its own ten.
    expect((await call("other", "stop_all_servers")).result?.isError ?? false).toBe(false);
    expect(await state(pids)).toEqual(DOWN);

    const records = (await gateway.records()).filter(({ tool }) => tool === "stop_all_servers");
    const of = (grant: string) => records.filter((line) => line["grant"] === grant).map(({ code }) => code);
    expect(of("one")).toEqual([...Array.from({ length: 10 }, () => "allowed"), "limit_exceeded"]);
    expect(of("other")).toEqual(["allowed"]);
  });

  it("is not to be had by stopping them one by one", async () => {
    const pids = await startBoth();
    const { result } = (await gateway.call("orchestrator", "one", "stop_server", { server_id: "web" }))
      .message;
    expect(result?._meta).toMatchObject({ "tollgate/decision": { code: "default_deny" } });
    expect(await state(pids)).toEqual(UP);
  });
});
