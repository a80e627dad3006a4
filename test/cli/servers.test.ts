import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { WITNESS } from "../support/gateway.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const witness = (...args: readonly string[]) => ({ command: process.execPath, args: [WITNESS, ...args] });

describe("server scan", () => {
  it("lists a server's tools, of either era", async () => {
    desk.write("tollgate.json", {
      mcpServers: { old: witness("--era", "legacy"), new: witness("--era", "modern") },
    });
    const old = await desk.run(["server", "scan", "old"]);
    expect([old.exit, old.err]).toEqual([0, ""]);
    expect(old.out).toMatch(
      /^old: 6 tools, revision 2025-11-25, witness 1\nTOOL +CLASS +RISK +TOKENS +DESCRIPTION\necho /,
    );
    const { exit, out } = await desk.run(["server", "scan", "new", "--json"]);
    expect([exit, JSON.parse(out)]).toMatchObject([
      0,
      { server: "new", revision: "2026-07-28", withheld: {} },
    ]);
    const { tools } = JSON.parse(out) as { tools: { name: string; inputSchema: object }[] };
    expect(tools.map(({ name }) => name)).toEqual(["echo", "pay", "wipe", "slow", "fail", "free"]);
    // What it prints is what --tools takes.
    desk.write("tools.json", out);
    desk.write("p.json", { version: "1", default: "allow" });
    const judged = await desk.run(
      ["policy", "eval", "--policy", "p.json", "--tools", "tools.json"],
      '{"tool":"echo","arguments":{"nope":1}}\n{"tool":"free","arguments":{"nope":1}}\n',
    );
    expect(judged.out).toMatch(/"invalid_arguments".*\n.*"allowed"/);
  });

  it("names tools that are withheld from clients", async () => {
    desk.write("tools-of-server.json", [
      { name: "good" },
      { name: "ze\u200bro" },
      { name: "Same" },
      { name: "same" },
    ]);
    desk.write("tollgate.json", {
      mcpServers: { one: witness("--tools", join(desk.directory, "tools-of-server.json")) },
    });
    const { out } = await desk.run(["server", "scan", "one"]);
    expect(out).toContain("one: 1 tool,");
    expect(out).toContain("withheld ze\\u{200b}ro:");
    expect(out).toContain("withheld Same:");
  });

  it("lists the tools of a server of the old HTTP+SSE transport", async () => {
    let stream: ServerResponse | undefined;
    const server = createHttpServer((request, response) => {
      if (request.method === "GET") {
        stream = response.writeHead(200, { "content-type": "text/event-stream" });
        stream.write("event: endpoint\ndata: /message\n\n");
        return;
      }
      void request.toArray().then((chunks) => {
        const asked = JSON.parse(Buffer.concat(chunks).toString()) as { id?: unknown; method: string };
        response.writeHead(202).end();
        const result =
          asked.method === "initialize"
            ? {
                protocolVersion: "2024-11-05",
                capabilities: { tools: {} },
                serverInfo: { name: "old", version: "1" },
              }
            : { tools: [{ name: "lift", inputSchema: { type: "object" } }] };
        if (asked.id !== undefined) {
          stream?.write(`data: ${JSON.stringify({ jsonrpc: "2.0", id: asked.id, result })}\n\n`);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/sse`;
    desk.write("tollgate.json", { mcpServers: { old: { type: "sse", url } } });
    const { exit, out } = await desk.run(["server", "scan", "old"]);
    const doctor = await desk.run(["doctor"]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect([exit, out]).toEqual([0, expect.stringContaining("old: 1 tool, revision 2024-11-05, old 1\n")]);
    expect(out).toContain("\nlift ");
    expect(doctor.out).toContain("1 tool");
    expect((await desk.run(["server", "list"])).out).toMatch(/old +sse +none +http/u);
  });

  it("says why one cannot be had, and what to do", async () => {
    desk.write("tollgate.json", {
      mcpServers: {
        none: { command: "./none" },
        dies: { command: process.execPath, args: ["-e", "console.error('no licence'); process.exit(1)"] },
        prints: {
          command: process.execPath,
          args: ["-e", "console.log('hello'); setTimeout(() => {}, 500)"],
        },
        silent: {
          command: process.execPath,
          args: ["-e", "setTimeout(() => {}, 60000)"],
          tollgate: { startMs: 300 },
        },
        closed: { url: "http://127.0.0.1:1/mcp" },
      },
    });
    const told = async (name: string) => {
      const { exit, out, err } = await desk.run(["server", "scan", name]);
      expect([exit, out]).toEqual([1, ""]);
      return err;
    };
    expect(await told("none")).toContain("Try it by hand: ./none");
    expect(await told("dies")).toContain("no licence");
    expect(await told("prints")).toContain("its log belongs on standard error");
    expect(await told("silent")).toContain("startMs");
    expect(await told("closed")).toContain("its URL is right: http://127.0.0.1:1/mcp");
    expect(await told("nonee")).toBe(
      'error: The configuration has no server "nonee". Did you mean "none"? One that is not configured: tollgate server scan nonee -- COMMAND\n',
    );
  });
});

describe("policy check --server", () => {
  it("asks the server for its tools", async () => {
    desk.write("tollgate.json", { mcpServers: { one: witness(), none: { command: "./none" } } });
    desk.write("p.json", { version: "1", default: "deny", tools: { echo: {}, ekko: {} } });
    const { exit, out } = await desk.run(["policy", "check", "p.json", "--server", "one", "--json"]);
    expect(exit).toBe(0);
    expect(out).toContain("/tools/ekko");
    expect(out).not.toContain("/tools/echo");
    expect((await desk.run(["policy", "check", "p.json", "--server", "none"])).exit).toBe(1);
  });
});

describe("doctor", () => {
  const findings = async (...more: readonly string[]) => {
    const { exit, out } = await desk.run(["doctor", "--json", ...more]);
    const { findings } = JSON.parse(out) as {
      findings: { name: string; state: string; detail: string; advice?: string }[];
    };
    return { exit, of: (name: string) => findings.find((finding) => finding.name === name), findings };
  };

  it("finds all well where it is", async () => {
    desk.write("tollgate.json", {
      gateway: { port: 0 },
      mcpServers: { one: witness() },
      policies: { open: { version: "1", default: "allow" } },
      identities: { ann: {} },
      grants: { g: { identity: "ann", server: "one", policy: "open" } },
    });
    const { exit, out } = await desk.run(["doctor"]);
    expect([exit, out]).toEqual([
      0,
      expect.stringMatching(/\nok {6}server one: 6 tools, [^\n]*\n\nAll is well\.\n$/),
    ]);
    const json = await findings();
    expect([json.exit, json.findings.map(({ name, state }) => `${name}: ${state}`)]).toEqual([
      0,
      ["node: ok", "configuration: ok", "data directory: ok", "port: ok", "server one: ok"],
    ]);
  });

  it("says how to mend what is wrong with each server, and goes on", async () => {
    desk.write("tollgate.json", {
      gateway: { port: 0 },
      mcpServers: { none: { command: "./none" }, one: witness(), closed: { url: "http://127.0.0.1:1/mcp" } },
      identities: { ann: {} },
      grants: { g: { identity: "ann", server: ["none", "one", "closed"] } },
    });
    const { exit, of } = await findings();
    expect(exit).toBe(1);
    expect(of("server none")).toMatchObject({ state: "failed", advice: "Try it by hand: ./none" });
    expect(of("server one")).toMatchObject({ state: "ok" });
    expect(of("server closed")).toMatchObject({ state: "failed" });
    expect(of("grant g")).toMatchObject({ state: "warning", detail: "it has no policy, so nothing passes" });
    expect((await findings("--no-servers")).exit).toBe(0);
  });

  it("finds a taken port, a configuration that is not valid, and a data directory that others can read", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    desk.write("tollgate.json", { gateway: { port } });
    desk.write(".tollgate/note", "x");
    chmodSync(join(desk.directory, ".tollgate"), 0o755);
    const { exit, of } = await findings();
    expect(exit).toBe(1);
    expect(of("port")).toMatchObject({ state: "failed", advice: expect.stringContaining("--port") });
    expect(of("data directory")).toMatchObject({
      state: "warning",
      advice: expect.stringContaining("chmod 700"),
    });
    await new Promise((resolve) => server.close(resolve));
    desk.write("tollgate.json", '{ "gatway": {} }');
    expect((await findings()).of("configuration")).toMatchObject({
      state: "failed",
      detail: 'tollgate.json:1:3: error: unknown key "gatway" (/gatway) Did you mean "gateway"?',
    });
    desk.write("not-a-directory", "x");
    expect((await findings("--data", "not-a-directory")).of("data directory")).toMatchObject({
      state: "failed",
    });
  });

  it("knows where there is no configuration", async () => {
    expect((await findings()).of("configuration")).toMatchObject({
      state: "warning",
      detail: "there is none",
    });
  });
});
