import { LIMITS } from "../base/limits.ts";
import { bind, type Bound } from "./bind/bind.ts";
import { clearFolders, endsAtOnce } from "./folders.ts";
import { OPEN } from "./gate-config.ts";
import { proofsOf, unseen, type Traces } from "./judge.ts";
import { admitting, offeredIn } from "./bind/admitting.ts";
import { refusedPremise } from "./bind/premise.ts";
import { doubtOf, withoutDoubted } from "./doubt.ts";
import { isRecord, plainOf } from "./plain.ts";
import { CompileCache, play, type Between } from "./play.ts";
import type { AttackOptions, AttackResult, Proof, Refused, Tried } from "../catalogue/attacks/result.ts";
import type { Attack } from "./read.ts";
import { refusalsIn } from "./refusals.ts";
import type { Roles } from "./bind/roles.ts";
import type { Scenario } from "./scenario.ts";
import { closedOf, triedProposal, type Proposed } from "./propose/trial.ts";

/** Plays attacks against what is tried, some at a time. In the order of the list; those that were not begun are left out. */
export const runAttacks = async (
  attacks: readonly Attack[],
  options: Omit<AttackOptions, "names">,
): Promise<readonly AttackResult[]> => {
  clearFolders();
  using _ = endsAtOnce(options.signal);
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

type Played = Pick<AttackOptions, "tried" | "tools" | "policy">;
type Judged = Pick<AttackResult, "outcome" | "why"> &
  Partial<Pick<AttackResult, "proofs" | "refused" | "tools" | "premise">> &
  Proposed;

/** Plays one, and judges it. */
export const runAttack = async (
  attack: Attack,
  options: Played,
  cache: CompileCache,
): Promise<AttackResult> => {
  const { name, pattern } = attack;
  const judged = await judge(attack, options, cache);
  return { name, pattern, proofs: [], refused: [], tools: {}, ...judged };
};

const judge = async (attack: Attack, options: Played, cache: CompileCache): Promise<Judged> => {
  const { pattern } = attack;
  const { tried, tools, policy } = options;
  try {
    const bound = await bind(attack, tools, policy);
    if ("why" in bound) {
      return { outcome: "not_applicable", why: bound.why };
    }
    const { scenario, roles, premise } = bound;
    const own = { ...tried, policy: admitting(tried.policy, premise, offeredIn(scenario)) };
    const traces = await play(scenario, { kind: "gate", tried: own }, cache);
    const hide = masked(traces.secrets);
    const proofs = proofsOf(scenario.through, traces).map(({ says, message }) => ({
      says: hide(says),
      message: hide(message).slice(0, LIMITS.attack_shown_characters_max),
    }));
    const refused = refusalsIn(traces.answers, hide).filter(
      ({ message }) => !errorsOf(scenario).has(message),
    );
    if (proofs.length === 0) {
      expectPlayed(traces, refused);
      const closed = refusedPremise(refused, premise);
      if (closed !== undefined) {
        return {
          outcome: "not_applicable",
          why: `Your policy refuses ${closed}, a tool of the scenario's own.`,
        };
      }
      if (isMisfit(roles, refused) || !(await works(bound, pattern.stops.by, tried, cache))) {
        return {
          outcome: "not_applicable",
          why: "With your tools in its place this attack does not work, even where nothing stops it.",
        };
      }
    }
    return {
      ...(proofs.length === 0
        ? await surely(attack, bound, heldBy(attack, bound, refused, plainOf(own.policy), hide), own, cache)
        : gotThrough(pattern.stops.by, proofs)),
      proofs,
      refused,
      ...playedWith(bound),
      ...(proofs.length === 0 ? {} : await proposed(attack, bound, options, cache)),
    };
  } catch (error) {
    return { outcome: "failed", why: error instanceof Error ? error.message : "It could not be played." };
  }
};

const playedWith = ({
  roles,
  premise,
}: Extract<Bound, { scenario: Scenario }>): Pick<AttackResult, "tools" | "premise"> => ({
  tools: Object.fromEntries([...roles].map(([name, { tool }]) => [name, tool.profile.name])),
  ...(premise.length === 0 ? {} : { premise }),
});

/** What the hostile server says as an error of its own is no refusal of the gate. */
const errorsOf = ({ servers }: Scenario): ReadonlySet<string> =>
  new Set(
    Object.values(servers).flatMap(({ tools = [] }) =>
      tools.flatMap(({ answers = [] }) => answers.flatMap(({ error }) => error?.message ?? [])),
    ),
  );

/** That nothing came of an attack says something only where all of it arrived. Throws otherwise. */
const expectPlayed = ({ answers, dead }: Traces, refused: readonly Refused[]): void => {
  if (dead !== undefined) {
    throw new Error(`A process of the scenario ended too early. ${dead}`);
  }
  const silent = answers.find(({ status }) => status === undefined);
  if (silent !== undefined) {
    throw new Error(`There was no answer to ${silent.asked}.`);
  }
  const unreached = refused.find(({ code }) => UNREACHED.has(code));
  if (unreached !== undefined) {
    throw new Error(`The hostile server was not reached (${unreached.code}): ${unreached.message}`);
  }
};

/** Errors of a gate that does not reach a server, or has too many calls under way (docs/clients.md). */
const UNREACHED: ReadonlySet<string> = new Set(["error 1001", "error 1004"]);

/**
 * Whether the attack gets through where nothing stops it: with tools that it was not written for it need not, and that it
 * was held would say nothing of the policy. With its own it does; every one of them is tested so.
 */
const works = async (
  { scenario, roles }: Extract<Bound, { scenario: Scenario }>,
  by: Attack["pattern"]["stops"]["by"],
  { identity, timezone, names }: Tried,
  cache: CompileCache,
): Promise<boolean> => {
  if (roles.size === 0) {
    return true;
  }
  const between: Between =
    by === "gate"
      ? { kind: "nothing" }
      : {
          kind: "gate",
          tried: { policy: OPEN, identity, timezone, ...(names === undefined ? {} : { names }) },
        };
  return proofsOf(scenario.through, await play(scenario, between, cache)).length > 0;
};

/** Calls of a user's tool that its schema refused say nothing of the policy: it was the attack that was put wrong. */
const isMisfit = (roles: Roles, refused: readonly Refused[]): boolean => {
  const own = [...roles.values()].map(({ tool }) => ` ${tool.profile.name}`);
  const of = refused.filter(({ asked }) => own.some((name) => asked.endsWith(name)));
  return of.length > 0 && of.every(({ code }) => code === "invalid_arguments");
};

/** Of what got through and a policy stops: what put into this one holds it. */
const proposed = async (
  { pattern: { needs, stops }, scenario }: Attack,
  bound: Extract<Bound, { scenario: Scenario }>,
  { tried, tools, policy }: Played,
  cache: CompileCache,
): Promise<Proposed> => {
  const { roles, premise } = bound;
  if (stops.by !== "policy" || stops.policy === undefined) {
    return {};
  }
  const names = [
    ...Object.values(bound.scenario.servers).flatMap((server) => server.tools ?? []),
    ...(tools ?? []),
  ].map(({ definition }) => String(definition["name"]));
  return triedProposal(
    {
      recommended: stops.policy,
      scenario,
      roles,
      tools,
      policy: tried.policy,
      keyOf: (tool) => policy.ruleOf(tool)?.key,
      closed: await closedOf(names, policy),
      premise,
      powers: needs.powers ?? [],
    },
    async ({ policy: text, proposal: { adds } }) => {
      const ruled = isRecord(adds["tools"]) ? adds["tools"] : {};
      const left = premise.filter((name) => !Object.hasOwn(ruled, name));
      return isHeld(bound, { ...tried, policy: admitting(text, left, offeredIn(bound.scenario)) }, cache);
    },
    policy,
  );
};

/** Whether all of it arrived and nothing came of it. A policy with which the gate does not start holds nothing. */
const isHeld = async (
  { scenario, roles }: Extract<Bound, { scenario: Scenario }>,
  tried: Tried,
  cache: CompileCache,
  proves: (refused: readonly Refused[]) => boolean = () => true,
): Promise<boolean> => {
  try {
    const traces = await play(scenario, { kind: "gate", tried }, cache);
    const refused = refusalsIn(traces.answers, masked(traces.secrets));
    expectPlayed(traces, refused);
    return proofsOf(scenario.through, traces).length === 0 && !isMisfit(roles, refused) && proves(refused);
  } catch {
    return false;
  }
};

type Verdict = Pick<AttackResult, "outcome" | "why">;

const gotThrough = (by: Attack["pattern"]["stops"]["by"], [proof]: readonly Proof[]): Verdict =>
  by === "nothing"
    ? { outcome: "not_stopped", why: `${proof?.says ?? ""} Nothing in this release stops it.` }
    : { outcome: "through", why: proof?.says ?? "" };

/** Of an attack of which nothing came: whether what was refused proves that it is held. */
const heldBy = (
  { pattern: { stops } }: Attack,
  { scenario, roles }: Extract<Bound, { scenario: Scenario }>,
  refused: readonly Refused[],
  policy: unknown,
  hide: (text: string) => string,
): Verdict => {
  const needed = refusalsOf(scenario, refused);
  const [first] = needed;
  if (first === undefined) {
    return { outcome: "held", why: hide(unseen(scenario.through)) };
  }
  const own = [...roles.values()].map(({ tool }) => ` ${tool.profile.name}`);
  const doubts = needed
    .filter(({ asked }) => own.some((name) => asked.endsWith(name)))
    .flatMap((one) => {
      const doubt = doubtOf({ refused: one, policy, stops });
      return doubt === undefined ? [] : [{ outcome: "unclear", why: `${saidOf(one)} ${doubt}` } as const];
    });
  return doubts[0] ?? { outcome: "held", why: saidOf(first) };
};

/** Where the rule that refused it proves little, the rest of the policy may prove more: it is played once more with that alone. */
const surely = async (
  attack: Attack,
  bound: Extract<Bound, { scenario: Scenario }>,
  verdict: Verdict,
  tried: Tried,
  cache: CompileCache,
): Promise<Verdict> => {
  const { stops } = attack.pattern;
  const rest = verdict.outcome === "unclear" ? withoutDoubted(plainOf(tried.policy), stops) : undefined;
  if (rest === undefined || stops.by === "nothing") {
    return verdict;
  }
  let alone: Verdict | undefined;
  const proves = (refused: readonly Refused[]): boolean => {
    alone = heldBy(attack, bound, refused, rest, String);
    return alone.outcome === "held";
  };
  const isSure = await isHeld(bound, { ...tried, policy: JSON.stringify(rest) }, cache, proves);
  return isSure && alone !== undefined ? alone : verdict;
};

const saidOf = ({ asked, code }: Refused): string => `${asked} was refused: ${code}.`;

/** Of what was refused, what the attack needed; else the first. */
const refusalsOf = ({ through }: Scenario, refused: readonly Refused[]): readonly Refused[] => {
  const needed = refused.filter(({ asked }) =>
    through.some(({ called }) => called !== undefined && asked.endsWith(` ${called}`)),
  );
  return needed.length > 0 ? needed : refused.slice(0, 1);
};

const masked =
  (secrets: readonly string[]) =>
  (text: string): string =>
    secrets.reduce((all, secret) => all.replaceAll(secret, "[token]"), text);
