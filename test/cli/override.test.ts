import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, journalOf, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";
import { Desk, jsonLines } from "../support/command.ts";
import { discovered, Puppet } from "../support/puppet.ts";

// People's word in place of the catalogue's, from outside: commands change what reaches the server, and what is recorded.

const directory = temporaryDirectory();
const journal = join(directory, "journal.jsonl");
const tools = join(directory, "tools.json");
const inputSchema = { type: "object", properties: { text: { type: "string" } } };
const sweep = { name: "delete_rows", inputSchema };
const write = (...definitions: readonly object[]): void => writeFileSync(tools, JSON.stringify(definitions));

const RUN_TOOL = {
  name: "run_tool",
  description: "Runs a tool of this server by its name.",
  inputSchema: {
    type: "object",
    properties: { tool_name: { type: "string" }, params: { type: "object" } },
    required: ["tool_name"],
  },
};

const POLICY = {
  version: "1",
  default: "allow",
  hide: ["remove_*"],
  all_tools: {
    deny_if: [{ conditions: [{ path: "tool.class", op: "in", value: ["destructive", "financial"] }] }],
  },
};
const grant = { identity: "a", policy: "p" };
const configWith = (...args: readonly string[]): object => ({
  mcpServers: {
    s: { command: process.execPath, args: [WITNESS, "--journal", journal, "--tools", tools, ...args] },
  },
  policies: { p: POLICY },
  identities: { a: {} },
  grants: { g: { ...grant, server: "s", token: tokenOf("g") } },
});

let gateway: Gateway;
const desk = new Desk();

beforeAll(async () => {
  write(sweep, { name: "list_rows", inputSchema }, { name: "remove_all", inputSchema }, RUN_TOOL);
  gateway = await Gateway.start(configWith(), directory);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  desk[Symbol.dispose]();
});

/** A command on a gateway's data directory, whether it runs or not. */
const runOn = async (on: Gateway, ...args: readonly string[]): Promise<string> => {
  const { exit, out, err } = await desk.run([...args, "--config", on.configFile, "--data", on.data]);
  return `${String(exit)} ${out}${err}`;
};
const override = (...args: readonly string[]): Promise<string> =>
  runOn(gateway, "catalogue", "override", ...args, "--yes");

const reached = (): number => journalOf(journal).length;

/** Whether the call reached the server. */
const passes = async (tool = "delete_rows", text = ""): Promise<boolean> => {
  const before = reached();
  await gateway.call("s", "g", tool, { text });
  return reached() > before;
};

/** The record, as the journal's file has it. */
const lines = (): readonly Record<string, unknown>[] =>
  jsonLines(readFileSync(join(gateway.data, "journal", "00000001.jsonl"), "utf8"));
const acts = (): readonly Record<string, unknown>[] =>
  lines().filter(({ act }) => String(act).startsWith("tool.override"));
const reloads = (): number => lines().filter(({ act }) => act === "config.reload").length;

const CLASS = ["--class", "write", "--risk", "low", "--reason", "rows come back"] as const;
const WHY = ["--reason", "x"] as const;
const CLEAR = ["--clear", "--reason", "a test"] as const;

const overridden = async (check: () => Promise<void>): Promise<void> => {
  expect(await override("s", "delete_rows", ...CLASS)).toMatch(/^0 Overridden: delete_rows of s is write\./u);
  try {
    await check();
  } finally {
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 Cleared: .*delete_rows of s/u);
  }
};

describe("an override", () => {
  it("lets pass what was denied, and denies what passed, as soon as the command is done", async () => {
    expect([await passes(), await passes("list_rows")]).toEqual([false, true]);
    await overridden(async () => expect(await passes()).toBe(true));
    expect(await passes()).toBe(false);
    const raised = await override("s", "list_rows", "--class", "financial", "--reason", "each row costs");
    expect(raised).toMatch(/now: {2}read, .*then: financial, /su);
    expect([await passes("list_rows"), await passes()]).toEqual([false, false]);
    expect(await override("s", "list_rows", ...CLEAR)).toMatch(/^0 /u);
    expect(await passes("list_rows")).toBe(true);
  });

  it("counts for what policy check says of tools that run others", async () => {
    const mayRun = { path: "args.tool_name", op: "not_in", value: ["list_rows"], on_missing: "true" };
    const { hide: _, ...rest } = POLICY;
    desk.write("listed.json", { ...rest, tools: { run_tool: { deny_if: [{ conditions: [mayRun] }] } } });
    const check = () => runOn(gateway, "policy", "check", "listed.json", "--server", "s");
    expect(await check()).toMatch(/^0 1 file checked, nothing wrong/u);
    await override("s", "list_rows", "--class", "financial", "--reason", "each row costs");
    expect(await check()).toContain('admit run_tool with {"tool_name":"list_rows"}');
    await override("s", "list_rows", ...CLEAR);
  });

  it("holds where all servers are one, by the server's own name", async () => {
    const merged = async (): Promise<unknown> =>
      (await gateway.call(ALL, "g", "s__delete_rows")).message.result?.isError;
    expect(await merged()).toBe(true);
    await overridden(async () => expect(await merged()).toBe(false));
  });

  it("is in the record with before, after, reason and who, and the chain is sound", async () => {
    await overridden(async () => {
      await override("s", "delete_rows", "--class", "execute", "--reason", "it runs SQL");
      expect(await passes()).toBe(true);
    });
    const [made, again, cleared] = acts().slice(-3);
    const by = expect.stringMatching(/^local:\S+$/u) as unknown;
    const subject = "tool delete_rows of server s";
    expect(made).toMatchObject({
      act: "tool.override",
      by,
      subject,
      before: { class: "destructive" },
      after: { class: "write", risk: "low", reason: "rows come back", by, was: { class: "destructive" } },
    });
    expect(made?.["after"]).toMatchObject({
      digest: lines().findLast(({ tool }) => tool === "delete_rows")?.["tool_digest"],
    });
    expect(again).toMatchObject({ before: made?.["after"], after: { class: "execute", risk: null } });
    expect(cleared).toMatchObject({
      act: "tool.override.clear",
      by,
      before: again?.["after"],
      after: { reason: "a test" },
    });
    expect(await runOn(gateway, "audit", "verify")).toMatch(/^0 sound: /u);
  });

  it("outlives kill -9, a restart and reloads, and is made and cleared where nobody serves", async () => {
    expect(await override("s", "delete_rows", ...CLASS)).toMatch(/^0 /u);
    await gateway.stop("SIGKILL");
    expect(await override()).toMatch(/s +delete_rows +write +low +destructive, /u);
    await gateway.serve();
    expect(await passes()).toBe(true);
    // The server goes, and comes back as it was.
    for (const mcpServers of [{ other: { command: process.execPath, args: [WITNESS] } }, undefined]) {
      const before = reloads();
      const config = configWith();
      const others = { g: { ...grant, server: "other", token: tokenOf("g") } };
      gateway.configure(mcpServers === undefined ? config : { ...config, mcpServers, grants: others });
      await expect.poll(reloads, { timeout: 15_000 }).toBeGreaterThan(before);
      if (mcpServers !== undefined) {
        expect(await override("--list")).toContain("delete_rows");
        expect(await override("s", "delete_rows", ...CLASS)).toContain('has no server "s"');
      }
    }
    expect(await passes()).toBe(true);
    await gateway.stop();
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 Cleared/u);
    expect(await override("s", "list_rows", "--class", "financial", "--reason", "alone")).toMatch(/^0 /u);
    await gateway.serve();
    expect([await passes(), await passes("list_rows")]).toEqual([false, false]);
    expect(await override("s", "list_rows", ...CLEAR)).toMatch(/^0 /u);
  });

  it("is not believed of another definition, such as that of another server of this name", async () => {
    const fetched = (name: string): object => ({ name, description: "of another server", inputSchema });
    await overridden(async () => {
      expect(await override("s")).toMatch(/delete_rows +in force +write, low risk/u);
      write(fetched("delete_rows"), fetched("list_rows"));
      // Another command, so another process: its tools are what the file says now.
      gateway.configure(configWith("--era", "modern"));
      await expect.poll(() => passes(), { timeout: 15_000 }).toBe(false);
      expect(await override("s")).toMatch(/delete_rows +definition changed +destructive, /u);
      const again = await override("s", "delete_rows", "--class", "financial", "--reason", "seen anew");
      expect(again).toMatch(/now: {2}destructive, .*rows come back\. The catalogue: /u);
      expect(again).toMatch(/The risk stays what the catalogue says, \w+: --risk changes it\./u);
      expect(await override("s")).toMatch(/delete_rows +in force +financial, /u);
    });
    write(sweep, { name: "list_rows", inputSchema }, { name: "remove_all", inputSchema });
    gateway.configure(configWith());
    await expect.poll(async () => override("s", "remove_al", ...CLASS)).toContain('mean "remove_all"?');
  });

  it("that lowers a class or a risk is asked about on a terminal, before anything is done", async () => {
    const asked = async (answer: string, ...args: readonly string[]): Promise<string> => {
      const where = ["--config", gateway.configFile, "--data", gateway.data];
      const ran = await desk.run(["catalogue", "override", "s", "delete_rows", ...args, ...where], answer, {
        asked: true,
      });
      return `${String(ran.exit)} ${ran.out}${ran.err}`;
    };
    const before = acts();
    expect(await asked("n\n", ...CLASS)).toMatch(/^1 .*\[y\/N\] error: Nothing was done\./su);
    expect(await asked("\n", ...CLASS)).toContain("Nothing was done.");
    expect(acts()).toEqual(before);
    // More dangerous than it counts: nobody is asked.
    expect(await asked("", "--class", "financial", "--risk", "critical", "--reason", "x")).toMatch(
      /^0 Overridden/u,
    );
    // What the catalogue says is less dangerous than that.
    expect(await asked("n\n", ...CLEAR)).toMatch(
      /^1 The catalogue called it destructive, .*Nothing was done/su,
    );
    expect(await asked("", "--class", "write", "--reason", "x", "--yes")).toMatch(/^0 Overridden/u);
    expect(await asked("y\n", "--class", "read", "--reason", "x")).toMatch(/^0 Overridden/u);
    expect(await asked("", ...CLEAR)).toMatch(/^0 Cleared/u);
  });

  it("that lowers anything is refused where nobody can be asked, unless that was said", async () => {
    const unasked = (...args: readonly string[]): Promise<string> =>
      runOn(gateway, "catalogue", "override", ...args);
    const before = acts();
    const refused = /^1 [^]*error: Nothing was changed\. .*calls may pass\. .*say --yes\.\n$/u;
    expect(await unasked("s", "delete_rows", ...CLASS)).toMatch(refused);
    expect(await unasked("s", "delete_rows", "--class", "destructive", "--risk", "low", ...WHY)).toMatch(
      refused,
    );
    expect(acts()).toEqual(before);
    // What makes it more dangerous needs no answer, and taking that away does.
    expect(await unasked("s", "delete_rows", "--class", "financial", ...WHY)).toMatch(/^0 Overridden/u);
    expect(await unasked("s", "delete_rows", ...CLEAR)).toMatch(refused);
    expect(await unasked("s", "delete_rows", "--class", "write", ...WHY)).toMatch(refused);
    expect(await unasked("s", "delete_rows", ...CLEAR, "--yes")).toMatch(/^0 Cleared/u);
    // To take away what lowered one needs none either.
    expect(await unasked("s", "delete_rows", ...CLASS, "--yes")).toMatch(/^0 Overridden/u);
    expect(await unasked("s", "delete_rows", ...CLEAR)).toMatch(/^0 Cleared/u);
  });

  it("makes nothing less dangerous whose definition is another than the last scan showed", async () => {
    const scan = (): Promise<string> => runOn(gateway, "server", "scan", "s");
    expect(await scan()).toMatch(/^0 /u);
    write({ ...sweep, description: "Deletes rows of all tables." }, { name: "list_rows", inputSchema });
    const before = acts();
    const refused = await override("s", "delete_rows", ...CLASS);
    expect(refused).toMatch(/^1 [^]*Nothing was changed: this is not the definition that was scanned/u);
    expect(acts()).toEqual(before);
    expect(await override("s", "delete_rows", "--class", "financial", ...WHY)).toMatch(/^0 Overridden/u);
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 Cleared/u);
    expect(await scan()).toMatch(/delete_rows/u);
    expect(await override("s", "delete_rows", ...CLASS)).toMatch(/^0 Overridden/u);
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 Cleared/u);
    rmSync(join(gateway.data, "catalogue", "s.json"));
    write(sweep, { name: "list_rows", inputSchema }, { name: "remove_all", inputSchema });
  });

  it("shows no hidden tool to clients", async () => {
    expect(await override("s", "remove_all", ...CLASS)).toMatch(/^0 /u);
    const hidden = await gateway.call("s", "g", "remove_all");
    const unknown = await gateway.call("s", "g", "remove_ten");
    expect(hidden.text.replace("remove_all", "remove_ten")).toBe(unknown.text);
    expect((await gateway.modern("s", "g", "tools/list")).text).not.toContain("remove_all");
    expect(await override("s", "remove_all", ...CLEAR)).toMatch(/^0 /u);
  });

  it("and calls that race it: each is judged by one of the two, and reaches the server only if it was let through", async () => {
    const [from, before] = [lines().length, reached()];
    const done = new AbortController();
    const calls = Array.from({ length: 4 }, async () => {
      while (!done.signal.aborted) {
        await gateway.call("s", "g", "delete_rows");
      }
    });
    const made = await override("s", "delete_rows", ...CLASS);
    await expect.poll(reached).toBeGreaterThan(before);
    done.abort();
    await Promise.all(calls);
    expect(made).toMatch(/^0 /u);
    const raced = lines().slice(from);
    const act = raced.findIndex((line) => line["act"] === "tool.override");
    const codes = (some: readonly Record<string, unknown>[]): readonly unknown[] =>
      some.flatMap(({ code }) => code ?? []);
    // Recorded before it takes effect: nothing passed before its line, and nothing is denied once something passed.
    expect(new Set(codes(raced.slice(0, act)))).toEqual(new Set(["deny_if_matched"]));
    const after = codes(raced.slice(act));
    expect(after.lastIndexOf("deny_if_matched")).toBeLessThan(after.indexOf("allowed"));
    expect(reached() - before).toBe(after.filter((code) => code === "allowed").length);
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 /u);
  });
});

describe("what is no override", () => {
  it.each<[readonly string[], string]>([
    [["t", "delete_rows", ...CLASS], '1 error: The configuration has no server "t". Did you mean "s"?'],
    [["s", "delete_row", ...CLASS], 'offers no tool "delete_row". Did you mean "delete_rows"?'],
    [["s", "delete_rows\u200b", ...CLASS], 'offers no tool "delete_rows\\\\u{200b}". Did you mean "delete'],
    [["s", "Delete_rows", ...CLASS], 'offers no tool "Delete_rows"'],
    [["s", "delete_rows", "--class", "harmless", "--reason", "x"], "2 error: option '--class <class>'"],
    [["s", "delete_rows", "--class", "read"], "2 error: Nothing was changed. Say why with --reason."],
    [["s", "delete_rows", "--reason", "x"], "2 error: Nothing was changed. Say what the tool does"],
    [["s", "delete_rows", "--clear", "--class", "read", "--reason", "x"], "2 error: Nothing was changed."],
    [["s", "delete_rows", "--clear"], "2 error: Nothing was changed. Say why with --reason."],
    [["s", "list_rows", ...CLEAR], "1 error: Nothing was changed: no verdict is overridden."],
    [["--class", "read"], "2 error: Nothing was changed. Name a server and a tool."],
    [["s", "--class", "read"], "2 error: Nothing was changed. Name the tool, too."],
    [["s", "a", "b", ...CLASS], "2 error: Name a server and one tool."],
    [["s", "delete_rows", "--class", "read", "--reason", " "], "1"],
  ])("%j is refused with a reason and an exit code", async (args, sentence) => {
    const before = acts();
    expect((await override(...args)).replaceAll("\n", " ")).toContain(sentence);
    expect(acts()).toEqual(before);
    expect(await override()).toBe("0 No verdict is overridden.\n");
  });

  it("is what the socket is sent in another shape, or of what is not there", async () => {
    const body = {
      server: "s",
      tool: "delete_rows",
      digest: "ab".repeat(32),
      class: "read",
      was: { class: "destructive", risk: "high" },
      reason: "x",
    };
    const bodies = [
      { ...body, class: "harmless" },
      { ...body, digest: "*" },
      { ...body, digest: undefined },
      { ...body, reason: "" },
      { ...body, tool: "*\u200b" },
      { ...body, server: "t" },
      { ...body, by: "gateway" },
      { ...body, at: 0 },
      { ...body, user: "local:ana\n" },
      {},
    ];
    const socket = connect(join(gateway.data, "control.sock"));
    let said = "";
    socket.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    for (const each of bodies) {
      socket.write(`${JSON.stringify({ command: "overrides.override", body: each })}\n`);
    }
    await expect.poll(() => jsonLines(said).length, { timeout: 15_000 }).toBe(bodies.length);
    socket.destroy();
    expect(jsonLines(said).filter(({ ok }) => ok !== false)).toEqual([]);
    expect(await override()).toBe("0 No verdict is overridden.\n");
    expect(await passes()).toBe(false);
  });

  it("is a database that was edited by hand: the gateway does not start with it, and says so", async () => {
    expect(await override("s", "delete_rows", "--class", "financial", "--reason", "x")).toMatch(/^0 /u);
    await gateway.stop();
    const path = join(gateway.data, "grants.db");
    const kept = readFileSync(path);
    const beside = new DatabaseSync(path);
    beside.exec("UPDATE overrides SET class = 'read'");
    beside.close();
    const served = await gateway.command("serve", "--port", "0");
    expect(served.code).not.toBe(0);
    expect(served.stderr).toContain("not as they were written");
    expect(await override()).toContain("not as they were written");
    writeFileSync(path, kept);
    await gateway.serve();
    expect(await passes()).toBe(false);
    expect(await override("s", "delete_rows", ...CLEAR)).toMatch(/^0 /u);
  });
});

describe("a tool that becomes another while the gateway runs", () => {
  it("is judged as what it is from the first call on that is judged by its new definition", async () => {
    let description = "as it was seen";
    const own = temporaryDirectory();
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": () => ({
        result: {
          resultType: "complete",
          tools: [{ name: "delete_rows", description, inputSchema: { type: "object" } }],
          ttlMs: 0,
          cacheScope: "private",
        },
      }),
      "tools/call": () => ({
        result: { resultType: "complete", content: [{ type: "text", text: "done" }], isError: false },
      }),
    });
    await using changing = await Gateway.start(
      { ...configWith(), mcpServers: { s: { type: "http", url: puppet.url } } },
      own,
    );
    const denied = async (): Promise<unknown> =>
      (await changing.call("s", "g", "delete_rows")).message.result?.isError;
    expect(await denied()).toBe(true);
    expect(await runOn(changing, "catalogue", "override", "s", "delete_rows", ...CLASS, "--yes")).toMatch(
      /^0 /u,
    );
    expect(await denied()).toBe(false);
    const listed = puppet.of("tools/list").length;
    description = "as nobody saw it";
    await expect.poll(denied, { timeout: 15_000 }).toBe(true);
    const next = puppet.taken.findIndex((message) => message === puppet.of("tools/list")[listed]);
    expect(next).toBeGreaterThan(0);
    expect(puppet.taken.slice(next).filter(({ method }) => method === "tools/call")).toEqual([]);
    description = "as it was seen";
    await expect.poll(denied, { timeout: 15_000 }).toBe(false);
    rmSync(own, { recursive: true, force: true });
  });
});
