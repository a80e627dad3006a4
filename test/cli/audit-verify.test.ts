import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { chainLine, GENESIS } from "../../src/audit/chain.ts";
import { headLine } from "../../src/audit/heads.ts";
import type { JsonObject } from "../../src/base/json-value.ts";
import { Desk } from "../support/command.ts";
import { Gateway, Program, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";

const configOf = (audit: object): object => ({
  audit,
  mcpServers: { one: { command: process.execPath, args: [WITNESS] } },
  policies: { p: { version: "1", default: "deny", tools: { echo: {} } } },
  identities: { ann: {} },
  grants: { g: { identity: "ann", server: "one", policy: "p", token: tokenOf("g") } },
});

interface Verified {
  readonly code: number | null;
  readonly ok: boolean;
  readonly lines: number;
  readonly fault?: { readonly kind: string; readonly id?: string; readonly message: string };
  readonly heads: {
    readonly checked: number;
    readonly before: number;
    readonly newest?: string;
    readonly behind: number;
  };
  readonly notes: readonly string[];
}

/** In this process: what the command says is the same, and most of its time is a process's start. */
const verify = async (gateway: Gateway, ...more: readonly string[]): Promise<Verified> => {
  using desk = new Desk();
  const where = ["--config", gateway.configFile, "--data", gateway.data];
  const { exit, out, err } = await desk.run(["audit", "verify", "--json", ...more, ...where]);
  expect(err).toBe("");
  return { code: exit, ...(JSON.parse(out) as Omit<Verified, "code">) };
};

const linesOf = (file: string): readonly string[] => readFileSync(file, "utf8").split("\n").slice(0, -1);
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

describe("a record whose heads are kept in a second place", () => {
  let gateway: Gateway;
  let journal = "";
  let own = "";
  let second = "";
  let kept = "";

  /** Two calls, a head, a third call, and the head of the stop. Then copies of it all, as if kept elsewhere. */
  beforeAll(async () => {
    gateway = await Gateway.start(configOf({ heads: { everySeconds: 1, to: "second.jsonl" } }));
    journal = join(gateway.data, "journal", "00000001.jsonl");
    own = join(gateway.data, "heads.jsonl");
    second = join(gateway.directory, "second.jsonl");
    await gateway.call("one", "g", "echo");
    await gateway.call("one", "g", "echo");
    await vi.waitFor(() => expect(readFileSync(second, "utf8")).toContain("\n"), { timeout: 20_000 });
    await gateway.call("one", "g", "echo");
    const beside = await verify(gateway);
    expect(beside).toMatchObject({ code: 0, ok: true });
    expect(beside.heads.checked).toBeGreaterThan(0);
    expect(await gateway.stop()).toBe(0);
    kept = temporaryDirectory();
    cpSync(gateway.directory, kept, { recursive: true });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    rmSync(kept, { recursive: true, force: true });
  });

  beforeEach(() => {
    rmSync(gateway.directory, { recursive: true });
    cpSync(kept, gateway.directory, { recursive: true });
  });

  it("is sound, covered to its last line by the head of the stop, and both places have the same", async () => {
    const { code, lines, heads, notes } = await verify(gateway);
    expect([code, lines, notes]).toEqual([0, linesOf(journal).length, []]);
    expect(heads).toMatchObject({ checked: linesOf(own).length, before: 0, behind: 0 });
    expect(heads.newest).toBe((JSON.parse(linesOf(own).at(-1) ?? "") as { at: string }).at);
    expect(linesOf(own).length).toBeGreaterThan(1);
    expect(readFileSync(second, "utf8")).toBe(readFileSync(own, "utf8"));
    const { stdout } = await gateway.command("audit", "verify");
    expect(stdout).toMatch(
      /^sound: \d+ lines, head [0-9a-f]{64}\n\d+ signed heads held, the newest of \S+Z; 0 lines since\n$/u,
    );
  });

  it("whose end was cut off is found out by the data directory's own heads", async () => {
    rmSync(second);
    writeFileSync(journal, textOf(linesOf(journal).slice(0, -1)));
    const { code, fault, notes } = await verify(gateway);
    expect([code, fault?.kind]).toEqual([1, "removed"]);
    const outside = await gateway.command("audit", "verify");
    expect([outside.code, outside.stdout]).toEqual([
      1,
      expect.stringContaining(`removed: ${fault?.message ?? ""}\n`),
    ]);
    const last = JSON.parse(linesOf(journal).at(-1) ?? "") as { id: string };
    const newest = JSON.parse(linesOf(own).at(-1) ?? "") as { at: string };
    expect(fault?.message).toContain(last.id);
    expect(fault?.message).toContain(newest.at);
    expect(notes.join()).toContain("second.jsonl, is not there");
  });

  it("whose end was cut off with its heads is found out only by those kept elsewhere", async () => {
    writeFileSync(journal, textOf(linesOf(journal).slice(0, -1)));
    writeFileSync(own, textOf(linesOf(own).slice(0, -1)));
    expect(await verify(gateway)).toMatchObject({ code: 1, fault: { kind: "removed" } });
    rmSync(second);
    // What the second place is for: nothing in the data directory can tell.
    expect(await verify(gateway)).toMatchObject({ code: 0, ok: true });
    const elsewhere = ["--heads", join(kept, "second.jsonl")];
    expect(await verify(gateway, ...elsewhere)).toMatchObject({ code: 1, fault: { kind: "removed" } });
    rmSync(journal);
    writeFileSync(journal, "");
    rmSync(own);
    expect(await verify(gateway, ...elsewhere)).toMatchObject({
      code: 1,
      lines: 0,
      fault: { kind: "removed" },
    });
  });

  it("that was written anew by somebody with the key is found out, and between which heads", async () => {
    const lines = linesOf(journal).map((line) => JSON.parse(line) as JsonObject & { id: string });
    const places = linesOf(own).map((line) => JSON.parse(line) as { at: string; offset: number });
    // The last call before the last head never was: its decision and its outcome are left out.
    const from = lines.findLastIndex(({ tool }) => tool === "echo");
    const left = lines.filter(({ id }) => id !== lines[from]?.id);
    let [prev, text] = [GENESIS, ""];
    for (const { prev: _, hash: __, ...body } of left) {
      const { line, hash } = chainLine(prev, body);
      [prev, text] = [hash, `${text}${line}\n`];
    }
    writeFileSync(journal, text);
    const place = { segment: 1, offset: Buffer.byteLength(text) };
    const key = createPrivateKey(readFileSync(join(gateway.data, "keys", "audit-sign.key")));
    writeFileSync(own, `${headLine({ at: new Date().toISOString(), place, head: prev }, key)}\n`);
    expect((await verify(gateway)).code).toBe(1);
    rmSync(second);
    expect(await verify(gateway)).toMatchObject({ code: 0, ok: true });
    // Padded to the old length, so that nothing is missing at the end.
    const pad = chainLine(prev, { id: "0199f3a4-1b2c-7d3e-8f4a-000000000000", pad: "x".repeat(20_000) });
    writeFileSync(journal, `${text}${pad.line}\n`);
    writeFileSync(own, "");
    const found = await verify(gateway, "--heads", join(kept, "second.jsonl"));
    expect(found).toMatchObject({ code: 1, fault: { kind: "changed" } });
    expect(places.some(({ at }) => found.fault?.message.includes(`before the head signed at ${at}`))).toBe(
      true,
    );
    expect(left.map(({ id }) => id)).toContain(found.fault?.id);
  });

  it("that was begun anew with another key is found out by heads, or by the public key, kept elsewhere", async () => {
    rmSync(gateway.data, { recursive: true });
    rmSync(second);
    await gateway.serve();
    await gateway.call("one", "g", "echo");
    expect(await gateway.stop()).toBe(0);
    expect(await verify(gateway)).toMatchObject({ code: 0 });
    const heads = ["--heads", join(kept, "second.jsonl")];
    const key = ["--public-key", join(kept, "data", "keys", "audit-sign.pub")];
    const other = {
      code: 1,
      fault: { kind: "head", message: expect.stringMatching(/another key/u) as unknown },
    };
    expect(await verify(gateway, ...heads)).toMatchObject(other);
    expect(await verify(gateway, ...key)).toMatchObject(other);
  });

  it("is not sound with a head that was edited, and half of a last one is no matter", async () => {
    const before = readFileSync(own, "utf8");
    writeFileSync(own, before.replace(/"offset":\d/u, '"offset":9'));
    expect(await verify(gateway)).toMatchObject({
      code: 1,
      fault: {
        kind: "head",
        message: "The signed head in line 1 of heads.jsonl is not signed by this gateway's key.",
      },
    });
    writeFileSync(own, before.slice(0, -20));
    expect(await verify(gateway)).toMatchObject({ code: 0 });
    rmSync(second);
    writeFileSync(own, `rubbish\n${before}`);
    expect(await verify(gateway)).toMatchObject({ code: 1, fault: { kind: "head" } });
  });

  it("tells the first of a changed record and a head that does not fit", async () => {
    const lines = linesOf(journal);
    writeFileSync(journal, textOf(lines.with(1, (lines[1] ?? "").replace("one", "two"))));
    expect(await verify(gateway)).toMatchObject({
      code: 1,
      fault: { kind: "changed", id: (JSON.parse(lines[1] ?? "") as { id: string }).id },
    });
  });

  it("of an older release has no heads, which is said and no failure, unless some were given", async () => {
    rmSync(own);
    rmSync(second);
    rmSync(join(gateway.data, "keys", "audit-sign.pub"));
    const { code, stdout } = await gateway.command("audit", "verify");
    expect([code, stdout]).toEqual([0, expect.stringContaining("No signed head covers these lines")]);
    const empty = join(gateway.directory, "empty.jsonl");
    writeFileSync(empty, "");
    const key = ["--public-key", join(kept, "data", "keys", "audit-sign.pub")];
    expect(await verify(gateway, "--heads", empty, ...key)).toMatchObject({
      code: 1,
      fault: { kind: "head" },
    });
    // Heads that nothing can be checked with are none.
    expect(await verify(gateway, "--heads", join(kept, "second.jsonl"))).toMatchObject({
      code: 1,
      fault: { kind: "head", message: expect.stringContaining("no public key") as unknown },
    });
    expect(await verify(gateway, "--heads", join(kept, "second.jsonl"), ...key)).toMatchObject({ code: 0 });
  });

  it("is not verified with files that are not there, or are no key", async () => {
    using desk = new Desk();
    for (const [option, file, sentence] of [
      ["--heads", "nowhere.jsonl", "nowhere.jsonl cannot be read (ENOENT)."],
      ["--public-key", "nowhere.pub", "nowhere.pub cannot be read (ENOENT)."],
      ["--public-key", join(gateway.data, "keys", "audit-sign.key"), "is no Ed25519 public key."],
    ] as const) {
      const { exit, out, err } = await desk.run(["audit", "verify", option, file, "--data", gateway.data]);
      expect([exit, out, err]).toEqual([1, "", expect.stringContaining(sentence)]);
    }
  });

  it("is verified though the configuration cannot be loaded, and says what was not looked at", async () => {
    gateway.configure({ ...configOf({}), nonsense: true });
    onTestFinished(() => gateway.configure(configOf({ heads: { everySeconds: 1, to: "second.jsonl" } })));
    const { code, notes } = await verify(gateway);
    expect([code, notes]).toEqual([0, [expect.stringMatching(/cannot be loaded\. .*nonsense/u)]]);
  });
});

describe("a gateway whose second place is a URL", () => {
  it("is ready while nobody is there, says that heads are behind, and delivers the newest later", async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(chunk.toString("utf8")));
      request.on("end", () => response.writeHead(200).end());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    const to = `http://127.0.0.1:${String(port)}/heads?key=secret-of-the-place`;
    await using gateway = new Gateway(
      configOf({ heads: { everySeconds: 1, to, headers: { "x-key": "${env:PLACE_KEY}" } } }),
    );
    await gateway.serve({ PLACE_KEY: "secret-of-the-header" });
    const ready = async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      return [response.status, await response.json()];
    };
    await vi.waitFor(
      async () => expect(await ready()).toMatchObject([200, { status: "ready", parts: { heads: "behind" } }]),
      { timeout: 20_000 },
    );
    await gateway.call("one", "g", "echo");
    server.listen(port, "127.0.0.1");
    onTestFinished(() => void server.close());
    await vi.waitFor(
      async () => expect(await ready()).toMatchObject([200, { status: "ready", parts: { heads: "ok" } }]),
      { timeout: 20_000 },
    );
    const heads = linesOf(join(gateway.data, "heads.jsonl"));
    expect(bodies.length).toBeGreaterThan(0);
    expect(heads).toContain(bodies.at(-1));
    expect(gateway.program?.stderr.match(/could not be kept/gu)).toHaveLength(1);
    expect(gateway.program?.stderr).not.toMatch(/secret-of/u);
  });
});

describe("a gateway that runs", () => {
  it("keeps heads where a new configuration says, once it is loaded", async () => {
    await using gateway = await Gateway.start(configOf({ heads: { everySeconds: 1 } }));
    const second = join(gateway.directory, "later.jsonl");
    gateway.configure(configOf({ heads: { everySeconds: 1, to: "later.jsonl" } }));
    await vi.waitFor(() => expect(existsSync(second) && linesOf(second).length).toBeGreaterThan(0), {
      timeout: 20_000,
    });
  });

  it("signs a head for what it recorded as a wrap, too, when its input ends", async () => {
    const directory = temporaryDirectory();
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const policy = join(directory, "p.json");
    writeFileSync(policy, '{ "version": "1", "default": "deny" }');
    const data = join(directory, "data");
    const wrap = new Program([
      "src/main.ts",
      "wrap",
      "--policy",
      policy,
      "--data",
      data,
      "--name",
      "w",
      "--",
      process.execPath,
      WITNESS,
    ]);
    wrap.child.stdin?.end();
    expect(await wrap.closed).toBe(0);
    const program = new Program(["src/main.ts", "audit", "verify", "--json", "--data", data]);
    program.child.stdin?.end();
    expect(await program.closed).toBe(0);
    expect(JSON.parse(program.stdout)).toMatchObject({
      ok: true,
      lines: 2,
      heads: { checked: 1, behind: 0 },
    });
  });
});
