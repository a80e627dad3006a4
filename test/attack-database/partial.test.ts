import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Program, ROOT, temporaryDirectory } from "../support/gateway.ts";

// An `attack run` that does not play all it was asked for does not end as if it had.

let folder = "";
let temporary = "";

beforeEach(() => {
  folder = temporaryDirectory();
  temporary = join(folder, "temporary");
  mkdirSync(temporary);
  for (const [name, action] of [
    ["shut", "deny"],
    ["open", "allow"],
  ]) {
    writeFileSync(join(folder, `${name}.json`), `{ "version": "1", "default": "${action}" }`);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Processes that work in a folder of a scenario. */
const players = (): readonly string[] =>
  readdirSync("/proc").filter((name) => {
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(temporary);
    } catch {
      return false;
    }
  });

const isAgent = (pid: string): boolean => {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, "utf8").includes("/agent/main.");
};

describe("an attack run that is stopped", () => {
  const start = (...words: readonly string[]) => {
    const args = [join(ROOT, "src/main.ts"), "attack", "run", "--policy", ...words];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, as a terminal has for what it runs.
      detached: true,
    });
    const printed = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => (printed.out += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (printed.err += chunk.toString("utf8")));
    return { pid: child.pid ?? 0, printed, closed: once(child, "close") };
  };

  it.each([
    ["Ctrl+C", "SIGINT"],
    ["a terminal that is closed", "SIGHUP"],
  ] as const)("by %s tells what was played, and exits with 1", async (_, signal) => {
    const { pid, printed, closed } = start("shut.json", "--all");
    // The hostile server, the gate and the agent of each of two.
    await expect.poll(() => players().length, { timeout: 30_000 }).toBeGreaterThan(2);
    process.kill(-pid, signal);
    expect(await closed).toEqual([1, null]);
    expect(printed.err).toMatch(/^Finishing what is being played; Ctrl\+C again stops at once\.$/mu);
    expect(printed.err).toMatch(/^Interrupted: \d+ of \d+ attacks were played\.$/mu);
    expect(printed.out).not.toContain("NOT PLAYED");
    expect(printed.out).toMatch(/ held /u);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("twice ends at once, and leaves no process and no folder", async () => {
    // Its agent waits for an answer.
    const { pid, printed, closed } = start("open.json", "hanging-call");
    await expect.poll(() => players().some(isAgent), { timeout: 30_000 }).toBe(true);
    process.kill(-pid, "SIGINT");
    await expect.poll(() => printed.err, { timeout: 30_000 }).toContain("Finishing");
    process.kill(-pid, "SIGINT");
    expect(await closed).toEqual([null, "SIGINT"]);
    expect(readdirSync(temporary)).toEqual([]);
    await expect.poll(players, { timeout: 30_000 }).toEqual([]);
    expect(printed.out).toBe("");
  });

  it("by kill -9 leaves no process, and folders that the next run removes, but none of one that runs", async () => {
    // Its agent waits for an answer.
    const { pid, closed } = start("open.json", "hanging-call");
    await expect.poll(() => players().some(isAgent), { timeout: 30_000 }).toBe(true);
    process.kill(pid, "SIGKILL");
    await closed;
    await expect.poll(players, { timeout: 30_000 }).toEqual([]);
    const left = readdirSync(temporary);
    expect(left.length).toBeGreaterThan(0);
    const running = left.map((name) => name.replace(`-${String(pid)}-`, `-${String(process.pid)}-`));
    const strange = left.map((name) => name.replace(/^tollgate-attack-[0-9a-f]+/u, "tollgate-attack-other"));
    [...running, ...strange].forEach((name) => mkdirSync(join(temporary, name)));
    const next = start("shut.json", "tool-poisoning");
    expect(await next.closed).toEqual([0, null]);
    expect(readdirSync(temporary).toSorted()).toEqual([...running, ...strange].toSorted());
  });
});

describe("a database that cannot be used whole", () => {
  const tollgate = async (...args: readonly string[]) => {
    await using program = new Program([join(folder, "src/main.ts"), ...args], { cwd: folder });
    program.child.stdin?.end();
    const code = await program.closed;
    return { code, stdout: program.stdout, stderr: program.stderr };
  };

  beforeEach(() => {
    for (const part of ["src", "package.json"]) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });

  it.each([[["list"]], [["run", "--policy", "shut.json"]]])(
    "fails where it is not there: %j",
    async (words) => {
      expect(await tollgate("attack", ...words)).toEqual({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining("The attacks that come with Tollgate are not there"),
      });
    },
  );

  it.each([[["list"]], [["run", "--policy", "shut.json"]]])(
    "says what is wrong, and exits with 1: %j",
    async (words) => {
      cpSync(join(ROOT, "attacks/tool-poisoning"), join(folder, "attacks/tool-poisoning"), {
        recursive: true,
      });
      mkdirSync(join(folder, "attacks/broken"));
      writeFileSync(join(folder, "attacks/broken/pattern.json"), "{");
      const ran = await tollgate("attack", ...words);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("broken: pattern.json") });
      expect(ran.stdout).toContain("tool-poisoning");
    },
  );
});
