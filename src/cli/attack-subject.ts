import { fromPlain, toPlain } from "../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../base/json-value.ts";
import type { Admits, OwnTool, Plain, Tried } from "../catalogue/attacks/result.ts";
import { profileTool } from "../catalogue/profile.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { createEvaluator } from "./evaluator.ts";
import { readText, readTools } from "./files.ts";
import { compileText, loadPolicy, policyName } from "./policy-file.ts";
import { scanOrFail } from "./scan-or-fail.ts";

/** What is attacked. */
export interface Subject {
  /** For people: `the grant ana-billing`. */
  readonly about: string;
  readonly tried: Tried;
  /** `undefined`: nobody said whose tools they are. */
  readonly tools: readonly OwnTool[] | undefined;
  readonly admits: Admits;
}

/** By `--grant`, or `--policy` with `--server` or `--tools`. */
export const subjectFor = async (context: Context): Promise<Subject> => {
  const [grant, file] = [context.given.text("grant"), context.given.text("policy")];
  if (grant !== undefined && file === undefined) {
    return ofGrant(context, grant);
  }
  if (file !== undefined && grant === undefined) {
    return ofFile(context, file);
  }
  throw new CommandFailure("Say what is attacked: --grant NAME or --policy FILE.", EXIT.usage);
};

const ofGrant = async (context: Context, grant: string): Promise<Subject> => {
  const { given, ports, where } = context;
  if (given.text("server") !== undefined || given.text("tools") !== undefined) {
    throw new CommandFailure("--server and --tools go with --policy; a grant has its servers.", EXIT.usage);
  }
  const { tried, policy, servers } = await ports.triedGrant(where, grant);
  const tools: JsonObject[] = [];
  for (const server of servers) {
    const scan = await scanOrFail(context, server);
    tools.push(...scan.tools.map(({ definition }) => definition));
  }
  return {
    about: `the grant ${grant}`,
    tried,
    tools: ownTools(tools),
    admits: admitsBy(context, policy, tried.policy, tools),
  };
};

const ofFile = async (context: Context, file: string): Promise<Subject> => {
  const text = readText(context.terminal, file);
  loadPolicy(context, file);
  const tools = await toolsFor(context);
  return {
    about: file,
    tried: { policy: text },
    tools: tools === undefined ? undefined : ownTools(tools),
    admits: admitsBy(context, policyName(file), text, tools),
  };
};

const toolsFor = async (context: Context): Promise<readonly JsonObject[] | undefined> => {
  const { given, terminal } = context;
  const file = given.text("tools");
  if (file !== undefined) {
    return readTools(terminal, file);
  }
  const server = given.text("server");
  return server === undefined
    ? undefined
    : (await scanOrFail(context, server)).tools.map(({ definition }) => definition);
};

const ownTools = (tools: readonly JsonObject[]): readonly OwnTool[] =>
  tools.map((tool) => ({ definition: plainOf(tool), profile: profileTool(tool) }));

const plainOf = (value: JsonObject): Plain => {
  const plain = toPlain(value);
  return typeof plain === "object" && plain !== null ? { ...plain } : {};
};

/** Each call by itself, as if it were the first. */
const admitsBy = (
  { ports: { clock, compileSchema, createCounters } }: Context,
  name: string,
  text: string,
  tools: readonly JsonObject[] | undefined,
): Admits => {
  const policy = compileText(text, name, compileSchema);
  return async (tool, given) => {
    const { judge } = createEvaluator({
      policy,
      tools,
      classify: true,
      server: undefined,
      counters: createCounters(),
      compileSchema,
      clock,
    });
    const args = fromPlain(given);
    const call = { tool, args: isJsonObject(args) ? args : {}, ...NOBODY };
    return (await judge(call)).decision === "allow";
  };
};

const NOBODY = {
  grant: undefined,
  identity: undefined,
  session: undefined,
  client: undefined,
  at: undefined,
} as const;
