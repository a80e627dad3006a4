import type { Ports, Where } from "./ports.ts";
import type { Terminal } from "./terminal.ts";

/** Exit codes (docs/commands.md). */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, notAllowed: 4 } as const;

/** Ends a command with a message on standard error. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exit: number;

  constructor(message: string, exit: number = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}

export interface OptionSpec {
  /** As commander writes them: `-n, --lines <count>`. */
  readonly flags: string;
  readonly description: string;
  /** `list` may be given several times. Absent: text, or a flag where `flags` has no value. */
  readonly kind?: "integer" | "list";
  readonly choices?: readonly string[];
  readonly required?: boolean;
}

/** What a command was given. Names are those of the long flags, in camel case. */
export interface Given {
  readonly args: readonly string[];
  /** Those of them that came after `--`. */
  readonly afterDashes: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  readonly integer: (name: string) => number | undefined;
  readonly list: (name: string) => readonly string[];
}

export interface Context {
  readonly terminal: Terminal;
  readonly ports: Ports;
  readonly given: Given;
  /** Configuration and data directory, as asked for. */
  readonly where: Where;
  readonly json: boolean;
}

/** One command: a row of the table in commands.ts. */
export interface CommandSpec {
  /** `["policy", "check"]`. */
  readonly path: readonly [string, ...string[]];
  readonly summary: string;
  /** As commander writes it: `<file...>`. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** The exit code. */
  readonly run: (context: Context) => Promise<number>;
}
