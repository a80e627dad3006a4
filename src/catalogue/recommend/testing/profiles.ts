import { fromPlain } from "../../../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../../../base/json-value.ts";
import { writeJson } from "../../../base/json-write.ts";
import { checkPolicy, compilePolicy } from "../../../policy/compile.ts";
import { decide } from "../../../policy/decide.ts";
import type { Decision, MetaFinder } from "../../../policy/types.ts";
import { createSchemaCompiler } from "../../input-schema.ts";
import type { Recommendation } from "../../recommendation.ts";
import { metaFactsOf } from "../meta-tool.ts";
import { toolFacts } from "../../tool-facts.ts";
import type { ArgumentFact, ToolProfile } from "../../verdict.ts";

/** Tools as tests write them: a definition, and what the catalogue says of it. */

export interface Sample {
  readonly definition: JsonObject;
  readonly profile: ToolProfile;
}

export const object = (value: object): JsonObject => {
  const json = fromPlain(value);
  if (!isJsonObject(json)) {
    throw new Error("no object");
  }
  return json;
};

const TEXT = { type: "string" };

/** `facts`: what the arguments carry, by path. A path without one has no kind. */
export const sample = (
  name: string,
  profile: Partial<Omit<ToolProfile, "name" | "arguments">>,
  inputSchema: object = { type: "object", properties: {} },
  facts: readonly (Partial<ArgumentFact> & { readonly path: string })[] = [],
): Sample => ({
  definition: object({ name, inputSchema }),
  profile: {
    name,
    class: "read",
    risk: "low",
    confidence: 0.9,
    evidence: [{ from: "name", found: name, says: "The name says so." }],
    powers: [],
    meta: undefined,
    ...profile,
    arguments: facts.map((fact) => ({ types: ["string"], required: true, kinds: [], ...fact })),
  },
});

export const runTool = (name = "run_tool"): Sample =>
  sample(
    name,
    {
      class: "execute",
      risk: "high",
      powers: ["tools"],
      meta: { runs: "tools", arguments: ["args.tool_name"], batch: false },
    },
    { type: "object", properties: { tool_name: TEXT, params: { type: "object" } }, required: ["tool_name"] },
    [
      { path: "args.tool_name", kinds: ["tool"] },
      { path: "args.params", types: ["object"], required: false },
    ],
  );

export const batchExec = (): Sample =>
  sample(
    "batch_exec",
    {
      class: "execute",
      risk: "high",
      powers: ["tools", "bulk"],
      meta: { runs: "tools", arguments: ["args.commands[*].command"], batch: true },
    },
    {
      type: "object",
      properties: {
        commands: {
          type: "array",
          items: {
            type: "object",
            properties: { command: TEXT, params: { type: "object" } },
            required: ["command"],
          },
        },
      },
      required: ["commands"],
    },
    [
      { path: "args.commands", types: ["array"] },
      { path: "args.commands[*].command", kinds: ["tool"] },
      { path: "args.commands[*].params", types: ["object"], required: false },
    ],
  );

const ARGUMENT = (name: string) => ({ type: "object", properties: { [name]: TEXT }, required: [name] });

export const SERVER: readonly Sample[] = [
  sample("list_servers", {}),
  sample("get_status", {}, ARGUMENT("id"), [{ path: "args.id", kinds: ["identifier"] }]),
  sample("start_server", { class: "write", risk: "medium" }, ARGUMENT("id"), [{ path: "args.id" }]),
  sample("deploy", { class: "execute", risk: "high" }),
  sample("stop_server", { class: "destructive", risk: "high" }, ARGUMENT("id"), [{ path: "args.id" }]),
  sample("wipe_all", { class: "destructive", risk: "critical" }),
  sample(
    "refund",
    { class: "financial", risk: "critical" },
    { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
    [{ path: "args.amount", types: ["number"], kinds: ["money"] }],
  ),
  runTool(),
  batchExec(),
  sample(
    "execute_python",
    {
      class: "execute",
      risk: "critical",
      powers: ["code"],
      meta: { runs: "code", arguments: ["args.code"], batch: false },
    },
    ARGUMENT("code"),
    [{ path: "args.code", kinds: ["code"] }],
  ),
];

const compileSchema = createSchemaCompiler();

/** Everything that the checker says of a policy, beside the tools it is for. */
export const complaints = (policy: JsonObject, tools: readonly Sample[]): readonly string[] => {
  const metas = new Map(tools.map(({ definition, profile }) => [definition, metaFactsOf(profile)]));
  const metaOf: MetaFinder = (definition) => metas.get(definition);
  const options = { name: "p", compileSchema, metaOf, tools: tools.map(({ definition }) => definition) };
  const { errors, warnings } = checkPolicy(writeJson(policy), options);
  return [...errors, ...warnings].map(({ pointer, message }) => `${pointer}: ${message}`);
};

/** What the gate says of a call. */
export const judge = (
  { policy }: Pick<Recommendation, "policy">,
  tools: readonly Sample[],
  tool: string,
  args: object = {},
): Decision => {
  const compiled = compilePolicy(writeJson(policy), { name: "p", compileSchema });
  const found = tools.find(({ profile }) => profile.name === tool);
  const call = {
    tool,
    args: object(args),
    offered:
      found === undefined ? "unknown" : toolFacts(found.definition, compileSchema, () => found.profile),
    subject: {
      grant: "g",
      identity: undefined,
      server: undefined,
      client: undefined,
      session: undefined,
      timezone: "UTC",
    },
    at: 0,
    frozen: false,
  } as const;
  return decide(compiled, call).decision;
};
