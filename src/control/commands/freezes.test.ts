import { describe, expect, it } from "vitest";
import type { ControlRefusal, FreezeTargetBody } from "../contract.ts";
import { testFreezes } from "../testing/freeze-desk.ts";
import { freezeCommands, freezeHandlers } from "./freezes.ts";
import { createExpiry, createFlush } from "./tend.ts";

const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: ControlRefusal) => `${error.reason}: ${error.message}`,
  );

const body = (target: FreezeTargetBody, more: object = {}) => ({ target, reason: "incident 12", ...more });

describe("freezing", () => {
  it("stores it, publishes it and records who, why and until when", async () => {
    const desk = testFreezes();
    const made = await freezeCommands(desk).freeze(
      body({ server: "billing" }, { until: 5_000, user: "ana" }),
    );
    expect(made).toEqual({
      stored: true,
      recorded: true,
      freeze: {
        id: desk.store.list()[0]?.id,
        what: "server billing",
        all: false,
        server: "billing",
        grant: null,
        identity: null,
        tool: null,
        reason: "incident 12",
        by: "test:ana",
        at: "1970-01-01T00:00:01.000Z",
        until: "1970-01-01T00:00:05.000Z",
      },
    });
    expect(desk.published()).toBe(1);
    expect(desk.acts).toMatchObject([
      { act: "freeze", by: "test:ana", subject: "server billing", before: null, after: made.freeze },
    ]);
  });

  it.each<[FreezeTargetBody, string]>([
    [{ all: true }, "everything"],
    [{ grant: "nightly" }, "grant nightly"],
    [{ identity: "ana" }, "identity ana"],
    [{ tool: "delete_*" }, "tool delete_*"],
    [{ tool: "delete_*", server: "crm" }, "tool delete_* of server crm"],
  ])("takes %j", async (target, what) => {
    const { freeze } = await freezeCommands(testFreezes()).freeze(body(target));
    expect([freeze.what, freeze.all]).toEqual([what, what === "everything"]);
  });

  it.each<[FreezeTargetBody, object, string]>([
    [
      { server: "biling" },
      {},
      'not_found: Nothing was frozen: there is no server "biling". Did you mean "billing"?',
    ],
    [{ grant: "nightl" }, {}, 'there is no grant "nightl". Did you mean "nightly"?'],
    [{ identity: "nobody" }, {}, 'there is no identity "nobody".'],
    [{ tool: "d*", server: "cmr" }, {}, 'there is no server "cmr"'],
    [{ tool: "" }, {}, "invalid: Nothing was frozen: a tool pattern"],
    [{ tool: "x".repeat(1_001) }, {}, "invalid: Nothing was frozen: a tool pattern"],
    [{ tool: "delete_all " }, {}, "the pattern would match none"],
    [{ tool: "a\u200bb" }, {}, "the pattern would match none"],
    [{}, {}, "invalid: Name one target"],
    [{ all: true, server: "crm" }, {}, "invalid: Name one target"],
    [{ grant: "nightly", tool: "x" }, {}, "invalid: Name one target"],
    [{ server: "crm" }, { reason: " " }, "invalid: Nothing was frozen: a reason"],
    [{ server: "crm" }, { until: 1_000 }, "would have ended already"],
    [{ server: "crm" }, { user: "a b" }, "invalid: user"],
  ])("refuses %j with %j", async (target, more, sentence) => {
    const desk = testFreezes();
    expect(await refusalOf(freezeCommands(desk).freeze(body(target, more)))).toContain(sentence);
    expect([desk.store.list(), desk.acts, desk.published()]).toEqual([[], [], 0]);
  });

  it("takes effect where it cannot be recorded, and the act is recorded later with its own time", async () => {
    let now = 1_000;
    const desk = testFreezes(() => now);
    const flush = createFlush(desk);
    desk.fail("ledger");
    expect(await freezeCommands(desk).freeze(body({ all: true }))).toMatchObject({
      stored: true,
      recorded: false,
    });
    expect([desk.store.list().length, desk.published()]).toEqual([1, 1]);
    now = 9_000;
    await flush();
    expect(desk.waiting.list()).toHaveLength(1);
    desk.fail();
    await Promise.all([flush(), flush()]);
    expect(desk.acts).toMatchObject([{ act: "freeze", at: "1970-01-01T00:00:01.000Z" }]);
    expect(desk.waiting.list()).toEqual([]);
  });

  it("takes effect in a running gateway where it cannot be stored, and nowhere else", async () => {
    const running = testFreezes();
    running.fail("store", "ledger", "waiting");
    const made = await freezeCommands(running).freeze(body({ all: true }));
    expect([made.stored, made.recorded, running.published()]).toEqual([false, false, 1]);
    const alone = testFreezes(() => 1_000, false);
    alone.fail("store");
    expect(await refusalOf(freezeCommands(alone).freeze(body({ all: true })))).toMatch(
      /^unavailable: .*nothing/,
    );
    expect(alone.acts).toEqual([]);
  });

  it("has room for everything even where there are as many as may be", async () => {
    const desk = testFreezes();
    const { freeze } = freezeCommands(desk);
    for (let index = 0; index < 1_000; index += 1) {
      await freeze(body({ server: "crm" }));
    }
    expect(await refusalOf(freeze(body({ server: "crm" })))).toContain("there are 1000 freezes already");
    expect(await refusalOf(freeze(body({ all: true })))).toBe("done");
    expect(await refusalOf(freeze(body({ all: true })))).toContain("there are 1000 freezes already");
  });
});

describe("unfreezing", () => {
  it("lifts all freezes of the very target, recorded before, and says what is left", async () => {
    const desk = testFreezes();
    const commands = freezeCommands(desk);
    await commands.freeze(body({ tool: "d*", server: "crm" }));
    await commands.freeze(body({ server: "crm" }));
    await commands.freeze(body({ server: "crm" }, { reason: "another" }));
    const result = await commands.unfreeze({ target: { server: "crm" }, user: "bo" });
    expect(result.lifted.map(({ reason }) => reason)).toEqual(["incident 12", "another"]);
    expect(result.left.map(({ what }) => what)).toEqual(["tool d* of server crm"]);
    expect(desk.acts.slice(3)).toMatchObject([
      {
        act: "unfreeze",
        by: "test:bo",
        subject: "server crm",
        before: { reason: "incident 12" },
        after: null,
      },
      { act: "unfreeze", by: "test:bo", subject: "server crm", before: { reason: "another" }, after: null },
    ]);
  });

  it("lifts one by its id, and that of everything and nothing else by all", async () => {
    const commands = freezeCommands(testFreezes());
    const { freeze: one } = await commands.freeze(body({ grant: "nightly" }));
    await commands.freeze(body({ grant: "nightly" }));
    await commands.freeze(body({ all: true }));
    expect((await commands.unfreeze({ target: { all: true } })).left).toHaveLength(2);
    expect((await commands.unfreeze({ id: one.id })).left).toHaveLength(1);
  });

  it("lifts what the configuration no longer has", async () => {
    const desk = testFreezes();
    await freezeCommands(desk).freeze(body({ server: "crm" }));
    const later = { ...desk, names: () => ({ server: [], grant: [], identity: [] }) };
    expect((await freezeCommands(later).unfreeze({ target: { server: "crm" } })).left).toEqual([]);
  });

  it("names what is frozen where the target is not", async () => {
    const commands = freezeCommands(testFreezes());
    const nothing = refusalOf(commands.unfreeze({ target: { all: true } }));
    expect(await nothing).toBe("not_found: There is no freeze of everything. Nothing is frozen.");
    await commands.freeze(body({ server: "crm" }));
    await commands.freeze(body({ tool: "d*", server: "crm" }));
    expect(await refusalOf(commands.unfreeze({ target: { tool: "d*" } }))).toBe(
      "not_found: There is no freeze of tool d*. Frozen: server crm, tool d* of server crm.",
    );
    expect(await refusalOf(commands.unfreeze({ id: "none" }))).toContain("There is no freeze none.");
    expect(await refusalOf(commands.unfreeze({}))).toMatch(/^invalid: /);
  });

  it("does nothing where it cannot be recorded or stored", async () => {
    const desk = testFreezes();
    const commands = freezeCommands(desk);
    await commands.freeze(body({ all: true }));
    for (const broken of ["ledger", "store"]) {
      desk.fail(broken);
      expect(await refusalOf(commands.unfreeze({ target: { all: true } }))).toMatch(/^unavailable: /);
      expect([desk.store.list().length, desk.published()]).toEqual([1, 1]);
    }
  });
});

describe("a freeze that ends by itself", () => {
  it("is not listed any more, then taken away with an act", async () => {
    let now = 1_000;
    const desk = testFreezes(() => now);
    const commands = freezeCommands(desk);
    await commands.freeze(body({ server: "crm" }, { until: 2_000 }));
    await commands.freeze(body({ all: true }));
    const expire = createExpiry(desk);
    expire();
    expect(desk.store.list()).toHaveLength(2);
    now = 2_000;
    expect((await commands.list()).freezes.map(({ what }) => what)).toEqual(["everything"]);
    expire();
    await createFlush(desk)();
    expect(desk.store.list()).toHaveLength(1);
    expect(desk.acts.at(-1)).toMatchObject({
      act: "freeze.expired",
      by: "gateway",
      subject: "server crm",
      before: { until: "1970-01-01T00:00:02.000Z" },
      after: null,
    });
  });

  it("stays until that can be noted", () => {
    let now = 1_000;
    const desk = testFreezes(() => now);
    void freezeCommands(desk).freeze(body({ server: "crm" }, { until: 2_000 }));
    const expire = createExpiry(desk);
    now = 2_000;
    desk.fail("waiting");
    expire();
    expect(desk.store.list()).toHaveLength(1);
    desk.fail();
    expire();
    expect(desk.store.list()).toEqual([]);
  });

  it("is noted once, however often it cannot be taken away", async () => {
    let now = 1_000;
    const desk = testFreezes(() => now);
    await freezeCommands(desk).freeze(body({ server: "crm" }, { until: 2_000 }));
    const [expire, flush] = [createExpiry(desk), createFlush(desk)];
    now = 2_000;
    for (const failing of ["store", "store", "nothing", "nothing"]) {
      desk.fail(failing);
      expire();
      await flush();
    }
    expect(desk.acts.map(({ act }) => act)).toEqual(["freeze", "freeze.expired"]);
    expect(desk.store.list()).toEqual([]);
  });
});

describe("the handlers of the socket", () => {
  it("take bodies of their shape only", async () => {
    const handlers = freezeHandlers(testFreezes());
    const ask = (command: string, sent: object) =>
      handlers[command]?.(sent as never) ?? Promise.reject(new Error("none"));
    expect(await refusalOf(ask("freezes.freeze", { target: { all: true } }))).toMatch(/^invalid: reason: /);
    expect(await refusalOf(ask("freezes.freeze", body({ all: false as never })))).toMatch(/^invalid: /);
    expect(await refusalOf(ask("freezes.freeze", { ...body({ all: true }), by: "me" }))).toMatch(
      /^invalid: /,
    );
    expect(await ask("freezes.freeze", body({ all: true }))).toMatchObject({ stored: true, recorded: true });
    expect(await ask("freezes.list", {})).toMatchObject({ freezes: [{ what: "everything" }] });
    expect(await ask("freezes.unfreeze", { target: { all: true } })).toMatchObject({ left: [] });
  });
});
