import { mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AttackResult } from "../../src/catalogue/attacks/result.ts";
import { PATTERNS, resultOf } from "../../src/catalogue/pages/testing/patterns.ts";
import { signatureOf } from "../../src/catalogue/pages/signature.ts";
import { Desk, type Ran } from "../support/command.ts";

let desk: Desk;
let played: number;
let results: readonly AttackResult[];

beforeEach(() => {
  desk = new Desk();
  desk.write("open.policy.json", { version: "1", default: "allow" });
  played = 0;
  const proposal = { adds: { tools: { get_contents: { action: "deny" } } }, replaces: [], closes: [] };
  results = PATTERNS.map((attack, at) =>
    at === 1 ? resultOf(attack, "through", { proposal }) : resultOf(attack, "held"),
  );
});

afterEach(() => {
  desk[Symbol.dispose]();
});

/** The command with attacks that come out as they are told. */
const run = (...argv: readonly string[]): Promise<Ran> =>
  desk.run(["attack", "run", "--policy", "open.policy.json", ...argv], "", {
    instead: {
      attacks: () => Promise.resolve({ attacks: PATTERNS, problems: [] }),
      playAttacks: () => {
        played += 1;
        return Promise.resolve(results);
      },
    },
  });

const text = (path: string): string => readFileSync(join(desk.directory, path), "utf8");

describe("the report of attack run", () => {
  it("is a page and data, with --all in a folder of its own", async () => {
    const { exit, err } = await run("--all");
    expect([exit, err.includes(join("attack-report", "report.html"))]).toEqual([1, true]);
    expect(readdirSync(join(desk.directory, "attack-report")).toSorted()).toEqual([
      "report.html",
      "report.json",
    ]);
    const page = text("attack-report/report.html");
    for (const part of [
      "1 of 5 attacks got through",
      "Put into open.policy.json",
      "tollgate attack run --policy open.policy.json path-escape",
      "tollgate attack run --policy open.policy.json --all",
    ]) {
      expect(page).toContain(part);
    }
    expect(JSON.parse(text("attack-report/report.json"))).toMatchObject({
      about: "open.policy.json",
      asked: 5,
      counts: { through: 1, held: 4 },
      results: PATTERNS.map(({ name }) => ({ name })),
    });
    for (const name of ["report.html", "report.json"]) {
      expect(text(join("attack-report", name)).startsWith(signatureOf(name))).toBe(true);
    }
  });

  it("says the command again with the configuration and the data directory that it was given", async () => {
    await run("--report", "out", "--config", "my conf/tollgate.json", "--data", "kept");
    expect(text("out/report.html")).toContain(
      "tollgate attack run --policy open.policy.json --config &#39;my conf/tollgate.json&#39; --data kept",
    );
  });

  it("says which were not played where it was interrupted", async () => {
    results = results.slice(0, 2);
    await run("--report", "out");
    expect(text("out/report.html")).toContain("3 attacks were not played");
  });

  it("renews an earlier one, beside files of others", async () => {
    await run("--report", "out");
    desk.write("out/notes.txt", "mine");
    results = PATTERNS.map((attack) => resultOf(attack, "held"));
    expect((await run("--report", "out")).exit).toBe(0);
    expect(text("out/report.html")).toContain("All 5 attacks were held");
    expect(text("out/notes.txt")).toBe("mine");
    expect(readdirSync(join(desk.directory, "out"))).toHaveLength(3);
  });

  it.each([
    ["report.html", "<!doctype html><title>mine</title>"],
    ["report.json", '{"mine":true}'],
  ])("leaves a %s of others alone and plays nothing, but for --yes", async (name, mine) => {
    desk.write(join("out", name), mine);
    const { exit, err } = await run("--report", "out");
    expect([exit, played]).toEqual([1, 0]);
    expect(err).toBe(
      `error: ${join("out", name)} is no file of an earlier report. Move it away, or say --yes to write over it.\n`,
    );
    expect(text(join("out", name))).toBe(mine);
    await run("--report", "out", "--yes");
    expect([text(join("out", name)) === mine, played]).toEqual([false, 1]);
  });

  it("writes through no link, with --yes neither", async () => {
    const victim = desk.write("victim.html", text("open.policy.json"));
    mkdirSync(join(desk.directory, "out"));
    symlinkSync(victim, join(desk.directory, "out/report.html"));
    for (const yes of [[], ["--yes"]]) {
      const { exit, err } = await run("--report", "out", ...yes);
      expect([exit, err]).toEqual([
        1,
        `error: ${join("out", "report.html")}: a symbolic link stands there; links are not followed\n`,
      ]);
    }
    expect([text("victim.html"), played]).toEqual([text("open.policy.json"), 0]);
  });
});
