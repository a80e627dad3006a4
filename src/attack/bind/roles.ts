import type { Swap } from "./constants.ts";
import type { OwnTool } from "../../catalogue/attacks/result.ts";
import type { ArgumentFact } from "../../catalogue/verdict.ts";
import { isRecord } from "../plain.ts";
import type { HostileTool, Scenario, StandsFor } from "../scenario.ts";

/** How a tool of a scenario is called on a user's server. */
export interface Role {
  readonly tool: OwnTool;
  /** Names of arguments there → name here, and whether it takes a list. */
  readonly arguments: ReadonlyMap<string, { readonly name: string; readonly list: boolean }>;
  /** The scenario's values in the words of the user's rule. */
  readonly swaps: readonly Swap[];
  /** Values that the user's rule asks for, by the name there, for what the attack is not about. */
  readonly admitted: ReadonlyMap<string, unknown>;
}

export type Roles = ReadonlyMap<string, Role>;

/** The role that a user's tool could play, or none. */
export const roleOf = (
  { stands_for: wanted, definition }: HostileTool,
  own: OwnTool,
  scenario: Scenario,
): Role | undefined => {
  const found =
    wanted !== undefined && isOfTheKind(wanted, own)
      ? argumentsOf(own.profile.arguments, wanted.arguments ?? {})
      : undefined;
  const role =
    found === undefined ? undefined : { tool: own, arguments: found, swaps: [], admitted: new Map() };
  return role !== undefined &&
    leavesOut(role, wanted?.optional) &&
    showsSigns(role, definition.name, scenario)
    ? role
    : undefined;
};

const isOfTheKind = ({ classes, meta = false, words = [] }: StandsFor, { profile }: OwnTool): boolean =>
  classes.includes(profile.class) &&
  meta === (profile.meta !== undefined) &&
  (words.length === 0 || wordsOf(profile.name).some((word) => words.includes(word)));

/** What the attack leaves out must not be required. */
const leavesOut = ({ arguments: names, tool }: Role, optional: readonly string[] = []): boolean => {
  const { inputSchema } = tool.definition;
  const required =
    isRecord(inputSchema) && Array.isArray(inputSchema["required"]) ? inputSchema["required"] : [];
  return optional.every((name) => !required.includes(names.get(name)?.name));
};

/** `stopAllServers`, `stop_all_servers` → stop, all, servers. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** What would be seen of the attack must be possible with this tool: a member that it does not take is never there. */
const showsSigns = (role: Role, name: string, { through }: Scenario): boolean => {
  const { tool, arguments: names } = role;
  const { inputSchema } = tool.definition;
  const properties =
    isRecord(inputSchema) && isRecord(inputSchema["properties"]) ? inputSchema["properties"] : {};
  return through
    .filter(({ called }) => called === name)
    .flatMap((sign) => Object.keys(sign.with ?? {}))
    .every((key) => names.has(key) || Object.hasOwn(properties, key));
};

const TOP = /^args\.([A-Za-z_][\w-]*)(\[\*\])?$/u;

/** An argument of each wanted kind, no two of them the same. */
const argumentsOf = (
  facts: readonly ArgumentFact[],
  wanted: NonNullable<StandsFor["arguments"]>,
): Role["arguments"] | undefined => {
  const left = new Map(
    facts.flatMap((fact) => {
      const [, name, list] = TOP.exec(fact.path) ?? [];
      return name === undefined ? [] : [[name, { fact, list: list !== undefined }] as const];
    }),
  );
  const found = new Map<string, { readonly name: string; readonly list: boolean }>();
  for (const [name, kind] of Object.entries(wanted)) {
    const fits = [...left].filter(([, { fact }]) => isOfKind(fact, kind));
    const fit = fits.find(([top]) => top === name) ?? fits[0];
    if (fit === undefined) {
      return undefined;
    }
    const [top, { fact, list }] = fit;
    left.delete(top);
    found.set(name, { name: top, list: list || onlyList(fact) });
  }
  return found;
};

const isOfKind = ({ kinds, types }: ArgumentFact, kind: ArgumentFact["kinds"][number] | "text"): boolean =>
  kind === "text"
    ? kinds.length === 0 && (types.includes("string") || types.length === 0)
    : kinds.includes(kind);

const onlyList = ({ types }: ArgumentFact): boolean => types.includes("array") && !types.includes("string");
