import { describe, expect, it } from "vitest";
import type { DecisionRecord, OutcomeRecord } from "../audit/record.ts";
import type { StoredFreeze } from "../grant/port.ts";
import { validPolicy } from "../policy/testing/calls.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { notificationFrame, requestFrame } from "../wire/make-frame.ts";
import { announce, type Announced } from "./announce.ts";
import { Asks } from "./asks.ts";
import { receive, type Arrival } from "./edge.ts";
import { compileFreezes } from "./freezes.ts";
import type { Gate } from "./gate.ts";
import type { Server } from "./server.ts";
import { Session } from "./session.ts";
import { Streams } from "./streams.ts";

const now = (): number => 1_000_000;
const initialize: RequestFrame = requestFrame(1, "initialize", {});
const METHOD = "vendor/wipe";

/** A notification in a session whose server cannot be reached: why is told by what is thrown. */
const announcedWith = (thrown: Error, freezes: readonly StoredFreeze[] = []): Announced => {
  const session = new Session({
    id: "s",
    mark: "m",
    grant: "g",
    local: undefined,
    path: "one",
    revision: "2025-11-25",
    client: undefined,
    capabilities: {},
    initialize,
    streams: new Streams(now),
    asks: new Asks(),
    pipe: undefined,
    reopen: () => Promise.reject(thrown),
  });
  const set = validPolicy({ version: "1", default: "deny", methods: [METHOD] });
  const arrival = { requestId: "r", at: now(), transport: "http", server: "one" } as Arrival;
  const grant = { name: "g", identity: { name: "i", kind: "person", groups: [] }, policy: "p" };
  const identified = {
    received: receive(arrival),
    grant,
    snapshot: { policies: new Map([["p", { set, sha256: "" }]]), freezes: compileFreezes(freezes) },
  };
  const frame = notificationFrame(METHOD, {});
  const asked = { identified, frame, session, revision: "2025-11-25" } as unknown as Announced["asked"];
  return { asked, session, server: { name: "one" } as Server, frame };
};

const gateWith = (lines: (DecisionRecord | OutcomeRecord)[]): Gate =>
  ({
    clock: { now },
    redaction: { name: (text: string) => text },
    ledger: {
      append: (line: DecisionRecord) => void lines.push(line),
      outcome: (line: OutcomeRecord) => void lines.push(line),
    },
  }) as unknown as Gate;

describe("a notification that fails", () => {
  it("has an outcome on record, whatever it failed of", async () => {
    const lines: (DecisionRecord | OutcomeRecord)[] = [];
    const gone = new UpstreamFailure("never_ran", "gone");
    expect(await announce(gateWith(lines), announcedWith(gone))).toBeUndefined();
    const broken = new TypeError("broken");
    await expect(announce(gateWith(lines), announcedWith(broken))).rejects.toBe(broken);
    expect(lines).toMatchObject([
      { decision: "allow", method: METHOD },
      { id: lines[0]?.id, outcome: "unavailable" },
      { decision: "allow", method: METHOD },
      { id: lines[2]?.id, outcome: "unknown" },
    ]);
  });
});

describe("a notification to what is frozen", () => {
  it("is refused, and not told to the server", async () => {
    const all = { server: undefined, grant: undefined, identity: undefined, tool: undefined };
    const freeze = { ...all, id: "1", reason: "r", by: "b", at: 0, until: undefined };
    const lines: (DecisionRecord | OutcomeRecord)[] = [];
    const told = announcedWith(new TypeError("told"), [freeze]);
    expect(await announce(gateWith(lines), told)).toMatchObject({ decision: { code: "frozen" } });
    expect(lines).toEqual([]);
  });
});
