import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proofsOf } from "../../src/attack/judge.ts";
import { play } from "../../src/attack/play.ts";
import { readAttacks, type Attack } from "../../src/attack/read.ts";
import { ROOT } from "../support/gateway.ts";

// Every attack of the database works where nothing stops it, and is held where its page says so.

const OPEN = { version: "1", default: "allow" };

const { attacks, problems } = readAttacks(join(ROOT, "attacks"));

const named = attacks.map((attack) => [attack.name, attack] as const);

describe("the attack database", () => {
  it("is read whole", () => {
    expect(problems).toEqual([]);
  });
});

describe.each(named)("%s", (_, { pattern, scenario }: Attack) => {
  const proofs = async (between: Parameters<typeof play>[1]) =>
    proofsOf(scenario.through, await play(scenario, between));

  it("gets through where there is no gate", async () => {
    expect(await proofs({ kind: "nothing" })).not.toEqual([]);
  });

  const stopped = pattern.stops.by !== "nothing";
  const { policy = OPEN, gateway, server } = pattern.stops;
  const recommended = { kind: "gate", tried: { policy, gateway, server } } as const;

  it.runIf(stopped)("is held", async () => {
    expect(await proofs(recommended)).toEqual([]);
  });

  // Marked as not stopped, and held: the page is to be mended.
  it.runIf(!stopped)("is not stopped yet", async () => {
    expect(await proofs(recommended)).not.toEqual([]);
  });

  it.runIf(["policy", "setting"].includes(pattern.stops.by))(
    "gets through a gate that allows everything",
    async () => {
      expect(await proofs({ kind: "gate", tried: { policy: OPEN } })).not.toEqual([]);
    },
  );
});
