import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Checkout, freePorts } from "./docs/checkout.ts";
import { journalOf, Program, ROOT, temporaryDirectory } from "./support/gateway.ts";

// What `npm start` does, in a folder that looks like a checkout, on ports of its own.

let checkout: Checkout;
let ports: ReadonlyMap<number, number>;
let outside: string;
let program: Program | undefined;

beforeEach(async () => {
  outside = temporaryDirectory();
  ports = await freePorts();
  checkout = new Checkout(ports);
  program = undefined;
});

afterEach(async () => {
  if (program !== undefined && isRunning(program)) {
    const gone = once(program.child, "exit");
    program.child.kill("SIGTERM");
    await gone;
  }
  // What a failed test left behind.
  running().forEach((pid) => process.kill(Number(pid), "SIGTERM"));
  await expect.poll(running).toEqual([]);
  checkout[Symbol.dispose]();
  rmSync(outside, { recursive: true });
});

const isRunning = ({ child }: Program): boolean => child.exitCode === null && child.signalCode === null;

/** It can do nothing about that, and what it started may live on. */
const killed = async ({ child }: Program): Promise<void> => {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
};

const portOf = (documented: number): number => ports.get(documented) ?? documented;

const start = (...args: readonly string[]): Program => {
  const { directory, env } = checkout;
  program = new Program([join(directory, "examples/quickstart/start.ts"), ...args], { cwd: directory, env });
  return program;
};

/** All that it says once everything runs. */
const words = (started: Program): Promise<string> =>
  started.printed(/^([\s\S]*Ctrl\+C stops everything\.)$/mu);

/** `npm start` in a folder, with npm's own notion of where it was run. */
const npmStart = (cwd: string, ...args: readonly string[]): Program => {
  const { directory, env } = checkout;
  copyFileSync(join(ROOT, "package.json"), join(directory, "package.json"));
  const npm = spawnSync("bash", ["-c", "command -v npm"], { encoding: "utf8", env }).stdout.trim();
  program = new Program([npm, "start", "--prefix", directory, ...args], { cwd, env });
  return program;
};

/** Those that run in the checkout, where the system can tell. */
const running = (): readonly string[] =>
  process.platform === "linux"
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/u.test(name))
        .filter((pid) => folderOf(pid).startsWith(checkout.directory))
    : [];

/** The process of the checkout that runs a program; `undefined` where there is none. */
const pidOf = (program: string): number | undefined => {
  const { stdout } = spawnSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" });
  const line = stdout
    .split("\n")
    // Its own path is on the command line, or the data directory's is.
    .find((one) => one.includes(program) && one.includes(checkout.directory));
  return line === undefined ? undefined : Number.parseInt(line, 10);
};

const kill = (program: string, signal: NodeJS.Signals): void => {
  const pid = pidOf(program);
  expect(pid).toBeGreaterThan(0);
  process.kill(pid ?? 0, signal);
};

/** What `bash` prints for a command of the page that `npm start` prints. */
const shell = (command: string, cwd = checkout.directory): string =>
  spawnSync("bash", ["-c", command], { cwd, env: checkout.env, encoding: "utf8" }).stdout;

const allFree = (): Promise<boolean> =>
  Promise.all([...ports.values()].map(isFree)).then((free) => free.every(Boolean));

/** Whatever was started is gone, and so are its ports. */
const nothingIsLeft = async (): Promise<void> => {
  await expect.poll(running, { timeout: 30_000 }).toEqual([]);
  await expect.poll(allFree).toBe(true);
};

const curlOf = (printed: string): string => /^curl -s (?:.*\\\n)+.*$/mu.exec(printed)?.[0] ?? "";

/** What a call of the bridge's tools through the gate answers. */
const uefn = (printed: string, ...args: readonly string[]): string => {
  const token = /"uefn": \{[^}]*"Authorization": "Bearer (\S+)"/su.exec(printed)?.[1] ?? "";
  return shell(`TOLLGATE_TOKEN=${token} node examples/call.mjs uefn ${args.join(" ")}`);
};

const happenedOf = (printed: string): string => /^What happened: (.*)$/mu.exec(printed)?.[1] ?? "";
const journalPathOf = (printed: string): string =>
  /^What the editor was told, once it is: cat (\S+)$/mu.exec(printed)?.[1] ?? "";

const CONFIG = "examples/quickstart/tollgate.json";
const inCheckout = (path: string): string => join(checkout.directory, path);
const rewrite = (path: string, from: string, to: string): void => {
  const text = readFileSync(inCheckout(path), "utf8");
  expect(text).toContain(from);
  writeFileSync(inCheckout(path), text.replace(from, to));
};

describe("npm start", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "serves both servers, prints what works, and leaves nothing behind: %s",
    async (signal) => {
      const started = start();
      const printed = await words(started);
      expect(shell(curlOf(printed))).toContain(`web: started, process `);
      expect(shell(`curl -s http://127.0.0.1:${String(portOf(7421))}/`)).toContain("<h1>Shop</h1>");
      // A client of an older revision sees what the curl line, which speaks the newest, has started.
      expect(await stopAll(printed)).toContain("web: stopped");
      expect(await isFree(portOf(7421))).toBe(true);
      expect(uefn(printed, "ping")).toContain('"simulated":true');
      expect(uefn(printed, "shutdown")).toBe("error -32602: Unknown tool: shutdown\n");
      expect(shell(happenedOf(printed))).toContain("start_server");
      expect(journalOf(inCheckout(journalPathOf(printed)))).toMatchObject([{ command: "ping" }]);
      expect(await started.stop(signal)).toBe(0);
      await nothingIsLeft();
    },
    120_000,
  );

  it("lets nobody but the bridge command the editor, and says who reaches the orchestrator", async () => {
    const started = start();
    const printed = await words(started);
    const file = inCheckout(".tollgate/uefn.secret");
    const secret = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // As a web page can send it, and as a process can.
    for (const headers of [{ "content-type": "text/plain" }, { "x-bridge-secret": "guessed" }]) {
      const answer = await fetch(`http://127.0.0.1:${String(portOf(7411))}/`, {
        method: "POST",
        headers,
        body: '{ "command": "shutdown" }',
      });
      expect(answer.status).toBe(403);
    }
    expect(uefn(printed, "ping")).toContain('"simulated":true');
    expect(journalOf(inCheckout(journalPathOf(printed)))).toMatchObject([{ command: "ping" }]);
    expect(printed).toMatch(new RegExp(`port ${String(portOf(7412))} takes calls .*without a token`, "u"));
    expect(printed + started.stderr).not.toContain(secret.trim());
    await started.stop();
    await words(start());
    expect(readFileSync(file, "utf8")).not.toBe(secret);
  }, 120_000);

  it("ends with npm, which started it", async () => {
    const npm = npmStart(checkout.directory);
    await words(npm);
    await npm.stop("SIGTERM");
    await expect.poll(running).toEqual([]);
  }, 120_000);

  it.each([
    ["in the checkout", (): string => inCheckout("somewhere/else")],
    ["elsewhere", (): string => join(outside, "some where")],
  ])(
    "prints commands that work in the folder where npm start was run, %s",
    async (_, folder) => {
      const cwd = folder();
      mkdirSync(cwd, { recursive: true });
      const printed = await words(npmStart(cwd, "--", "--data", "kept here"));
      expect(shell(curlOf(printed), cwd)).toContain("web: started, process ");
      expect(shell(happenedOf(printed), cwd)).toContain("start_server");
      expect(existsSync(join(cwd, "kept here/journal"))).toBe(true);
      expect(uefn(printed, "ping")).toContain('"simulated":true');
      const journal = /^What the editor was told, once it is: (.*)$/mu.exec(printed)?.[1] ?? "";
      expect(shell(journal, cwd)).toContain('"ping"');
      expect(existsSync(inCheckout(".tollgate/journal"))).toBe(false);
    },
    120_000,
  );

  it("says that the tokens of an earlier start are no longer taken", async () => {
    const first = start();
    const old = curlOf(await words(first));
    await first.stop();
    const printed = await words(start());
    expect(printed).toMatch(/of an earlier start .*no longer/u);
    expect(shell(old)).toMatch(/token/iu);
    expect(shell(old)).not.toContain("web: ");
    expect(shell(curlOf(printed))).toContain("web: started, process ");
  }, 120_000);
});

describe("npm start, when one of its processes goes,", () => {
  it.each([
    ["simulator", "uefn-simulator/main.ts", /^The simulator of the editor ended \(SIGKILL\)\.$/mu],
    ["orchestrator", "node-orchestrator/main.ts", /^The orchestrator ended \(SIGKILL\)\.$/mu],
    ["gateway", "src/main.ts", /^The gateway ended \(SIGKILL\)\.$/mu],
  ])(
    "says which one and how, ends the others and fails: the %s",
    async (_, main, said) => {
      const started = start();
      await words(started);
      kill(main, "SIGKILL");
      expect(await started.closed).toBe(1);
      expect(started.stderr).toMatch(said);
      await nothingIsLeft();
    },
    120_000,
  );

  it("says with which code it ended", async () => {
    const started = start();
    await words(started);
    kill("src/main.ts", "SIGTERM");
    expect(await started.closed).toBe(1);
    expect(started.stderr).toMatch(/^The gateway ended \(exit code 0\)\.$/mu);
    await nothingIsLeft();
  }, 120_000);

  it("is outlived by none, the servers of its servers included", async () => {
    const started = start();
    const printed = await words(started);
    expect(shell(curlOf(printed))).toContain(`web: started, process `);
    expect(uefn(printed, "ping")).toContain('"simulated":true');
    await killed(started);
    await nothingIsLeft();
  }, 120_000);

  it("is outlived by none where it goes before all of them run", async () => {
    const started = start();
    await expect.poll(() => pidOf("src/main.ts") ?? 0, { interval: 5 }).toBeGreaterThan(0);
    await killed(started);
    await nothingIsLeft();
  }, 120_000);

  it("is outlived by none where its terminal is closed", async () => {
    const { directory, env } = checkout;
    const command = [process.execPath, "examples/quickstart/start.ts"];
    // It has a terminal of its own, which is gone when this is.
    const args =
      process.platform === "linux"
        ? ["--quiet", "--command", command.join(" "), "/dev/null"]
        : ["-q", "/dev/null", ...command];
    const terminal = spawn("script", args, {
      cwd: directory,
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const gone = once(terminal, "exit");
    let printed = "";
    terminal.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
    await expect.poll(() => printed, { timeout: 60_000 }).toContain("Ctrl+C stops everything.");
    terminal.kill("SIGKILL");
    await gone;
    await nothingIsLeft();
  }, 120_000);
});

describe("npm start refuses, starts nothing and says why:", () => {
  /** How it ended, and what it said. */
  const refused = async (...args: readonly string[]): Promise<{ code: number | null; said: string }> => {
    const started = start(...args);
    const code = await started.closed;
    expect(started.stdout).toBe("");
    expect(existsSync(inCheckout(".tollgate"))).toBe(false);
    return { code, said: started.stderr };
  };

  it.each([
    ["gateway", [7410]],
    ["simulator", [7411]],
    ["orchestrator", [7412]],
    ["gateway and simulator", [7410, 7411]],
  ])("taken ports, of the %s", async (_, taken) => {
    const squatters = await Promise.all(taken.map((port) => listen(portOf(port))));
    const { code, said } = await refused();
    expect(code).toBe(1);
    const named = taken.map((port) => String(portOf(port))).join(" and ");
    expect(said).toMatch(
      new RegExp(`^Ports? ${named} (?:is|are) taken\\. .*change .* in ${CONFIG}\\.\n$`, "u"),
    );
    expect(said).not.toContain("npm start");
    squatters.forEach((squatter) => squatter.close());
  });

  it("a second quick start beside the first", async () => {
    const first = start();
    await words(first);
    const second = start("--data", "other");
    program = first;
    expect(await second.closed).toBe(1);
    const [gateway, simulator, orchestrator] = [7410, 7411, 7412].map((port) => String(portOf(port)));
    expect(second.stderr).toMatch(
      new RegExp(`^Ports ${gateway}, ${simulator} and ${orchestrator} are taken\\. .*another npm start`, "u"),
    );
    expect(existsSync(inCheckout("other"))).toBe(false);
  }, 60_000);

  it.each([
    ["no JSON", '"mcpServers": {', '"mcpServers" {', /is not JSON: /u],
    [
      "no URL of the orchestrator",
      '"type": "http", "url":',
      '"type": "http", "uri":',
      /mcpServers\.orchestrator\.url/u,
    ],
    ["a URL without a port", /:\d+\/mcp/u, "/mcp", /mcpServers\.orchestrator\.url.*port/u],
    [
      "a URL elsewhere",
      "http://127.0.0.1:",
      "http://192.0.2.1:",
      /mcpServers\.orchestrator\.url.*127\.0\.0\.1/u,
    ],
    ["no port of the editor", "--editor-port", "--editor-ports", /mcpServers\.uefn\.args.*--editor-port/u],
    [
      "a port that is none",
      /"--editor-port",\s+"\d+"/u,
      '"--editor-port", "x"',
      /mcpServers\.uefn\.args.*--editor-port/u,
    ],
    ["no file of the secret", "--secret-file", "--secret", /mcpServers\.uefn\.args.*--secret-file/u],
  ])("a configuration with %s", async (_, from, to, what) => {
    const text = readFileSync(inCheckout(CONFIG), "utf8");
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    writeFileSync(inCheckout(CONFIG), changed);
    const { code, said } = await refused();
    expect(code).toBe(1);
    expect(said).toMatch(/^examples\/quickstart\/tollgate\.json[^\n]*\n$/u);
    expect(said).toMatch(what);
  });

  it.each([
    [["--config", "mine.json"], "tollgate serve --config"],
    [["--config=mine.json"], "tollgate serve --config"],
    [["--colour"], "--colour"],
    [["more"], "more"],
    [["--port", "x"], "--port"],
    [["--data", ""], "--data"],
  ])("%j", async (args, what) => {
    const { code, said } = await refused(...args);
    expect(code).toBe(2);
    expect(said).toContain(what);
    expect(said.split("\n").length).toBe(2);
  });

  it("a gateway that does not start: what was started is ended", async () => {
    rewrite("examples/uefn/closed.policy.json", '"version"', '"vershun"');
    const started = start();
    expect(await started.closed).toBe(1);
    expect(started.stderr).toContain("vershun");
    expect(started.stderr).toMatch(/^The gateway did not start \(exit code 1\)\.$/mu);
    expect(await allFree()).toBe(true);
    expect(running()).toEqual([]);
  });
});

it.each(["--help", "-h"])("npm start -- %s says what is started, and what it takes", async (help) => {
  const started = start(help);
  expect(await started.closed).toBe(0);
  expect(started.stderr).toBe("");
  for (const what of ["--data", "--port", "--host", "--log-level", ...[7410, 7411, 7412].map(portOf)]) {
    expect(started.stdout).toContain(String(what));
  }
  expect(existsSync(inCheckout(".tollgate"))).toBe(false);
});

/** What the official client, as it comes, is told by `stop_all_servers`, with the configuration that was printed. */
async function stopAll(printed: string): Promise<string> {
  const [, url = "", bearer = ""] =
    /"orchestrator": \{[^}]*"url": "(\S+)"[^}]*"Authorization": "(Bearer \S+)"/su.exec(printed) ?? [];
  const client = new Client({ name: "pasted", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: bearer } } }),
  );
  try {
    return JSON.stringify(await client.callTool({ name: "stop_all_servers", arguments: {} }));
  } finally {
    await client.close();
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

async function isFree(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    server.close();
    return true;
  } catch {
    return false;
  }
}

function folderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
