import { COMMANDS } from "../cli/commands.ts";
import { runProgram } from "../cli/program.ts";
import { processTerminal } from "../cli/terminal.ts";
import { createPorts } from "./ports.ts";

/** argv → command → exit code. */
export const main = async (argv: readonly string[]): Promise<number> => {
  const terminal = processTerminal();
  return runProgram(argv, COMMANDS, terminal, createPorts(terminal));
};
