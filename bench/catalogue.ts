import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOptions } from "./options.ts";
import { decimals, machine, markdown, median, whole } from "./table.ts";

const CHILD = fileURLToPath(new URL("./catalogue-child.ts", import.meta.url));

interface Memory {
  readonly beforeMib: number;
  readonly peakMib: number;
}

interface Built extends Memory {
  readonly ms: number;
  readonly writingMs: number;
  readonly mib: number;
}

interface Searched extends Memory {
  readonly loadMs: number;
  readonly prepareMs: number;
  readonly heapMib: number;
  readonly tools: number;
  readonly queries: readonly {
    readonly name: string;
    readonly times: readonly number[];
    readonly total: number;
  }[];
}

/** Fifty thousand tools: what it takes to judge and keep them, to load them, and to look through them. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, { thousands: [50], rounds: [15] });
  const tools = Math.round((options.thousands[0] ?? 50) * 1_000);
  const rounds = String(options.rounds[0] ?? 15);
  const directory = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  try {
    const built = child("build", directory, String(tools)) as Built;
    const scans = child("scans", directory, rounds) as Searched;
    child("gather", directory, "0");
    const snapshot = child("snapshot", directory, rounds) as Searched;
    print(tools, built, scans, snapshot);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  await Promise.resolve();
};

const child = (...args: readonly string[]): unknown => {
  const ran = spawnSync(process.execPath, ["--expose-gc", CHILD, ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status !== 0) {
    throw new Error(ran.stderr);
  }
  return JSON.parse(ran.stdout);
};

const growth = ({ peakMib, beforeMib }: Memory): string => decimals(peakMib - beforeMib, 0);

const print = (tools: number, built: Built, scans: Searched, snapshot: Searched): void => {
  const steps = [
    ["definitions to entries", decimals(built.ms, 0), growth(built)],
    ["… and written, a file a server", decimals(built.ms + built.writingMs, 0), growth(built)],
    ["loaded from these files", decimals(scans.loadMs, 0), growth(scans)],
    ["loaded from one file", decimals(snapshot.loadMs, 0), growth(snapshot)],
    ["made ready for searching", decimals(scans.prepareMs, 0), ""],
  ];
  console.log(markdown(["step", "ms", "memory at its peak, MiB more"], steps));
  const rows = scans.queries.map(({ name, times, total }) => [
    name,
    decimals(median(times), 1),
    decimals(Math.max(...times), 1),
    whole(total),
  ]);
  console.log(`\n${markdown(["search", "median, ms", "worst, ms", "tools"], rows)}`);
  console.log(`
${machine()}. ${whole(tools)} tools of ${whole(tools / 50)} servers, ${decimals(built.mib, 1)} MiB of files. Loaded and ready they take ${decimals(scans.heapMib, 0)} MiB.
Each step in a process of its own; memory is the process's greatest resident size, less what it had at its start.`);
};
