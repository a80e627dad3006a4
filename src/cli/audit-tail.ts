import { FILTER_OPTIONS, filterOf, type Filter } from "./audit-filter.ts";
import { cell, readAuditLine, type AuditLine } from "./audit-line.ts";
import { EXIT, type CommandSpec, type Context } from "./command.ts";
import { oneLine } from "./print.ts";
import { painter, type Colour, type Paint } from "./terminal.ts";

const LINES = 20;

export const auditTail: CommandSpec = {
  path: ["audit", "tail"],
  summary: "show the last records, and with -f those that come",
  options: [
    { flags: "-f, --follow", description: "go on as records are written, until interrupted" },
    { flags: "-n, --lines <count>", description: `how many (default: ${String(LINES)})`, kind: "integer" },
    ...FILTER_OPTIONS,
  ],
  examples: [
    "tollgate audit tail",
    "tollgate audit tail -f --decision deny",
    "tollgate audit tail -n 100 --grant ci-orchestrator --json",
  ],
  run: async (context) => {
    const { given, ports, where } = context;
    const reader = await ports.audit(where);
    const wanted = filterOf(context);
    const count = given.integer("lines") ?? LINES;
    const last: AuditLine[] = [];
    for await (const text of reader.lines()) {
      const line = pick(text, wanted);
      if (line !== undefined) {
        last.push(line);
      }
      if (last.length > count) {
        last.shift();
      }
    }
    for (const line of last) {
      await print(context, line);
    }
    if (given.flag("follow")) {
      for await (const text of reader.follow(ports.interrupted())) {
        const line = pick(text, wanted);
        await (line === undefined ? undefined : print(context, line));
      }
    }
    return EXIT.done;
  },
};

const pick = (text: string | undefined, wanted: Filter): AuditLine | undefined => {
  const line = readAuditLine(text);
  return line !== undefined && wanted(line) ? line : undefined;
};

const print = async ({ terminal, json }: Context, line: AuditLine): Promise<void> => {
  await terminal.out(json ? `${line.text}\n` : `${readable(line, painter(terminal, "out"))}\n`);
};

const DECISION_COLOURS: Readonly<Record<string, Colour>> = { allow: "green", deny: "red", hold: "yellow" };

const readable = (line: AuditLine, paint: Paint): string => {
  const of = (path: string): string => oneLine(cell(line.value, path), 60);
  const time = paint("dim", cell(line.value, "at"));
  if (line.kind === "act") {
    const subject = of("subject") === "" ? "" : ` ${of("subject")}`;
    return `${time} ${paint("bold", of("act"))}${subject} by ${of("by")}  ${paint("dim", line.id)}`;
  }
  if (line.kind === "outcome") {
    return `${time} ${paint("dim", `  ${of("outcome")} after ${of("duration_ms")} ms  ${line.id}`)}`;
  }
  const decision = of("decision");
  const shown = paint(DECISION_COLOURS[decision] ?? "bold", decision.padEnd(5));
  const what = of("tool") === "" ? of("method") : of("tool");
  const rule = of("rule") === "" ? "" : ` ${of("rule")}`;
  const observed = of("enforced") === "false" ? " (not enforced)" : "";
  return `${time} ${shown} ${of("grant")} → ${of("server")} ${what}  ${of("code")}${rule}${observed}  ${paint("dim", line.id)}`;
};
