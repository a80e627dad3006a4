import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { call, readJournal, result, temporary } from "./testing/wire.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

interface Process {
  readonly child: ChildProcess;
  /** The next line that it prints. */
  readonly line: () => Promise<string>;
}

const processes: ChildProcess[] = [];

const start = (...args: readonly string[]): Process => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  processes.push(child);
  const lines: Interface = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  return { child, line: async () => String((await iterator.next()).value) };
};

const portOf = async ({ line }: Process): Promise<number> => {
  const printed = await line();
  expect(printed).toMatch(/^uefn simulator on \d+$/u);
  return Number(printed.split(" ").at(-1));
};

afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
  }
});

describe("the process", () => {
  it("writes the journal, lives on after a shutdown, and listens again when told", async () => {
    const folder = temporary();
    const file = join(folder.path, "journal.jsonl");
    const simulator = start("--port", "0", "--journal", file);
    const port = await portOf(simulator);
    await result(port, "set_viewport_camera", { location: [5, 6, 7] });
    await result(port, "shutdown");
    expect(await simulator.line()).toBe("uefn simulator stopped listening");
    await expect(call(port, "ping")).rejects.toThrow("fetch failed");
    expect(simulator.child.exitCode).toBeNull();
    simulator.child.stdin?.write("start\n");
    expect(await portOf(simulator)).toBe(port);
    // The same editor with the same level.
    expect(await result(port, "get_viewport_camera")).toMatchObject({ location: { x: 5, y: 6, z: 7 } });
    expect(readJournal(file).map(({ command, via }) => [command, via])).toEqual([
      ["set_viewport_camera", null],
      ["shutdown", null],
      ["get_viewport_camera", null],
    ]);
    folder.remove();
  });

  it("takes the first free port of the range", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    const port = await portOf(start("--ports", `${String(taken)}-${String(taken + 9)}`));
    expect(port).toBeGreaterThan(taken);
    expect(port).toBeLessThanOrEqual(taken + 9);
    expect(await result(port, "ping")).toMatchObject({ status: "ok" });
    squatter.close();
  });

  it.each([
    ["--port", "x"],
    ["--shutdown", "never"],
    ["--fault", "melt"],
    ["--ports", "9-1"],
  ])("ends with a word about a wrong %s", async (name, value) => {
    const child = spawn(process.execPath, [MAIN, name, value], { stdio: ["ignore", "ignore", "pipe"] });
    processes.push(child);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(child, "close");
    expect(code).toBe(2);
    expect(said.split("\n\n")[0]).toMatch(new RegExp(`^.*${name}.*$`, "u"));
  });
});
