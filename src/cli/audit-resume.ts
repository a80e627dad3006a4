import { LIMITS } from "../base/limits.ts";
import type { JournalLine } from "../audit/port.ts";
import { FILTER_OPTIONS } from "./audit-filter.ts";
import { readAuditLine } from "./audit-line.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { BlockOutput } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Exports what came since the place that the file of `--resume` holds, at least once: the place moves on when lines
 * have left for good. How many lines could not be read.
 */
export const exportOn = async (context: Context): Promise<number> => {
  const { ports, terminal, where, given } = context;
  refuseFilters(context);
  const reader = await ports.audit(where);
  using follower = reader.resume(given.text("resume") ?? "", given.flag("skipGap"));
  if (follower.interrupted) {
    // The last run was killed, perhaps in the middle of a line: the next must not stand in its ruins.
    await terminal.out("\n");
  }
  let unreadable = 0;
  for (let full = true; full;) {
    const lines = follower.next(LIMITS.export_batch_lines);
    full = lines.length === LIMITS.export_batch_lines; // Otherwise that was all there is for now.
    unreadable += await exported(terminal, lines);
    follower.taken();
  }
  return unreadable;
};

/** Returns when the lines have left for good: to a reader that took them, or to a file on stable storage. */
const exported = async (terminal: Terminal, lines: readonly JournalLine[]): Promise<number> => {
  const output = new BlockOutput(terminal);
  let unreadable = 0;
  for (const { text } of lines) {
    const line = readAuditLine(text);
    unreadable += line === undefined ? 1 : 0;
    await (line === undefined ? undefined : output.write(`${line.text}\n`));
  }
  await output.flush();
  await terminal.outIsKept?.();
  if (output.ended) {
    throw new CommandFailure("Nobody reads the output any more. What was not taken comes again.");
  }
  return unreadable;
};

/** An outcome alone does not tell whose it is, and its call may have been in an earlier run. */
const refuseFilters = ({ given }: Context): void => {
  const names = FILTER_OPTIONS.map(({ flags }) => /--(\w+)/u.exec(flags)?.[1] ?? "");
  const filter = names.find((name) => given.text(name) !== undefined);
  if (given.flag("csv") || filter !== undefined) {
    const what = filter === undefined ? "--csv" : `--${filter}`;
    throw new CommandFailure(`--resume exports all lines as they are; it takes no ${what}.`, EXIT.usage);
  }
};
