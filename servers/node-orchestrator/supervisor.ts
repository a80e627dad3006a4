// One of these stands between the orchestrator and each server. It gets an order on its standard input, starts the
// server in a session of its own, and ends all of the server's processes when that input closes: because the
// orchestrator wants it to, or because the orchestrator is dead, however it died. The server has its output directly.
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { endGroup } from "./group.ts";

interface Order {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stopTimeoutMs: number;
}

/** Where reports go, one JSON document a line. */
const REPORTS_FD = 3;

// A terminal that closes, and whoever ends all processes of Node, must not separate a server from who ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const) {
  process.on(signal, () => {});
}

const report = (said: object): void => {
  try {
    writeSync(REPORTS_FD, `${JSON.stringify(said)}\n`);
  } catch {
    // Nobody listens any more.
  }
};

const failed = (error: unknown): never => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
  report({ kind: "failed", code });
  process.exit(0);
};

/** Starts the server; what it gives back ends it. */
const start = ({ command, args, cwd, env, stopTimeoutMs }: Order): (() => void) => {
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    detached: true,
    // Nothing is ever said to it, but its input is open: what watches for changes often ends with its input.
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.stdin.on("error", () => {});
  const { pid } = child;
  child.on("error", (error) => {
    if (pid === undefined) {
      failed(error);
    }
  });
  if (pid === undefined) {
    return () => {};
  }
  report({ kind: "started", pid });
  let ending = false;
  const exited = Promise.withResolvers<{ readonly code: number | null; readonly signal: string | null }>();
  const end = async (): Promise<void> => {
    if (ending) {
      return;
    }
    ending = true;
    const gone = await endGroup(pid, stopTimeoutMs);
    // Of a process that is gone, the system tells how at any moment.
    const how = gone ? await exited.promise : { code: null, signal: null };
    report({ kind: "ended", gone, ...how });
    process.exit(0);
  };
  child.on("exit", (code, signal) => {
    exited.resolve({ code, signal });
    // What its first process leaves behind ends with it.
    void end();
  });
  return () => void end();
};

let end: (() => void) | undefined;
let written = "";

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => {
  written += chunk;
  if (end === undefined && written.endsWith("\n")) {
    try {
      // Written by the orchestrator, of what it has checked.
      const order: Order = JSON.parse(written);
      end = start(order);
    } catch (error) {
      failed(error);
    }
    written = "";
  }
});

const lost = (): void => {
  if (end === undefined) {
    process.exit(0);
  }
  end();
};
process.stdin.on("end", lost);
process.stdin.on("error", lost);
