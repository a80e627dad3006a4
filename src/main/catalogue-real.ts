import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "../base/limits.ts";
import { CommandFailure } from "../cli/command.ts";
import type { Scan } from "../cli/ports.ts";
import { installServers } from "./catalogue-install.ts";
import { binFile, realServersIn, type RealServer } from "./catalogue-servers.ts";
import { scanConfigured, type Scanner } from "./scan.ts";

/** A server of the snapshot, and what it said. */
export interface RealListing {
  readonly server: RealServer;
  readonly scan: Scan;
}

export interface RealOptions extends Scanner {
  /** Folder with `servers.json`, `package.json` and `package-lock.json`. */
  readonly servers: string;
  /** Where the packages are installed. */
  readonly cache: string;
  /** For npm. What the servers get is next to nothing. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** Installs pinned servers, starts each, and reads its tools as the gate would. In the order of the list. */
export const listRealServers = async (options: RealOptions): Promise<readonly RealListing[]> => {
  const { cache, env, onProgress = () => {} } = options;
  const servers = realServersIn(options.servers);
  onProgress("installing the servers", 0, servers.length);
  const modules = await installServers(options.servers, cache, env);
  const listings: RealListing[] = [];
  const waiting = [...servers.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, server] = next;
      listings[index] = { server, scan: await scanReal(options, modules, server) };
      done += 1;
      onProgress("listing tools", done, servers.length);
    }
  };
  onProgress("listing tools", 0, servers.length);
  await Promise.all(Array.from({ length: LIMITS.catalogue_starts_max }, work));
  return listings;
};

/** In an empty folder that is its home, too: it finds nothing of whoever builds. */
const scanReal = async (scanner: Scanner, modules: string, server: RealServer): Promise<Scan> => {
  const home = mkdtempSync(join(tmpdir(), "tollgate-catalogue-"));
  try {
    const transport = {
      kind: "stdio",
      command: process.execPath,
      args: [binFile(modules, server), ...server.args],
      env: { LANG: "C.UTF-8", ...server.env, HOME: home, TMPDIR: home },
      cwd: home,
    } as const;
    const spec = { name: server.name, transport, ...BOUNDS };
    return await scanConfigured(
      scanner,
      { spec, shown: `${server.bin} ${server.args.join(" ")}`.trim() },
      [],
    );
  } catch (error) {
    if (error instanceof CommandFailure) {
      return { ok: false, reason: error.message, advice: "", stderr: "" };
    }
    throw error;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
};

const BOUNDS = {
  isolation: "session",
  startMs: LIMITS.catalogue_start_ms,
  callMs: LIMITS.call_ms,
  callMaxMs: LIMITS.call_ms_max,
  idleMs: LIMITS.idle_ms,
  resultBytes: LIMITS.result_bytes_max,
} as const;
