import { bareObject, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Decision } from "../policy/types.ts";
import { EXIT, type CommandSpec, type Context } from "./command.ts";
import { CLASSIFY, wantsClasses } from "./classify-option.ts";
import { CallMalformed, readCallLine } from "./eval-call.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import { readTools } from "./files.ts";
import { readLines, type Line } from "./lines.ts";
import { loadPolicy } from "./policy-file.ts";

export const policyEval: CommandSpec = {
  path: ["policy", "eval"],
  summary: "decide calls read from standard input, one JSON object a line",
  options: [
    { flags: "--policy <file>", description: "the policy document", required: true },
    {
      flags: "--tools <file>",
      description: "a tools/list result: judge arguments by the tools' schemas too",
    },
    CLASSIFY,
    { flags: "--server <name>", description: "what the policy sees as server.name (nothing is contacted)" },
  ],
  examples: [
    `echo '{"tool":"refund","arguments":{"amount":5}}' | tollgate policy eval --policy policy.json`,
    "tollgate policy eval --policy policy.json --tools tools.json < calls.ndjson",
  ],
  run: async (context) => {
    const { terminal, ports, given } = context;
    const policy = loadPolicy(context, given.text("policy") ?? "");
    const tools = given.text("tools");
    const evaluator = createEvaluator({
      policy,
      tools: tools === undefined ? undefined : readTools(terminal, tools),
      classify: wantsClasses(given),
      server: given.text("server"),
      counters: ports.createCounters(),
      compileSchema: ports.compileSchema,
      clock: ports.clock,
    });
    return judgeLines(context, evaluator);
  },
};

const judgeLines = async ({ terminal }: Context, evaluator: Evaluator): Promise<number> => {
  let malformed = false;
  for await (const line of readLines(terminal.stdin)) {
    const answer = await judgeLine(line, evaluator);
    malformed ||= "error" in answer;
    await terminal.out(`${writeJson(answer)}\n`);
  }
  return malformed ? EXIT.failed : EXIT.done;
};

const judgeLine = async (line: Line, evaluator: Evaluator): Promise<JsonObject> => {
  if (line === undefined) {
    return { error: "the line is not UTF-8, or longer than is read" };
  }
  try {
    return decisionJson(await evaluator.judge(readCallLine(line)));
  } catch (error) {
    if (error instanceof CallMalformed) {
      return { error: error.message };
    }
    throw error;
  }
};

/** A decision with its members in the contract's order. */
const decisionJson = (decision: Decision): JsonObject =>
  Object.assign(
    bareObject(),
    { decision: decision.decision, code: decision.code },
    decision.rule === undefined ? {} : { rule: decision.rule },
    decision.name === undefined ? {} : { name: decision.name },
    { message: decision.message },
    decision.enforced === undefined ? {} : { enforced: decision.enforced },
    decision.retry_after_ms === undefined ? {} : { retry_after_ms: decision.retry_after_ms },
    decision.approval_id === undefined ? {} : { approval_id: decision.approval_id },
  );
