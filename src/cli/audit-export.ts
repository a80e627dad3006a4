import { CsvRows, csvHead } from "./audit-csv.ts";
import { FILTER_OPTIONS, filterOf } from "./audit-filter.ts";
import { readAuditLine, type AuditLine } from "./audit-line.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";

export const auditExport: CommandSpec = {
  path: ["audit", "export"],
  summary: "print the record as JSON Lines (an outcome is a line of its own) or CSV",
  options: [{ flags: "--csv", description: "CSV, a call and its outcome in one row" }, ...FILTER_OPTIONS],
  examples: [
    "tollgate audit export --json > record.jsonl",
    "tollgate audit export --csv --from 7d --grant ci-orchestrator > week.csv",
    "tollgate audit export --json --tool create_refund --decision deny",
  ],
  run: async (context) => {
    const { ports, terminal, where } = context;
    const writer = writerOf(context);
    const wanted = filterOf(context);
    let unreadable = 0;
    await terminal.out(writer.head);
    for await (const text of (await ports.audit(where)).lines()) {
      const line = readAuditLine(text);
      unreadable += line === undefined ? 1 : 0;
      await (line !== undefined && wanted(line) ? terminal.out(writer.line(line)) : undefined);
    }
    await terminal.out(writer.end());
    if (unreadable > 0) {
      terminal.err(`${String(unreadable)} lines of the record cannot be read; run: tollgate audit verify\n`);
    }
    return unreadable > 0 ? EXIT.failed : EXIT.done;
  },
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
