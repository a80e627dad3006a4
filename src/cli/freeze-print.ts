import type { FreezeView } from "../control/contract.ts";
import type { Context } from "./command.ts";
import { jsonLine, oneLine, table } from "./print.ts";
import { painter } from "./terminal.ts";

export const printFreezes = async (
  { terminal, json }: Context,
  freezes: readonly FreezeView[],
): Promise<void> => {
  if (json) {
    await terminal.out(jsonLine(freezes));
    return;
  }
  if (freezes.length === 0) {
    await terminal.out("Nothing is frozen.\n");
    return;
  }
  const rows = freezes.map(({ id, what, reason, by, at, until }) => [
    id,
    oneLine(what),
    oneLine(by),
    at,
    until ?? "it is lifted",
    oneLine(reason),
  ]);
  await terminal.out(table(["ID", "FROZEN", "BY", "AT", "UNTIL", "REASON"], rows, painter(terminal, "out")));
};
