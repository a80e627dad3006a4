import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { type Contender, contenders, EMPTY, type Writer } from "./audit-writers.ts";
import { readOptions } from "./options.ts";
import { decimals, machine, markdown, median, whole } from "./table.ts";

/** Calls are started on the beat of a timer, so many at a time. */
const BEAT_MS = 5;
/** Turns are given back this often in a loop that never waits. */
const CALLS_A_TURN = 64;

interface Run {
  /** Milliseconds. */
  readonly took: number;
  readonly calls: number;
  /** Microseconds of CPU, all threads. */
  readonly cpu: number;
  /** Milliseconds that each call waited for its record, sorted. */
  readonly waits: Float64Array;
}

/**
 * What it costs to write a call down: flat out with some callers, and at a steady rate. Everything writes the same
 * bytes to the same disk, in turns.
 */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, {
    seconds: [2],
    rounds: [3],
    callers: [1, 16, 64],
    rate: [1_000],
    slow: [2],
  });
  const [seconds = 2, rounds = 3] = [options.seconds[0], options.rounds[0]];
  const [rate = 1_000, slow = 2] = [options.rate[0], options.slow[0]];
  const all = contenders(slow);
  const runs = new Map<string, Run[]>();
  const keep = (name: string, run: Run): void =>
    void (runs.get(name) ?? runs.set(name, []).get(name))?.push(run);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of all) {
      for (const callers of contender.shares ? options.callers : options.callers.slice(0, 1)) {
        keep(`${contender.name} ${String(callers)}`, await flatOut(contender, callers, seconds));
      }
    }
    for (const contender of [EMPTY, ...all]) {
      keep(`${contender.name} steady`, await steady(contender, rate, seconds));
    }
  }
  const of = (name: string): readonly Run[] => runs.get(name) ?? [];
  console.log(`Flat out\n\n${flatTable(all, of, options.callers)}`);
  console.log(`\nAt ${whole(rate)} calls a second\n\n${steadyTable(all, of)}`);
  console.log(`
${machine()}. Medians of ${String(rounds)} rounds of ${String(seconds)} s in turns. A call writes two lines, its decision and its outcome, and
waits for the first. "CPU" is that of all threads of the process; at a steady rate less that of the same loop with
nothing to write. Synced is fdatasync; SQLite has a write-ahead log, and commits each line. "Slower": every sync ends so much later.
"% of bare": calls a second beside the bare append, or beside the one with grouped syncs on the same disk.`);
};

type Runs = (name: string) => readonly Run[];

const flatTable = (all: readonly Contender[], of: Runs, callers: readonly number[]): string => {
  const rate = (name: string): number => median(of(name).map(({ calls, took }) => (calls / took) * 1_000));
  const rows = all.flatMap(({ name, shares, beside = "bare append" }) =>
    (shares ? callers : callers.slice(0, 1)).map((count) => {
      const key = `${name} ${String(count)}`;
      const against =
        beside === "bare append" ? `${beside} ${String(callers[0])}` : `${beside} ${String(count)}`;
      const cost = median(of(key).map(({ cpu, calls }) => cpu / calls));
      const part = decimals((rate(key) / rate(against)) * 100, 0);
      return [name, String(count), whole(rate(key) * 2), decimals(cost, 1)].concat(waits(of(key)), part);
    }),
  );
  const head = ["what", "callers", "records/s", "CPU µs a call", "wait ms, median", "99 %", "% of bare"];
  return markdown(head, rows);
};

const steadyTable = (all: readonly Contender[], of: Runs): string => {
  const cost = (name: string): number => median(of(`${name} steady`).map(({ cpu, calls }) => cpu / calls));
  const rows = all.map(({ name }) => {
    const runs = of(`${name} steady`);
    const rate = median(runs.map(({ calls, took }) => (calls / took) * 1_000));
    return [name, whole(rate), decimals(cost(name) - cost(EMPTY.name), 1)].concat(waits(runs));
  });
  return markdown(["what", "calls/s", "CPU µs a call", "wait ms, median", "99 %"], rows);
};

const waits = (runs: readonly Run[]): readonly string[] =>
  [0.5, 0.99].map((part) =>
    decimals(median(runs.map(({ waits: all }) => all[Math.floor(all.length * part)] ?? Number.NaN)), 3),
  );

/** So many callers, each with its next call as soon as the one before is written down. */
const flatOut = (contender: Contender, callers: number, seconds: number): Promise<Run> =>
  measured(contender, async (write, until) => {
    let next = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < until(seconds)) {
        next += 1;
        await write(next);
        if (next % CALLS_A_TURN === 0) {
          await turn();
        }
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  });

/** As many calls a second as are asked for, whether or not those before are written down. */
const steady = (contender: Contender, rate: number, seconds: number): Promise<Run> =>
  measured(contender, async (write, until) => {
    const start = performance.now();
    const under = new Set<Promise<void>>();
    for (let next = 0; performance.now() < until(seconds);) {
      for (const due = ((performance.now() - start) / 1_000) * rate; next < due;) {
        next += 1;
        const written = write(next);
        under.add(written);
        void written.finally(() => under.delete(written));
      }
      await sleep(BEAT_MS);
    }
    await Promise.all(under);
  });

type Drive = (write: (call: number) => Promise<void>, until: (seconds: number) => number) => Promise<void>;

const measured = async ({ open }: Contender, drive: Drive): Promise<Run> => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  try {
    const writer = open(directory);
    const taken: number[] = [];
    const start = performance.now();
    const cpuBefore = process.cpuUsage();
    await drive(
      (call) => writeOne(writer, call, taken),
      (seconds) => start + seconds * 1_000,
    );
    const { user, system } = process.cpuUsage(cpuBefore);
    const took = performance.now() - start;
    await writer.close();
    return { took, calls: taken.length, cpu: user + system, waits: Float64Array.from(taken).toSorted() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const fail = (error: unknown): never => {
  throw error;
};

const writeOne = async (writer: Writer, call: number, taken: number[]): Promise<void> => {
  const start = performance.now();
  await writer.before(call);
  taken.push(performance.now() - start);
  const after = writer.after(call);
  if (after !== undefined) {
    after.catch(fail);
  }
};
