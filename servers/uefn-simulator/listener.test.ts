import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Faults, parseFault } from "./faults.ts";
import { optionsOf } from "./options.ts";
import { call, greet, post, result, running, temporary, tool, type Running } from "./testing/wire.ts";

const open: Running[] = [];

/** A simulator that ends with the test. */
const begin = async (args: readonly string[] = [], secret?: string): Promise<Running> => {
  const simulator = await running(args, secret);
  open.push(simulator);
  return simulator;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.end()));
});

const commandsOf = ({ journal }: Running): readonly string[] => journal().map(({ command }) => command);

describe("the wire", () => {
  it("says on GET who it is, where, and what it can", async () => {
    const { port } = await begin();
    const hello = await greet(port);
    expect(hello).toMatchObject({ status: "ok", app: "UEFN uefn_tools MCP Bridge", port });
    expect(hello["commands"]).toHaveLength(41);
    expect(hello["commands"]).toEqual([...(hello["commands"] as string[])].toSorted());
    expect(hello).not.toHaveProperty("proof");
  });

  it("answers OPTIONS with 204, and 400 to what is no command", async () => {
    const { port } = await begin();
    const options = await fetch(`http://127.0.0.1:${String(port)}/`, { method: "OPTIONS" });
    expect(options.status).toBe(204);
    for (const body of ["{", "[]", "{}", '{"command":7}', '{"command":"ping","params":[]}']) {
      const response = await post(port, body);
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.json()).toMatchObject({ success: false });
    }
    const form = await post(port, '{"command":"ping"}', { "content-type": "text/plain" });
    expect(form.status).toBe(200);
  });

  it("refuses a body that is too large", async () => {
    const { port } = await begin();
    const answer = post(port, JSON.stringify({ command: "ping", params: { x: "x".repeat(17 << 20) } }));
    // The connection may be gone before everything is sent.
    const status = await answer.then((response) => response.status).catch(() => "cut");
    expect([413, "cut"]).toContain(status);
    expect(await result(port, "ping")).toMatchObject({ executed: 1 });
  });

  it("answers many at once, one after the other", async () => {
    const { port, journal } = await begin();
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map((number) => tool(port, "config_set", { key: `k${String(number)}`, value: "v" })),
    );
    expect(answers.map(({ key }) => key)).toEqual(numbers.map((number) => `k${String(number)}`));
    // Each with the tool it ran right behind it.
    expect(journal().map(({ command }) => command)).toEqual(
      numbers.flatMap(() => ["run_tool", "config_set"]),
    );
  });

  it("goes on when a caller leaves in the middle of a request", async () => {
    const { port } = await begin();
    const leaving = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      headers: { "content-length": "100" },
    });
    leaving.on("error", () => {});
    await new Promise<void>((resolve) => void leaving.write('{"command"', () => resolve()));
    leaving.destroy();
    expect(await result(port, "ping")).toMatchObject({ status: "ok" });
  });
});

describe("shutdown", () => {
  const refused = async (port: number): Promise<void> => {
    await expect(greet(port)).rejects.toThrow("fetch failed");
  };

  it.each([
    ["the command", "shutdown", {}],
    ["the tool mcp_stop", "run_tool", { tool_name: "mcp_stop" }],
    ["a batch", "batch_exec", { commands: [{ command: "shutdown" }] }],
  ])("deferred, by %s: answers, and then listens no more", async (_name, command, params) => {
    const { port, stopped } = await begin();
    expect(await call(port, command, params)).toMatchObject({ success: true });
    await stopped;
    await refused(port);
  });

  it.each([
    ["the command", "shutdown", {}],
    ["the tool mcp_stop", "run_tool", { tool_name: "mcp_stop" }],
  ])(
    "hanging, by %s: the caller times out, and it is stopped all the same",
    async (_name, command, params) => {
      const { port, stopped } = await begin(["--shutdown", "hanging", "--timeout-ms", "300"]);
      const started = performance.now();
      const response = await post(port, JSON.stringify({ command, params }));
      expect(response.status).toBe(504);
      expect(await response.json()).toEqual({ success: false, error: `Timeout: ${command}` });
      expect(performance.now() - started).toBeGreaterThanOrEqual(299);
      await stopped;
      await refused(port);
    },
  );

  it("hanging: what waited behind it gets no answer and never runs", async () => {
    const args = [
      "--shutdown",
      "hanging",
      "--timeout-ms",
      "300",
      "--fault",
      "slow:ping:1",
      "--slow-ms",
      "500",
    ];
    const simulator = await begin(args);
    const { port, stopped } = simulator;
    const first = call(port, "ping");
    await expect.poll(() => commandsOf(simulator)).toEqual(["ping"]);
    // Both wait for the answer to the first one.
    const second = request({ port, host: "127.0.0.1", method: "POST" });
    const answered = once(second, "response");
    second.end('{"command":"shutdown"}');
    await once(second, "finish");
    await expect(call(port, "undo")).rejects.toThrow("fetch failed");
    expect(await first).toMatchObject({ success: true });
    const [response] = (await answered) as [IncomingMessage];
    expect(response.statusCode).toBe(504);
    response.resume();
    await stopped;
    expect(commandsOf(simulator)).toEqual(["ping", "shutdown"]);
  });

  it("hanging, in a batch: what follows in the batch runs when the editor comes back", async () => {
    const simulator = await begin(["--shutdown", "hanging", "--timeout-ms", "300"]);
    const commands = [{ command: "ping" }, { command: "shutdown" }, { command: "redo" }];
    const { status } = await post(
      simulator.port,
      JSON.stringify({ command: "batch_exec", params: { commands } }),
    );
    expect(status).toBe(504);
    await simulator.stopped;
    await expect.poll(() => commandsOf(simulator)).toEqual(["batch_exec", "ping", "shutdown", "redo"]);
  });

  it.each(["deferred", "hanging"])("mcp_restart (%s) stops and listens again on its port", async (kind) => {
    const simulator = await begin(["--shutdown", kind, "--timeout-ms", "300"]);
    const { port } = simulator;
    // A connection on which nothing is said: it ends when the listener does.
    const idle = connect(port, "127.0.0.1");
    await once(idle, "connect");
    const ended = once(idle, "close");
    const { status } = await post(
      port,
      JSON.stringify({ command: "run_tool", params: { tool_name: "mcp_restart" } }),
    );
    expect(status).toBe(kind === "hanging" ? 504 : 200);
    idle.resume();
    await ended;
    await expect.poll(() => call(port, "ping").catch(() => ({}))).toMatchObject({ success: true });
    expect(commandsOf(simulator).slice(0, 2)).toEqual(["run_tool", "mcp_restart"]);
  });
});

describe("faults", () => {
  it("slow: the answer comes late", async () => {
    const { port } = await begin(["--fault", "slow:ping:1", "--slow-ms", "400"]);
    const from = performance.now();
    await result(port, "ping");
    expect(performance.now() - from).toBeGreaterThanOrEqual(399);
  });

  it("504: the caller times out, and the command runs afterwards, once", async () => {
    const simulator = await begin(["--fault", "504:save_current_level:1", "--timeout-ms", "100"]);
    const response = await post(simulator.port, '{"command":"save_current_level"}');
    expect(response.status).toBe(504);
    expect(await greet(simulator.port)).toMatchObject({ status: "ok" });
    await expect.poll(() => commandsOf(simulator)).toEqual(["save_current_level"]);
    expect(await result(simulator.port, "save_current_level")).toMatchObject({ saved: true });
  });

  it("cut: the command ran, the answer is lost; cut-before: nothing ran", async () => {
    const simulator = await begin(["--fault", "cut:ping:1", "--fault", "cut-before:undo:1"]);
    await expect(call(simulator.port, "undo")).rejects.toThrow("fetch failed");
    await expect(call(simulator.port, "ping")).rejects.toThrow("fetch failed");
    expect(commandsOf(simulator)).toEqual(["ping"]);
    await result(simulator.port, "undo");
    expect(commandsOf(simulator)).toEqual(["ping", "undo"]);
  });

  it("garbage: the answer is no JSON", async () => {
    const { port } = await begin(["--fault", "garbage:1"]);
    const response = await post(port, '{"command":"ping"}');
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(await result(port, "ping")).toMatchObject({ status: "ok" });
  });

  it("huge: the answer has many MiB", async () => {
    const { port } = await begin(["--fault", "huge:tag_search"]);
    const params = { tool_name: "tag_search", kwargs: { tag: "x" } };
    const text = await (await post(port, JSON.stringify({ command: "run_tool", params }))).text();
    expect(text.length).toBeGreaterThan(32 * 1024 * 1024);
    expect((await (await post(port, '{"command":"ping"}')).text()).length).toBeLessThan(1_000);
  });

  it("huge: who stops reading holds up nobody", async () => {
    const { port } = await begin(["--fault", "huge:ping:1"]);
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
      method: "POST",
      body: '{"command":"ping"}',
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    leaving.abort();
    expect(await result(port, "ping")).toMatchObject({ executed: 2 });
  });

  it("other-port: GET names another port, so many times", async () => {
    const { port } = await begin(["--fault", "other-port:1"]);
    expect((await greet(port))["port"]).toBe(port + 1);
    expect((await greet(port))["port"]).toBe(port);
  });

  it("meet the command or the tool that they name, so many times", () => {
    const faults = new Faults([
      { kind: "cut", command: "tag_add", times: 2 },
      { kind: "other-port", command: undefined, times: 1 },
    ]);
    expect(faults.take("ping", undefined)).toBeUndefined();
    expect(faults.take("run_tool", "tag_add")).toBe("cut");
    expect(faults.take("tag_add")).toBe("cut");
    expect(faults.take("tag_add")).toBeUndefined();
    expect([faults.takeOtherPort(), faults.takeOtherPort()]).toEqual([true, false]);
  });

  it("are read from the command line, or said to be wrong", () => {
    expect(parseFault("slow")).toEqual({ kind: "slow", command: undefined, times: Number.POSITIVE_INFINITY });
    expect(parseFault("504:3")).toEqual({ kind: "504", command: undefined, times: 3 });
    expect(parseFault("cut:ping:2")).toEqual({ kind: "cut", command: "ping", times: 2 });
    expect(parseFault("melt:ping")).toBeUndefined();
    expect(parseFault("cut:ping:0:1")).toBeUndefined();
  });
});

describe("the secret", () => {
  const SECRET = "a secret of the bridge";
  const NONCE = "00112233445566778899aabbccddeeff";

  it("is proved to who asks with a nonce, for this port", async () => {
    const { port } = await begin([], SECRET);
    const { proof } = await greet(port, { "x-bridge-nonce": NONCE });
    expect(proof).toBe(
      createHmac("sha256", SECRET)
        .update(`${NONCE}:${String(port)}`)
        .digest("hex"),
    );
    expect(await greet(port)).not.toHaveProperty("proof");
    expect(await greet(port, { "x-bridge-nonce": "not hex" })).not.toHaveProperty("proof");
  });

  it("must be known by who posts", async () => {
    const simulator = await begin([], SECRET);
    const ping = '{"command":"ping"}';
    expect((await post(simulator.port, ping)).status).toBe(403);
    const wrong = await post(simulator.port, ping, { "x-bridge-secret": "another" });
    expect(wrong.status).toBe(403);
    expect(await wrong.json()).toMatchObject({ success: false });
    expect((await post(simulator.port, ping, { "x-bridge-secret": SECRET })).status).toBe(200);
    expect(commandsOf(simulator)).toEqual(["ping"]);
  });

  it("is read from a file, which may not be empty", () => {
    const { path, remove } = temporary();
    const file = join(path, "secret");
    writeFileSync(file, "  of the file\n");
    expect(optionsOf(["--secret-file", file], { UEFN_SECRET: "of env" }).secret).toBe("of the file");
    expect(optionsOf([], { UEFN_SECRET: "of env" }).secret).toBe("of env");
    writeFileSync(file, "\n");
    expect(() => optionsOf(["--secret-file", file], {})).toThrow("empty");
    remove();
  });
});
