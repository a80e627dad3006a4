import { basename } from "node:path";
import { compilePolicy, type LocatedProblem, type PolicySet } from "../policy/compile.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { readText } from "./files.ts";
import type { FileProblem } from "./ports.ts";
import { plural, problemLine } from "./print.ts";
import { painter } from "./terminal.ts";

/** A policy's problem in its file. What is no JSON has no pointer (docs/policy.md). */
export const inFile = (file: string, problem: LocatedProblem): FileProblem => ({
  file,
  ...(problem.line === undefined ? {} : { line: problem.line }),
  ...(problem.column === undefined ? {} : { column: problem.column }),
  ...(problem.unreadable === true ? {} : { pointer: problem.pointer }),
  message: problem.message,
  ...(problem.nearest === undefined ? {} : { nearest: problem.nearest }),
  severity: problem.severity ?? "error",
  ...(problem.tool === undefined ? {} : { tool: problem.tool }),
  ...(problem.proposal === undefined ? {} : { proposal: problem.proposal }),
});

/** A policy's name where a file stands alone: its base name (docs/limits.md). */
export const policyName = (file: string): string => basename(file);

/** A valid policy, or its errors on standard error and a failure. */
export const loadPolicy = ({ terminal, ports }: Context, file: string): PolicySet => {
  const set = compileText(readText(terminal, file), policyName(file), ports.compileSchema);
  if (set.invalid.length > 0) {
    const paint = painter(terminal, "err");
    for (const problem of set.invalid) {
      terminal.err(problemLine(inFile(file, problem), paint));
    }
    throw new CommandFailure(
      `${file}: ${plural(set.invalid.length, "error")}; the policy is not valid`,
      EXIT.failed,
    );
  }
  return set;
};

export const compileText = (text: string, name: string, compileSchema: SchemaCompiler): PolicySet =>
  compilePolicy(text, { name, compileSchema });
