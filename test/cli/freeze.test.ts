import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  ALL,
  Gateway,
  journalOf,
  type Message,
  Program,
  temporaryDirectory,
  tokenOf,
  WITNESS,
  type Reply,
} from "../support/gateway.ts";
import { Desk, jsonLines } from "../support/command.ts";

// The kill switch, from outside: what is frozen does not reach the server, and everything else does.

const directory = temporaryDirectory();
const journals = { one: join(directory, "one.jsonl"), two: join(directory, "two.jsonl") };
const server = (name: keyof typeof journals): object => ({
  command: process.execPath,
  args: [WITNESS, "--journal", journals[name]],
});
const grant = (name: string, identity: string, ...servers: string[]): object => ({
  [name]: { identity, server: servers, policy: "open", token: tokenOf(name) },
});
const CONFIG = {
  mcpServers: { one: server("one"), two: server("two") },
  policies: { open: { version: "1", default: "allow", hide: ["wipe"] } },
  identities: { ann: {}, bob: {} },
  grants: { ...grant("a1", "ann", "one", "two"), ...grant("a2", "ann", "one"), ...grant("b1", "bob", "one") },
};

let gateway: Gateway;
const desk = new Desk();

beforeAll(async () => {
  gateway = await Gateway.start(CONFIG);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  desk[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** A command on the gateway's data directory, whether it runs or not. */
const run = async (...args: readonly string[]): Promise<string> => {
  const { exit, out, err } = await desk.run([
    ...args,
    "--config",
    gateway.configFile,
    "--data",
    gateway.data,
  ]);
  return `${String(exit)} ${out}${err}`;
};

const records = async (): Promise<readonly Record<string, unknown>[]> =>
  jsonLines((await run("audit", "export", "--json")).slice(2));

const reached = (name: keyof typeof journals): number => journalOf(journals[name]).length;

/** `ran` where the call reached its server, `frozen` where it did not and the agent was told so. */
const outcomeOf = async (on: keyof typeof journals, name: string, tool = "echo"): Promise<string> => {
  const before = reached(on);
  const { message } = await gateway.call(on, name, tool);
  return reached(on) > before ? "ran" : denialOf(message);
};

const denialOf = (message: Message): string => {
  const meta = message.result?.["_meta"] as Record<string, { code: string }> | undefined;
  const text = message.result?.content?.[0]?.text ?? "";
  return text.startsWith("[POLICY DENIED]")
    ? (meta?.["tollgate/decision"]?.code ?? "?")
    : JSON.stringify(message);
};

const lastCodes = async (count: number): Promise<readonly unknown[]> =>
  (await records())
    .filter((line) => "decision" in line)
    .slice(-count)
    .map(({ code, method, server: on }) => `${String(method)} ${String(on)} ${String(code)}`);

const frozen = async (target: readonly string[], check: () => Promise<void>): Promise<void> => {
  expect(await run("freeze", ...target, "--reason", "a test")).toMatch(/^0 Frozen: /u);
  try {
    await check();
  } finally {
    expect(await run("unfreeze", ...target)).toMatch(/^0 Lifted: /u);
  }
};

describe("a freeze", () => {
  it.each<[readonly string[], Record<string, string>]>([
    [["--all"], { "one a1": "frozen", "two a1": "frozen", "one b1": "frozen" }],
    [["--server", "one"], { "one a1": "frozen", "two a1": "ran", "one b1": "frozen" }],
    [["--grant", "a1"], { "one a1": "frozen", "two a1": "frozen", "one a2": "ran", "one b1": "ran" }],
    [["--identity", "ann"], { "one a1": "frozen", "two a1": "frozen", "one a2": "frozen", "one b1": "ran" }],
    [["--tool", "ec*"], { "one a1": "frozen", "two a1": "frozen", "one a1 pay": "ran" }],
    [["--tool", "ec*", "--server", "two"], { "one a1": "ran", "two a1": "frozen", "two a1 pay": "ran" }],
  ])("%j stops the very next call, and nothing else", async (target, wanted) => {
    const ask = async (): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      for (const key of Object.keys(wanted)) {
        const [on = "", name = "", tool] = key.split(" ");
        found[key] = await outcomeOf(on as "one" | "two", name, tool);
      }
      return found;
    };
    await frozen(target, async () => expect(await ask()).toEqual(wanted));
    expect(new Set(Object.values(await ask()))).toEqual(new Set(["ran"]));
  });

  it("shows neither a hidden tool nor an unknown one, and records the true code", async () => {
    const said = async (tool: string): Promise<string> => {
      const { text, status } = await gateway.call("one", "a1", tool);
      return `${String(status)} ${text}`.replaceAll(tool, "NAME");
    };
    const before = [await said("wipe"), await said("nothing")];
    await frozen(["--server", "one"], async () => {
      expect([await said("wipe"), await said("nothing")]).toEqual(before);
      expect(before[0]).toBe(before[1]);
      expect(before[0]).toContain("Unknown tool: NAME");
      expect(await lastCodes(2)).toEqual(["tools/call one frozen", "tools/call one frozen"]);
    });
  });

  it("stops resources, prompts, completions, subscriptions and methods that MCP does not have", async () => {
    const wanted: readonly [string, object][] = [
      ["resources/read", { uri: "file:///public/a.txt" }],
      ["prompts/get", { name: "greet" }],
      [
        "completion/complete",
        { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "a", value: "" } },
      ],
      ["subscriptions/listen", { notifications: { toolsListChanged: true } }],
      ["vendor/thing", {}],
    ];
    await frozen(["--grant", "a1"], async () => {
      const before = reached("one");
      const answers: Reply[] = [];
      for (const [method, params] of wanted) {
        answers.push(await gateway.modern("one", "a1", method, params));
      }
      expect(answers.map(({ status, message }) => [status, message.error?.code])).toEqual([
        [200, -32602],
        [200, -32602],
        [200, -32602],
        [200, -32602],
        [404, -32601],
      ]);
      // Like an unknown one, in the fixed text.
      expect(answers[0]?.message.error?.message).toBe("There is no such resource or prompt.");
      expect(reached("one")).toBe(before);
      expect(await lastCodes(5)).toEqual(wanted.map(([method]) => `${method} one frozen`));
    });
    const { message } = await gateway.modern("one", "a1", "resources/read", { uri: "file:///public/a.txt" });
    expect(message.result).toBeDefined();
  });

  it("of a tool pattern is of tools alone", async () => {
    await frozen(["--tool", "*"], async () => {
      const before = reached("one");
      await gateway.modern("one", "a1", "prompts/get", { name: "greet" });
      expect(reached("one")).toBe(before + 1);
      expect(await outcomeOf("one", "a1")).toBe("frozen");
    });
  });

  it("leaves lists as they are", async () => {
    const lists = async (): Promise<readonly string[]> => {
      const names = ["tools/list", "resources/list", "prompts/list", "server/discover"];
      const answers = await Promise.all(names.map((method) => gateway.modern("one", "a1", method)));
      return answers.map(({ text }) => text);
    };
    const before = await lists();
    expect(before[0]).toContain("echo");
    await frozen(["--all"], async () => expect(await lists()).toEqual(before));
  });

  it("holds where all servers are one, by the servers' own names", async () => {
    const say = async (tool: string): Promise<string> => (await gateway.call(ALL, "a1", tool)).text;
    await frozen(["--tool", "echo", "--server", "one"], async () => {
      const before = [reached("one"), reached("two")];
      expect(await say("one__echo")).toContain("frozen");
      expect(await say("two__echo")).toContain("did echo");
      expect([reached("one"), reached("two")]).toEqual([before[0], (before[1] ?? 0) + 1]);
    });
    await frozen(["--all"], async () => {
      const read = await gateway.modern(ALL, "a1", "resources/read", { uri: "file:///public/a.txt" });
      expect(read.message.error?.message).toBe("There is no such resource or prompt.");
      expect((await lastCodes(1))[0]).toMatch(/^resources\/read .* frozen$/u);
    });
  });

  it("holds for each element of a batch, and in a session", async () => {
    const headers = { "mcp-protocol-version": "2025-03-26" };
    const send = (message: unknown, more: object = {}): Promise<Reply> =>
      gateway.raw("one", JSON.stringify(message), "a1", { ...headers, ...more });
    const clientInfo = { name: "t", version: "1" };
    const params = { protocolVersion: "2025-03-26", capabilities: {}, clientInfo };
    const opened = await send({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const call = (id: number, name: string) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name, arguments: {} },
    });
    await frozen(["--tool", "echo"], async () => {
      const before = reached("one");
      const { text } = await send([call(1, "echo"), call(2, "pay"), call(3, "echo")], session);
      const codes = (JSON.parse(text) as { id: number; result: { isError: boolean } }[])
        .sort((one, other) => one.id - other.id)
        .map(({ result }) => result.isError);
      expect(codes).toEqual([true, false, true]);
      expect(reached("one")).toBe(before + 1);
    });
  });
});

describe("a call that waits for its server", () => {
  it("is judged again when the server is there", async () => {
    const slow = join(directory, "slow.mjs");
    const begun = join(directory, "begun");
    const go = join(directory, "go");
    // Starts when it is told to.
    writeFileSync(
      slow,
      `import { existsSync, writeFileSync } from "node:fs";
       writeFileSync(${JSON.stringify(begun)}, "");
       while (!existsSync(${JSON.stringify(go)})) await new Promise((done) => setTimeout(done, 20));
       await import(${JSON.stringify(WITNESS)});`,
    );
    const journal = join(directory, "slow.jsonl");
    const mcpServers = { slow: { command: process.execPath, args: [slow, "--journal", journal] } };
    await using own = await Gateway.start({
      ...CONFIG,
      mcpServers,
      grants: grant("s1", "ann", "slow"),
    });
    const waiting = own.call("slow", "s1", "echo");
    await expect.poll(() => existsSync(begun), { timeout: 15_000 }).toBe(true);
    const frozenNow = await own.command("freeze", "--server", "slow", "--reason", "a test");
    expect(frozenNow.code).toBe(0);
    writeFileSync(go, "");
    expect((await waiting).message.result?.content?.[0]?.text).toContain("[POLICY DENIED]");
    expect(journalOf(journal)).toEqual([]);
  });
});

describe("calls that wait for their arguments to be masked", () => {
  it("are judged again when they have been, and what was under way is in the record", async () => {
    const journal = join(directory, "masked.jsonl");
    const mcpServers = { one: { command: process.execPath, args: [WITNESS, "--journal", journal] } };
    await using own = await Gateway.start({
      ...CONFIG,
      mcpServers,
      grants: grant("a1", "ann", "one"),
      audit: { arguments: "masked" },
    });
    // Of all texts those with many secrets take longest.
    const text = "xoxb-a-b ".repeat(3_600);
    const calls = Array.from({ length: 20 }, async () => own.call("one", "a1", "echo", { text }));
    await expect.poll(() => existsSync(journal), { timeout: 15_000, interval: 5 }).toBe(true);
    const target = ["--all", "--config", own.configFile, "--data", own.data];
    expect((await desk.run(["freeze", ...target])).exit).toBe(0);
    const answers = await Promise.all(calls);
    const lines = jsonLines(readFileSync(join(own.data, "journal", "00000001.jsonl"), "utf8"));
    const act = lines.findIndex((line) => line["act"] === "freeze");
    const codes = (some: readonly Record<string, unknown>[]): readonly unknown[] =>
      some.flatMap(({ code }) => code ?? []);
    const ran = codes(lines.slice(0, act));
    expect(new Set(ran)).toEqual(new Set(["allowed"]));
    expect(new Set(codes(lines.slice(act)))).toEqual(new Set(["frozen"]));
    expect(journalOf(journal)).toHaveLength(ran.length);
    expect(answers.filter(({ message }) => denialOf(message) === "frozen")).toHaveLength(20 - ran.length);
  });
});

describe("freezes", () => {
  it("outlive kill -9 and a restart, and hold when nobody serves", async () => {
    expect(await run("freeze", "--server", "one", "--reason", "kept")).toMatch(/^0 /u);
    await gateway.stop("SIGKILL");
    expect(await run("freeze", "--grant", "a1", "--reason", "made alone")).toMatch(/^0 /u);
    await gateway.serve();
    const listed = JSON.parse((await run("freeze", "--json")).slice(2)) as Record<string, unknown>[];
    expect(listed).toMatchObject([
      { what: "server one", reason: "kept", by: expect.stringMatching(/^local:\S+$/u), until: null },
      { what: "grant a1", reason: "made alone" },
    ]);
    expect([await outcomeOf("one", "b1"), await outcomeOf("two", "a1")]).toEqual(["frozen", "frozen"]);
    const ready = (await (await fetch(`${gateway.url}/readyz`)).json()) as Record<string, unknown>;
    expect(ready).toMatchObject({ status: "ready", freezes: 2 });
    expect(await run("unfreeze", String(listed[0]?.["id"]))).toMatch(
      /^0 Lifted: server one.*\nStill frozen: grant a1/u,
    );
    expect([await outcomeOf("one", "b1"), await outcomeOf("two", "a1")]).toEqual(["ran", "frozen"]);
    expect(await run("unfreeze", "--grant", "a1")).toMatch(/^0 /u);
    const acts = (await records()).filter(({ subject }) => subject === "server one").slice(-2);
    expect(acts).toMatchObject([
      { act: "freeze", before: null, after: { reason: "kept" }, by: expect.stringMatching(/^local:/u) },
      { act: "unfreeze", before: { reason: "kept" }, after: null },
    ]);
    expect(await run("audit", "verify")).toMatch(/^0 sound: /u);
  });

  it("end by themselves, which is in the record", async () => {
    const until = new Date(Date.now() + 3_000).toISOString();
    expect(await run("freeze", "--server", "one", "--until", until, "--reason", "short")).toContain(until);
    expect(await outcomeOf("one", "a1")).toBe("frozen");
    await expect.poll(() => outcomeOf("one", "a1"), { timeout: 15_000, interval: 50 }).toBe("ran");
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
    const expired = async (): Promise<unknown> =>
      (await records()).find(({ act }) => act === "freeze.expired")?.["subject"];
    await expect.poll(expired, { timeout: 15_000 }).toBe("server one");
    expect(await run("freeze")).toBe("0 Nothing is frozen.\n");
  });

  it("need no reason: who is in a hurry is not asked", async () => {
    expect(await run("freeze", "--server", "one")).toMatch(/^0 Frozen: server one\./u);
    expect(await outcomeOf("one", "a1")).not.toBe("ran");
    expect(await run("freeze")).toContain("no reason given");
    expect(await run("unfreeze", "--server", "one")).toMatch(/^0 /u);
  });

  it("are refused with a reason and an exit code", async () => {
    expect(await run("freeze", "--server", "oen", "--reason", "x")).toBe(
      '1 error: Nothing was frozen: there is no server "oen". Did you mean "one"?\n',
    );
    expect(await run("freeze", "--reason", "x")).toMatch(/^2 .*name a target/u);
    expect(await run("freeze", "--all", "--grant", "a1", "--reason", "x")).toMatch(/^2 /u);
    expect(await run("freeze", "one", "--reason", "x")).toMatch(/^2 /u);
    expect(await run("freeze", "--all", "--reason", "x", "--until", "soon")).toMatch(/^2 .*--until/u);
    expect(await run("unfreeze")).toMatch(/^2 /u);
    expect(await run("unfreeze", "--all")).toBe(
      "1 error: There is no freeze of everything. Nothing is frozen.\n",
    );
  });

  it("of what the file no longer has can be lifted", async () => {
    expect(await run("freeze", "--grant", "b1", "--reason", "x")).toMatch(/^0 /u);
    const grants = Object.fromEntries(Object.entries(CONFIG.grants).filter(([name]) => name !== "b1"));
    gateway.configure({ ...CONFIG, grants });
    await expect
      .poll(() => run("grant", "show", "b1"), { timeout: 15_000 })
      .toMatch(/^1 .*There is no grant "b1"/u);
    expect(await run("unfreeze", "--grant", "b1")).toMatch(/^0 /u);
    gateway.configure(CONFIG);
  });
});

describe("without a gateway and a configuration", () => {
  it("a name is refused with the reason why it is not known, and everything can be frozen", async () => {
    const bare = new Desk();
    onTestFinished(() => bare[Symbol.dispose]());
    const named = await bare.run(["freeze", "--server", "one"]);
    expect([named.exit, named.err]).toEqual([
      1,
      'error: Nothing was frozen: there is no server "one". ' +
        "No gateway runs here and no configuration was found: name it with --config.\n",
    ]);
    expect((await bare.run(["freeze", "--all"])).exit).toBe(0);
    expect((await bare.run(["freeze"])).out).toMatch(/ everything .* it is lifted /u);
  });
});

describe("a wrap", () => {
  it("is frozen by its data directory", async () => {
    const data = join(desk.directory, "wrap");
    const journal = join(desk.directory, "wrapped.jsonl");
    desk.write("p.json", { version: "1", default: "allow" });
    const argv = ["--policy", join(desk.directory, "p.json"), "--name", "w", "--data", data, "--"];
    await using wrap = new Program([
      "src/main.ts",
      "wrap",
      ...argv,
      process.execPath,
      WITNESS,
      "--journal",
      journal,
    ]);
    const say = (message: object): void =>
      void wrap.child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "t", version: "1" };
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
    say({ id: 1, method: "initialize", params });
    await wrap.printed(/"id":1/u);
    say({ method: "notifications/initialized" });
    for (const [id, target] of [["--grant"], ["--server"], ["--identity"]].entries()) {
      const made = await desk.run(["freeze", ...target, "w", "--reason", "x", "--data", data]);
      expect([made.exit, made.err]).toEqual([0, ""]);
      say({ id: `f${String(id)}`, method: "tools/call", params: { name: "echo", arguments: {} } });
      expect(await wrap.printed(new RegExp(`^.*"id":"f${String(id)}".*$`, "mu"))).toContain(
        "[POLICY DENIED]",
      );
      expect((await desk.run(["unfreeze", ...target, "w", "--data", data])).exit).toBe(0);
    }
    expect(journalOf(journal)).toEqual([]);
    say({ id: 9, method: "tools/call", params: { name: "echo", arguments: {} } });
    expect(await wrap.printed(/^.*"id":9.*$/mu)).toContain("did echo");
    expect(readFileSync(journal, "utf8")).not.toBe("");
  });
});
