import { argumentsOf, type Placed } from "./arguments.ts";
import type { Swap } from "./constants.ts";
import type { Guise } from "./guises.ts";
import type { OwnTool } from "../../catalogue/attacks/result.ts";
import { wordsOf } from "./name-words.ts";
import { isRecord, type Plain } from "../plain.ts";
import type { HostileTool, Scenario, StandsFor } from "../scenario.ts";

/** How a tool of a scenario is called on a user's server. */
export interface Role {
  readonly tool: OwnTool;
  /** Names of arguments there → name here, and whether it takes a list. */
  readonly arguments: ReadonlyMap<string, Placed>;
  /** The scenario's values in the words of the user's rule. */
  readonly swaps: readonly Swap[];
  /** And what none of the words is in, disguised. */
  readonly guise?: Guise;
  /** Values that the user's rule asks for, by the name there, for what the attack is not about. */
  readonly admitted: ReadonlyMap<string, unknown>;
  /** Arguments there that the attack leaves out. */
  readonly absent?: ReadonlySet<string>;
}

export type Roles = ReadonlyMap<string, Role>;

/** The roles that a user's tool could play, with one argument of several or another: the likeliest first. */
export const rolesOf = (
  { stands_for: wanted, definition }: HostileTool,
  own: OwnTool,
  rule: Plain | undefined,
  scenario: Scenario,
): readonly Role[] =>
  wanted === undefined || !isOfTheKind(wanted, own)
    ? []
    : argumentsOf(own, rule, wanted.arguments ?? {})
        .map((found): Role => {
          const absent = new Set((wanted.optional ?? []).map((name) => found.get(name)?.name ?? name));
          return { tool: own, arguments: found, swaps: [], admitted: new Map(), absent };
        })
        .filter((role) => leavesOut(role) && showsSigns(role, definition.name, scenario));

const isOfTheKind = ({ classes, meta = false, words = [] }: StandsFor, { profile }: OwnTool): boolean =>
  classes.includes(profile.class) &&
  (meta ? profile.meta !== undefined : profile.meta?.runs !== "tools") &&
  (words.length === 0 || wordsOf(profile.name).some((word) => words.includes(word)));

/** What the attack leaves out must not be required. */
const leavesOut = ({ absent = new Set(), tool }: Role): boolean => {
  const { inputSchema } = tool.definition;
  const required =
    isRecord(inputSchema) && Array.isArray(inputSchema["required"]) ? inputSchema["required"] : [];
  return !required.some((name) => typeof name === "string" && absent.has(name));
};

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
