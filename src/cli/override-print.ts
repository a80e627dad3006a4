import { overridden } from "../catalogue/override.ts";
import type { StoredOverride } from "../catalogue/port.ts";
import { profileTool } from "../catalogue/profile.ts";
import type { Risk, ToolClass } from "../catalogue/verdict.ts";
import type { Context } from "./command.ts";
import { jsonLine, oneLine, table } from "./print.ts";
import type { Scanned } from "./scan-or-fail.ts";
import { painter } from "./terminal.ts";

export const verdictText = (verdict: { readonly class: ToolClass; readonly risk: Risk }): string =>
  `${verdict.class}, ${verdict.risk} risk`;

const HEAD = ["SERVER", "TOOL", "CLASS", "RISK", "CATALOGUE", "DEFINITION", "BY", "AT", "REASON"];

export const printOverrides = async (
  { terminal, json }: Context,
  overrides: readonly StoredOverride[],
): Promise<void> => {
  if (json) {
    const views = overrides.map((each) => ({
      ...each,
      risk: each.risk ?? null,
      at: new Date(each.at).toISOString(),
    }));
    await terminal.out(jsonLine(views));
    return;
  }
  if (overrides.length === 0) {
    await terminal.out("No verdict is overridden.\n");
    return;
  }
  const rows = overrides.map(({ server, tool, class: is, risk, was, digest, by, at, reason }) => [
    oneLine(server),
    oneLine(tool, 60),
    is,
    risk ?? "-",
    `${was.class}, ${was.risk}`,
    digest.slice(0, 12),
    oneLine(by),
    new Date(at).toISOString(),
    oneLine(reason),
  ]);
  await terminal.out(table(HEAD, rows, painter(terminal, "out")));
};

/** How an override stands to what its server offers now. */
export interface State {
  readonly tool: string;
  readonly state: "in force" | "definition changed" | "no such tool";
  /** What counts; absent where there is no such tool. */
  readonly counts: { readonly class: ToolClass; readonly risk: Risk } | undefined;
  readonly reason: string;
}

export const stateOf = (override: StoredOverride, { tools }: Scanned): State => {
  const { tool, reason, digest } = override;
  const found = tools.find(({ name }) => name === tool);
  if (found === undefined) {
    return { tool, state: "no such tool", counts: undefined, reason };
  }
  const { class: is, risk } = overridden(profileTool(found.definition), found.digest, override);
  const state = found.digest === digest ? "in force" : "definition changed";
  return { tool, state, counts: { class: is, risk }, reason };
};

/** The overrides of one server, held against what it offers now. */
export const printStates = async (
  { terminal, json }: Context,
  server: string,
  overrides: readonly StoredOverride[],
  scan: Scanned,
): Promise<void> => {
  const states = overrides.filter((each) => each.server === server).map((each) => stateOf(each, scan));
  if (json) {
    await terminal.out(jsonLine(states.map((each) => ({ ...each, counts: each.counts ?? null }))));
    return;
  }
  if (states.length === 0) {
    await terminal.out(`No verdict on a tool of ${server} is overridden.\n`);
    return;
  }
  const rows = states.map(({ tool, state, counts, reason }) => [
    oneLine(tool, 60),
    state,
    counts === undefined ? "-" : verdictText(counts),
    oneLine(reason),
  ]);
  await terminal.out(table(["TOOL", "STATE", "COUNTS AS", "REASON"], rows, painter(terminal, "out")));
};
