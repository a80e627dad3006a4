import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { membersOf } from "./group.ts";
import { isTaken } from "./ports.ts";
import { Peer } from "./testing/peer.ts";
import { Folder, freePort, isAlive, SERVERS } from "./testing/world.ts";

const NAMES = [
  "get_server_status",
  "list_servers",
  "start_all_servers",
  "start_server",
  "stop_all_servers",
  "stop_server",
];

const FACES = [
  ["stdio", "legacy"],
  ["stdio", "auto"],
  ["http", "legacy"],
  ["http", "auto"],
] as const;

const pidOf = ({ data }: { readonly data: unknown }): number => (data as { readonly pid: number }).pid;

describe.each(FACES)("over %s, %s", (face, mode) => {
  it("starts, shows and stops real servers", async () => {
    using folder = new Folder();
    const [a, b] = [await freePort(), await freePort()];
    folder.configure({ a: SERVERS.web(a), b: SERVERS.family(b) });
    await using peer = await Peer[face](folder.path, mode);
    const { tools } = await peer.client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(NAMES);
    for (const { title, annotations, outputSchema, description, inputSchema } of tools) {
      expect([title, annotations, outputSchema, description]).not.toContain(undefined);
      expect(Object.keys(inputSchema.properties ?? {}).filter((name) => name !== "server_id")).toEqual([]);
    }
    const started = await peer.call("start_server", { server_id: "a" });
    expect(started).toMatchObject({ isError: false, data: { outcome: "started", port: a } });
    expect(await peer.call("start_all_servers")).toMatchObject({
      isError: false,
      data: { servers: [{ outcome: "already_running" }, { outcome: "started" }] },
    });
    expect(await (await fetch(`http://127.0.0.1:${String(a)}`)).text()).toBe("ok");
    expect(await peer.call("list_servers")).toMatchObject({
      data: { servers: [{ server_id: "a", state: "running", healthy: true }, { state: "running" }] },
    });
    expect(await peer.log("a")).toContain("\nlistens\n");
    const stopped = await peer.call("stop_all_servers");
    expect(stopped).toMatchObject({ data: { servers: [{ outcome: "stopped" }, { outcome: "stopped" }] } });
    expect([await isTaken(a), await isTaken(b), membersOf(pidOf(started))]).toEqual([false, false, []]);
  });

  it("ends a start that is cancelled", async () => {
    using folder = new Folder();
    folder.configure({ silent: SERVERS.silent(await freePort()) });
    await using peer = await Peer[face](folder.path, mode);
    const cancel = new AbortController();
    const seen: string[] = [];
    const call = peer.call(
      "start_server",
      { server_id: "silent" },
      {
        signal: cancel.signal,
        onprogress: ({ message }) => seen.push(message ?? ""),
      },
    );
    const outcome = call.then(
      () => "answered",
      () => "cancelled",
    );
    await expect.poll(() => seen.length).toBeGreaterThan(1);
    expect(seen[0]).toMatch(/^Process \d+ runs; waiting for port \d+$/u);
    const pid = Number(/\d+/u.exec(seen[0] ?? "")?.[0]);
    expect(isAlive(pid)).toBe(true);
    cancel.abort();
    expect(await outcome).toBe("cancelled");
    await expect.poll(() => membersOf(pid)).toEqual([]);
    const status = async (): Promise<unknown> =>
      (await peer.call("get_server_status", { server_id: "silent" })).data;
    await expect.poll(status).toMatchObject({ state: "stopped" });
  });
});

describe("the orchestrator", () => {
  it("answers failures as such, and lives on", async () => {
    using folder = new Folder();
    const port = await freePort();
    folder.configure({
      folderless: { command: "node", cwd: "not/there" },
      commandless: { command: "no-such-command" },
      broken: SERVERS.broken(port),
      good: SERVERS.web(port),
    });
    await using peer = await Peer.stdio(folder.path, "legacy");
    const failures = [
      ["folderless", 'folder of "folderless" does not exist'],
      ["commandless", '"no-such-command" of "commandless" was not found'],
      ["broken", "no database"],
      ["none", "There are: folderless, commandless, broken, good."],
      ["not an id", "server_id"],
      [7, "server_id"],
    ] as const;
    for (const [server_id, text] of failures) {
      const { isError, text: said } = await peer.call("start_server", { server_id });
      expect([server_id, isError, said]).toEqual([server_id, true, expect.stringContaining(text)]);
      expect(said).not.toContain(folder.path);
    }
    expect(await peer.call("list_servers", { all: true })).toMatchObject({ isError: true });
    const all = await peer.call("start_all_servers");
    expect(all).toMatchObject({ isError: true, data: { servers: [{}, {}, {}, { outcome: "started" }] } });
  });

  it.each(["legacy", "auto"] as const)("tells of logs that grow and of other servers, %s", async (mode) => {
    using folder = new Folder();
    folder.configure({ a: SERVERS.web(await freePort()) });
    await using peer = await Peer.stdio(folder.path, mode);
    await peer.follow("log://a");
    await peer.call("start_server", { server_id: "a" });
    await expect.poll(() => peer.told).toContain("log://a");

    folder.configure({ b: SERVERS.web(await freePort()) });
    await expect.poll(() => peer.told).toContain("resources");
    const uris = async (): Promise<readonly string[]> =>
      (await peer.client.listResources()).resources.map(({ uri }) => uri);
    // What still runs stays until it is stopped.
    expect(await uris()).toEqual(["log://a", "log://b"]);
    await peer.call("stop_server", { server_id: "a" });
    expect(await uris()).toEqual(["log://b"]);

    folder.write("orchestrator.json", '{ "servers": { "c": ');
    await expect.poll(async () => (await peer.call("list_servers")).text).toContain("is not JSON");
    expect(await uris()).toEqual(["log://b"]);
    folder.write("orchestrator.json", { servers: { c: { port: "80" } } });
    await expect.poll(async () => (await peer.call("list_servers")).text).toContain("/servers/c/port");
    folder.configure({ c: SERVERS.portless() });
    await expect.poll(uris).toEqual(["log://c"]);
    const completion = await peer.client.complete({
      ref: { type: "ref/resource", uri: "log://{server_id}" },
      argument: { name: "server_id", value: "" },
    });
    expect(completion.completion.values).toEqual(["c"]);
    await expect(peer.log("b")).rejects.toThrow("not found");
  });

  it("runs the scripts it finds, where there is no configuration", async () => {
    using folder = new Folder();
    const port = await freePort();
    mkdirSync(`${folder.path}/apps/web`, { recursive: true });
    folder.write(
      "apps/web/serve.cjs",
      `require("node:http").createServer((q, s) => s.end()).listen(${String(port)}, "127.0.0.1", () => console.log("listens"));`,
    );
    folder.write("apps/web/package.json", { name: "web", scripts: { dev: "node serve.cjs" } });
    await using peer = await Peer.stdio(folder.path, "legacy");
    expect(await peer.call("list_servers")).toMatchObject({
      data: { servers: [{ server_id: "web-dev" }], configuration: { source: "package.json" } },
    });
    const started = await peer.call("start_server", { server_id: "web-dev" });
    expect(started).toMatchObject({ data: { outcome: "started" } });
    await expect.poll(() => isTaken(port)).toBe(true);
    await peer.call("stop_server", { server_id: "web-dev" });
    expect([await isTaken(port), membersOf(pidOf(started))]).toEqual([false, []]);
  });

  it("takes a configuration by --config, with folders relative to it", async () => {
    using folder = new Folder();
    mkdirSync(`${folder.path}/conf/app`, { recursive: true });
    const code = `console.log("in", process.cwd()); setInterval(() => {}, 1e6);`;
    folder.write("conf/my.json", { servers: { a: { command: "node", args: ["-e", code], cwd: "app" } } });
    await using peer = await Peer.stdio(folder.path, "legacy", "--config", "conf/my.json");
    expect(await peer.call("start_server", { server_id: "a" })).toMatchObject({ isError: false });
    expect(await peer.log("a")).toMatch(/\nin \/.*\/conf\/app\n/u);
  });

  it("refuses options that it does not have", () => {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    for (const args of [["--colour"], ["--port", "80"], ["--http", "--port", "70000"], ["extra"]]) {
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        input: "",
        encoding: "utf8",
      });
      expect([args, status, stderr]).toEqual([args, 2, expect.stringContaining("--config FILE")]);
    }
  });
});
