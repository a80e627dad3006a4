import { CommandFailure, EXIT, type Given, type OptionSpec } from "./command.ts";

export const CLASSIFY: OptionSpec = {
  flags: "--classify",
  description: "with --tools: tool.class is what the catalogue says of the tool, and not missing",
};

/** Without definitions there is nothing to classify. */
export const wantsClasses = (given: Given): boolean => {
  if (given.flag("classify") && given.text("tools") === undefined) {
    throw new CommandFailure("--classify needs --tools: a class is read from a definition.", EXIT.usage);
  }
  return given.flag("classify");
};
