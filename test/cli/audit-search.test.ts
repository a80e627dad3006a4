import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Desk, jsonLines } from "../support/command.ts";
import { Gateway, tokenOf, WITNESS } from "../support/gateway.ts";

const CONFIG = {
  store: { url: "sqlite:search.db" },
  mcpServers: { one: { command: process.execPath, args: [WITNESS] } },
  policies: { p: { version: "1", default: "deny", tools: { echo: {} } } },
  identities: { ann: {} },
  grants: {
    g: { identity: "ann", server: "one", policy: "p", token: tokenOf("g") },
    h: { identity: "ann", server: "one", policy: "p", token: tokenOf("h") },
  },
};

describe("searching the record", () => {
  let gateway: Gateway;
  const desk = new Desk();

  beforeAll(async () => {
    gateway = await Gateway.start(CONFIG);
    await gateway.call("one", "g", "echo");
    await gateway.call("one", "g", "pay");
    await gateway.call("one", "h", "echo");
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    desk[Symbol.dispose]();
  });

  const command = (...words: readonly string[]) =>
    desk.run([...words, "--config", gateway.configFile, "--data", gateway.data]);
  const search = async (...more: readonly string[]) => command("audit", "search", ...more);
  const rows = async (...more: readonly string[]) => jsonLines((await search("--json", ...more)).out);
  const toolsOf = (found: readonly Record<string, unknown>[]) =>
    found.map(({ grant, tool, outcome }) => [grant, tool, outcome]);

  it("beside a running gateway finds its calls within a second or so, newest first", async () => {
    await expect
      .poll(async () => toolsOf(await rows()))
      .toEqual([
        ["h", "echo", "ok"],
        ["g", "pay", null],
        ["g", "echo", "ok"],
      ]);
    expect((await rows("--decision", "deny"))[0]).toMatchObject({
      identity: "ann",
      server: "one",
      method: "tools/call",
      policy: "p",
      code: "default_deny",
      enforced: true,
      position: { segment: 1 },
      outcome_position: null,
    });
    expect(toolsOf(await rows("--grant", "g", "--outcome", "ok"))).toEqual([["g", "echo", "ok"]]);
    expect(toolsOf(await rows("--tool", "echo", "--code", "allowed", "--from", "1h"))).toHaveLength(2);
    expect(await rows("--identity", "ann", "--server", "one", "--to", "1h")).toEqual([]);
  });

  it("shows a table, and the way to the next page", async () => {
    const first = await search("-n", "2");
    expect(first.out).toMatch(
      /^AT +DECISION +CODE +GRANT +SERVER +TOOL +OUTCOME +ID\n.+Z +allow +allowed +h +one +echo +ok +[0-9a-f-]{36}\n/u,
    );
    const cursor = /--before (\S+)\n/u.exec(first.err)?.[1] ?? "";
    const second = await search("-n", "2", "--before", cursor);
    expect([second.out.split("\n").length, second.err]).toEqual([3, ""]);
    expect((await search("--before", "nobody")).err).toContain("There is no record nobody");
    const none = await search("--grant", "nobody");
    expect([none.exit, none.out, none.err]).toEqual([0, "", "No such records.\n"]);
    for (const wrong of [
      ["-n", "0"],
      ["-n", "10001"],
      ["--outcome", "good"],
    ]) {
      expect((await search(...wrong)).exit).toBe(2);
    }
  });

  it("gives the journal's own lines", async () => {
    const { out } = await search("--lines", "--grant", "h");
    expect(jsonLines(out)).toMatchObject([{ grant: "h", decision: "allow" }, { outcome: "ok" }]);
    const exported = (await command("audit", "export", "--grant", "h")).out;
    expect(out).toBe(exported);
  });

  it("shows one record whole, and whether it is as it was written", async () => {
    const [newest] = await rows("--grant", "h");
    const id = String(newest?.["id"]);
    const shown = await command("audit", "show", id, "--json");
    expect([shown.exit, JSON.parse(shown.out)]).toMatchObject([
      0,
      { decision: { id, grant: "h" }, outcome: { id, outcome: "ok" }, act: null, sound: true, problems: {} },
    ]);
    const { out } = await command("audit", "show", id);
    expect(out).toMatch(/^decision: as it was written\n[^]+ {2}grant +h\n[^]+outcome: as it was written\n/u);
    const act = jsonLines((await command("audit", "export")).out).find((line) => line["act"] !== undefined);
    const start = await command("audit", "show", String(act?.["id"]), "--json");
    expect([start.exit, JSON.parse(start.out)]).toMatchObject([
      0,
      { act: { act: act?.["act"] }, sound: true },
    ]);
    const none = await command("audit", "show", "nobody");
    expect([none.exit, none.err]).toEqual([1, expect.stringContaining("There is no record nobody")]);
  });

  it("says what to do where the copy of a running gateway is gone or damaged; the record is there", async () => {
    const copy = join(gateway.directory, "search.db");
    expect(existsSync(copy)).toBe(true);
    const [newest] = await rows("-n", "1");
    const whole = readFileSync(copy);
    rmSync(copy);
    const gone = await search();
    expect([gone.exit, gone.err]).toEqual([1, expect.stringContaining("cannot be used: it is not there")]);
    writeFileSync(copy, "x".repeat(9_000));
    expect((await search()).err).toContain("audit tail and audit export");
    const shown = await command("audit", "show", String(newest?.["id"]), "--json");
    expect([shown.exit, JSON.parse(shown.out)]).toMatchObject([0, { sound: true }]);
    expect((await command("audit", "tail")).exit).toBe(0);
    writeFileSync(copy, whole);
  });

  it("without a gateway brings the copy up to date first, and makes one where there is none", async () => {
    await gateway.stop();
    const copies = readdirSync(gateway.directory).filter((name) => name.startsWith("search.db"));
    copies.forEach((name) => rmSync(join(gateway.directory, name)));
    expect(await rows()).toHaveLength(3);
    expect(existsSync(join(gateway.directory, "search.db"))).toBe(true);
    expect(await rows("--outcome", "pending")).toEqual([]);
  });

  it("tells of a record that was changed, or is not where it was", async () => {
    const [newest] = await rows("--tool", "pay");
    const id = String(newest?.["id"]);
    const file = join(gateway.data, "journal", "00000001.jsonl");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace('"decision":"deny"', '"decision":"DENY"'));
    const changed = await command("audit", "show", id);
    expect([changed.exit, changed.out]).toEqual([1, expect.stringContaining("it is not what its hash")]);
    writeFileSync(file, before.replace(id, id.replace(/.$/u, "x")));
    const moved = await command("audit", "show", id, "--json");
    expect([moved.exit, JSON.parse(moved.out)]).toMatchObject([
      1,
      { sound: false, problems: { decision: "is not where it was written" } },
    ]);
    writeFileSync(file, before);
    expect((await command("audit", "show", id)).exit).toBe(0);
  });
});
