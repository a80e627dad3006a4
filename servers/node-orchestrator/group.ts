import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { GONE_MS } from "./limits.ts";

// Each server leads a session and a process group of its own, so its process id names both.

const POLL_MS_MIN = 5;
const POLL_MS_MAX = 100;

interface Process {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
}

const hasProc = process.platform === "linux";

/** proc(5): `pid (name) state ppid pgrp session …`; a name may have parentheses and spaces. */
const processOf = (pid: string): Process | undefined => {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const [state = "", , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Dead, and not yet fetched by its parent.
  return "ZXx".includes(state)
    ? undefined
    : { pid: Number(pid), group: Number(group), session: Number(session) };
};

const groupExists = (leader: number): boolean => {
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    // Not allowed to signal it: it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/**
 * The living processes of a server. On Linux also those that made a group of their own and stayed in the session, as
 * shells with job control do. Elsewhere the leader stands for all.
 */
export const membersOf = (leader: number): readonly number[] => {
  if (!hasProc) {
    return groupExists(leader) ? [leader] : [];
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => processOf(name) ?? [])
    .filter(({ group, session }) => group === leader || session === leader)
    .map(({ pid }) => pid);
};

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or not ours: whoever looks next sees which.
  }
};

const signalAll = (leader: number, signal: NodeJS.Signals): void => {
  kill(-leader, signal);
  if (hasProc) {
    membersOf(leader).forEach((pid) => kill(pid, signal));
  }
};

/** Whether every process of a server is gone, within some milliseconds. */
const goneWithin = async (leader: number, timeMs: number): Promise<boolean> => {
  const until = performance.now() + timeMs;
  for (let waitMs = POLL_MS_MIN; membersOf(leader).length > 0; waitMs = Math.min(2 * waitMs, POLL_MS_MAX)) {
    if (performance.now() >= until) {
      return false;
    }
    await pause(waitMs);
  }
  return true;
};

/** Ends every process of a server: asked first, killed after the grace. Says whether all are gone. */
export const endGroup = async (leader: number, graceMs: number): Promise<boolean> => {
  signalAll(leader, "SIGTERM");
  if (await goneWithin(leader, graceMs)) {
    return true;
  }
  // What forks while it is being killed is killed in the next round.
  const until = performance.now() + GONE_MS;
  do {
    signalAll(leader, "SIGKILL");
    if (await goneWithin(leader, 200)) {
      return true;
    }
  } while (performance.now() < until);
  return false;
};
