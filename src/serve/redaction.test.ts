import { createSecretKey } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type { SecretFinder } from "../audit/secret.ts";
import { LIMITS } from "../base/limits.ts";
import { DEFAULT_AUDIT, type AuditConfig } from "../config/audit.ts";
import { findByRules } from "../secrets/rules.ts";
import { createMasker } from "../upstream/mask.ts";
import { createRedaction } from "./redaction.ts";

const HELD = "held-by-the-gate-itself";
const TOKEN = "token-of-who-asks-0123456789abcdef";
const BY = { secretNames: () => new Set<string>(), policy: "p", token: TOKEN };
const warnings: string[] = [];

const redactionOf = (audit: Partial<AuditConfig>, find: SecretFinder = findByRules) =>
  createRedaction({
    key: createSecretKey(Buffer.alloc(32, 1)),
    audit: () => ({ ...DEFAULT_AUDIT, ...audit }),
    masker: (
      (masker) => () =>
        masker
    )(createMasker([HELD])),
    find,
    log: { error: () => {}, warn: (message) => void warnings.push(message), info: () => {} },
  });

describe("what the record keeps of arguments", () => {
  it("is their names, at once, without the gate's own secrets in them", () => {
    const kept = redactionOf({}).args({ a: "x", [HELD]: 1, [TOKEN]: 2, "sk-live-aaaabbbbccccdddd": 3 }, BY);
    expect(kept).toMatchObject({ keys: ["a", "[masked]", "[masked]", "[masked: token]"] });
  });

  it("is everything but what the gate itself holds", () => {
    const args = { a: `${HELD}, ${TOKEN} and sk-live-aaaabbbbccccdddd`, n: { [HELD]: 1 } };
    expect(redactionOf({ arguments: "full" }).args(args, BY)).toMatchObject({
      full: { a: "[masked], [masked] and sk-live-aaaabbbbccccdddd", n: { "[masked]": 1 } },
    });
  });

  it("is everything without secrets", async () => {
    const args = { a: `${HELD} ${TOKEN}`, b: "text", password: "x", u: "postgres://u:p4ssw0rd@host/db" };
    expect(await redactionOf({ arguments: "masked" }).args(args, BY)).toMatchObject({
      masked: {
        a: "[masked] [masked]",
        b: "text",
        password: "[masked: name]",
        u: "[masked: database connection string]",
      },
    });
  });

  it("is what the policy that judged the call says, where it says something", () => {
    const redaction = redactionOf({ arguments: "full", argumentsByPolicy: { p: "keys" } });
    expect(redaction.args({ a: 1 }, BY)).toMatchObject({ keys: ["a"] });
    expect(redaction.args({ a: 1 }, { ...BY, policy: "other" })).toMatchObject({ full: { a: 1 } });
    expect(redaction.args({ a: 1 }, { ...BY, policy: "constructor" })).toMatchObject({ full: { a: 1 } });
    expect(redaction.args({ a: 1 }, { ...BY, policy: undefined })).toMatchObject({ full: { a: 1 } });
  });

  it("has the same hash in every mode", async () => {
    const args = { a: HELD };
    const hashes = await Promise.all(
      (["keys", "masked", "full"] as const).map(async (mode) => {
        const { sha256 } = await redactionOf({ arguments: mode }).args(args, BY);
        return sha256;
      }),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it.each<[string, SecretFinder]>([
    ["fails", () => Promise.reject(new Error("of sk-live-aaaabbbbccccdddd"))],
    ["never ends", () => new Promise(() => {})],
  ])("is their names alone where the search for secrets %s", async (_, find) => {
    warnings.length = 0;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const keeping = redactionOf({ arguments: "masked" }, find).args({ a: "x" }, BY);
    await vi.advanceTimersByTimeAsync(LIMITS.redact_ms_max);
    vi.useRealTimers();
    const kept = await keeping;
    expect(kept).toEqual({ keys: ["a"], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(warnings).toEqual([expect.not.stringContaining("sk-live")]);
  });
});
