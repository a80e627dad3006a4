import { profileTool } from "../catalogue/profile.ts";
import type { ToolProfile } from "../catalogue/verdict.ts";
import { classText, nameText, whyText } from "./catalogue-print.ts";
import { EXIT, type CommandSpec, type Context } from "./command.ts";
import { readTools, readToolsFromInput } from "./files.ts";
import { fittedTable } from "./fit.ts";
import { jsonLine } from "./print.ts";

export const catalogueClassify: CommandSpec = {
  path: ["catalogue", "classify"],
  summary: "say what each tool of a tools/list result does, and how risky it is",
  options: [{ flags: "--tools <file>", description: "read this file instead of standard input" }],
  examples: [
    "tollgate catalogue classify --json < tools.json",
    "tollgate server scan billing --json | tollgate catalogue classify",
  ],
  run: async (context) => {
    const { given, json, terminal } = context;
    const file = given.text("tools");
    const tools = file === undefined ? await readToolsFromInput(terminal) : readTools(terminal, file);
    const profiles = tools.map(profileTool);
    if (json) {
      await terminal.out(jsonLine(profiles.map(forPrograms)));
    } else {
      await printProfiles(context, profiles);
    }
    return EXIT.done;
  },
};

const forPrograms = ({ name, class: is, risk, confidence, evidence }: ToolProfile): object => ({
  name,
  class: is,
  risk,
  confidence,
  evidence,
});

const printProfiles = async ({ terminal }: Context, profiles: readonly ToolProfile[]): Promise<void> => {
  const rows = profiles.map(({ name, class: is, risk, confidence, evidence }) => [
    nameText(name),
    classText({ class: is, confidence }),
    risk,
    whyText(evidence),
  ]);
  await terminal.out(fittedTable(terminal, { head: ["TOOL", "CLASS", "RISK", "WHY"], rows, names: 1 }));
};
