import { describe, expect, it } from "vitest";
import type { GrantMark, StoredGrant } from "./port.ts";
import { buildGrants, endedGrants, type DeclaredGrant, type GrantSources } from "./table.ts";
import { hashToken } from "./token.ts";

const CI = { name: "ci", kind: "service", groups: ["automation"] } as const;

const declare = (name: string, more: Partial<DeclaredGrant> = {}): DeclaredGrant => ({
  name,
  identity: "ci",
  servers: ["one"],
  policy: "open",
  tokenSha256: hashToken(`token of ${name}`),
  expiresAt: undefined,
  timezone: "UTC",
  holdMs: 1_000,
  ...more,
});

const stored = (name: string, more: Partial<StoredGrant> = {}): StoredGrant => ({
  name,
  identity: "ci",
  servers: ["one", "two"],
  policy: undefined,
  tokenSha256: hashToken(`token of ${name}`),
  expiresAt: undefined,
  timezone: "UTC",
  createdAt: 0,
  ...more,
});

const mark = (name: string, more: Partial<GrantMark> = {}): GrantMark => ({
  name,
  tokenSha256: undefined,
  revokedAt: undefined,
  expiredSeenAt: undefined,
  ...more,
});

const table = (sources: Partial<GrantSources>) =>
  buildGrants({ declared: [], identities: [CI], stored: [], marks: [], onExpired: () => {}, ...sources });

const reasonOf = (identified: ReturnType<ReturnType<typeof table>["identify"]>): string =>
  identified.ok ? identified.grant.name : identified.reason;

describe("a token", () => {
  it("is its grant's, whether the file or the store has it", () => {
    const grants = table({ declared: [declare("a")], stored: [stored("b")] });
    expect(grants.identify("token of a", 0)).toMatchObject({
      ok: true,
      grant: { name: "a", identity: CI, servers: ["one"], policy: "open", source: "file", holdMs: 1_000 },
    });
    expect(grants.identify("token of b", 0)).toMatchObject({
      ok: true,
      grant: { name: "b", servers: ["one", "two"], policy: undefined, source: "store", holdMs: 55_000 },
    });
  });

  it("that is nobody's is unknown, and so is a hash used as a token", () => {
    const grants = table({ declared: [declare("a")] });
    for (const token of ["", "token of b", "Token of a", hashToken("token of a"), "\0"]) {
      expect(reasonOf(grants.identify(token, 0))).toBe("unknown");
    }
    expect(reasonOf(table({}).identify("", 0))).toBe("unknown");
  });

  it("of two grants is the file's", () => {
    const grants = table({
      declared: [declare("a")],
      stored: [stored("b", { tokenSha256: hashToken("token of a") })],
    });
    expect(reasonOf(grants.identify("token of a", 0))).toBe("a");
    expect(grants.live("b", 0)).toBeUndefined();
  });

  it("minted for a declared grant without one is in the mark", () => {
    const minted = mark("a", { tokenSha256: hashToken("minted") });
    const without = declare("a", { tokenSha256: undefined });
    expect(reasonOf(table({ declared: [without], marks: [minted] }).identify("minted", 0))).toBe("a");
    expect(reasonOf(table({ declared: [declare("a")], marks: [minted] }).identify("minted", 0))).toBe(
      "unknown",
    );
    expect(table({ declared: [without] }).list(0)).toMatchObject([{ name: "a", state: "no_token" }]);
  });
});

describe("a revoked grant", () => {
  it("is refused, and another token in the file is a new start", () => {
    const marks = [mark("a", { tokenSha256: hashToken("token of a"), revokedAt: 5 })];
    expect(reasonOf(table({ declared: [declare("a")], marks }).identify("token of a", 10))).toBe("revoked");
    const renewed = table({ declared: [declare("a", { tokenSha256: hashToken("new") })], marks });
    expect(reasonOf(renewed.identify("new", 10))).toBe("a");
    expect(reasonOf(renewed.identify("token of a", 10))).toBe("unknown");
  });

  it("without a token in its mark is revoked whatever token it has", () => {
    const grants = table({ stored: [stored("b")], marks: [mark("b", { revokedAt: 5 })] });
    expect(reasonOf(grants.identify("token of b", 10))).toBe("revoked");
    expect(grants.live("b", 10)).toBeUndefined();
    expect(grants.list(10)).toMatchObject([{ name: "b", state: "revoked" }]);
  });
});

describe("a grant that expires", () => {
  it("is refused from that millisecond on", () => {
    const grants = table({ declared: [declare("a", { expiresAt: 1_000 })] });
    expect(reasonOf(grants.identify("token of a", 999))).toBe("a");
    expect(reasonOf(grants.identify("token of a", 1_000))).toBe("expired");
  });

  it("stays expired if the clock goes back, and says so once", () => {
    const seen: (readonly [string, number])[] = [];
    const grants = table({
      declared: [declare("a", { expiresAt: 1_000 })],
      onExpired: (name, at) => seen.push([name, at]),
    });
    expect(reasonOf(grants.identify("token of a", 2_000))).toBe("expired");
    expect(reasonOf(grants.identify("token of a", 10))).toBe("expired");
    expect(grants.live("a", 10)).toBeUndefined();
    expect(seen).toEqual([["a", 2_000]]);
  });

  it("stays expired in the next process, by its mark, until the file gives it more time", () => {
    const marks = [mark("a", { expiredSeenAt: 2_000 })];
    const seen: string[] = [];
    const onExpired = (name: string): number => seen.push(name);
    const same = table({ declared: [declare("a", { expiresAt: 1_000 })], marks, onExpired });
    expect(reasonOf(same.identify("token of a", 10))).toBe("expired");
    const longer = table({ declared: [declare("a", { expiresAt: 3_000 })], marks, onExpired });
    expect(reasonOf(longer.identify("token of a", 10))).toBe("a");
    expect(seen).toEqual([]);
  });
});

describe("what has expired", () => {
  it("is told once, so that what is open can be ended", () => {
    const grants = table({
      declared: [declare("a", { expiresAt: 1_000 }), declare("b", { expiresAt: 2_000 }), declare("c")],
    });
    expect(grants.newlyExpired(500)).toEqual([]);
    expect(grants.newlyExpired(1_500)).toEqual(["a"]);
    expect(grants.newlyExpired(2_500)).toEqual(["b"]);
    expect(grants.newlyExpired(3_000)).toEqual([]);
  });
});

describe("a list of grants", () => {
  it("tells of each what it is, and why it cannot be used", () => {
    const grants = table({
      declared: [declare("a"), declare("nobody", { identity: "gone" }), declare("old", { expiresAt: 5 })],
      stored: [stored("b"), stored("a", { tokenSha256: hashToken("another") })],
    });
    expect(grants.list(10).map(({ name, source, state }) => [name, source, state])).toEqual([
      ["a", "file", "live"],
      ["nobody", "file", "no_identity"],
      ["old", "file", "expired"],
      ["b", "store", "live"],
      ["a", "store", "shadowed"],
    ]);
    expect(JSON.stringify(grants.list(10))).not.toContain(hashToken("token of a"));
    expect(reasonOf(grants.identify("another", 10))).toBe("unknown");
    expect(reasonOf(grants.identify("token of nobody", 10))).toBe("unknown");
  });
});

describe("grants that ended between two tables", () => {
  it("are those gone, revoked, expired, or reaching less", () => {
    const before = table({
      declared: [
        declare("kept"),
        declare("gone"),
        declare("cut", { servers: ["one", "two"] }),
        declare("moved"),
      ],
      stored: [stored("revoked"), stored("rotated"), stored("never", { tokenSha256: undefined })],
    });
    const after = table({
      declared: [
        declare("kept", { policy: "other", servers: ["one", "two"] }),
        declare("cut"),
        declare("moved", { identity: "x" }),
      ],
      identities: [CI, { ...CI, name: "x" }],
      stored: [stored("revoked"), stored("rotated", { tokenSha256: hashToken("new") })],
      marks: [mark("revoked", { revokedAt: 1 })],
    });
    expect(endedGrants(before, after, 10)).toEqual(["gone", "cut", "moved", "revoked", "rotated"]);
  });
});
