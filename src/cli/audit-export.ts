import { CsvRows, csvHead } from "./audit-csv.ts";
import { FILTER_OPTIONS, filterOf } from "./audit-filter.ts";
import { readAuditLine, type AuditLine } from "./audit-line.ts";
import { exportOn } from "./audit-resume.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { BlockOutput } from "./output.ts";
import { startProgress } from "./progress.ts";

export const auditExport: CommandSpec = {
  path: ["audit", "export"],
  summary: "print the record as JSON Lines (an outcome is a line of its own) or CSV",
  options: [
    { flags: "--csv", description: "CSV, a call and its outcome in one row" },
    {
      flags: "--resume <file>",
      description: "only what came since the last run, whose place is kept in this file",
    },
    {
      flags: "--skip-gap",
      description: "with --resume: go on where records were dropped before they were exported",
    },
    ...FILTER_OPTIONS,
  ],
  examples: [
    "tollgate audit export --json > record.jsonl",
    "tollgate audit export --csv --from 7d --grant ci-orchestrator > week.csv",
    "tollgate audit export --json --tool create_refund --decision deny",
    "tollgate audit export --json --resume shipped.json >> shipped.jsonl",
  ],
  run: async (context) => {
    const unreadable =
      context.given.text("resume") === undefined ? await exportAll(context) : await exportOn(context);
    if (unreadable > 0) {
      context.terminal.err(
        `${String(unreadable)} lines of the record cannot be read; run: tollgate audit verify\n`,
      );
    }
    return unreadable > 0 ? EXIT.failed : EXIT.done;
  },
};

/** How many lines could not be read. */
const exportAll = async (context: Context): Promise<number> => {
  const { ports, terminal, where, given } = context;
  if (given.flag("skipGap")) {
    throw new CommandFailure("--skip-gap goes with --resume.", EXIT.usage);
  }
  const writer = writerOf(context);
  const wanted = filterOf(context);
  const output = new BlockOutput(terminal);
  let unreadable = 0;
  using progress = startProgress(terminal, "exporting", ports.clock, { beside: true });
  await output.write(writer.head);
  for await (const text of (await ports.audit(where)).lines(progress.update)) {
    const line = readAuditLine(text);
    unreadable += line === undefined ? 1 : 0;
    if (line !== undefined && wanted(line)) {
      await output.write(writer.line(line));
    }
    if (output.ended) {
      return unreadable;
    }
  }
  await output.write(writer.end());
  await output.flush();
  return unreadable;
};

interface Writer {
  readonly head: string;
  readonly line: (line: AuditLine) => string;
  readonly end: () => string;
}

/** JSON Lines, as the record is, unless CSV is asked for. */
const writerOf = ({ given, json }: Context): Writer => {
  if (!given.flag("csv")) {
    return { head: "", line: ({ text }) => `${text}\n`, end: () => "" };
  }
  if (json) {
    throw new CommandFailure("--csv and --json say different things; give one of them.", EXIT.usage);
  }
  const rows = new CsvRows();
  return { head: csvHead(), line: (line) => rows.add(line), end: () => rows.end() };
};
