import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Checkout, freePorts } from "./docs/checkout.ts";
import { playTranscript } from "./docs/transcript.ts";
import { journalOf, Program, ROOT } from "./support/gateway.ts";

const TRANSCRIPTS = readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith("transcript.md"),
);

const block = (...lines: readonly string[]): string => ["```console", ...lines, "```", ""].join("\n");

describe("a transcript", () => {
  it("is there for each of the two servers", () => {
    expect(TRANSCRIPTS.toSorted()).toEqual(["node-orchestrator/transcript.md", "uefn/transcript.md"]);
  });

  it.concurrent.each(TRANSCRIPTS)(
    "says what its commands print: %s (node scripts/transcripts.ts writes it)",
    async (name) => {
      const written = readFileSync(join(ROOT, "examples", name), "utf8");
      expect(written.match(/^\$ /gmu)?.length).toBeGreaterThan(15);
      expect(await playTranscript(written)).toBe(written);
    },
    180_000,
  );

  it("is found out where a command prints something else, or fails", async () => {
    const stale = `Text.\n\n${block("$ echo now", "then", "$ printf '%s\\n' one \\", ">   two", "$ false")}\nEnd.\n`;
    expect(await playTranscript(stale)).toBe(
      `Text.\n\n${block("$ echo now", "now", "$ printf '%s\\n' one \\", ">   two", "one", "two", "$ false", "[exit code 1]")}\nEnd.\n`,
    );
  });
});

describe("npm start", () => {
  let checkout: Checkout;
  let ports: ReadonlyMap<number, number>;
  let program: Program | undefined;

  beforeEach(async () => {
    ports = await freePorts();
    checkout = new Checkout(ports);
  });

  afterEach(async () => {
    await program?.stop();
    // What a failed test left behind.
    running().forEach((pid) => process.kill(Number(pid), "SIGTERM"));
    await expect.poll(running).toEqual([]);
    checkout[Symbol.dispose]();
  });

  const start = (): Program => {
    const { directory, env } = checkout;
    program = new Program([join(directory, "examples/quickstart/start.ts")], { cwd: directory, env });
    return program;
  };

  /** Those that run in the checkout, where the system can tell. */
  const running = (): readonly string[] =>
    process.platform === "linux"
      ? readdirSync("/proc")
          .filter((name) => /^\d+$/u.test(name))
          .filter((pid) => folderOf(pid).startsWith(checkout.directory))
      : [];

  const portOf = (documented: number): number => ports.get(documented) ?? documented;

  /** What `bash` prints for a command of the page that `npm start` prints. */
  const shell = (command: string): string => {
    const { directory: cwd, env } = checkout;
    return spawnSync("bash", ["-c", command], { cwd, env, encoding: "utf8" }).stdout;
  };

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "serves both servers, prints what works, and leaves nothing behind: %s",
    async (signal) => {
      const started = start();
      const printed = await started.printed(/^([\s\S]*Ctrl\+C stops everything\.)$/mu);
      const answer = shell(/^curl -s (?:.*\\\n)+.*$/mu.exec(printed)?.[0] ?? "");
      expect(answer).toContain(`web: started, process `);
      expect(shell(`curl -s http://127.0.0.1:${String(portOf(7421))}/`)).toContain("<h1>Shop</h1>");
      // A client of an older revision sees what the curl line, which speaks the newest, has started.
      expect(await stopAll(printed)).toContain("web: stopped");
      expect(await isFree(portOf(7421))).toBe(true);
      const token = /"uefn": \{[^}]*"Authorization": "Bearer (\S+)"/su.exec(printed)?.[1] ?? "";
      const uefn = (...args: readonly string[]): string =>
        shell(`TOLLGATE_TOKEN=${token} node examples/call.mjs uefn ${args.join(" ")}`);
      expect(uefn("ping")).toContain('"simulated":true');
      expect(uefn("shutdown")).toBe("error -32602: Unknown tool: shutdown\n");
      expect(shell(/^What happened: (.*)$/mu.exec(printed)?.[1] ?? "")).toContain("start_server");
      const journal = /^What the editor was told, once it is: cat (\S+)$/mu.exec(printed)?.[1] ?? "";
      expect(journalOf(join(checkout.directory, journal))).toMatchObject([{ command: "ping" }]);
      expect(await started.stop(signal)).toBe(0);
      await expect.poll(running).toEqual([]);
      await expect
        .poll(() => Promise.all([...ports.values()].map(isFree)))
        .toEqual([true, true, true, true, true]);
    },
    120_000,
  );

  it("ends with npm, which started it", async () => {
    const { directory, env } = checkout;
    copyFileSync(join(ROOT, "package.json"), join(directory, "package.json"));
    const npm = spawn("npm", ["start"], { cwd: directory, env, stdio: ["ignore", "pipe", "inherit"] });
    const gone = once(npm, "exit");
    let printed = "";
    npm.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
    await expect.poll(() => printed, { timeout: 60_000 }).toContain("Ctrl+C stops everything.");
    npm.kill("SIGTERM");
    await gone;
    await expect.poll(running).toEqual([]);
  }, 120_000);

  it.each([
    ["simulator", 7411],
    ["orchestrator", 7412],
  ])("starts nothing where the port of the %s is taken", async (_, port) => {
    const squatter = await listen(portOf(port));
    const started = start();
    expect(await started.closed).toBe(1);
    expect(started.stderr).toContain(`Port ${String(portOf(port))} is taken.`);
    expect(existsSync(join(checkout.directory, ".tollgate"))).toBe(false);
    squatter.close();
  });

  it("ends what it started where the gateway does not start", async () => {
    const squatter = await listen(portOf(7410));
    const started = start();
    expect(await started.closed).toBe(1);
    expect(started.stderr).toContain("The gateway did not start.");
    expect([await isFree(portOf(7411)), await isFree(portOf(7412))]).toEqual([true, true]);
    expect(running()).toEqual([]);
    squatter.close();
  });
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
