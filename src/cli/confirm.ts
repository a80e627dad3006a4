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

/**
 * The same before something that lets pass what is closed: where nobody can be asked it is refused, as a script that
 * opens something must say so.
 */
export const confirmOpening = async (context: Context, what: string): Promise<void> => {
  const { given, terminal } = context;
  if (!given.flag("yes") && !terminal.inIsTerminal) {
    throw new CommandFailure(`Nothing was changed. ${what} There is no terminal to ask on: say --yes.`);
  }
  await confirm(context, `${what} Go on?`);
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
