import { hash as digest, timingSafeEqual } from "node:crypto";
import { LIMITS } from "../base/limits.ts";
import type { Grant, Identity } from "./grant.ts";
import type { GrantMark, StoredGrant } from "./port.ts";

/** A grant as the configuration file declares it. */
export interface DeclaredGrant {
  readonly name: string;
  readonly identity: string;
  readonly servers: readonly string[];
  readonly policy: string | undefined;
  readonly tokenSha256: string | undefined;
  readonly expiresAt: number | undefined;
  readonly timezone: string;
  readonly holdMs: number;
}

/** Everything that is known of grants, from the file and from the store. */
export interface GrantSources {
  readonly declared: readonly DeclaredGrant[];
  readonly identities: readonly Identity[];
  readonly stored: readonly StoredGrant[];
  readonly marks: readonly GrantMark[];
  /** Told once for each grant that is seen expired, so that it can be marked: it stays so if the clock goes back. */
  readonly onExpired: (name: string, nowMs: number) => void;
}

export type Identified =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly reason: "unknown" | "expired" | "revoked" };

/** `no_token`: none was ever given to it. `no_identity`: the file no longer has its identity. `shadowed`: the file declares another of this name. */
export type GrantState = "live" | "expired" | "revoked" | "no_token" | "no_identity" | "shadowed";

export interface ListedGrant {
  readonly name: string;
  readonly identity: string;
  readonly servers: readonly string[];
  readonly policy: string | undefined;
  readonly expiresAt: number | undefined;
  readonly timezone: string;
  readonly source: "file" | "store";
  readonly state: GrantState;
}

/** Who may ask, as one immutable value but for what it has seen expire. */
export interface GrantTable {
  /** Whose token this is. Unknown, expired and revoked take the same work and time. */
  readonly identify: (token: string, nowMs: number) => Identified;
  /** A grant by its name, while it may be used. */
  readonly live: (name: string, nowMs: number) => Grant | undefined;
  readonly list: (nowMs: number) => readonly ListedGrant[];
  /** Names of grants that have expired since this was last asked: what they have open must end. */
  readonly newlyExpired: (nowMs: number) => readonly string[];
}

interface Entry {
  readonly grant: Grant;
  readonly hash: Buffer;
  readonly revoked: boolean;
  /** Latest time at which it was seen expired; milliseconds since the epoch. */
  expiredSeenAt: number | undefined;
  /** Whether `newlyExpired` has named it. */
  told: boolean;
}

export const buildGrants = (sources: GrantSources): GrantTable => {
  const rows = rowsOf(sources);
  const byHash = new Map<string, Entry>();
  const byName = new Map<string, Entry>();
  for (const { entry } of rows) {
    // Two grants with one token cannot be told apart: the file's, which comes first, has it.
    if (entry !== undefined && !byHash.has(entry.grant.tokenSha256 ?? "")) {
      byHash.set(entry.grant.tokenSha256 ?? "", entry);
      byName.set(entry.grant.name, entry);
    }
  }
  const stateOf = (entry: Entry, nowMs: number): "live" | "expired" | "revoked" => {
    const expired = hasExpired(entry, nowMs, sources.onExpired);
    return entry.revoked ? "revoked" : expired ? "expired" : "live";
  };
  return {
    identify: (token, nowMs) => {
      const hash = digest("sha256", token, "buffer");
      const entry = byHash.get(hash.toString("hex"));
      const same = timingSafeEqual(hash, (entry ?? NOBODY).hash);
      const state = stateOf(entry ?? NOBODY, nowMs);
      if (entry === undefined || !same) {
        return { ok: false, reason: "unknown" };
      }
      return state === "live" ? { ok: true, grant: entry.grant } : { ok: false, reason: state };
    },
    live: (name, nowMs) => {
      const entry = byName.get(name);
      return entry !== undefined && stateOf(entry, nowMs) === "live" ? entry.grant : undefined;
    },
    list: (nowMs) =>
      rows.map((row) => row.listAs(row.entry === undefined ? row.state : stateOf(row.entry, nowMs))),
    newlyExpired: (nowMs) => {
      const expired = [...byName.values()].filter(
        (entry) => !entry.told && stateOf(entry, nowMs) === "expired",
      );
      for (const entry of expired) {
        entry.told = true;
      }
      return expired.map(({ grant }) => grant.name);
    },
  };
};

const hasExpired = (entry: Entry, nowMs: number, onExpired: GrantSources["onExpired"]): boolean => {
  const { expiresAt, name } = entry.grant;
  if (expiresAt === undefined) {
    return false;
  }
  // Seen expired before it expires: the file has given it more time since.
  if (entry.expiredSeenAt !== undefined && entry.expiredSeenAt >= expiresAt) {
    return true;
  }
  if (nowMs < expiresAt) {
    return false;
  }
  entry.expiredSeenAt = nowMs;
  onExpired(name, nowMs);
  return true;
};

/** Stands in for a grant that is not there, so that looking for one costs as much as finding one. */
const NOBODY: Entry = {
  grant: {
    name: "",
    identity: { name: "", kind: "service", groups: [] },
    servers: [],
    policy: undefined,
    tokenSha256: undefined,
    expiresAt: undefined,
    timezone: "UTC",
    holdMs: 0,
    source: "store",
  },
  hash: Buffer.alloc(32),
  revoked: true,
  expiredSeenAt: undefined,
  told: false,
};

interface Row {
  readonly listAs: (state: GrantState) => ListedGrant;
  /** Absent where no token could ever fit. */
  readonly entry: Entry | undefined;
  /** Where there is no entry: why. */
  readonly state: GrantState;
}

const rowsOf = (sources: GrantSources): readonly Row[] => {
  const identities = new Map(sources.identities.map((identity) => [identity.name, identity]));
  const marks = new Map(sources.marks.map((mark) => [mark.name, mark]));
  const declared = new Set(sources.declared.map(({ name }) => name));
  const row = (facts: DeclaredGrant, source: "file" | "store", mark: GrantMark | undefined): Row => {
    const { name, servers, policy, expiresAt, timezone, holdMs } = facts;
    const listAs = (state: GrantState): ListedGrant => {
      return { name, identity: facts.identity, servers, policy, expiresAt, timezone, source, state };
    };
    const identity = identities.get(facts.identity);
    const tokenSha256 = facts.tokenSha256 ?? mark?.tokenSha256;
    if (identity === undefined || tokenSha256 === undefined) {
      return { listAs, entry: undefined, state: identity === undefined ? "no_identity" : "no_token" };
    }
    const grant: Grant = {
      name,
      identity,
      servers,
      policy,
      tokenSha256,
      expiresAt,
      timezone,
      holdMs,
      source,
    };
    const entry: Entry = {
      grant,
      hash: Buffer.from(tokenSha256, "hex"),
      revoked: isRevoked(mark, tokenSha256),
      expiredSeenAt: mark?.expiredSeenAt,
      told: false,
    };
    return { listAs, entry, state: "live" };
  };
  return [
    ...sources.declared.map((grant) => row(grant, "file", marks.get(grant.name))),
    ...sources.stored.map((stored) => {
      const facts = row({ ...stored, holdMs: LIMITS.hold_ms }, "store", marks.get(stored.name));
      return declared.has(stored.name)
        ? { listAs: facts.listAs, entry: undefined, state: "shadowed" as const }
        : facts;
    }),
  ];
};

/** A revocation is of the token that the mark holds; another one in the file is a new start. */
const isRevoked = (mark: GrantMark | undefined, tokenSha256: string): boolean =>
  mark?.revokedAt !== undefined && (mark.tokenSha256 === undefined || mark.tokenSha256 === tokenSha256);

/**
 * Names of grants that could be used under `before` and cannot be used in the same way under `after`: gone, revoked,
 * expired, with another token or identity, or without one of its servers. What they have open must end. (A policy is
 * asked at every call and ends nothing.)
 */
export const endedGrants = (before: GrantTable, after: GrantTable, nowMs: number): readonly string[] =>
  before.list(nowMs).flatMap(({ name }) => {
    const old = before.live(name, nowMs);
    const now = after.live(name, nowMs);
    return old === undefined || (now !== undefined && sameReach(old, now)) ? [] : [name];
  });

const sameReach = (old: Grant, now: Grant): boolean =>
  old.tokenSha256 === now.tokenSha256 &&
  old.identity.name === now.identity.name &&
  old.servers.every((server) => now.servers.includes(server));
