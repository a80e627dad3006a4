import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { chainAdmin, GENESIS } from "../../src/audit/chain.ts";
import { adminOf } from "../../src/store/conformance/sample-records.ts";
import { Desk, jsonLines } from "../support/command.ts";
import { ROOT } from "../support/gateway.ts";

/** A data directory with a journal of so many lines a segment. */
const deskWith = (...counts: readonly number[]) => {
  const desk = new Desk();
  onTestFinished(() => desk[Symbol.dispose]());
  const journal = join(desk.directory, ".tollgate", "journal");
  mkdirSync(journal, { recursive: true, mode: 0o700 });
  let prev = GENESIS;
  let number = 0;
  const write = (segment: number, count: number): void => {
    let text = "";
    for (let index = 0; index < count; index += 1) {
      const { line, hash } = chainAdmin(prev, adminOf(number));
      prev = hash;
      number += 1;
      text += `${line}\n`;
    }
    appendFileSync(join(journal, `${String(segment).padStart(8, "0")}.jsonl`), text);
  };
  counts.forEach((count, index) => write(index + 1, count));
  return { desk, journal, write };
};

const RESUME = ["audit", "export", "--json", "--resume", "place.json"];

describe("an export that goes on where the last one ended", () => {
  it("gives each line once, as it is", async () => {
    const { desk, write } = deskWith(3, 2);
    const first = await desk.run(RESUME);
    expect([first.exit, first.out]).toEqual([0, (await desk.run(["audit", "export"])).out]);
    expect((await desk.run(RESUME)).out).toBe("");
    write(2, 1);
    write(3, 1);
    expect(jsonLines((await desk.run(RESUME)).out)).toHaveLength(2);
  });

  it("takes no filter and no table, because an outcome's call may have been in an earlier run", async () => {
    const { desk } = deskWith(1);
    for (const wrong of [["--csv"], ["--grant", "g"], ["--from", "1h"]]) {
      const { exit, err } = await desk.run([...RESUME.filter((word) => word !== "--json"), ...wrong]);
      expect([exit, err]).toEqual([2, expect.stringContaining(`it takes no ${wrong[0] ?? ""}`)]);
    }
    expect((await desk.run(["audit", "export", "--skip-gap"])).exit).toBe(2);
  });

  it("says what to do with the place of another record, and where records were dropped", async () => {
    const [one, other] = [deskWith(3), deskWith(2, 1)];
    await one.desk.run(RESUME);
    other.desk.write("place.json", readFileSync(join(one.desk.directory, "place.json"), "utf8"));
    const foreign = await other.desk.run(RESUME);
    expect([foreign.exit, foreign.err]).toEqual([
      1,
      expect.stringMatching(/beyond the end.*remove .*place\.json/u),
    ]);
    const { desk, journal, write } = deskWith(2);
    await desk.run(RESUME);
    write(1, 1);
    write(2, 2);
    rmSync(join(journal, "00000001.jsonl"));
    const gap = await desk.run(RESUME);
    expect([gap.exit, gap.out, gap.err]).toEqual([1, "", expect.stringContaining("add --skip-gap")]);
    expect(jsonLines((await desk.run([...RESUME, "--skip-gap"])).out)).toHaveLength(2);
    expect((await desk.run(RESUME)).exit).toBe(0);
  });

  it("misses nothing, however often it is killed in the middle", { timeout: 180_000 }, async () => {
    const { desk } = deskWith(12_000, 12_000, 12_000);
    const file = join(desk.directory, "shipped.jsonl");
    const run = () => {
      const output = openSync(file, "a");
      const child = spawn(process.execPath, [join(ROOT, "src/main.ts"), ...RESUME], {
        cwd: desk.directory,
        stdio: ["ignore", output, "ignore"],
      });
      closeSync(output);
      return { child, ended: once(child, "close") };
    };
    let killed = 0;
    for (let before = 0; killed < 2; before = statSync(file).size) {
      const { child, ended } = run();
      // As soon as it has written a line: it is in the middle, unless it was quicker.
      await expect
        .poll(() => statSync(file).size > before + 1 || child.exitCode !== null, { interval: 1 })
        .toBe(true);
      child.kill("SIGKILL");
      const [, signal] = (await ended) as readonly unknown[];
      if (signal !== "SIGKILL") {
        break;
      }
      killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    await run().ended;
    const ids = new Set(
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line) => /^\{.*"id":"([^"]+)".*\}$/u.exec(line)?.[1] ?? []),
    );
    expect(ids.size).toBe(36_000);
    expect((await desk.run(RESUME)).out).toBe("");
  });
});
