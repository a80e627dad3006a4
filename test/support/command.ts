import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/program.ts";
import type { Ports } from "../../src/cli/ports.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { createPorts } from "../../src/main/ports.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A directory of its own in which commands run, in this process, on the real adapters. */
interface How {
  /** Standard input is a terminal, so somebody can be asked. */
  readonly asked?: boolean;
  /** Ports that are not the process's own. */
  readonly instead?: Partial<Ports>;
}

export class Desk implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "tollgate-cli-"));
  readonly env: Record<string, string> = { HOME: this.directory, PATH: process.env["PATH"] ?? "" };

  /** Writes a file: text as it is, anything else as JSON. */
  write(path: string, content: unknown): string {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    return file;
  }

  async run(
    argv: readonly string[],
    stdin: string | AsyncIterable<Uint8Array> = "",
    { asked = false, instead = {} }: How = {},
  ): Promise<Ran> {
    let out = "";
    let err = "";
    const terminal: Terminal = {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      stdin: typeof stdin === "string" ? once(Buffer.from(stdin)) : stdin,
      cwd: this.directory,
      env: this.env,
      inIsTerminal: asked,
      outIsTerminal: false,
      errIsTerminal: false,
      columns: 100,
    };
    const exit = await runProgram(argv, COMMANDS, terminal, { ...createPorts(terminal), ...instead });
    return { exit, out, err };
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/** The lines of an output, each read as JSON. */
export const jsonLines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
