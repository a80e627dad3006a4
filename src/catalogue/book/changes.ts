import { compareCodePoints } from "../../base/text.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import { RISKS, TOOL_CLASSES, type Risk, type ToolClass } from "../verdict.ts";

interface Judged {
  readonly class: ToolClass;
  readonly risk: Risk;
}

/** How a tool differs between two scans of a server. */
export interface ToolChange {
  readonly tool: string;
  /** `judged anew`: the same definition with another verdict, as of another release of Tollgate. */
  readonly change: "new" | "changed" | "gone" | "judged anew";
  /** Absent of a new one. */
  readonly before: Judged | undefined;
  /** Absent of one that is gone. */
  readonly now: Judged | undefined;
}

/** What is different now, the most dangerous tool first: by the worse of what it was and what it is. */
export const changesSince = (before: ServerEntry, now: ServerEntry): readonly ToolChange[] => {
  const [old, present] = [toolsOf(before), toolsOf(now)];
  const names = [...new Set([...present.keys(), ...old.keys()])];
  return names
    .flatMap((name) => changeOf(name, old.get(name), present.get(name)) ?? [])
    .toSorted((a, b) => danger(b) - danger(a) || compareCodePoints(a.tool, b.tool));
};

const toolsOf = ({ tools }: ServerEntry): ReadonlyMap<string, ToolEntry> =>
  new Map(tools.map((tool) => [tool.name, tool]));

const changeOf = (
  tool: string,
  before: ToolEntry | undefined,
  now: ToolEntry | undefined,
): ToolChange | undefined => {
  const both = { tool, before: verdictOf(before), now: verdictOf(now) };
  if (before === undefined || now === undefined) {
    return { ...both, change: before === undefined ? "new" : "gone" };
  }
  if (before.digest !== now.digest) {
    return { ...both, change: "changed" };
  }
  const same = before.class === now.class && before.risk === now.risk;
  return same ? undefined : { ...both, change: "judged anew" };
};

const verdictOf = (tool: ToolEntry | undefined): Judged | undefined =>
  tool === undefined ? undefined : { class: tool.class, risk: tool.risk };

/** By class, then by risk. */
const danger = ({ before, now }: ToolChange): number => Math.max(rank(now), rank(before));

const rank = (verdict: Judged | undefined): number =>
  verdict === undefined
    ? -1
    : TOOL_CLASSES.indexOf(verdict.class) * RISKS.length + RISKS.indexOf(verdict.risk);
