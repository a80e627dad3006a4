import { RISKS, type ArgumentFact, type ArgumentKind } from "../catalogue/verdict.ts";
import { argumentsFor, callsIn, namedByte, renamed } from "./rename.ts";
import type { Plain } from "./plain.ts";
import type { Admits, OwnTool } from "../catalogue/attacks/result.ts";
import type { HostileTool, Scenario } from "./scenario.ts";

/** How a tool of a scenario is called on a user's server. */
export interface Role {
  readonly tool: OwnTool;
  /** Names of arguments there → name here, and whether it takes a list. */
  readonly arguments: ReadonlyMap<string, { readonly name: string; readonly list: boolean }>;
  /** Only the name is taken over: a request that the scenario wrote byte for byte fits its own schema. */
  readonly nameOnly: boolean;
}

export type Roles = ReadonlyMap<string, Role>;

export type Bound =
  | { readonly scenario: Scenario; readonly roles: Roles }
  /** Tools of the scenario for which the user's server has none. */
  | { readonly missing: readonly string[] };

/** Puts a user's own tools in the place of a scenario's. */
export const bind = async (scenario: Scenario, tools: readonly OwnTool[], admits: Admits): Promise<Bound> => {
  const roles = new Map<string, Role>();
  const missing: string[] = [];
  for (const tool of Object.values(scenario.servers).flatMap((server) => server.tools ?? [])) {
    const { name } = tool.definition;
    if (tool.stands_for === undefined || roles.has(name)) {
      continue;
    }
    const taken = new Set([...roles.values()].map(({ tool: { profile } }) => profile.name));
    const fit = tools.flatMap((own) =>
      taken.has(own.profile.name) ? [] : roleOf(tool, own, namedByte(scenario, name)),
    );
    const role = await mostOpen(fit, callsIn(scenario, name), admits);
    if (role === undefined) {
      missing.push(name);
    } else {
      roles.set(name, role);
    }
  }
  return missing.length > 0 ? { missing } : { scenario: renamed(scenario, roles), roles };
};

const TOP = /^args\.([A-Za-z_][\w-]*)(\[\*\])?$/u;

/** The role that a user's tool could play, in a list, or none. */
const roleOf = (tool: HostileTool, own: OwnTool, nameOnly: boolean): readonly Role[] => {
  const { classes = [], arguments: wanted = {}, meta = false } = tool.stands_for ?? {};
  const { profile } = own;
  const fits = classes.includes(profile.class) && (!meta || profile.meta !== undefined);
  const found = fits ? argumentsOf(profile.arguments, wanted) : undefined;
  return found === undefined ? [] : [{ tool: own, arguments: found, nameOnly }];
};

/** An argument of each wanted kind, no two of them the same. */
const argumentsOf = (
  facts: readonly ArgumentFact[],
  wanted: Readonly<Record<string, ArgumentKind>>,
): Role["arguments"] | undefined => {
  const left = new Map(
    facts.flatMap((fact) => {
      const [, name, list] = TOP.exec(fact.path) ?? [];
      return name === undefined ? [] : [[name, { fact, list: list !== undefined }] as const];
    }),
  );
  const found = new Map<string, { readonly name: string; readonly list: boolean }>();
  for (const [name, kind] of Object.entries(wanted)) {
    const fit = [...left].find(([, { fact }]) => fact.kinds.includes(kind));
    if (fit === undefined) {
      return undefined;
    }
    const [top, { fact, list }] = fit;
    left.delete(top);
    found.set(name, { name: top, list: list || onlyList(fact) });
  }
  return found;
};

const onlyList = ({ types }: ArgumentFact): boolean => types.includes("array") && !types.includes("string");

const risk = ({ tool }: Role): number => RISKS.indexOf(tool.profile.risk);

const mostOpen = async (
  roles: readonly Role[],
  calls: readonly Plain[],
  admits: Admits,
): Promise<Role | undefined> => {
  const riskiest = roles.toSorted((one, other) => risk(other) - risk(one));
  for (const role of riskiest) {
    for (const call of calls.length === 0 ? [{}] : calls) {
      if (await admits(role.tool.profile.name, argumentsFor(role, call))) {
        return role;
      }
    }
  }
  return riskiest[0];
};
