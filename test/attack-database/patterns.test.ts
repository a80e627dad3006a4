import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OPEN } from "../../src/attack/gate-config.ts";
import { proofsOf } from "../../src/attack/judge.ts";
import { CompileCache, play } from "../../src/attack/play.ts";
import { readAttacks, type Attack } from "../../src/attack/read.ts";
import { runAttack } from "../../src/attack/run.ts";
import { isLong } from "../faults/support.ts";
import { ROOT } from "../support/gateway.ts";

// Every attack of the database works where nothing stops it, and is held where its page says so.

const { attacks, problems } = readAttacks(join(ROOT, "attacks"));

const cache = new CompileCache();
afterAll(() => cache[Symbol.dispose]());

/** Under the name that a failure is to have. */
const byName = (which: (attack: Attack) => boolean) =>
  attacks.filter(which).map((attack) => [attack.name, attack] as const);

const proofs = async ({ scenario }: Attack, between: Parameters<typeof play>[1]) =>
  proofsOf(scenario.through, await play(scenario, between, cache));

/** What comes of it at a gate with what its page recommends. */
const outcome = async (attack: Attack) => {
  const { policy, gateway, server } = attack.pattern.stops;
  const tried = { policy: policy === undefined ? OPEN : JSON.stringify(policy), gateway, server };
  const result = await runAttack(
    attack,
    {
      tried,
      tools: undefined,
      policy: { judge: async (calls) => calls.map(() => "allowed"), ruleOf: () => undefined },
    },
    cache,
  );
  return `${result.outcome}: ${result.why}`;
};

describe("the attack database", () => {
  it("is read whole", () => {
    expect(problems).toEqual([]);
  });
});

describe("where there is no gate", () => {
  it.each(byName(() => true))("%s gets through", async (_, attack) => {
    expect(await proofs(attack, { kind: "nothing" })).not.toEqual([]);
  });
});

describe("a gate with what is recommended", () => {
  it.each(byName(({ pattern }) => pattern.stops.by !== "nothing"))("holds %s", async (_, attack) => {
    expect(await outcome(attack)).toMatch(/^held: /u);
  });

  // What is held all the same is to be marked so on its page.
  it.each(byName(({ pattern }) => pattern.stops.by === "nothing"))(
    "does not stop %s yet",
    async (_, attack) => {
      expect(await outcome(attack)).toMatch(/^not_stopped: /u);
    },
  );
});

/** What a policy or a setting holds, nothing else of the gate does. All of them take two minutes more: the short form has a few. */
const FEW: ReadonlySet<string> = new Set(["flood-of-output", "path-escape", "tool-poisoning"]);
const byRule = ({ name, pattern }: Attack): boolean =>
  ["policy", "setting"].includes(pattern.stops.by) && (isLong || FEW.has(name));

describe("a gate that allows everything", () => {
  it.each(byName(byRule))("lets %s through", async (_, attack) => {
    expect(await proofs(attack, { kind: "gate", tried: { policy: OPEN } })).not.toEqual([]);
  });
});
