import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Gateway, journalOf, tokenOf, Witness } from "../support/gateway.ts";
import { fullestSliding } from "./load.ts";
import {
  codeOf,
  configOf,
  diceOf,
  fakeClock,
  isLong,
  linesOf,
  statusFor,
  type Line,
  orSkip,
} from "./support.ts";

// The clock of the gateway's process is moved while it runs, by libfaketime. Its timers go by another clock, as they
// do where a machine's time is set.

const TEN_MINUTES = 600;
const MINUTE = 60_000;
const SLIDING = 5;
const LIFETIME = 30;
const policy = {
  version: "1",
  default: "allow",
  tools: {
    free: { arguments: "any" },
    echo: { limits: [{ counter: "slid", window: "minute", max: SLIDING }] },
    pay: { limits: [{ counter: "daily", window: "day", max: SLIDING, align: "calendar" }] },
    wipe: { limits: [{ counter: "ever", window: "lifetime", max: LIFETIME }] },
  },
};

class Stage implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly witness: Witness;
  readonly #file: string;
  readonly #library: string;

  private constructor(gateway: Gateway, witness: Witness, library: string) {
    this.gateway = gateway;
    this.witness = witness;
    this.#library = library;
    this.#file = join(gateway.directory, "clock");
    this.step(0);
  }

  static async start(grants: Readonly<Record<string, object>> = { live: {} }): Promise<Stage | string> {
    const library = fakeClock();
    if (library === undefined) {
      return "libfaketime is not installed: apt-get install faketime";
    }
    const gateway = new Gateway({});
    const witness = await Witness.start(gateway.directory);
    const servers = { witness: { type: "http", url: witness.url } };
    gateway.configure(configOf(servers, { policy, grants, audit: { arguments: "full" } }));
    const stage = new Stage(gateway, witness, library);
    await stage.serve();
    return stage;
  }

  async serve(): Promise<void> {
    await this.gateway.serve({
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    });
  }

  /** From now on the gateway's clock is so many seconds before or behind the machine's. */
  step(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? "-" : "+"}${String(Math.abs(seconds))}`);
  }

  async call(tool: string, text: string): Promise<string | number> {
    return codeOf(await this.gateway.call("witness", "live", tool, { text, amount: 1 }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.witness[Symbol.asyncDispose]();
  }
}

const admitted = (lines: readonly Line[]): readonly Line[] =>
  lines.filter(({ decision }) => decision === "allow");

/** When a counter was charged, as the gateway decided. */
const chargesOf = (lines: readonly Line[], counter: string): readonly number[] =>
  admitted(lines).flatMap(({ reserved = [] }) =>
    reserved.filter((one) => one.counter === counter).map(({ at }) => at),
  );

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

/** What holds of a record however the clock went. */
const expectSound = async ({ gateway, witness }: Stage): Promise<void> => {
  const lines = linesOf(gateway);
  const decided = lines.filter(({ decision }) => decision !== undefined);
  expect(new Set(decided.map(({ id }) => id)).size).toBe(decided.length);
  expect(decided.filter(({ id }) => !V7.test(id))).toEqual([]);
  expect(journalOf(witness.journalFile)).toHaveLength(admitted(lines).length);
  expect(lines.filter(({ outcome }) => outcome !== undefined)).toHaveLength(admitted(lines).length);
  expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
};

describe("a clock that is set", () => {
  it("ten minutes on and back again frees no quota by going back", async ({ skip }) => {
    await using stage = orSkip(await Stage.start(), skip);
    const spend = async (tool: string): Promise<readonly unknown[]> => {
      const answers: unknown[] = [];
      for (let number = 0; number < SLIDING + 1; number += 1) {
        answers.push(await stage.call(tool, `${tool} ${String(number)}`));
      }
      return answers;
    };
    const admittedAll = [...Array.from({ length: SLIDING }, () => "ok"), "limit_exceeded"];
    const refusedAll = Array.from({ length: SLIDING + 1 }, () => "limit_exceeded");
    expect(await spend("echo")).toEqual(admittedAll);
    stage.step(TEN_MINUTES);
    // By the gateway's clock the minute is over: that is all that it has to go by.
    expect(await spend("echo")).toEqual(admittedAll);
    stage.step(0);
    expect(await spend("echo")).toEqual(refusedAll);
    stage.step(-TEN_MINUTES);
    expect(await spend("echo")).toEqual(refusedAll);
    expect(await stage.call("free", "back")).toBe("ok");
    await stage.gateway.stop("SIGKILL");
    await stage.serve();
    expect(await spend("echo")).toEqual(refusedAll);
    expect(await stage.call("free", "back and started again")).toBe("ok");
    expect(fullestSliding(chargesOf(linesOf(stage.gateway), "slid"), MINUTE)).toBeLessThanOrEqual(SLIDING);
    await expectSound(stage);
  });

  it("a day back admits no second day", async ({ skip }) => {
    await using stage = orSkip(await Stage.start(), skip);
    for (let number = 0; number < SLIDING; number += 1) {
      expect(await stage.call("pay", `today ${String(number)}`)).toBe("ok");
    }
    for (const hours of [24, 48]) {
      stage.step(-hours * 3_600);
      expect(await stage.call("pay", `${String(hours)} hours before`)).toBe("limit_exceeded");
      expect(await stage.call("free", `${String(hours)} hours before`)).toBe("ok");
    }
    await expectSound(stage);
  });

  it("back and forth under load keeps every window, and every call is answered", async ({ skip }) => {
    await using stage = orSkip(await Stage.start(), skip);
    const dice = diceOf("a clock under load");
    const steps = isLong ? 100 : 15;
    const answers: unknown[] = [];
    const over = new AbortController();
    let number = 0;
    const connection = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const tool = dice.pick(["free", "echo", "wipe"]);
        answers.push(await stage.call(tool, `call ${String((number += 1))}`));
      }
    };
    const load = Promise.all(Array.from({ length: 6 }, connection));
    for (let step = 0; step < steps; step += 1) {
      stage.step(dice.pick([0, -1, 1, -TEN_MINUTES, TEN_MINUTES, dice.between(-TEN_MINUTES, TEN_MINUTES)]));
      await new Promise((done) => setTimeout(done, dice.between(50, 200)));
    }
    over.abort();
    await load;
    console.log(`${String(steps)} steps of the clock, ${String(answers.length)} calls answered`);
    expect(answers.filter((answer) => answer !== "ok" && answer !== "limit_exceeded")).toEqual([]);
    const lines = linesOf(stage.gateway);
    expect(fullestSliding(chargesOf(lines, "slid"), MINUTE)).toBeLessThanOrEqual(SLIDING);
    expect(chargesOf(lines, "ever").length).toBeLessThanOrEqual(LIFETIME);
    expect(lines.filter(({ duration_ms: took = 0 }) => took < 0)).toEqual([]);
    await expectSound(stage);
  });

  it("back from where a grant had expired does not bring it to life, nor does a start after it", async ({
    skip,
  }) => {
    const expiresAt = new Date(Date.now() + 5 * MINUTE).toISOString();
    await using stage = orSkip(await Stage.start({ live: {}, ends: { expiresAt } }), skip);
    const status = (): Promise<number> => statusFor(stage.gateway, "witness", tokenOf("ends"));
    expect(await status()).toBe(200);
    stage.step(TEN_MINUTES);
    expect(await status()).toBe(401);
    stage.step(0);
    expect(await status()).toBe(401);
    stage.step(-TEN_MINUTES);
    expect(await status()).toBe(401);
    await stage.gateway.stop("SIGKILL");
    await stage.serve();
    expect(await status()).toBe(401);
    expect(await stage.call("free", "another grant")).toBe("ok");
  });
});
