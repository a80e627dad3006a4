import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modernMeta, Program, temporaryDirectory } from "../support/gateway.ts";

// `wrap` as a client sees it that speaks whenever it likes, and as a server that does.

const ASKING = join(import.meta.dirname, "..", "fixtures", "upstreams", "asking.ts");
const directory = temporaryDirectory();
const policy = join(directory, "policy.json");
writeFileSync(policy, JSON.stringify({ version: "1", default: "allow" }));
const started: Program[] = [];
afterAll(async () => {
  for (const program of started) {
    await program[Symbol.asyncDispose]();
  }
  rmSync(directory, { recursive: true, force: true });
});

const journalOf = (name: string): string => join(directory, `${name}.jsonl`);
const wrap = (name: string, ...mode: string[]): Program => {
  const own = ["--policy", policy, "--name", name, "--data", join(directory, name)];
  const server = [process.execPath, ASKING, journalOf(name), ...mode];
  const program = new Program(["src/main.ts", "wrap", ...own, "--", ...server]);
  started.push(program);
  return program;
};
const say = (program: Program, message: object): void =>
  void program.child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const call = (id: number, name: string): object => ({
  id,
  method: "tools/call",
  params: { name, arguments: {}, _meta: modernMeta() },
});
/** Waits until the server got a line that holds this. */
const reached = async (name: string, text: string): Promise<void> => {
  const file = journalOf(name);
  for (const end = Date.now() + 20_000; !existsSync(file) || !readFileSync(file, "utf8").includes(text);) {
    if (Date.now() > end) {
      throw new Error(`${text} never reached the server`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
};
/** A process that ended and that nobody has asked after yet is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};
const initialize = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: { roots: {} },
    clientInfo: { name: "t", version: "1" },
  },
};

describe("a modern client on a pipe", () => {
  it("cancels with a notification that has no metadata, and is answered no notification", async () => {
    const program = wrap("modern");
    say(program, call(1, "hang"));
    await reached("modern", '"name":"hang"');
    say(program, { method: "notifications/cancelled", params: { requestId: 1 } });
    await reached("modern", "notifications/cancelled");
    say(program, { method: "notifications/unheard-of" });
    say(program, { id: 2, method: "server/discover", params: { _meta: modernMeta() } });
    await program.printed(/"id":2[,}]/u);
    const lines = program.stdout.trim().split("\n");
    expect(lines.filter((line) => !line.includes('"id":2'))).toEqual([]);
    program.child.stdin?.end();
    expect(await program.closed).toBe(0);
    expect(program.stderr).not.toContain("unknown sender");
  });
});

describe("a data directory with a long path", () => {
  it("holds the sockets all the same, and a second wrap goes through the first", async () => {
    const name = join("x".repeat(60), "y".repeat(60));
    const journal = join(directory, "long.jsonl");
    const start = (): Program => {
      const own = ["--policy", policy, "--name", "long", "--data", join(directory, name)];
      const program = new Program(["src/main.ts", "wrap", ...own, "--", process.execPath, ASKING, journal]);
      started.push(program);
      return program;
    };
    const ask = async (program: Program): Promise<void> => {
      say(program, { id: 1, method: "tools/list", params: { _meta: modernMeta() } });
      await program.printed(/"name":"hang"/u);
    };
    const first = start();
    await ask(first);
    const second = start();
    await ask(second);
    second.child.stdin?.end();
    first.child.stdin?.end();
    expect(await Promise.all([first.closed, second.closed])).toEqual([0, 0]);
  });
});

describe("a server on a pipe", () => {
  it("says and asks things while no request is under way", async () => {
    const program = wrap("legacy");
    say(program, initialize);
    await program.printed(/"id":1[,}]/u);
    say(program, { method: "notifications/initialized" });
    await program.printed(/"data":"unasked"/u);
    expect(program.stdout).toContain('{"jsonrpc":"2.0","id":"its-roots","method":"roots/list"}');
    say(program, { id: "its-roots", result: { roots: [] } });
    await reached("legacy", '"roots":[]');
    program.child.stdin?.end();
    expect(await program.closed).toBe(0);
  });

  it("ends with the wrap that a signal ends, whatever it is doing and though it would rather stay", async () => {
    const program = wrap("stubborn", "stay");
    say(program, initialize);
    await program.printed(/"id":1[,}]/u);
    say(program, { id: 2, method: "tools/call", params: { name: "hang" } });
    await reached("stubborn", '"name":"hang"');
    const [line = ""] = readFileSync(journalOf("stubborn"), "utf8").split("\n");
    const { pid } = JSON.parse(line) as { pid: number };
    expect(await program.stop("SIGTERM")).toBe(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
