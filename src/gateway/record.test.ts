import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LedgerUnavailable } from "../audit/port.ts";
import type { DecisionRecord, ReservedEntry } from "../audit/record.ts";
import { LIMITS } from "../base/limits.ts";
import { requestFrame } from "../wire/make-frame.ts";
import { receive, type Arrival } from "./edge.ts";
import type { Gate } from "./gate.ts";
import { isRefusal, refusal } from "./refusal.ts";
import { record, recordRefusal } from "./record.ts";
import type { Metered } from "./spend.ts";

const reserved: readonly ReservedEntry[] = [
  { policy: "p", counter: "c", scope: "grant", whose: "g", amount: "1", at: 1_000, window: 60 },
];
const metered = (): Metered => {
  const arrival = { requestId: "r", at: 1_000, transport: "http", server: "one" } as Arrival;
  const identified = {
    received: receive(arrival),
    grant: { name: "g", identity: { name: "i", kind: "person", groups: [] } },
    snapshot: { policies: new Map() },
  };
  const frame = requestFrame(1, "resources/read", { uri: "file:///a" });
  const asked = { identified, frame, sent: frame, revision: "2026-07-28" };
  const verdict = { decision: { decision: "allow", code: "allowed", message: "" } };
  const redacted = { args: null, permitted: { asked } };
  return { redacted, permitted: { asked }, verdict, reserved } as unknown as Metered;
};

/** A ledger that takes its time, and what it and the counters are told. */
const gateWith = (append: (line: DecisionRecord) => void | Promise<void>) => {
  const told: unknown[] = [];
  const gate = {
    clock: { now: () => 1_000 },
    ledger: { append, abandon: (id: string) => told.push(["abandon", id]) },
    counters: { release: (entries: unknown) => told.push(["release", entries]) },
    log: { error: () => undefined },
    redaction: { name: (text: string) => text },
  } as unknown as Gate;
  return { gate, told };
};

describe("a record that cannot be kept", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("and is waited for in vain is abandoned where its charge is given back", async () => {
    let id = "";
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { gate, told } = gateWith((line) => {
      id = line.id;
      return promise;
    });
    const refused = record(gate, metered());
    await vi.advanceTimersByTimeAsync(LIMITS.audit_ms_max - 1);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const answer = await refused;
    expect(isRefusal(answer) && answer.decision?.code).toBe("audit_unavailable");
    expect(told).toEqual([
      ["abandon", id],
      ["release", reserved],
    ]);
    resolve(undefined);
  });

  it("is refused, and what is recorded is not", async () => {
    const full = gateWith(() => {
      throw new LedgerUnavailable("the queue is full");
    });
    expect(isRefusal(await record(full.gate, metered()))).toBe(true);
    expect(full.told).toContainEqual(["release", reserved]);
    const well = gateWith(() => Promise.resolve());
    expect(isRefusal(await record(well.gate, metered()))).toBe(false);
    expect(well.told).toEqual([]);
  });
});

describe("the record of a call that is refused", () => {
  it.each([
    ["overloaded", { keys: ["a"], sha256: "0" }],
    ["upstream_unavailable", { masked: { a: 1 }, sha256: "0" }],
  ] as const)("as %s has of its arguments what is worth the work", async (code, args) => {
    const lines: DecisionRecord[] = [];
    const { gate } = gateWith((line) => void lines.push(line));
    const redaction = {
      ...gate.redaction,
      args: () => Promise.resolve({ masked: { a: 1 }, sha256: "0" }),
      argNames: () => ({ keys: ["a"], sha256: "0" }),
    };
    const { asked } = metered().permitted;
    const { received, grant, snapshot } = asked.identified;
    const credential = { kind: "none" };
    const told = {
      ...asked,
      identified: { grant, snapshot, received: { arrival: { ...received.arrival, credential } } },
      frame: requestFrame(1, "tools/call", { name: "t", arguments: { a: 1 } }),
    } as unknown as typeof asked;
    await recordRefusal({ ...gate, redaction }, refusal(received, code, { grant, asked: told }));
    expect(lines).toMatchObject([{ code, args }]);
  });
});
