import type { ToolChange } from "../catalogue/book/changes.ts";
import { nameText } from "./catalogue-print.ts";
import type { Context } from "./command.ts";
import type { State } from "./override-print.ts";
import { oneLine, table } from "./print.ts";
import { painter } from "./terminal.ts";

/** What a scan found that is not as the one before had it. */
export interface Since {
  /** When the scan before was made, in milliseconds since the epoch; absent where there is none to compare with. */
  readonly at: number | undefined;
  readonly changes: readonly ToolChange[];
  /** Overrides whose tool is gone or has another definition than people saw. */
  readonly overrides: readonly State[];
}

const KINDS: readonly ToolChange["change"][] = ["new", "changed", "gone", "judged anew"];

export const printChanges = async ({ terminal }: Context, since: Since): Promise<void> => {
  const paint = painter(terminal, "out");
  if (since.at !== undefined) {
    const when = new Date(since.at).toISOString().slice(0, 16).replace("T", " ");
    await terminal.out(`\n${paint("bold", `since the scan of ${when}`)}: ${countsOf(since.changes)}\n`);
  }
  if (since.changes.length > 0) {
    const rows = since.changes.map((change) => [
      nameText(change.tool),
      change.change,
      fromTo(change, "class"),
      fromTo(change, "risk"),
    ]);
    await terminal.out(table(["TOOL", "CHANGE", "CLASS", "RISK"], rows, paint));
  }
  for (const { tool, state, counts } of since.overrides) {
    const what =
      counts === undefined
        ? "the server does not offer the tool any more"
        : `its definition is not the one that was overridden, so the more dangerous counts: ${counts.class}, ${counts.risk} risk`;
    await terminal.out(`${paint("yellow", "override")} ${nameText(tool)}: ${oneLine(state)}; ${what}\n`);
  }
};

const countsOf = (changes: readonly ToolChange[]): string => {
  const counts = KINDS.flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${String(count)} ${kind}`];
  });
  return counts.length === 0 ? "nothing changed" : counts.join(", ");
};

/** `read → destructive`, or the one word where it did not change. */
const fromTo = ({ before, now }: ToolChange, what: "class" | "risk"): string => {
  const words = new Set([before, now].flatMap((verdict) => verdict?.[what] ?? []));
  return [...words].join(" → ");
};
