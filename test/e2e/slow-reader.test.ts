import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, modernHeaders, modernMeta, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { LegacyClient, linesOf, Listening, type Heard } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// Whoever reads slowly, or not at all, makes their own server wait, and neither the gate nor anybody else.

const MIB = 1024 * 1024;
const PIECE = 64 * 1024;
/** 50 MiB in pieces. */
const PIECES = 800;

const directory = temporaryDirectory();
const journal = join(directory, "talker.jsonl");
let gateway: Gateway;

beforeAll(async () => {
  const servers = { talker: talker(journal, { resultBytes: 64 * MIB }), other: talker(`${journal}.other`) };
  gateway = await Gateway.start(talkerConfig(servers), directory);
  // What is compiled and allocated once is not what is measured.
  const client = await LegacyClient.open(gateway, "talker");
  await client.call(1, "flood", { count: 40, characters: PIECE }).over();
  await client.end();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

/** Bytes of a gateway's memory that are resident. */
const residentBytes = ({ program }: Gateway): number => {
  const status = readFileSync(`/proc/${String(program?.child.pid)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024;
};

class Peak implements Disposable {
  readonly #gateway: Gateway;
  readonly #before: number;
  #most = 0;
  readonly #timer = setInterval(() => this.#look(), 20);

  constructor(from: Gateway) {
    this.#gateway = from;
    this.#before = residentBytes(from);
  }

  #look(): void {
    this.#most = Math.max(this.#most, residentBytes(this.#gateway));
  }

  /** Bytes above what there was at the beginning, at most. */
  get grown(): number {
    this.#look();
    return this.#most - this.#before;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

const stalls = (): readonly number[] => linesOf(journal).flatMap(({ stalled }) => stalled ?? []);

/** Somebody else of the same grant is served, at once and as ever. */
const othersAreServed = async (): Promise<void> => {
  const other = await LegacyClient.open(gateway, "talker");
  expect(await other.did(1, "echo")).toMatchObject({ result: { isError: false } });
  expect((await gateway.call("other", "live", "echo")).message.result?.isError).toBe(false);
  await other.end();
};

const stepsIn = ({ messages }: Listening): unknown[] =>
  messages.flatMap(({ params }) => params?.["progress"] ?? []);

describe("what nobody listens to", () => {
  it("is kept within a bound, and its end is there for who listens at last", async () => {
    const apart = new Gateway(talkerConfig({ talker: talker(`${journal}.apart`) }));
    // With little room for garbage, so that what grows is what is kept.
    await apart.serve({ NODE_OPTIONS: "--max-old-space-size=96" });
    await using _ = apart;
    const client = await LegacyClient.open(apart, "talker");
    await client.did(1, "mutter", { count: 20_000 });
    using peak = new Peak(apart);
    await client.did(2, "mutter", { count: 20_000 });
    await client.did(3, "mutter", { count: 20_000 });
    using heard = client.listen();
    const isLast = ({ message }: Heard): boolean => message.params?.["uri"] === "file:///20000";
    await heard.until((events) => events.some(isLast));
    const uris = heard.messages.map(({ params }) => params?.["uri"]);
    const first = 20_000 - uris.length + 1;
    expect(uris).toEqual(uris.map((_, index) => `file:///${String(first + index)}`));
    expect(uris.length).toBeGreaterThan(5_000);
    expect(peak.grown).toBeLessThan(64 * MIB);
  });
});

describe("a client that does not read", () => {
  it("makes a server wait that has much to say, and gets all of it in the end", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using peak = new Peak(gateway);
    using call = client.call(1, "flood", { count: PIECES, characters: PIECE });
    await call.until((events) => events.length > 0);
    call.pause();
    const before = stalls().length;
    await expect.poll(() => stalls().length).toBeGreaterThan(before);
    await othersAreServed();
    // Without the wait, all 50 MiB would be somewhere in the gate.
    expect(stalls().at(-1)).toBeLessThan(PIECES - 100);
    expect(peak.grown).toBeLessThan(64 * MIB);
    call.resume();
    await call.over();
    expect(call.ended).toBe(true);
    expect(stepsIn(call)).toEqual(Array.from({ length: PIECES }, (_, index) => index + 1));
    expect(call.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "flooded" }] } });
    // The reader is a process as busy as the gate: it is behind all the way.
    expect(peak.grown).toBeLessThan(128 * MIB);
  });

  it("leaves one result in the gate while it does not take it, and nothing for those after it", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using peak = new Peak(gateway);
    for (const id of [1, 2, 3]) {
      using call = client.call(id, "huge", { characters: 50 * MIB });
      await call.begun();
      call.pause();
      await othersAreServed();
      call.resume();
      await call.over();
      expect(call.ended).toBe(true);
      expect(call.text.length).toBeGreaterThan(50 * MIB);
    }
    // As it came, as text, as values, as text again and on its way out, and what is not collected yet.
    expect(peak.grown).toBeLessThan(10 * 50 * MIB);
  });

  it("that goes away leaves nothing that waits for it", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    const calls = [1, 2, 3].map((id) => client.call(id, "huge", { characters: 20 * MIB }));
    for (const call of calls) {
      await call.begun();
      call.pause();
      call[Symbol.dispose]();
    }
    expect(await client.did(4, "echo")).toMatchObject({ result: { isError: false } });
    // All places among the calls in flight are there again.
    const many = await Promise.all(
      Array.from({ length: 64 }, (_, id) => client.did(`m${String(id)}`, "echo")),
    );
    expect(many.every(({ result }) => result?.isError === false)).toBe(true);
  });

  it("does not keep others of its grant from a server that has one pipe for all of them", async () => {
    const meta = { ...modernMeta(), progressToken: "t" };
    const params = { name: "flood", arguments: { count: PIECES, characters: PIECE }, _meta: meta };
    const headers = {
      authorization: `Bearer ${tokenOf("live")}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...modernHeaders("tools/call", params),
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    using call = new Listening(`${gateway.url}/mcp/talker`, "POST", headers, body);
    await call.until((events) => events.length > 0);
    call.pause();
    const before = stalls().length;
    await expect.poll(() => stalls().length).toBeGreaterThan(before);
    const started = performance.now();
    expect((await gateway.call("talker", "live", "echo")).message.result?.isError).toBe(false);
    expect(performance.now() - started).toBeLessThan(15_000);
    call.resume();
    await call.over();
    expect(call.ended).toBe(true);
    expect(call.messages.every(({ method }) => method === "notifications/progress")).toBe(true);
    const outcomes = (await gateway.records()).flatMap(({ outcome }) => outcome ?? []);
    expect(outcomes).toContain("cancelled");
  });
});
