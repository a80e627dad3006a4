import { LIMITS } from "../base/limits.ts";
import { bind } from "./bind.ts";
import { proofsOf } from "./judge.ts";
import type { Plain } from "./plain.ts";
import { CompileCache, play } from "./play.ts";
import type { AttackOptions, AttackResult, Proof, Refused } from "../catalogue/attacks/result.ts";
import type { Attack } from "./read.ts";
import { refusalsIn } from "./refusals.ts";
import { renamedPolicy } from "./rename.ts";
import type { Roles } from "./roles.ts";
import type { Scenario } from "./scenario.ts";

/** Plays attacks against what is tried, some at a time. In the order of the list; those that were not begun are left out. */
export const runAttacks = async (
  attacks: readonly Attack[],
  options: Omit<AttackOptions, "names">,
): Promise<readonly AttackResult[]> => {
  using cache = new CompileCache();
  const results: AttackResult[] = [];
  const waiting = [...attacks.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) {
        return;
      }
      const [index, attack] = next;
      results[index] = await runAttack(attack, options, cache);
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

const runAttack = async (
  attack: Attack,
  options: Omit<AttackOptions, "names">,
  cache: CompileCache,
): Promise<AttackResult> => {
  const { name, pattern } = attack;
  const judged = await judge(attack, options, cache);
  return { name, pattern, proofs: [], refused: [], tools: {}, policy: pattern.stops.policy, ...judged };
};

const judge = async (
  { pattern, scenario }: Attack,
  { tried, tools, admits }: Omit<AttackOptions, "names">,
  cache: CompileCache,
): Promise<Judged> => {
  const bound = tools === undefined ? { scenario, roles: new Map() } : await bind(scenario, tools, admits);
  if ("missing" in bound) {
    return {
      outcome: "not_applicable",
      why: `The server has no tool that could stand for ${bound.missing.join(", ")}.`,
    };
  }
  try {
    const traces = await play(bound.scenario, { kind: "gate", tried }, cache);
    const hide = masked(traces.secrets);
    const proofs = proofsOf(bound.scenario.through, traces).map(({ says, message }) => ({
      says: hide(says),
      message: hide(message).slice(0, LIMITS.attack_shown_characters_max),
    }));
    const refused = refusalsIn(traces.answers, hide);
    if (proofs.length === 0 && isMisfit(bound.roles, refused)) {
      return {
        outcome: "not_applicable",
        why: "No call of this attack fits the arguments of the tools that could stand for its own.",
      };
    }
    return {
      ...verdict(pattern.stops.by, proofs, refusalOf(bound.scenario, refused)),
      proofs,
      refused,
      ...told(bound.roles, pattern.stops.policy),
    };
  } catch (error) {
    return { outcome: "failed", why: error instanceof Error ? error.message : "It could not be played." };
  }
};

/** Calls of a user's tool that its schema refused say nothing of the policy: it was the attack that was put wrong. */
const isMisfit = (roles: Roles, refused: readonly Refused[]): boolean => {
  const own = [...roles.values()].map(({ tool }) => ` ${tool.profile.name}`);
  const of = refused.filter(({ asked }) => own.some((name) => asked.endsWith(name)));
  return of.length > 0 && of.every(({ code }) => code === "invalid_arguments");
};

const told = (roles: Roles, policy: Plain | undefined): Pick<AttackResult, "tools" | "policy"> => ({
  tools: Object.fromEntries([...roles].map(([name, { tool }]) => [name, tool.profile.name])),
  policy: policy === undefined ? undefined : renamedPolicy(policy, roles),
});

/** Of what was refused, what the attack needed; else the first. */
const refusalOf = ({ through }: Scenario, refused: readonly Refused[]): Refused | undefined =>
  refused.find(({ asked }) =>
    through.some(({ called }) => called !== undefined && asked.endsWith(` ${called}`)),
  ) ?? refused[0];

const verdict = (
  by: Attack["pattern"]["stops"]["by"],
  [proof]: readonly Proof[],
  no: Refused | undefined,
): Pick<AttackResult, "outcome" | "why"> => {
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
