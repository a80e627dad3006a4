import { LIMITS } from "../../base/limits.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import { RISKS, TOOL_CLASSES, UNSURE_BELOW, type Risk, type ToolClass } from "../verdict.ts";

/** A server at a glance. */
export interface ServerSummary {
  readonly tools: number;
  readonly classes: Readonly<Record<ToolClass, number>>;
  readonly risks: Readonly<Record<Risk, number>>;
  /** Names of tools that change, destroy or spend something, or run something that may; the worst first. */
  readonly modify: readonly string[];
  /** Names of tools whose class is a guess on the safe side. */
  readonly unsure: readonly string[];
  /** Of all definitions together, about. */
  readonly tokens: number;
  /** … and their share of a context of 200,000 tokens, 0 to 1 or more. */
  readonly contextShare: number;
  /** The tool with the largest definition. */
  readonly heaviest: { readonly name: string; readonly tokens: number } | undefined;
}

export const summaryOf = ({ tools }: ServerEntry): ServerSummary => {
  const tokens = tools.reduce((sum, tool) => sum + tool.tokens, 0);
  const heaviest = tools.reduce<ToolEntry | undefined>(
    (most, tool) => (most === undefined || tool.tokens > most.tokens ? tool : most),
    undefined,
  );
  const ofClass = (name: ToolClass): number => tools.filter((tool) => tool.class === name).length;
  const ofRisk = (name: Risk): number => tools.filter(({ risk }) => risk === name).length;
  return {
    tools: tools.length,
    classes: {
      read: ofClass("read"),
      write: ofClass("write"),
      execute: ofClass("execute"),
      destructive: ofClass("destructive"),
      financial: ofClass("financial"),
    },
    risks: {
      low: ofRisk("low"),
      medium: ofRisk("medium"),
      high: ofRisk("high"),
      critical: ofRisk("critical"),
    },
    modify: namesOf(tools.filter((tool) => tool.class !== "read").toSorted(worstFirst)),
    unsure: namesOf(tools.filter(isUnsure)),
    tokens,
    contextShare: tokens / LIMITS.context_tokens,
    heaviest: heaviest && { name: heaviest.name, tokens: heaviest.tokens },
  };
};

export const isUnsure = ({ confidence }: { readonly confidence: number }): boolean =>
  confidence < UNSURE_BELOW;

const worstFirst = (a: ToolEntry, b: ToolEntry): number =>
  TOOL_CLASSES.indexOf(b.class) - TOOL_CLASSES.indexOf(a.class) ||
  RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk);

const namesOf = (tools: readonly ToolEntry[]): readonly string[] => tools.map(({ name }) => name);
