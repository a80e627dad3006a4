import type { ServerEntry, ToolEntry } from "../../entry.ts";
import { RISKS, TOOL_CLASSES, UNSURE_BELOW, type Risk, type ToolClass } from "../../verdict.ts";

/** A tool that a page speaks of. Where its own page is, is for whoever shows it to know. */
export interface ToolRef {
  readonly server: ServerEntry;
  readonly tool: ToolEntry;
}

export const isUnsure = ({ confidence }: ToolEntry): boolean => confidence < UNSURE_BELOW;

export interface ClassCount {
  readonly class: ToolClass;
  readonly count: number;
}

/** How many tools of each class, in the order of danger, those with none too. */
export const countClasses = (tools: Iterable<ToolEntry>): readonly ClassCount[] => {
  const counts = new Map<ToolClass, number>();
  for (const { class: is } of tools) {
    counts.set(is, (counts.get(is) ?? 0) + 1);
  }
  return TOOL_CLASSES.map((name) => ({ class: name, count: counts.get(name) ?? 0 }));
};

/** The same, added up. */
export const addClasses = (counts: readonly (readonly ClassCount[])[]): readonly ClassCount[] =>
  TOOL_CLASSES.map((name, at) => ({
    class: name,
    count: counts.reduce((sum, one) => sum + (one[at]?.count ?? 0), 0),
  }));

export interface RiskCount {
  readonly risk: Risk;
  readonly count: number;
}

/** How many tools of each risk, the lowest first, those with none too. */
export const countRisks = (tools: readonly ToolEntry[]): readonly RiskCount[] =>
  RISKS.map((name) => ({ risk: name, count: tools.filter(({ risk }) => risk === name).length }));
