import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "./options.ts";

/** A program of the benchmark's own, ended by its id. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Standard output and error so far. */
  readonly output: () => string;
  /** Waits for this in the output, or throws with what there is. */
  readonly until: (pattern: RegExp, ms: number) => Promise<RegExpExecArray>;
}

const STOP_MS = 10_000;

export const start = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Program => {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString("utf8")}`.slice(-65_536);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  if (pid === undefined) {
    throw new UsageError(`${command} does not start`);
  }
  return {
    pid,
    output: () => output,
    until: async (pattern, ms) => {
      for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
        const match = pattern.exec(output);
        if (match !== null) {
          return match;
        }
        if (child.exitCode !== null) {
          break;
        }
      }
      throw new Error(`${command} did not get ready:\n${output}`);
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(late);
};

/** Ticks a second in `/proc/PID/stat` (Linux: `getconf CLK_TCK`). */
const TICKS = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout) || 100;

const statOf = (pid: number): readonly string[] => {
  try {
    // The second field is a name in parentheses that may hold anything: fields are counted from behind it.
    return readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
  } catch {
    return [];
  }
};

/** A process and all that descend from it. */
const family = (pid: number): readonly number[] => {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);
  const children = all.filter((other) => Number(statOf(other)[1]) === pid);
  return [pid, ...children.flatMap(family)];
};

/** Microseconds of CPU, user and system, that a process and its children have used so far. */
export const cpuOf = (pid: number): number =>
  family(pid)
    .map((member) => statOf(member))
    .reduce((sum, stat) => sum + (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * (1e6 / TICKS), 0);

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("no port is free");
  }
  return address.port;
};

/** Says what to install where a program is missing. */
export const needPrograms = (programs: Readonly<Record<string, string>>): void => {
  const missing = Object.entries(programs).filter(
    ([program]) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0,
  );
  if (missing.length > 0) {
    const packages = missing.map(([, name]) => name).join(" ");
    const names = missing.map(([program]) => program).join(", ");
    throw new UsageError(`This benchmark needs ${names}. On Debian: apt-get install ${packages}`);
  }
};
