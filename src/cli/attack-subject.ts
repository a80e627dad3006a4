import type { JsonObject } from "../base/json-value.ts";
import type { OwnTool, Tried, TriedPolicy } from "../catalogue/attacks/result.ts";
import { overridden, overridesBy } from "../catalogue/override.ts";
import { profileTool } from "../catalogue/profile.ts";
import { plainObject, triedPolicy } from "./attack-policy.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { readText, readTools } from "./files.ts";
import { loadPolicy, policyName } from "./policy-file.ts";
import { scanOrFail } from "./scan-or-fail.ts";

/** What is attacked. */
export interface Subject {
  /** For people: `the grant ana-billing`. */
  readonly about: string;
  readonly tried: Tried;
  /** `undefined`: nobody said whose tools they are. */
  readonly tools: readonly OwnTool[] | undefined;
  readonly policy: TriedPolicy;
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
  const tools: Tool[] = [];
  for (const server of servers) {
    tools.push(...(await toolsOf(context, server)));
  }
  return subject(context, {
    about: `the grant ${grant}`,
    tried,
    policy,
    server: servers.length === 1 ? servers[0] : undefined,
    tools,
  });
};

const ofFile = async (context: Context, file: string): Promise<Subject> => {
  const tried = { policy: readText(context.terminal, file) };
  loadPolicy(context, file);
  const tools = await toolsFor(context);
  return subject(context, {
    about: file,
    tried,
    policy: policyName(file),
    server: context.given.text("server"),
    tools,
  });
};

interface Tool {
  readonly definition: JsonObject;
  readonly own: OwnTool;
}

interface Given {
  readonly about: string;
  readonly tried: Tried;
  /** The policy's name. */
  readonly policy: string;
  readonly server: string | undefined;
  readonly tools: readonly Tool[] | undefined;
}

const subject = (context: Context, { about, tried, policy, server, tools }: Given): Subject => ({
  about,
  tried,
  tools: tools?.map(({ own }) => own),
  policy: triedPolicy(context, tried, {
    name: policy,
    server,
    tools: tools?.map(({ definition }) => definition),
  }),
});

const toolsFor = async (context: Context): Promise<readonly Tool[] | undefined> => {
  const { given, terminal } = context;
  const [server, file] = [given.text("server"), given.text("tools")];
  if (server !== undefined && file !== undefined) {
    throw new CommandFailure("Say whose tools they are: --server NAME or --tools FILE.", EXIT.usage);
  }
  if (file !== undefined) {
    return readTools(terminal, file).map((definition) => ({
      definition,
      own: { definition: plainObject(definition), profile: profileTool(definition) },
    }));
  }
  return server === undefined ? undefined : toolsOf(context, server);
};

/** What a server lists now, and what the catalogue and people say of it. */
const toolsOf = async (context: Context, server: string): Promise<readonly Tool[]> => {
  const { tools } = await scanOrFail(context, server);
  const said = overridesBy(await context.ports.overridesOf(context.where)).get(server);
  return tools.map(({ name, definition, digest }) => {
    const profile = overridden(profileTool(definition), digest, said?.get(name));
    return { definition, own: { definition: plainObject(definition), profile, server } };
  });
};
