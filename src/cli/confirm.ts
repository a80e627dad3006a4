import { CommandFailure, type Context, type OptionSpec } from "./command.ts";

/** The option that answers the question before it is asked. */
export const YES: OptionSpec = { flags: "--yes", description: "do not ask" };

/**
 * Asks on a terminal before something that cannot be taken back. Where nobody can be asked, the command was written
 * by somebody who meant it: ending access must not wait for a terminal.
 */
export const confirm = async ({ given, terminal }: Context, question: string): Promise<void> => {
  if (given.flag("yes") || !terminal.inIsTerminal) {
    return;
  }
  terminal.err(`${question} [y/N] `);
  if (!/^y(?:es)?$/iu.test((await firstLine(terminal.stdin)).trim())) {
    throw new CommandFailure("Nothing was done.");
  }
};

const firstLine = async (input: AsyncIterable<Uint8Array>): Promise<string> => {
  let text = "";
  for await (const chunk of input) {
    text += Buffer.from(chunk).toString("utf8");
    if (text.includes("\n")) {
      break;
    }
  }
  return text.split("\n", 1)[0] ?? "";
};
