import { readJson } from "../base/json-read.ts";
import { isJsonObject } from "../base/json-value.ts";
import type { LocatedProblem } from "../policy/compile.ts";
import type { Decision } from "../policy/types.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { CLASSIFY, wantsClasses } from "./classify-option.ts";
import { createEvaluator } from "./evaluator.ts";
import { exercisedBy, rulePointers } from "./exercised.ts";
import { readTools } from "./files.ts";
import { compileText, inFile, policyName } from "./policy-file.ts";
import type { FileProblem } from "./ports.ts";
import { jsonLine, plural, problemLine } from "./print.ts";
import { painter, type Paint } from "./terminal.ts";
import { readTestFile, type Expected, type TestCase, type TestFile } from "./test-file.ts";

interface Failure {
  readonly case: number;
  readonly tool: string;
  readonly expected: Expected;
  readonly got: Decision;
}

interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Pointers of rules that no case exercised. */
  readonly idle: readonly string[];
  readonly rules: number;
  /** Why the file could not be run. */
  readonly error?: string;
}

export const policyTest: CommandSpec = {
  path: ["policy", "test"],
  summary: "run *.test.json files against their policies",
  argument: { name: "<file...>", description: 'files with { "policy", "cases": [{ "call", "expect" }] }' },
  options: [
    {
      flags: "--tools <file>",
      description: "a tools/list result: judge arguments by the tools' schemas too",
    },
    CLASSIFY,
  ],
  examples: [
    "tollgate policy test policies/*.test.json",
    "tollgate policy test billing.test.json --tools tools.json",
  ],
  run: async (context) => {
    wantsClasses(context.given); // What is wrong with the command is no failure of a file.
    const results: FileResult[] = [];
    for (const file of context.given.args) {
      const result = await runFile(context, file);
      results.push(result);
      if (!context.json) {
        await context.terminal.out(reportOf(result, painter(context.terminal, "out")));
      }
    }
    if (context.json) {
      await context.terminal.out(jsonLine({ files: results.map(forPrograms) }));
    }
    const failed = results.some(({ failures, error }) => failures.length > 0 || error !== undefined);
    return failed ? EXIT.failed : EXIT.done;
  },
};

/** The cases of a file run one after the other, as lines of `policy eval`: they share counters, sessions and time. */
const runFile = async (context: Context, file: string): Promise<FileResult> => {
  try {
    const test = readTestFile(context.terminal, file);
    return await runCases(context, test);
  } catch (error) {
    if (error instanceof CommandFailure) {
      return { file, passed: 0, failures: [], idle: [], rules: 0, error: error.message };
    }
    throw error;
  }
};

const runCases = async ({ terminal, ports, given }: Context, test: TestFile): Promise<FileResult> => {
  const policy = compileText(test.policyText, policyName(test.policyFile), ports.compileSchema);
  if (policy.invalid.length > 0) {
    const paint = painter(terminal, "err");
    for (const problem of policy.invalid) {
      terminal.err(problemLine(problemIn(test, problem), paint));
    }
    throw new CommandFailure(`${test.policyFile}: the policy is not valid`);
  }
  const tools = given.text("tools");
  const evaluator = createEvaluator({
    policy,
    tools: tools === undefined ? undefined : readTools(terminal, tools),
    classify: wantsClasses(given),
    server: undefined,
    counters: ports.createCounters(),
    compileSchema: ports.compileSchema,
    clock: ports.clock,
  });
  const failures: Failure[] = [];
  const exercised = new Set<string>();
  for (const one of test.cases) {
    const got = await evaluator.judge(one.call);
    exercisedBy(got.rule).forEach((pointer) => exercised.add(pointer));
    if (!meets(one.expect, got)) {
      failures.push(failureOf(one, got));
    }
  }
  const document = readJson(test.policyText);
  const rules = isJsonObject(document) ? rulePointers(document) : [];
  return {
    file: test.file,
    passed: test.cases.length - failures.length,
    failures,
    idle: rules.filter((pointer) => !exercised.has(pointer)),
    rules: rules.length,
  };
};

/** Of an inline policy the place in its own text means nothing to the reader of the file. */
const problemIn = (test: TestFile, problem: LocatedProblem): FileProblem => {
  const placed = inFile(test.policyFile, problem);
  return test.inline
    ? { file: placed.file, message: placed.message, pointer: `/policy${placed.pointer ?? ""}` }
    : placed;
};

const meets = (expected: Expected, got: Decision): boolean =>
  expected.decision === got.decision &&
  (expected.code ?? got.code) === got.code &&
  (expected.rule ?? got.rule) === got.rule;

const failureOf = (one: TestCase, got: Decision): Failure => ({
  case: one.number,
  tool: one.call.tool,
  expected: one.expect,
  got,
});

const FIELDS = ["decision", "code", "rule"] as const;

/** Lines with what was expected (-) and what came instead (+). */
const diffOf = ({ expected, got }: Failure, paint: Paint): string =>
  FIELDS.filter((field) => expected[field] !== undefined && expected[field] !== got[field])
    .map((field) => {
      const wanted = paint("red", `    - ${field}: ${String(expected[field])}\n`);
      return wanted + paint("green", `    + ${field}: ${got[field] ?? "none"}\n`);
    })
    .join("");

const reportOf = (result: FileResult, paint: Paint): string => {
  const { file, passed, failures, idle, rules, error } = result;
  if (error !== undefined) {
    return `${paint("red", "FAIL")} ${error}\n`;
  }
  const shown = failures.map(
    (failure) =>
      `  ${paint("red", `case ${String(failure.case)}`)} ${failure.tool}: ${failure.got.message}\n${diffOf(failure, paint)}`,
  );
  const verdict = failures.length === 0 ? paint("green", "ok  ") : paint("red", "FAIL");
  const share = rules === 0 ? 100 : Math.round(((rules - idle.length) / rules) * 100);
  const counts = `${String(passed)} of ${plural(passed + failures.length, "case")} passed`;
  const covered = `${String(rules - idle.length)} of ${plural(rules, "rule")} exercised (${String(share)} %)`;
  const left = idle.length === 0 ? "" : paint("dim", `  not exercised: ${idle.join(" ")}\n`);
  return `${verdict} ${file}: ${counts}, ${covered}\n${shown.join("")}${left}`;
};

const forPrograms = ({ file, passed, failures, idle, rules, error }: FileResult): object => ({
  file,
  passed,
  failed: failures.length,
  failures: failures.map((failure) => ({
    case: failure.case,
    tool: failure.tool,
    expected: failure.expected,
    got: failure.got,
  })),
  rules,
  exercised: rules - idle.length,
  not_exercised: idle,
  error,
});
