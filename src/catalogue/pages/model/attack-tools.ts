import { LIMITS } from "../../../base/limits.ts";
import type { Pattern } from "../../attacks/pattern.ts";
import type { NamedPattern } from "../../attacks/result.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import { RISKS, TOOL_CLASSES } from "../../verdict.ts";
import type { ToolRef } from "./tool-ref.ts";

/** Which tools enable which attacks. */

type Needs = Pattern["needs"];

/** Tools that enable an attack. */
export interface EnablingTools {
  /** Any tool does, so none is named. */
  readonly any: boolean;
  /** The riskiest first. */
  readonly tools: readonly ToolRef[];
  /** How many there are, those that are not named too. */
  readonly all: number;
}

export interface AttackTools {
  readonly toolsFor: (attack: NamedPattern) => EnablingTools;
  /** Attacks that need something which this tool has. Those that any tool enables are none of them. */
  readonly attacksOn: (tool: ToolEntry) => readonly NamedPattern[];
}

/** Whether an attack says nothing of the tools that it needs. */
const needsAny = ({ classes = [], powers = [], arguments: kinds = [], meta = false }: Needs): boolean =>
  classes.length + powers.length + kinds.length === 0 && !meta;

const hasOne = <Item>(wanted: readonly Item[] | undefined, has: (item: Item) => boolean): boolean =>
  wanted === undefined || wanted.length === 0 || wanted.some(has);

/** Of each list that is given, the tool has one; all that is given fits. */
const fits = ({ classes, powers, arguments: kinds, meta = false }: Needs, tool: ToolEntry): boolean =>
  hasOne(classes, (is) => tool.class === is) &&
  hasOne(powers, (power) => tool.powers.includes(power)) &&
  hasOne(kinds, (kind) => tool.arguments.some((fact) => fact.kinds.includes(kind))) &&
  (!meta || tool.meta !== undefined);

const danger = ({ risk, class: is }: ToolEntry): number =>
  RISKS.indexOf(risk) * TOOL_CLASSES.length + TOOL_CLASSES.indexOf(is);

/** Of tools that are as risky as each other, one of each server first: the few that are named are not all of one. */
const spread = (refs: readonly ToolRef[]): readonly ToolRef[] => {
  const before = new Map<string, number>();
  const ranked = refs.map((ref) => {
    const key = `${String(danger(ref.tool))} ${ref.server.name}`;
    const nth = before.get(key) ?? 0;
    before.set(key, nth + 1);
    return { ref, nth };
  });
  return ranked
    .toSorted((one, other) => danger(other.ref.tool) - danger(one.ref.tool) || one.nth - other.nth)
    .map(({ ref }) => ref);
};

export const attackTools = (
  servers: readonly ServerEntry[],
  attacks: readonly NamedPattern[],
): AttackTools => {
  const refs = servers.flatMap((server) => server.tools.map((tool): ToolRef => ({ server, tool })));
  const specific = attacks.filter(({ pattern }) => !needsAny(pattern.needs));
  return {
    toolsFor: ({ pattern: { needs } }) => {
      if (needsAny(needs)) {
        return { any: true, tools: [], all: refs.length };
      }
      const fit = spread(refs.filter(({ tool }) => fits(needs, tool)));
      return { any: false, tools: fit.slice(0, LIMITS.page_attack_tools_max), all: fit.length };
    },
    attacksOn: (tool) => specific.filter(({ pattern }) => fits(pattern.needs, tool)),
  };
};
