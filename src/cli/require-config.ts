import { CommandFailure, EXIT, type Context } from "./command.ts";
import type { ConfigFacts } from "./ports.ts";
import { plural, problemLine } from "./print.ts";
import { painter } from "./terminal.ts";

/** The configuration, or all that is wrong with it on standard error and a failure. */
export const requireConfig = ({ ports, terminal, where }: Context): ConfigFacts => {
  const { config, problems } = ports.configuration(where);
  if (config === undefined) {
    const paint = painter(terminal, "err");
    for (const problem of problems) {
      terminal.err(problemLine(problem, paint));
    }
    const sentence = `${plural(problems.length, "error")} in the configuration`;
    throw new CommandFailure(sentence, EXIT.failed);
  }
  return config;
};
