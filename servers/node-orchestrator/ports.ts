import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { PROBE_MS, READY_POLL_MS } from "./limits.ts";

const LOOPBACKS = ["127.0.0.1", "::1"] as const;
type Loopback = (typeof LOOPBACKS)[number];

const accepts = (host: Loopback, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    const done = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", done(true));
    socket.on("error", done(false));
    socket.on("timeout", done(false));
  });

/** The address of loopback at which a port accepts. */
const acceptingAt = async (port: number): Promise<Loopback | undefined> => {
  for (const host of LOOPBACKS) {
    if (await accepts(host, port)) {
      return host;
    }
  }
  return undefined;
};

const answers2xx = (host: Loopback, port: number, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ host, port, path, agent: false, headers: { host: `localhost:${String(port)}` } });
    const done = (good: boolean): void => {
      asked.destroy();
      resolve(good);
    };
    // What sends its head in drops for ever is not healthy either.
    const late = setTimeout(() => done(false), PROBE_MS);
    asked.on("response", ({ statusCode = 0 }) => done(statusCode >= 200 && statusCode < 300));
    asked.on("error", () => done(false));
    asked.on("close", () => clearTimeout(late));
    asked.end();
  });

/** Whether a server does its work: its port accepts, and its health path, where it has one, answers 2xx. */
export const answers = async (port: number, healthPath: string | undefined): Promise<boolean> => {
  const host = await acceptingAt(port);
  return host !== undefined && (healthPath === undefined || answers2xx(host, port, healthPath));
};

/** The inodes of sockets that listen on a port; `undefined` where the system does not tell. */
const listeners = (port: number): ReadonlySet<string> | undefined => {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  let told = false;
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    let table: string;
    try {
      table = readFileSync(file, "latin1");
    } catch {
      continue;
    }
    told = true;
    for (const row of table.split("\n").slice(1)) {
      // proc(5): sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode; 0A is LISTEN.
      const [, local = "", , state, , , , , , inode = ""] = row.trim().split(/\s+/u);
      if (state === "0A" && local.endsWith(suffix)) {
        inodes.add(inode);
      }
    }
  }
  return told ? inodes : undefined;
};

/** Whether somebody listens on a port. Where the system tells, nobody is disturbed by the question. */
export const isTaken = async (port: number): Promise<boolean> => {
  const inodes = listeners(port);
  return inodes === undefined ? (await acceptingAt(port)) !== undefined : inodes.size > 0;
};

const opens = (pid: string, links: ReadonlySet<string>): boolean => {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => {
      try {
        return links.has(readlinkSync(`${folder}/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    // Gone, or another user's.
    return false;
  }
};

/** The process that listens on a port, where the system tells. */
export const holderOf = (port: number): number | undefined => {
  const links = new Set([...(listeners(port) ?? [])].map((inode) => `socket:[${inode}]`));
  if (links.size === 0) {
    return undefined;
  }
  const pid = readdirSync("/proc").find((name) => /^\d+$/u.test(name) && opens(name, links));
  return pid === undefined ? undefined : Number(pid);
};

/** Whether nobody listens on a port any more, within some milliseconds. */
export const freeWithin = async (port: number, timeMs: number): Promise<boolean> => {
  const until = performance.now() + timeMs;
  while (await isTaken(port)) {
    if (performance.now() >= until) {
      return false;
    }
    await pause(READY_POLL_MS);
  }
  return true;
};
