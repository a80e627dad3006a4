import { LIMITS } from "../base/limits.ts";
import { bind, type Roles } from "./bind.ts";
import { proofsOf } from "./judge.ts";
import type { Plain } from "./plain.ts";
import { play } from "./play.ts";
import type { AttackOptions, AttackResult, Proof, Refused } from "../catalogue/attacks/result.ts";
import type { Attack } from "./read.ts";
import { refusalsIn } from "./refusals.ts";
import { renamedPolicy } from "./rename.ts";

/** Plays attacks against what is tried, some at a time. In the order of the list; those that were not begun are left out. */
export const runAttacks = async (
  attacks: readonly Attack[],
  options: Omit<AttackOptions, "names">,
): Promise<readonly AttackResult[]> => {
  const results: AttackResult[] = [];
  const waiting = [...attacks.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) {
        return;
      }
      const [index, attack] = next;
      results[index] = await runAttack(attack, options);
      done += 1;
      options.onProgress(done, attacks.length);
    }
  };
  options.onProgress(0, attacks.length);
  await Promise.all(Array.from({ length: LIMITS.attack_played_max }, work));
  return results.filter((result) => result !== undefined);
};

type Judged = Pick<AttackResult, "outcome" | "why"> &
  Partial<Pick<AttackResult, "proofs" | "refused" | "tools" | "policy">>;

const runAttack = async (attack: Attack, options: Omit<AttackOptions, "names">): Promise<AttackResult> => {
  const { name, pattern } = attack;
  const judged = await judge(attack, options);
  return { name, pattern, proofs: [], refused: [], tools: {}, policy: pattern.stops.policy, ...judged };
};

const judge = async (
  { pattern, scenario }: Attack,
  { tried, tools, admits }: Omit<AttackOptions, "names">,
): Promise<Judged> => {
  const bound = tools === undefined ? { scenario, roles: new Map() } : await bind(scenario, tools, admits);
  if ("missing" in bound) {
    return {
      outcome: "not_applicable",
      why: `The server has no tool that could stand for ${bound.missing.join(", ")}.`,
    };
  }
  try {
    const traces = await play(bound.scenario, { kind: "gate", tried });
    const hide = masked(traces.secrets);
    const proofs = proofsOf(bound.scenario.through, traces).map(({ says, message }) => ({
      says: hide(says),
      message: hide(message).slice(0, LIMITS.attack_shown_characters_max),
    }));
    const refused = refusalsIn(traces.answers);
    return {
      ...verdict(pattern.stops.by, proofs, refused),
      proofs,
      refused,
      ...told(bound.roles, pattern.stops.policy),
    };
  } catch (error) {
    return { outcome: "failed", why: error instanceof Error ? error.message : "It could not be played." };
  }
};

const told = (roles: Roles, policy: Plain | undefined): Pick<AttackResult, "tools" | "policy"> => ({
  tools: Object.fromEntries([...roles].map(([name, { tool }]) => [name, tool.profile.name])),
  policy: policy === undefined ? undefined : renamedPolicy(policy, roles),
});

const verdict = (
  by: Attack["pattern"]["stops"]["by"],
  proofs: readonly Proof[],
  refused: readonly Refused[],
): Pick<AttackResult, "outcome" | "why"> => {
  const [proof] = proofs;
  const [no] = refused;
  if (proof !== undefined) {
    return by === "nothing"
      ? { outcome: "not_stopped", why: `${proof.says} Nothing in this release stops it.` }
      : { outcome: "through", why: proof.says };
  }
  return {
    outcome: "held",
    why: no === undefined ? "What it was after did not come." : `${no.asked} was refused: ${no.code}.`,
  };
};

const masked =
  (secrets: readonly string[]) =>
  (text: string): string =>
    secrets.reduce((all, secret) => all.replaceAll(secret, "[token]"), text);
