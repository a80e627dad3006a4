import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { ROOT, WITNESS } from "../support/gateway.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

/** A real server, as `npm ci` installed it. */
const real = (name: string, file: string): readonly string[] => [
  process.execPath,
  join(ROOT, "node_modules/@modelcontextprotocol", name, file),
];
const FILES = [...real("server-filesystem", "dist/index.js"), "."];
const MEMORY = real("server-memory", "dist/index.js");

const kept = (name: string): string => join(desk.directory, ".tollgate/catalogue", `${name}.json`);
const json = (text: string): unknown => JSON.parse(text);

describe("server scan", () => {
  it("scans a command that is in no configuration, says what its tools are, and keeps that", async () => {
    const { exit, out, err } = await desk.run(["server", "scan", "files", "--", ...FILES]);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(/^files: 14 tools, revision [\d-]+, secure-filesystem-server /u);
    expect(out).toMatch(/\nTOOL +CLASS +RISK +TOKENS +DESCRIPTION\n/u);
    expect(out).toMatch(/\nread_text_file +read\?? +\w+ +\d+ /u);
    expect(out).toMatch(/\nclasses +\d+ read, /u);
    expect(out).toMatch(/\ncan modify or destroy +\d+: .*write_file/u);
    expect(out).toMatch(
      /\ndefinitions +about [\d,]+ tokens, \d+\.\d % of a context of 200,000; the heaviest is /u,
    );
    expect(out).toContain("tollgate policy recommend --server files");
    expect(statSync(kept("files")).mode & 0o777).toBe(0o600);
    expect(statSync(join(desk.directory, ".tollgate/catalogue")).mode & 0o777).toBe(0o700);
    // What it keeps are facts.
    expect(readFileSync(kept("files"), "utf8")).not.toContain("allowed directories");
  });

  it("keeps the scan of a server of the configuration, anew each time", async () => {
    const [command, ...args] = MEMORY;
    desk.write("tollgate.json", { mcpServers: { notes: { command, args } } });
    const first = await desk.run(["server", "scan", "notes", "--json"]);
    expect(json(first.out)).toMatchObject({
      server: "notes",
      kept: kept("notes"),
      verdicts: { delete_entities: { class: "destructive", tokens: expect.any(Number) } },
    });
    desk.write(".tollgate/catalogue/notes.json", "half of a fi");
    expect((await desk.run(["server", "scan", "notes"])).exit).toBe(0);
    expect((await desk.run(["catalogue", "show", "notes"])).out).toMatch(/^notes: 9 tools, /u);
  });

  it("scans where nothing can be kept, and says so", async () => {
    desk.write("file", "no directory");
    const { exit, out, err } = await desk.run([
      "server",
      "scan",
      "notes",
      "--data",
      "file/data",
      "--",
      ...MEMORY,
    ]);
    expect([exit, out]).toEqual([0, expect.stringMatching(/^notes: 9 tools/u)]);
    expect(err).toMatch(/^The catalogue does not keep this scan\. .*file\/data/u);
    mkdirSync(join(desk.directory, "open"));
    chmodSync(join(desk.directory, "open"), 0o777);
    const open = await desk.run(["server", "scan", "notes", "--data", "open", "--json", "--", ...MEMORY]);
    expect([open.exit, json(open.out)]).toMatchObject([0, { kept: null }]);
    expect(open.err).toContain("chmod go-w");
  });

  it("tries once where a system says that nothing can be made, and says so", async () => {
    const main = join(ROOT, "src/main.ts");
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [main, ...args], {
        cwd: desk.directory,
        encoding: "utf8",
        timeout: 30_000,
      });
    const scan = run("server", "scan", "notes", "--data", "/proc/tollgate/data", "--", ...MEMORY);
    expect([scan.status, scan.stdout]).toEqual([0, expect.stringMatching(/^notes: 9 tools/u)]);
    expect(scan.stderr).toMatch(
      /^The catalogue does not keep this scan\. .*\/proc\/tollgate\/data cannot be made/u,
    );
    const pages = run("catalogue", "export", "--server", "memory", "--html", "/proc/tollgate");
    expect([pages.status, pages.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: \/proc\/tollgate\/.*: nothing can be made there\n$/u),
    ]);
  }, 60_000);

  it("keeps nothing through a symbolic link, and reads through it", async () => {
    desk.write("outside/kept", "");
    mkdirSync(join(desk.directory, ".tollgate"));
    symlinkSync(join(desk.directory, "outside"), join(desk.directory, ".tollgate/catalogue"));
    const { exit, err } = await desk.run(["server", "scan", "notes", "--", ...MEMORY]);
    expect([exit, readdirSync(join(desk.directory, "outside"))]).toEqual([0, ["kept"]]);
    expect(err).toMatch(/^The catalogue does not keep this scan\. .*\/catalogue is a symbolic link/u);
    expect(await desk.run(["catalogue", "show", "filesystem"])).toMatchObject({ exit: 0, err: "" });
  });

  it("keeps the old scan where the new one does not fit on the disk", async () => {
    const old = desk.write(".tollgate/catalogue/notes.json", '{"catalogue":1,"servers":[]}');
    chmodSync(join(desk.directory, ".tollgate"), 0o700);
    // Files of one block of 512 or 1,024 bytes at most: the first write is cut short.
    const command = 'ulimit -f 1; exec "$@"';
    const scan = [join(ROOT, "src/main.ts"), "server", "scan", "notes", "--", ...MEMORY];
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command, "sh", process.execPath, ...scan], {
      cwd: desk.directory,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^notes: 9 tools/u)]);
    expect(stderr).toMatch(
      /^The catalogue does not keep .*notes\.json cannot be written \(files may not be/u,
    );
    expect(readFileSync(old, "utf8")).toBe('{"catalogue":1,"servers":[]}');
    expect(readdirSync(join(desk.directory, ".tollgate/catalogue"))).toEqual(["notes.json"]);
  });

  it("masks what it was given in its environment, whatever the server does with that", async () => {
    desk.write(
      "echo.mjs",
      `const all = [process.env.API_KEY, process.env.PLAIN_VALUE, process.env.DB_PASSWORD].join(" ");
      const echo = all.replaceAll(" ", "_");
      const hello = { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: all, version: all } };
      const tools = { tools: [{ name: "get_" + echo, description: all, inputSchema: { type: "object" } }] };
      const answers = { initialize: hello, "tools/list": tools };
      for await (const line of (await import("node:readline")).createInterface(process.stdin)) {
        const { id, method } = JSON.parse(line);
        const result = answers[method];
        if (id === undefined) continue;
        console.log(JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error: { code: -32601, message: "no" } }) }));
      }`,
    );
    const values = { API_KEY: "qwertz12", PLAIN_VALUE: "asdfgh-yxcvbn", DB_PASSWORD: "hunter-2-hunter" };
    const words = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const server = { command: process.execPath, args: ["echo.mjs"], env: values };
    desk.write("tollgate.json", { mcpServers: { named: server } });
    const leaks = (name: string, texts: readonly string[]): readonly string[] =>
      Object.values(values).filter((value) =>
        [...texts, readFileSync(kept(name), "utf8")].join().includes(value),
      );
    for (const json of [[], ["--json"]]) {
      const scan = ["server", "scan", "adhoc", ...json, "--", "env", ...words, process.execPath, "echo.mjs"];
      const { exit, out, err } = await desk.run(scan);
      expect([exit, out.includes("[masked]"), leaks("adhoc", [out, err])]).toEqual([0, true, []]);
    }
    const { exit, out, err } = await desk.run(["server", "scan", "named"]);
    // The name of PLAIN_VALUE says nothing, and a configuration has `${env:…}` for secrets.
    expect([exit, leaks("named", [out, err])]).toEqual([0, [values.PLAIN_VALUE]]);
  }, 60_000);

  it.each([
    [
      ["env", "API_KEY=abc", "LONG_VALUE=0123456789ab", "A=1", "false"],
      "env API_KEY=… LONG_VALUE=… A=1 false",
    ],
    [["API_KEY=0123456789ab", "false"], "API_KEY=… false"],
    [["sh", "-c", "TOKEN='a b c d e f' exec false"], "sh -c TOKEN=… exec false"],
    [
      ["false", "--api-key=0123456789", "--dir=/a/long/directory"],
      "false --api-key=… --dir=/a/long/directory",
    ],
    [
      ["false", "--api-key", "0123456789", "--dir", "/a/long/directory", "--no-auth", "main"],
      "false --api-key … --dir /a/long/directory --no-auth main",
    ],
  ])("says how to try %j without its secrets", async (command, shown) => {
    const { exit, err } = await desk.run(["server", "scan", "fails", "--", ...command]);
    expect([exit, err]).toEqual([1, expect.stringContaining(`Try it by hand: ${shown}\n`)]);
    expect(err).not.toContain("0123456789");
  });

  it("gives the command next to nothing of the environment", async () => {
    process.env["TOLLGATE_TEST_SECRET"] = "hunter2-hunter2";
    const script = "console.error(JSON.stringify(process.env)); process.exit(1)";
    const { exit, err } = await desk.run(["server", "scan", "leaks", "--", process.execPath, "-e", script]);
    delete process.env["TOLLGATE_TEST_SECRET"];
    expect([exit, err]).toEqual([1, expect.stringContaining('\\"PATH\\"'.replaceAll("\\", ""))]);
    expect(err).not.toContain("hunter2");
  });

  it("says once what a command said that never answers, and what it may lack", async () => {
    const script = 'console.error("waiting for a key, pid " + process.pid); setInterval(() => {}, 1000)';
    const argv = ["server", "scan", "mute", "--start-ms", "500", "--", process.execPath, "-e", script];
    const { exit, err } = await desk.run(argv);
    expect(exit).toBe(1);
    expect(err.match(/answer in time/g)).toHaveLength(1);
    // It is started twice, and once more in the line to try by hand.
    expect(err.match(/waiting for a key, pid \d+$/gm)).toHaveLength(1);
    expect(err).toMatch(/-- env NAME=value COMMAND.*Try it by hand/);
    expect(err).not.toContain("startMs");
  });

  it.each([
    [["server", "scan", "notes", "--start-ms", "5"], 2, "--start-ms is for a command"],
    [["server", "scan", "none", "--start-ms", "0", "--", "true"], 2, "--start-ms is 1 to"],
    [["server", "scan"], 2, "missing required argument"],
    [["server", "scan", "a", "b"], 2, "A command goes after --"],
    [["server", "scan", "Not/A-Name", "--", "true"], 2, "lower-case"],
    [["server", "scan", "nosuch"], 1, "tollgate server scan nosuch -- COMMAND"],
    [["policy", "recommend", "--server", "nosuch"], 1, "tollgate server scan nosuch -- COMMAND"],
    [["server", "scan", "notes", "--", "true"], 1, "has a server notes"],
    [["server", "scan", "none", "--", "./none"], 1, "Try it by hand: ./none"],
  ])("refuses %j", async (argv, code, message) => {
    desk.write("tollgate.json", { mcpServers: { notes: { command: "true" } } });
    const { exit, err } = await desk.run(argv);
    expect([exit, err]).toEqual([code, expect.stringContaining(message)]);
    expect(existsSync(join(desk.directory, ".tollgate/catalogue"))).toBe(false);
  });
});

describe("the catalogue", () => {
  const witness = async (tools: readonly object[], name = "odd"): Promise<string> => {
    const file = desk.write(`${name}-tools.json`, tools);
    const scan = await desk.run(["server", "scan", name, "--", process.execPath, WITNESS, "--tools", file]);
    expect([scan.exit, scan.err]).toEqual([0, ""]);
    return scan.out;
  };

  it("has the real servers of the snapshot, each with package and version", async () => {
    const { exit, out, err } = await desk.run(["catalogue", "show", "--json"]);
    expect([exit, err]).toEqual([0, ""]);
    const servers = json(out) as {
      name: string;
      origin: { from: string; version: string };
      summary: { tools: number };
    }[];
    expect(servers.length).toBeGreaterThanOrEqual(20);
    expect(servers.every(({ origin }) => origin.from === "package" && /^\d+\./u.test(origin.version))).toBe(
      true,
    );
    expect(servers.every(({ summary }) => summary.tools > 0)).toBe(true);
    expect((await desk.run(["catalogue", "show"])).out).toMatch(
      /\nfilesystem +14 +.*@modelcontextprotocol\/server-filesystem/u,
    );
  });

  it("shows a server and a tool", async () => {
    const server = await desk.run(["catalogue", "show", "filesystem"]);
    expect(server.out).toMatch(/^filesystem: 14 tools, revision /u);
    expect(server.out).toMatch(/\nTOOL +CLASS +RISK +TOKENS +WHY\n/u);
    const tool = await desk.run(["catalogue", "show", "filesystem", "write_file"]);
    expect(tool.out).toMatch(/^filesystem write_file\nclass +\w+ \(confidence \d\.\d\d/u);
    expect(tool.out).toMatch(/\nwhy\n {2}\S/u);
    expect(tool.out).toMatch(/\nRELATED +CLASS +RISK\n/u);
    const { out } = await desk.run(["catalogue", "show", "filesystem", "write_file", "--json"]);
    expect(json(out)).toMatchObject({ server: "filesystem", name: "write_file", related: expect.any(Array) });
  });

  it.each([
    [["catalogue", "show", "filesystm"], 1, 'Did you mean "filesystem"?'],
    [["catalogue", "show", "filesystem", "write_fil"], 1, 'Did you mean "write_file"?'],
    [["catalogue", "show", "a", "b", "c"], 2, "one server"],
    [["catalogue", "search", "--server", "filesystm"], 1, 'Did you mean "filesystem"?'],
    [["catalogue", "search", "--class", "harmless"], 2, "Allowed choices"],
    [["catalogue", "search", "-n", "0"], 2, "--limit is 1 to"],
  ])("refuses %j", async (argv, code, message) => {
    const { exit, err } = await desk.run(argv);
    expect([exit, err]).toEqual([code, expect.stringContaining(message)]);
  });

  it("says how a server that is configured comes into it", async () => {
    const file = desk.write("tools.json", [{ name: "delete_all", inputSchema: { type: "object" } }]);
    const args = [WITNESS, "--tools", file];
    desk.write("tollgate.json", { mcpServers: { mine: { command: process.execPath, args } } });
    const word = ["catalogue", "override", "mine", "delete_all", "--class", "financial", "--reason", "x"];
    expect((await desk.run(word)).exit).toBe(0);
    for (const argv of [
      ["catalogue", "show", "mine", "delete_all"],
      ["catalogue", "search", "--server", "mine"],
      ["catalogue", "export", "--html", "pages", "--server", "mine"],
    ]) {
      expect(await desk.run(argv)).toMatchObject({
        exit: 1,
        err: expect.stringMatching(/is configured, .*run: tollgate server scan mine\n$/u),
      });
    }
    expect((await desk.run(["server", "scan", "mine"])).exit).toBe(0);
    expect((await desk.run(["catalogue", "show", "mine", "delete_all"])).out).toMatch(/\nclass +financial /u);
  });

  it("is searched over all servers, scans among them", async () => {
    await witness([{ name: "delete_everything_at_once", inputSchema: { type: "object" } }]);
    const { out } = await desk.run(["catalogue", "search", "delete", "everything"]);
    expect(out).toMatch(/^TOOL +SERVER +CLASS +RISK +WHY\ndelete_everything_at_once +odd +destructive/u);
    const all = json((await desk.run(["catalogue", "search", "--json", "-n", "3"])).out) as {
      total: number;
      tools: object[];
    };
    expect([all.total > 300, all.tools.length]).toEqual([true, 3]);
    const more = await desk.run(["catalogue", "search", "-n", "1"]);
    expect(more.err).toMatch(/^There are \d+; --limit shows more\.\n$/u);
    expect(await desk.run(["catalogue", "search", "nosuchtoolatall"])).toEqual({
      exit: 0,
      out: "",
      err: "No such tools.\n",
    });
  });

  it("takes a scan for the snapshot's server of the same name", async () => {
    await witness([{ name: "only_this" }], "filesystem");
    const { out } = await desk.run(["catalogue", "show", "filesystem", "--json"]);
    expect(json(out)).toMatchObject({ origin: { from: "scan" }, tools: [{ name: "only_this" }] });
  });

  it("names files that it cannot use, and goes on without them", async () => {
    await witness([{ name: "good" }]);
    desk.write(".tollgate/catalogue/broken.json", '{"catalogue":1,');
    desk.write(".tollgate/catalogue/foreign.json", readFileSync(kept("odd"), "utf8"));
    desk.write(".tollgate/catalogue/newer.json", '{"catalogue":99,"servers":[]}');
    desk.write(".tollgate/catalogue/folder.json/x", "");
    symlinkSync(join(desk.directory, "nowhere"), kept("dangling"));
    const { exit, out, err } = await desk.run(["catalogue", "show", "odd", "good"]);
    expect([exit, out]).toEqual([0, expect.stringMatching(/^odd good\n/u)]);
    const told = err
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(line.lastIndexOf("/catalogue/") + 11));
    expect(told).toEqual([
      expect.stringMatching(/^broken\.json:1:\d+: warning: /u),
      expect.stringMatching(/^dangling\.json: warning: it cannot be read \(ENOENT\)$/u),
      expect.stringMatching(/^folder\.json: warning: this is no file$/u),
      expect.stringMatching(/^foreign\.json: warning: it must hold one server, of the file's own name/u),
      expect.stringMatching(/^newer\.json: warning: only version 1 is read/u),
    ]);
  });

  it("shows names of files that want to move the terminal as what they are", async () => {
    desk.write(".tollgate/catalogue/a\u001b[2J\nerror: b.json", "{");
    const { err } = await desk.run(["catalogue", "show"]);
    expect(err).toMatch(/^[^\n]*\/catalogue\/a\\u\{1b\}\[2J error: b\.json:1:2: warning: [^\n]*\n$/u);
  });

  it("shows texts that want to move the terminal as what they are", async () => {
    const evil = "a\u001b[2J\u202eb";
    const tool = { name: "evil", title: evil, description: evil, annotations: { title: evil } };
    const printed = [await witness([tool])];
    for (const argv of [["odd"], ["odd", "evil"]]) {
      printed.push((await desk.run(["catalogue", "show", ...argv])).out);
    }
    expect(printed[0]).toContain("a\\u{1b}[2J\\u{202e}b");
    const moving = printed.filter((text) => text.includes("\u001b") || text.includes("\u202e"));
    expect(moving).toEqual([]);
  });
});
