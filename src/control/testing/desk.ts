import type { WaitingActs } from "../../audit/port.ts";
import type { AdminRecord } from "../../audit/record.ts";
import type { GrantMark, GrantStore, StoredGrant } from "../../grant/port.ts";
import type { Declared, GrantDesk } from "../commands/grant-desk.ts";

/** Grants in memory, in the order they were put. */
const memoryGrants = (): GrantStore => {
  const grants = new Map<string, StoredGrant>();
  const marks = new Map<string, GrantMark>();
  return {
    list: () => [...grants.values()],
    marks: () => [...marks.values()],
    put: (grant) => void grants.set(grant.name, grant),
    remove: (name) => grants.delete(name),
    mark: (mark) => void marks.set(mark.name, mark),
  };
};

export const DECLARED: Declared = {
  grants: [
    {
      name: "declared",
      identity: "ci",
      servers: ["one"],
      policy: "open",
      tokenSha256: undefined,
      expiresAt: undefined,
      timezone: "UTC",
      holdMs: 0,
    },
    {
      name: "with-token",
      identity: "ci",
      servers: ["one"],
      policy: "open",
      tokenSha256: "ab".repeat(32),
      expiresAt: undefined,
      timezone: "UTC",
      holdMs: 0,
    },
  ],
  identities: [{ name: "ci", kind: "service", groups: [] }],
  servers: ["one", "two"],
  policies: ["open"],
};

/** A desk in memory that keeps what it records and counts what it publishes. */
export interface TestDesk extends GrantDesk {
  readonly acts: AdminRecord[];
  readonly published: () => number;
  /** Makes the ledger refuse from now on. */
  readonly breakLedger: () => void;
}

/** Acts in memory that wait for the record. */
export const memoryWaiting = (): WaitingActs => {
  const acts = new Map<string, AdminRecord>();
  return {
    list: () => [...acts.values()],
    put: (act) => void acts.set(act.id, act),
    remove: (id) => void acts.delete(id),
  };
};

export const testDesk = (now: () => number = () => 1_000): TestDesk => {
  const acts: AdminRecord[] = [];
  let published = 0;
  let broken = false;
  return {
    store: memoryGrants(),
    waiting: memoryWaiting(),
    holds: false,
    ledger: {
      admin: (record) => {
        if (broken) {
          throw new Error("no room on the device");
        }
        acts.push(record);
      },
    },
    declared: () => DECLARED,
    clock: { now },
    by: "test",
    publish: () => {
      published += 1;
    },
    acts,
    published: () => published,
    breakLedger: () => {
      broken = true;
    },
  };
};
