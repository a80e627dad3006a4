import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { membersOf } from "./group.ts";
import { Managed, type Started } from "./managed.ts";
import { isTaken } from "./ports.ts";
import { statusOut } from "./results.ts";
import type { ServerSpec } from "./spec.ts";
import { freePort, isAlive, SERVERS, specOf } from "./testing/world.ts";

/** Whether the system says which process listens on a port. */
const TELLS = process.platform === "linux";

/** A server that is stopped at the end, and then has nothing left. */
class Held implements AsyncDisposable {
  readonly server: Managed;
  readonly pids: number[] = [];
  readonly grown: string[] = [];

  constructor(spec: ServerSpec) {
    this.server = new Managed(spec, (id) => this.grown.push(id));
  }

  async start(signal = new AbortController().signal): Promise<Started> {
    const started = await this.server.start(signal, () => {});
    if ("pid" in started) {
      this.pids.push(started.pid);
    }
    return started;
  }

  async pid(): Promise<number> {
    const started = await this.start();
    expect(started.kind).toBe("started");
    return "pid" in started ? started.pid : 0;
  }

  /** A number that the server printed. */
  async printed(pattern: RegExp): Promise<number> {
    await expect.poll(() => this.server.log.text()).toMatch(pattern);
    return Number(pattern.exec(this.server.log.text())?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    expect(this.pids.flatMap(membersOf)).toEqual([]);
  }
}

const web = async (): Promise<Held> => new Held(specOf("web", SERVERS.web(await freePort())));

const portOf = ({ server }: Held): number => server.spec.port ?? 0;

describe("a start", () => {
  it("is over when the port accepts", async () => {
    await using held = await web();
    const pid = await held.pid();
    expect(await isTaken(portOf(held))).toBe(true);
    expect(await held.server.status()).toMatchObject({ state: "running", pid, healthy: true });
    expect(await held.start()).toEqual({ kind: "already_running", pid, port: portOf(held) });
  });

  it("makes one process, however many ask at once", async () => {
    await using held = await web();
    const all = await Promise.all(Array.from({ length: 5 }, () => held.start()));
    expect(new Set(held.pids).size).toBe(1);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(["started"]));
    expect(held.server.log.text().match(/process \d+ started/gu)).toHaveLength(1);
  });

  it("waits for a health path that answers 2xx", async () => {
    const port = await freePort();
    const code = `let good = 0; require("node:http").createServer((q, s) => { s.statusCode = q.url === "/up" && ++good > 2 ? 200 : 503; console.log(q.url, s.statusCode); s.end(); }).listen(${String(port)}, "127.0.0.1");`;
    const spec = specOf("slow", { command: process.execPath, args: ["-e", code], port, healthPath: "/up" });
    await using held = new Held(spec);
    await held.pid();
    await expect.poll(() => held.server.log.text()).toContain("/up 503\n/up 503\n/up 200");
  });

  it("without a port is over when the process keeps running", async () => {
    await using held = new Held(specOf("portless", SERVERS.portless()));
    expect(isAlive(await held.pid())).toBe(true);
    await held.printed(/works/u);
  });

  it("gives the server its folder and its environment", async () => {
    const code = `console.log(process.cwd(), process.env.A, typeof process.env.PATH, process.argv.length); setInterval(() => {}, 1e6);`;
    const spec = specOf(
      "env",
      { command: process.execPath, args: ["-e", code] },
      { env: { A: "1 2" }, cwd: "/" },
    );
    await using held = new Held(spec);
    await held.pid();
    await held.printed(/^\/ 1 2 string 1$/mu);
  });
});

describe("a server that ends with its input", () => {
  it("runs until it is stopped", async () => {
    const code = `process.stdin.resume().on("end", () => process.exit(0)); setInterval(() => {}, 1e6);`;
    await using held = new Held(specOf("reads", { command: process.execPath, args: ["-e", code] }));
    const pid = await held.pid();
    expect(await held.server.stop()).toEqual({ kind: "stopped", pid });
  });
});

describe("a start that fails", () => {
  it("says which command is not there, and which folder", async () => {
    const port = await freePort();
    await using missing = new Held(specOf("a", { command: "/nowhere/no-such-thing", port }));
    const told = await missing.start();
    expect(told).toMatchObject({
      kind: "failed",
      problem: expect.stringContaining('"no-such-thing" of "a" was not found'),
    });
    expect(JSON.stringify(told)).not.toContain("/nowhere");
    expect(await missing.server.status()).toMatchObject({ state: "failed" });
    await using folderless = new Held(specOf("b", SERVERS.web(port), { cwd: "/nowhere/at/all" }));
    const other = await folderless.start();
    expect(other).toMatchObject({
      kind: "failed",
      problem: expect.stringContaining('folder of "b" does not exist'),
    });
    expect(JSON.stringify(other)).not.toContain("/nowhere");
  });

  it("tells how the process ended, with its last lines and none of an earlier start", async () => {
    const port = await freePort();
    await using held = new Held(specOf("web", SERVERS.web(port)));
    await held.pid();
    await held.server.stop();
    held.server.configure(specOf("web", SERVERS.broken(port)));
    const problem =
      '"web" ended with exit code 3 before it was ready.\nIts last lines:\nreading\nno database';
    expect(await held.start()).toEqual({ kind: "failed", problem });
  });

  it("is ended when it takes too long", async () => {
    const port = await freePort();
    await using held = new Held(specOf("silent", SERVERS.silent(port), { startTimeoutMs: 700 }));
    const { problem } = (await held.start()) as { readonly problem: string };
    expect(problem).toContain("was not ready within 700 ms");
    expect(problem).toContain("Its processes were ended.\nIts last lines:\nthinking");
    const pid = await held.printed(/process (\d+) started/u);
    expect(membersOf(pid)).toEqual([]);
  });

  it("names the process that has the port where the system tells, and leaves it alone", async () => {
    await using held = await web();
    const other = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => void other.listen(portOf(held), "127.0.0.1", resolve));
    const elsewhere = {
      kind: "running_elsewhere",
      problem: expect.stringContaining(TELLS ? `by process ${String(process.pid)}` : "by a process"),
    };
    expect(await held.start()).toMatchObject(elsewhere);
    expect(await held.server.status()).toMatchObject({
      state: "running_elsewhere",
      ...(TELLS ? { pid: process.pid } : {}),
    });
    expect(await held.server.stop()).toMatchObject(elsewhere);
    expect(other.listening).toBe(true);
    await new Promise((resolve) => void other.close(resolve));
    expect(await held.server.status()).toEqual({ state: "stopped", port: portOf(held) });
  });
});

describe("a port that another process has by the time it accepts", () => {
  it("is no start of the server that did not get it, where the system tells", async () => {
    const port = await freePort();
    // It goes on without its port, as servers do that take the next one.
    const spec = specOf("hops", SERVERS.silent(port));
    await using hops = new Held(spec);
    await using listens = new Held(specOf("web", SERVERS.web(port)));
    const [first, second] = await Promise.all([listens.start(), hops.start()]);
    expect(first.kind).toBe("started");
    const told = `process ${String(listens.pids[0])} listens on its port ${String(port)}`;
    const failed = { kind: "failed", problem: expect.stringContaining(told) };
    expect(second).toMatchObject(TELLS ? failed : { kind: "started" });
    const pid = await hops.printed(/process (\d+) started/u);
    expect(isAlive(pid)).toBe(!TELLS);
    expect(await listens.server.status()).toMatchObject({ state: "running", healthy: true });
  });

  it("is told when a part of the server has it that left its session", async () => {
    const port = await freePort();
    const code = `const c = require("node:child_process").spawn(process.execPath, ["-e", process.argv[1], "${String(port)}"], { detached: true, stdio: "ignore" }); console.log("child " + c.pid); setInterval(() => {}, 1e6);`;
    const { args = [] } = SERVERS.web(port);
    const spec = specOf("daemon", { command: process.execPath, args: ["-e", code, args[1] ?? ""], port });
    await using held = new Held(spec);
    const told = held.start();
    const child = await held.printed(/child (\d+)/u);
    try {
      const problem = expect.stringContaining(`process ${String(child)} listens on its port`);
      expect(await told).toMatchObject(TELLS ? { kind: "failed", problem } : { kind: "started" });
      expect((await held.server.status()).state).toBe(TELLS ? "running_elsewhere" : "running");
    } finally {
      process.kill(child, "SIGKILL");
    }
  });
});

describe("a start that is cancelled", () => {
  it("leaves no process", async () => {
    await using held = new Held(specOf("silent", SERVERS.silent(await freePort())));
    const cancel = new AbortController();
    const started = held.start(cancel.signal);
    const pid = await held.printed(/process (\d+) started/u);
    expect(isAlive(pid)).toBe(true);
    expect((await held.server.status()).state).toBe("starting");
    cancel.abort();
    expect((await started).kind).toBe("cancelled");
    expect(membersOf(pid)).toEqual([]);
    expect(await held.server.status()).toEqual({ state: "stopped", port: portOf(held) });
  });

  it("goes on while somebody else waits for it", async () => {
    await using held = await web();
    const cancel = new AbortController();
    const [, other] = [held.start(cancel.signal), held.start()];
    cancel.abort();
    expect((await other).kind).toBe("started");
  });

  it("by a stop is told to who waits, and a later start is another one", async () => {
    const port = await freePort();
    await using held = new Held(specOf("silent", SERVERS.silent(port)));
    const started = held.start();
    const pid = await held.printed(/process (\d+) started/u);
    held.server.configure(specOf("silent", SERVERS.web(port)));
    const stopped = held.server.stop();
    const again = held.start();
    expect((await started).kind).toBe("cancelled");
    expect((await stopped).kind).toBe("stopped");
    expect((await again).kind).toBe("started");
    expect(isAlive(pid)).toBe(false);
  });
});

describe("a stop", () => {
  it("ends also the start that waits for an earlier stop", async () => {
    await using held = await web();
    const pid = await held.pid();
    const first = held.server.stop();
    const between = held.start();
    const last = held.server.stop();
    const stopped = { kind: "stopped", pid };
    expect([await first, await last]).toEqual([stopped, stopped]);
    expect(await between).toMatchObject({ kind: "cancelled" });
    expect(await held.server.status()).toEqual({ state: "stopped", port: portOf(held) });
  });

  it("answers when the process is gone and the port is free", async () => {
    await using held = await web();
    const pid = await held.pid();
    expect(await held.server.stop()).toEqual({ kind: "stopped", pid });
    expect([membersOf(pid), await isTaken(portOf(held))]).toEqual([[], false]);
    expect(held.server.log.text()).toContain(`process ${String(pid)} ended by SIGTERM`);
    expect(await held.server.stop()).toEqual({ kind: "not_running" });
  });

  it("goes on until the port is free", async () => {
    await using held = await web();
    const pid = await held.pid();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(portOf(held), "::1", resolve));
    const stopped = held.server.stop();
    await held.printed(/ended by SIGTERM()/u);
    expect((await held.server.status()).state).toBe("stopping");
    await new Promise((resolve) => void other.close(resolve));
    expect(await stopped).toEqual({ kind: "stopped", pid });
  });

  it("kills what does not end when asked", async () => {
    await using held = new Held(specOf("stubborn", SERVERS.stubborn(await freePort())));
    const pid = await held.pid();
    expect(await held.server.stop()).toEqual({ kind: "stopped", pid });
    expect(membersOf(pid)).toEqual([]);
  });

  it("ends the children too, also those that do not end when asked", async () => {
    await using held = new Held(specOf("family", SERVERS.family(await freePort())));
    await held.pid();
    const child = await held.printed(/child (\d+)/u);
    expect(isAlive(child)).toBe(true);
    await held.server.stop();
    expect([isAlive(child), await isTaken(portOf(held))]).toEqual([false, false]);
  });

  it("is one for all who ask at once", async () => {
    await using held = await web();
    const pid = await held.pid();
    const all = await Promise.all([held.server.stop(), held.server.stop(), held.server.stop()]);
    expect(all).toEqual(Array.from({ length: 3 }, () => ({ kind: "stopped", pid })));
  });
});

describe("a server that ends by itself", () => {
  it("is reported as failed, and takes its children with it", async () => {
    await using held = new Held(specOf("family", SERVERS.family(await freePort())));
    const pid = await held.pid();
    const child = await held.printed(/child (\d+)/u);
    process.kill(pid, "SIGKILL");
    await expect
      .poll(() => held.server.status())
      .toMatchObject({ state: "failed", problem: "It ended by itself by SIGKILL." });
    expect([isAlive(child), await isTaken(portOf(held))]).toEqual([false, false]);
    expect((await held.start()).kind).toBe("started");
  });

  it("does not outlive its supervisor either", async () => {
    await using held = new Held(specOf("family", SERVERS.family(await freePort())));
    const pid = await held.pid();
    const child = await held.printed(/child (\d+)/u);
    const { stdout: supervisor } = spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" });
    // What accidents and terminals send does nothing.
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.kill(Number(supervisor), signal);
    }
    expect((await held.server.status()).state).toBe("running");
    process.kill(Number(supervisor), "SIGKILL");
    await expect.poll(async () => (await held.server.status()).state).toBe("failed");
    expect([isAlive(pid), isAlive(child)]).toEqual([false, false]);
  });
});

describe("a server that is configured anew while it runs", () => {
  it("is told at the port that it has until it is stopped", async () => {
    await using held = await web();
    const [pid, port, other] = [await held.pid(), portOf(held), await freePort()];
    held.server.configure(specOf("web", SERVERS.web(other)));
    const told = { state: "running", pid, healthy: true, port, url: `http://localhost:${String(port)}` };
    expect(await statusOut(held.server)).toMatchObject(told);
    await held.server.stop();
    expect(await statusOut(held.server)).toMatchObject({ state: "stopped", port: other });
  });
});

describe("a log that grows", () => {
  it("is told of, not for every line", async () => {
    const code = `for (let n = 0; n < 500; n += 1) console.log(n); setInterval(() => {}, 1e6);`;
    await using held = new Held(specOf("chatty", { command: process.execPath, args: ["-e", code] }));
    await held.pid();
    await expect.poll(() => held.grown.length).toBeGreaterThan(0);
    expect(held.grown.length).toBeLessThan(50);
    expect(held.server.log.text()).toContain("\n499\n");
  });
});
