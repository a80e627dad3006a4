// The processes of the quick start: each is started here, and none outlives it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Child {
  /** Waits for what its output must have, and gives the first group. Rejects where it ends before. */
  readonly prints: (pattern: RegExp) => Promise<string>;
  /** All its output and its exit code, when it has ended. */
  readonly ended: Promise<{ readonly code: number; readonly output: string }>;
}

const children = new Set<ChildProcess>();
const ends = new Set<Promise<unknown>>();
let ending = false;

/** Ends all of them, and waits until they are gone. */
export const endAll = async (): Promise<void> => {
  ending = true;
  children.forEach((child) => child.kill("SIGTERM"));
  await Promise.all(ends);
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void endAll());
}

/** Runs a program of this checkout. What it prints goes to the terminal too where it is `loud`. */
export const start = (
  what: string,
  args: readonly string[],
  { cwd, loud = false }: { readonly cwd: string; readonly loud?: boolean },
): Child => {
  if (ending) {
    throw new Error("Stopped.");
  }
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
    if (loud) {
      process.stdout.write(chunk);
    }
  });
  const ended = once(child, "close").then(() => {
    children.delete(child);
    return { code: child.exitCode ?? 0, output };
  });
  ends.add(ended);
  const prints = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(output);
        if (found !== null) {
          resolve(found[1] ?? found[0]);
        }
      };
      child.stdout.on("data", look);
      look();
      const over = (): void => reject(new Error(ending ? "Stopped." : `${what} did not start.`));
      ended.then(over, over);
    });
  return { prints, ended };
};
