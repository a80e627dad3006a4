import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DECISION_CODES } from "../../src/base/errors.ts";
import { createSchemaCompiler } from "../../src/catalogue/input-schema.ts";
import { loadConfig } from "../../src/config.ts";
import { checkPolicy } from "../../src/policy/compile.ts";
import { compilePolicies } from "../../src/serve/policies.ts";
import { orchestratorShape } from "../../servers/node-orchestrator/shape.ts";
import { ROOT } from "../support/gateway.ts";
import type { Block } from "./pages.ts";

const compileSchema = createSchemaCompiler();

/** Everything that the checkers say against a JSON block; none for one that is right. */
export type Check = (block: Block) => readonly string[];

const checkAsPolicy: Check = ({ text }) => {
  const { errors, warnings } = checkPolicy(text, { name: "page", compileSchema });
  return [...errors, ...warnings].map(({ pointer, message }) => `${pointer}: ${message}`);
};

/** Everything outside the file that it may name is there: variables of any name, and the example policies. */
const checkAsConfig: Check = ({ text, page }) => {
  const env = Object.fromEntries(
    [...text.matchAll(/\$\{env:(\w+)\}/gu)].map(([, name = ""]) => [name, name.padEnd(40, "-")]),
  );
  const loaded = loadConfig({
    path: page,
    text,
    cwd: ROOT,
    env,
    readFile: (path) => readFileSync(join(ROOT, "examples/policies", basename(path)), "utf8"),
  });
  const problems =
    "problems" in loaded ? loaded.problems : compilePolicies(loaded.config, compileSchema).problems;
  return problems.map(({ pointer, message }) => `${pointer ?? ""}: ${message}`);
};

const checkDecision = (decision: unknown): readonly string[] => {
  const { code } = decision as { readonly code?: string };
  return DECISION_CODES.some((known) => known === code) ? [] : [`there is no code ${String(code)}`];
};

const checkAnswer: Check = ({ text }) => {
  const { _meta } = JSON.parse(text) as { readonly _meta: Record<string, unknown> };
  return checkDecision(_meta["tollgate/decision"]);
};

const checkServers: Check = ({ text }) =>
  orchestratorShape
    .safeParse(JSON.parse(text))
    .error?.issues.map(({ path, message }) => `/${path.map(String).join("/")}: ${message}`) ?? [];

/** The kinds of JSON that pages show, each by the members that give it away. A block of none of them is a mistake. */
const KINDS: readonly (readonly [readonly string[], Check])[] = [
  [["version", "default"], checkAsPolicy],
  [["mcpServers"], checkAsConfig],
  [["servers"], checkServers],
  [["content", "_meta"], checkAnswer],
  [["decision", "code"], ({ text }) => checkDecision(JSON.parse(text))],
  [["policy", "cases"], () => []], // Run as a file of tests, by the command.
];

export const checkJson: Check = (block) => {
  let value: unknown;
  try {
    value = JSON.parse(block.text);
  } catch (error) {
    return [String(error)];
  }
  const members = Object.keys(value as object);
  const kind = KINDS.find(([marks]) => marks.every((mark) => members.includes(mark)));
  return kind === undefined ? ["it is neither a policy, a configuration nor an answer"] : kind[1](block);
};

export const isTestFile = ({ text }: Block): boolean => text.includes('"cases"');
