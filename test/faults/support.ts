import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { Gateway, temporaryDirectory, tokenOf, type Reply } from "../support/gateway.ts";

/** `npm run test:faults` asks for the long form. */
export const isLong = process.env["TOLLGATE_FAULTS"] === "long";

/** Numbers that look random and come again from the same seed. */
export interface Dice {
  /** From 0 to below 1. */
  readonly roll: () => number;
  readonly between: (least: number, most: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
}

/** Dice whose seed is printed: `TOLLGATE_FAULTS_SEED` throws them again. */
export const diceOf = (what: string): Dice => {
  const told = process.env["TOLLGATE_FAULTS_SEED"];
  let state = (told === undefined ? Date.now() : Number(told)) >>> 0;
  console.log(`${what}: seed ${String(state)}`);
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    roll,
    between: (least, most) => Math.floor(least + roll() * (most - least + 1)),
    pick: (from) => from[Math.floor(roll() * from.length)] ?? from[0],
  };
};

/** Asks again until it holds or the time is over; whether it held. */
export const until = async (holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = performance.now() + ms; ; await new Promise((done) => setTimeout(done, 25))) {
    if (await holds()) {
      return true;
    }
    if (performance.now() > end) {
      return false;
    }
  }
};

/** How a call was answered: the code of a refusal, a JSON-RPC error's code, `tool_error` or `ok`. */
export const codeOf = ({ message: { result, error } }: Reply): string | number => {
  const decision = (result?.["_meta"] as Record<string, { code?: string }> | undefined)?.[
    "tollgate/decision"
  ];
  return error?.code ?? decision?.code ?? (result?.isError === true ? "tool_error" : "ok");
};

const OPEN = { version: "1", default: "allow", tools: { "*": { arguments: "any" } } };

interface Parts {
  readonly policy?: object;
  readonly audit?: object;
  readonly grants?: Readonly<Record<string, object>>;
}

/** A configuration of these servers, with grants that may use all of them. */
export const configOf = (servers: Readonly<Record<string, object>>, parts: Parts = {}): object => ({
  audit: parts.audit ?? {},
  mcpServers: servers,
  policies: { p: parts.policy ?? OPEN },
  identities: { agent: {}, other: {} },
  grants: Object.fromEntries(
    Object.entries(parts.grants ?? { live: {} }).map(([name, own]) => [
      name,
      { identity: "agent", server: Object.keys(servers), policy: "p", token: tokenOf(name), ...own },
    ]),
  ),
});

/** Makes a grant of its own token beside the configuration's, and gives the token. */
export const createGrant = async (gateway: Gateway, name: string, server: string): Promise<string> => {
  const about = ["--identity", "agent", "--server", server, "--policy", "p", "--json"];
  const { code, stdout, stderr } = await gateway.command("grant", "create", name, ...about);
  if (code !== 0) {
    throw new Error(stderr);
  }
  return (JSON.parse(stdout) as { token: string }).token;
};

/** The HTTP status with which a token is answered that asks for a list. */
export const statusFor = async (gateway: Gateway, server: string, token: string): Promise<number> =>
  (await gateway.modern(server, "x", "tools/list", {}, { authorization: `Bearer ${token}` })).status;

/** What a health page says, and its HTTP status. */
export const health = async (
  gateway: Gateway,
  page: "healthz" | "readyz",
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const response = await fetch(`${gateway.url}/${page}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

export const journalDirectory = (gateway: Gateway): string => join(gateway.data, "journal");

/** Paths of the journal's segments, oldest first. */
const segmentsOf = (gateway: Gateway): readonly string[] =>
  readdirSync(journalDirectory(gateway))
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(journalDirectory(gateway), name));

/** The segment that is written to. */
export const lastSegment = (gateway: Gateway): string => segmentsOf(gateway).at(-1) ?? "";

export interface Line {
  readonly id: string;
  readonly at: string;
  readonly decision?: string;
  readonly code?: string;
  readonly outcome?: string;
  readonly duration_ms?: number;
  readonly act?: string;
  readonly server?: string;
  readonly grant?: string;
  readonly identity?: string;
  readonly args?: { readonly full?: { readonly text?: string; readonly amount?: number } };
  readonly reserved?: readonly Reserved[];
}

export interface Reserved {
  readonly counter: string;
  readonly scope: string;
  readonly whose: string;
  readonly amount: string;
  readonly at: number;
}

/** The record as its files have it: no process of ours is asked. */
export const linesOf = (gateway: Gateway): readonly Line[] =>
  segmentsOf(gateway).flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line),
  );

/** Writes bytes over those of a file, as a broken disk or a hand would. */
export const overwrite = (path: string, offset: number, bytes: Uint8Array): void => {
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
};

/** Changes one bit of the byte at a place. */
export const flip = (path: string, offset: number): void => {
  const byte = readFileSync(path)[offset] ?? 0;
  overwrite(path, offset, Uint8Array.of(byte ^ 0x01));
};

/** Processes that a process has started. */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8")
    .split(" ")
    .flatMap((child) => (child === "" ? [] : [Number(child)]));

/** From now on the most memory is counted anew. */
export const resetPeakMemory = (pid: number): void => writeFileSync(`/proc/${String(pid)}/clear_refs`, "5");

/** The most memory that a process has had so far, in MiB. */
export const peakMemory = (pid: number): number => {
  const told = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  return Number(told?.[1] ?? Number.NaN) / 1024;
};

const run = (command: string, ...args: readonly string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
};

/** A small file system of its own. `mount` gives a reason in words where the machine does not let us have one. */
export class SmallDisk implements Disposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static mount(size: string): SmallDisk | string {
    const directory = temporaryDirectory();
    const options = `size=${size},mode=0700`;
    const refused = run("mount", "-t", "tmpfs", "-o", options, "tollgate-faults", directory);
    if (refused === undefined) {
      return new SmallDisk(directory);
    }
    rmSync(directory, { recursive: true, force: true });
    return `no file system can be mounted here: ${refused}`;
  }

  remount(how: "ro" | "rw"): void {
    const refused = run("mount", "-o", `remount,${how}`, this.directory);
    if (refused !== undefined) {
      throw new Error(refused);
    }
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(join(this.directory, FILLER), "a");
    try {
      for (const block = Buffer.alloc(4096); ;) {
        writeSync(file, block);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") {
        throw error;
      }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.directory, FILLER), { force: true });
  }

  [Symbol.dispose](): void {
    // Lazily: what still has a file open there loses the name, not the file.
    run("umount", "-l", this.directory);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const FILLER = "filler";

/**
 * Takes from a directory and the files in it, but for those of these names, that they can be written, also by who has
 * them open; disposing gives it back. In words why not, where the file system has no such mark.
 */
export const makeImmutable = (directory: string, but?: RegExp): Disposable | string => {
  const probe = join(directory, "probe");
  const file = openSync(probe, "a");
  const refused = run("chattr", "+i", probe) ?? writesTo(file);
  closeSync(file);
  run("chattr", "-i", probe);
  rmSync(probe);
  if (refused !== undefined) {
    return `files cannot be made immutable here: ${refused}`;
  }
  const within = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && but?.test(entry.name) !== true)
    .map((entry) => join(entry.parentPath, entry.name));
  const all = [...within, directory];
  run("chattr", "+i", ...all);
  return { [Symbol.dispose]: () => void run("chattr", "-i", ...all) };
};

const writesTo = (file: number): string | undefined => {
  try {
    writeSync(file, "x");
    return "one that is open can still be written";
  } catch {
    return undefined;
  }
};

/** Lets a process write to its files up to so many bytes only; in words why that cannot be done here. */
export const limitFiles = (pid: number, bytes: string): string | undefined => {
  const refused = run("prlimit", "--pid", String(pid), `--fsize=${bytes}:unlimited`);
  return refused === undefined ? undefined : `a process's files cannot be limited here: ${refused}`;
};

/** Where libfaketime is. */
export const fakeClock = (): string | undefined =>
  ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib"]
    .map((base) => join(base, "faketime", "libfaketime.so.1"))
    .find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);

/** What a test needs, or, where the machine does not have it, the end of the test, with the reason in words. */
export const orSkip = <T extends object>(made: T | string, skip: (reason: string) => never): T => {
  if (typeof made === "string") {
    console.warn(`skipped: ${made}`);
    return skip(made);
  }
  return made;
};

/** A gateway whose data lie on a disk of their own, beside a directory that has room. */
export const gatewayOn = (disk: SmallDisk, config: object): Gateway => {
  const data = join(disk.directory, "data");
  mkdirSync(data, { mode: 0o700 });
  return new Gateway(config, temporaryDirectory(), data);
};
