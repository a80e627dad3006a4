import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "./conformance/temporary.ts";
import { DataDirectoryHeld, lockOwner, takeLock } from "./lock.ts";

const NOW = Date.UTC(2026, 2, 1);
const LOCK = fileURLToPath(new URL("lock.ts", import.meta.url));

/** Another process that takes the lock, tells what came of it, and goes when its input ends. */
const SCRIPT = `
  const { takeLock } = await import(${JSON.stringify(LOCK)});
  try {
    const held = takeLock(process.argv[1], ${String(NOW)});
    process.stdin.on("end", () => { held[Symbol.dispose](); process.exit(0); }).resume();
    console.log("taken");
  } catch (error) {
    console.log(error.name + ": " + error.message);
    process.exit(0);
  }
`;

const other = async (directory: string): Promise<{ readonly child: ChildProcess; readonly told: string }> => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, directory], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [told] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, told };
};

const refusal = (directory: string): unknown => {
  try {
    takeLock(directory, NOW)[Symbol.dispose]();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("the lock of a data directory", () => {
  it("is held by one process, and the second is told by which", async () => {
    const directory = temporaryDirectory();
    using held = takeLock(directory, NOW);
    expect(held).toBeDefined();
    const { told } = await other(directory);
    expect(told).toBe(
      `DataDirectoryHeld: The data directory ${directory} is held by process ${String(process.pid)}, since 2026-03-01T00:00:00.000Z. Stop it, or choose another with --data.`,
    );
  });

  it("is refused while another process holds it, and free when that gives it back", async () => {
    const directory = temporaryDirectory();
    const { child, told } = await other(directory);
    expect(told).toBe("taken");
    expect(refusal(directory)).toBeInstanceOf(DataDirectoryHeld);
    expect(refusal(directory)).toHaveProperty("pid", child.pid);
    expect(lockOwner(directory)).toBe(child.pid);
    child.stdin?.end();
    await once(child, "exit");
    expect(lockOwner(directory)).toBeUndefined();
    expect(refusal(directory)).toBeUndefined();
  });

  it("is free as soon as its holder is killed", async () => {
    const directory = temporaryDirectory();
    const { child } = await other(directory);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(lockOwner(directory)).toBeUndefined();
    expect(refusal(directory)).toBeUndefined();
  });

  it("is not lost by a second try of the same process", async () => {
    const directory = temporaryDirectory();
    using held = takeLock(directory, NOW);
    expect(refusal(directory)).toHaveProperty("pid", process.pid);
    const { told } = await other(directory);
    expect(told).toContain("DataDirectoryHeld");
    held[Symbol.dispose]();
    expect(refusal(directory)).toBeUndefined();
  });

  it("goes to one of many processes that come at once", async () => {
    const directory = temporaryDirectory();
    const told = await Promise.all(Array.from({ length: 4 }, () => other(directory)));
    expect(told.filter((one) => one.told === "taken")).toHaveLength(1);
    expect(told.filter((one) => one.told.startsWith("DataDirectoryHeld"))).toHaveLength(3);
  });

  it("does not depend on what stands in the file that names its holder", () => {
    const directory = temporaryDirectory();
    using held = takeLock(directory, NOW);
    expect(held).toBeDefined();
    for (const text of ["", "{", "[]", '{"pid":"1"}']) {
      writeFileSync(join(directory, "owner.json"), text);
      expect(refusal(directory)).toMatchObject({
        pid: 0,
        message: expect.stringContaining("held by another process") as string,
      });
    }
  });

  it("names nobody who only has the pid of one who held it", () => {
    const directory = temporaryDirectory();
    const held = takeLock(directory, NOW);
    const text = readFileSync(join(directory, "owner.json"), "utf8");
    expect(lockOwner(directory)).toBe(process.pid);
    held[Symbol.dispose]();
    expect(lockOwner(directory)).toBeUndefined();
    writeFileSync(join(directory, "owner.json"), text.replace(/"started":"[^"]*"/, '"started":"7"'));
    expect(lockOwner(directory)).toBeUndefined();
  });

  it("is in files for the owner alone", () => {
    const directory = temporaryDirectory();
    using held = takeLock(directory, NOW);
    expect(held).toBeDefined();
    for (const name of ["lock", "owner.json"]) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    }
  });
});
