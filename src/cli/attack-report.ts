import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AttackResult } from "../catalogue/attacks/result.ts";
import { countsOf, resultFor } from "./attack-print.ts";
import { CommandFailure, type Context } from "./command.ts";
import { jsonLine, oneLine } from "./print.ts";

/** A report for people and one for programs. */
export const writeReport = (
  { ports, terminal }: Context,
  folder: string,
  about: string,
  results: readonly AttackResult[],
): void => {
  const directory = resolve(terminal.cwd, folder);
  const report = { about, at: new Date(ports.clock.now()).toISOString(), counts: countsOf(results) };
  const files = [["report.json", jsonLine({ ...report, results: results.map(resultFor) })]] as const;
  try {
    ports.makeFolder(directory);
    files.forEach(([name, text]) => writeFileSync(join(directory, name), text));
  } catch {
    throw new CommandFailure(`${oneLine(folder)}: the report cannot be written`);
  }
  terminal.err(`The report: ${files.map(([name]) => oneLine(join(folder, name), 400)).join(", ")}\n`);
};
