import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OrchestratorFile } from "../shape.ts";
import { START_MS, STOP_GRACE_MS } from "../limits.ts";
import type { ServerSpec } from "../spec.ts";

/* Real servers, small, for tests. Their code is their argument, so that they need no files. */

type Written = OrchestratorFile["servers"][string];

const node = (
  code: string,
  ...args: readonly string[]
): { readonly command: string; readonly args: string[] } => ({
  command: process.execPath,
  args: ["-e", code, ...args],
});

const LISTEN = `require("node:http").createServer((q, s) => s.end("ok")).listen(+process.argv[1], "127.0.0.1", () => console.log("listens"));`;

export const SERVERS = {
  /** Listens, and ends when asked. */
  web: (port: number): Written => ({ ...node(LISTEN, String(port)), port }),
  /** Listens, and ends only when killed. */
  stubborn: (port: number): Written => ({
    ...node(`process.on("SIGTERM", () => {}); ${LISTEN}`, String(port)),
    port,
    stopTimeoutMs: 100,
  }),
  /** Its child listens and is stubborn; it prints the child's process id. */
  family: (port: number): Written => ({
    ...node(
      `const c = require("node:child_process").spawn(process.execPath, ["-e", process.argv[2], process.argv[1]], { stdio: "inherit" }); console.log("child " + c.pid); setInterval(() => {}, 1e6);`,
      String(port),
      `process.on("SIGTERM", () => {}); ${LISTEN}`,
    ),
    port,
    stopTimeoutMs: 100,
  }),
  /** Runs and never listens. */
  silent: (port: number): Written => ({
    ...node(`console.log("thinking"); setInterval(() => {}, 1e6);`),
    port,
  }),
  /** Says why and ends. */
  broken: (port: number): Written => ({
    ...node(`console.log("reading"); console.error("no database"); process.exitCode = 3;`),
    port,
  }),
  /** Without a port. */
  portless: (): Written => node(`console.log("works"); setInterval(() => {}, 1e6);`),
} as const;

export const specOf = (id: string, written: Written, more: Partial<ServerSpec> = {}): ServerSpec => ({
  id,
  name: id,
  command: written.command,
  args: written.args ?? [],
  cwd: tmpdir(),
  env: {},
  port: written.port,
  healthPath: written.healthPath,
  startTimeoutMs: written.startTimeoutMs ?? START_MS,
  stopTimeoutMs: written.stopTimeoutMs ?? STOP_GRACE_MS,
  withAll: true,
  ...more,
});

const given = new Set<number>();

/** A port of loopback that nobody listens on, another one each time. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => void server.close(resolve));
  if (given.has(port)) {
    return freePort();
  }
  given.add(port);
  return port;
};

/** Whether a process runs. One that is dead and not fetched by its parent yet does not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== "linux" || !/\) [ZX] /u.test(readFileSync(`/proc/${String(pid)}/stat`, "latin1"))
    );
  } catch {
    return false;
  }
};

/** A folder that is removed at the end. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "orchestrator-"));

  write(name: string, document: unknown): void {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    writeFileSync(join(this.path, name), text);
  }

  configure(servers: Readonly<Record<string, Written>>): void {
    this.write("orchestrator.json", { servers });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
