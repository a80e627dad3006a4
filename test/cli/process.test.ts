import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { Program, ROOT } from "../support/gateway.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

describe("a command as a process", () => {
  it("answers a line of calls before the next is written", async () => {
    const policy = desk.write("p.json", { version: "1", default: "allow" });
    await using program = new Program(["src/main.ts", "policy", "eval", "--policy", policy]);
    program.child.stdin?.write('{"tool":"a"}\n');
    await program.printed(/^.*\/default.*\n/);
    program.child.stdin?.write('{"tool":"a"\n{"tool":"a"}');
    await program.printed(/^.*\n.*error.*\n/);
    program.child.stdin?.end();
    expect(await program.closed).toBe(1);
    expect(program.stdout.split("\n")).toHaveLength(4);
  });

  it("ends quietly where its reader has gone", async () => {
    const policy = desk.write("p.json", { version: "1", default: "allow" });
    await using program = new Program(["src/main.ts", "policy", "eval", "--policy", policy]);
    program.child.stdin?.write('{"tool":"a"}\n');
    await program.printed(/^.*\n/);
    program.child.stdout?.destroy();
    await once(program.child.stdout ?? program.child, "close");
    program.child.stdin?.on("error", () => {});
    program.child.stdin?.end('{"tool":"a"}\n'.repeat(10_000));
    expect(await program.closed).toBe(0);
    expect(program.stderr).toBe("");
  });

  it("gives its exit code, and messages on standard error without a stack trace", () => {
    const run = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["src/main.ts", ...args], {
        cwd: ROOT,
        encoding: "utf8",
      });
      return { status, stdout, stderr };
    };
    expect(run("--version")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(run("polcy")).toMatchObject({ status: 2, stdout: "" });
    expect(run("policy", "check", "no-such-file.json")).toMatchObject({ status: 1 });
    const taken = run(
      "serve",
      "--config",
      desk.write("tollgate.json", {}),
      "--data",
      desk.write("file", "x"),
      "--port",
      "0",
    );
    expect([taken.status, taken.stdout]).toEqual([1, ""]);
    expect(taken.stderr).toMatch(/^error: [^\n]*\n$/);
  });
});
