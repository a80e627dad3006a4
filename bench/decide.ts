import { readJson } from "../src/base/json-read.ts";
import { isJsonObject, type JsonObject } from "../src/base/json-value.ts";
import { createCounters } from "../src/meter/counters.ts";
import { compilePolicy, type PolicySet } from "../src/policy/compile.ts";
import { decide } from "../src/policy/decide.ts";
import type { Call, Subject } from "../src/policy/types.ts";
import { cedar } from "./cedar.ts";
import { CASE_CALLS, CEDAR_POLICY, TOLLGATE_POLICY } from "./decide-case.ts";
import { readOptions } from "./options.ts";
import { decimals, machine, markdown, median, whole } from "./table.ts";

/** Calls between two readings of the clock. */
const BATCH = CASE_CALLS.length;
const WARM_UP_SECONDS = 1;

/** One engine: decides all calls of the case once and says how many it allowed. */
interface Engine {
  readonly name: string;
  readonly batch: () => number;
}

interface Round {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** Decides the same calls with Tollgate and with Cedar, in turns, on one thread. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, { seconds: [1], rounds: [5] });
  const engines = [tollgate(true), tollgate(false), askCedar()];
  for (const engine of engines) {
    agree(engine);
    await run(engine, WARM_UP_SECONDS);
  }
  const rounds = new Map<string, Round[]>(engines.map(({ name }) => [name, []]));
  for (let round = 0; round < (options.rounds[0] ?? 1); round += 1) {
    for (const engine of engines) {
      rounds.get(engine.name)?.push(await run(engine, options.seconds[0] ?? 1));
    }
  }
  print(rounds, engines.at(-1)?.name ?? "");
};

const policy = (): PolicySet => {
  const set = compilePolicy(TOLLGATE_POLICY, {
    name: "bench",
    compileSchema: () => ({ invalid: "no tool of the benchmark has a schema" }),
  });
  if (set.invalid.length > 0) {
    throw new Error(`The policy is not valid: ${JSON.stringify(set.invalid)}`);
  }
  return set;
};

const SUBJECT: Subject = {
  grant: "agent",
  identity: { name: "agent" },
  server: "bench",
  client: undefined,
  session: undefined,
  timezone: "UTC",
};

const argumentsOf = (args: object): JsonObject => {
  const read = readJson(JSON.stringify(args));
  if (!isJsonObject(read)) {
    throw new Error("arguments are an object");
  }
  return read;
};

/** Judges, and reserves what an admitted call costs (`counts`). A millisecond passes every thousand calls. */
const tollgate = (counts: boolean): Engine => {
  const set = policy();
  const counters = createCounters();
  const made = CASE_CALLS.map(({ tool, args }) => ({ tool, args: argumentsOf(args) }));
  let at = Date.now();
  const batch = (): number => {
    let allowed = 0;
    at += 1;
    for (const { tool, args } of made) {
      const call: Call = { tool, args, offered: "unchecked", subject: SUBJECT, at, frozen: false };
      const verdict = decide(set, call);
      if (verdict.passes && (!counts || counters.reserve(verdict.charges, at).ok)) {
        allowed += 1;
      }
    }
    return allowed;
  };
  return { name: counts ? "tollgate, limits counted" : "tollgate, limits not counted", batch };
};

const askCedar = (): Engine => {
  const ask = cedar(CEDAR_POLICY);
  return {
    name: "cedar-wasm, policies preparsed, no limits",
    batch: () => CASE_CALLS.reduce((allowed, call) => allowed + (ask(call.cedar) ? 1 : 0), 0),
  };
};

const EXPECTED = CASE_CALLS.filter(({ allowed }) => allowed).length;

const agree = (engine: Engine): void => {
  const allowed = engine.batch();
  if (allowed !== EXPECTED) {
    throw new Error(`${engine.name} allows ${String(allowed)} of the calls, not ${String(EXPECTED)}`);
  }
};

const run = async (engine: Engine, seconds: number): Promise<Round> => {
  // Others' garbage is not this engine's.
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  const cpu = process.cpuUsage();
  const start = performance.now();
  let decided = 0;
  let elapsed = 0;
  while (elapsed < seconds * 1_000) {
    agree(engine);
    decided += BATCH;
    elapsed = performance.now() - start;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (decided * 1_000) / elapsed, cpuUs: (user + system) / decided };
};

const print = (rounds: ReadonlyMap<string, readonly Round[]>, rival: string): void => {
  const rateOf = (name: string): number => median((rounds.get(name) ?? []).map(({ perSecond }) => perSecond));
  const rows = [...rounds].map(([name, runs]) => {
    const rates = runs.map(({ perSecond }) => perSecond);
    return [
      name,
      whole(rateOf(name)),
      whole(Math.min(...rates)),
      whole(Math.max(...rates)),
      decimals(median(runs.map(({ cpuUs }) => cpuUs)), 2),
      decimals(rateOf(name) / rateOf(rival), 1),
    ];
  });
  const head = ["engine", "decisions/s (median)", "lowest", "highest", "CPU µs each", "× cedar"];
  console.log(markdown(head, rows));
  console.log(`
${machine()}. One thread. 20 tools, each with three conditions and one limit; seven calls of ten are allowed.
Cedar has no limits, so it decides less. Each of its calls hands the request over to WebAssembly.`);
};
