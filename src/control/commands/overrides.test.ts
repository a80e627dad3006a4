import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import type { ControlRefusal, OverrideBody } from "../contract.ts";
import { testOverrides } from "../testing/override-desk.ts";
import { overrideCommands, overrideHandlers } from "./overrides.ts";

const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: ControlRefusal) => `${error.reason}: ${error.message}`,
  );

const body = (more: Partial<OverrideBody> = {}): OverrideBody => ({
  server: "billing",
  tool: "sweep",
  digest: "ab".repeat(32),
  class: "read",
  was: { class: "execute", risk: "high" },
  reason: "it only counts rows",
  ...more,
});

const view = {
  server: "billing",
  tool: "sweep",
  digest: "ab".repeat(32),
  class: "read",
  risk: null,
  was: { class: "execute", risk: "high" },
  reason: "it only counts rows",
  by: "test:ana",
  at: "1970-01-01T00:00:01.000Z",
};

describe("overriding a verdict", () => {
  it("records it, stores it and only then publishes it", async () => {
    const desk = testOverrides();
    const made = await overrideCommands(desk).override(body({ user: "ana" }));
    expect(made).toEqual({ override: view, before: null });
    expect(desk.steps).toEqual(["recorded", "stored", "published"]);
    expect(desk.acts).toMatchObject([
      {
        act: "tool.override",
        by: "test:ana",
        subject: "tool sweep of server billing",
        before: { class: "execute", risk: "high" },
        after: view,
      },
    ]);
    expect(await overrideCommands(desk).list()).toEqual({ overrides: [view] });
  });

  it("replaces the tool's earlier one, which the act has as what was before", async () => {
    const desk = testOverrides();
    const commands = overrideCommands(desk);
    await commands.override(body({ user: "ana" }));
    const made = await commands.override(body({ class: "financial", risk: "critical" }));
    expect(made).toMatchObject({ override: { class: "financial", risk: "critical" }, before: view });
    expect(desk.acts[1]).toMatchObject({ before: view, after: { class: "financial" } });
    expect((await commands.list()).overrides).toHaveLength(1);
  });

  it.each<[Partial<OverrideBody>, string]>([
    [
      { server: "biling" },
      'not_found: Nothing was changed: the configuration in force has no server "biling". Did you mean "billing"?',
    ],
    [{ server: "bil ling\n" }, "not_found: Nothing was changed"],
    [{ tool: "" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "a b" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "a\u200bb" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "a\u0000b" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "\ud800" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "\u202etxt" }, "invalid: Nothing was changed: no tool"],
    [{ tool: "x".repeat(1_001) }, "invalid: Nothing was changed: no tool"],
    [{ reason: " " }, "invalid: Nothing was changed: a reason has 1 to 1000"],
    [{ reason: "x".repeat(1_001) }, "invalid: Nothing was changed: a reason"],
    [{ digest: "AB".repeat(32) }, "invalid: digest: a digest is 64"],
    [{ digest: "" }, "invalid: digest: "],
    [{ class: "harmless" as never }, "invalid: class: "],
    [{ risk: "none" as never }, "invalid: risk: "],
    [{ was: { class: "read" } as never }, "invalid: was.risk: "],
    [{ user: "a b" }, "invalid: user"],
    [{ by: "root" } as never, "invalid: "],
  ])("refuses %j and does nothing", async (more, sentence) => {
    const desk = testOverrides();
    expect(await refusalOf(overrideCommands(desk).override(body(more)))).toContain(sentence);
    expect([desk.store.list(), desk.acts, desk.steps]).toEqual([[], [], []]);
  });

  it("takes no effect where it cannot be recorded, whichever way it goes", async () => {
    for (const is of ["read", "financial"] as const) {
      const desk = testOverrides();
      desk.fail("ledger");
      expect(await refusalOf(overrideCommands(desk).override(body({ class: is })))).toBe(
        "unavailable: The record cannot be written, so nothing was changed.",
      );
      expect([desk.store.list(), desk.steps, desk.waiting.list()]).toEqual([[], [], []]);
    }
  });

  it("takes no effect where it cannot be stored, and the record says so", async () => {
    const desk = testOverrides();
    desk.fail("store");
    expect(await refusalOf(overrideCommands(desk).override(body()))).toBe(
      "unavailable: The store cannot be written, so nothing was changed.",
    );
    expect(desk.steps).toEqual(["recorded", "recorded"]);
    expect(desk.acts.map(({ act }) => act)).toEqual(["tool.override", "tool.override.failed"]);
    expect(desk.store.list()).toEqual([]);
  });

  it("has bounds, and a tool that is overridden already has its place", async () => {
    const desk = testOverrides();
    const commands = overrideCommands(desk);
    for (let index = 0; index < LIMITS.overrides_max; index += 1) {
      await commands.override(body({ tool: `t${String(index)}` }));
    }
    const refused = await refusalOf(commands.override(body({ tool: "more" })));
    expect(refused).toContain(`there are ${String(LIMITS.overrides_max)} overrides already`);
    expect(await refusalOf(commands.override(body({ tool: "t0", class: "write" })))).toBe("done");
  });

  it("and clearing come one after the other, so that each act has what was there before", async () => {
    const desk = testOverrides();
    const handlers = overrideHandlers(desk);
    const ask = (command: string, sent: object) =>
      handlers[command]?.(sent as never) ?? Promise.reject(new Error("none"));
    const clear = { server: "billing", tool: "sweep", reason: "x" };
    await Promise.allSettled([
      ask("overrides.override", body()),
      ask("overrides.override", body({ class: "write" })),
      ask("overrides.clear", clear),
      ask("overrides.clear", clear),
      ask("overrides.override", body({ class: "execute" })),
    ]);
    expect(desk.acts.map(({ act, before }) => [act, before?.["class"]])).toEqual([
      ["tool.override", "execute"],
      ["tool.override", "read"],
      ["tool.override.clear", "write"],
      ["tool.override", "execute"],
    ]);
  });
});

describe("clearing an override", () => {
  it("is recorded with its reason, stored and published", async () => {
    const desk = testOverrides();
    const commands = overrideCommands(desk);
    await commands.override(body({ user: "ana" }));
    desk.steps.length = 0;
    const ask = { server: "billing", tool: "sweep", reason: "a new release", user: "bo" };
    expect(await commands.clear(ask)).toEqual({ cleared: view });
    expect(desk.steps).toEqual(["recorded", "stored", "published"]);
    expect(desk.acts[1]).toMatchObject({
      act: "tool.override.clear",
      by: "test:bo",
      subject: "tool sweep of server billing",
      before: view,
      after: { reason: "a new release" },
    });
    expect((await commands.list()).overrides).toEqual([]);
  });

  it("names what is overridden where the tool is not", async () => {
    const commands = overrideCommands(testOverrides());
    const clear = (server: string, tool: string, reason = "x") =>
      refusalOf(commands.clear({ server, tool, reason }));
    expect(await clear("billing", "sweep")).toBe("not_found: Nothing was changed: no verdict is overridden.");
    await commands.override(body());
    expect(await clear("billing", "swepe")).toBe(
      'not_found: Nothing was changed: of server billing there is no override of tool "swepe". Did you mean "sweep"?',
    );
    expect(await clear("biling", "sweep")).toContain('server "biling". Did you mean "billing"?');
    expect(await clear("billing", "sweep", "")).toContain("a reason has");
  });

  it("works for a server that the configuration no longer has", async () => {
    const desk = testOverrides();
    await overrideCommands(desk).override(body());
    const later = overrideCommands({ ...desk, servers: () => [] });
    expect(await refusalOf(later.clear({ server: "billing", tool: "sweep", reason: "x" }))).toBe("done");
  });

  it("does nothing where it cannot be recorded or stored", async () => {
    for (const broken of ["ledger", "store"]) {
      const desk = testOverrides();
      const commands = overrideCommands(desk);
      await commands.override(body());
      desk.fail(broken);
      const clear = commands.clear({ server: "billing", tool: "sweep", reason: "x" });
      expect(await refusalOf(clear)).toMatch(/^unavailable: .* nothing was changed/);
      expect(desk.store.list()).toHaveLength(1);
      expect(desk.steps.filter((step) => step === "published")).toHaveLength(1);
    }
  });
});
