import type { JournalPosition } from "../audit/port.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { type AuditLine, readAuditLine } from "./audit-line.ts";
import { openSearch } from "./audit-search.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import type { AuditReader } from "./ports-audit.ts";
import { oneLine } from "./print.ts";
import { startProgress } from "./progress.ts";
import { painter } from "./terminal.ts";

const PARTS = ["decision", "act", "outcome"] as const;
type Part = (typeof PARTS)[number];

/** The lines of one record, as far as there are any; `lost`: it is known where one was, and it is not there. */
interface Found {
  readonly lines: ReadonlyMap<Part, AuditLine>;
  readonly lost: ReadonlySet<Part>;
}

export const auditShow: CommandSpec = {
  path: ["audit", "show"],
  summary: "show one record whole, and whether its lines are as they were written",
  argument: { name: "<id>", description: "the record's id" },
  options: [],
  examples: ["tollgate audit show 0199f3a4-1b2c-7d3e-8f4a-5b6c7d8e9f0a", "tollgate audit show ID --json"],
  run: async (context) => {
    const { ports, terminal, where, given, json } = context;
    const id = given.args[0] ?? "";
    const reader = await ports.audit(where);
    const found = (await lookUp(context, reader, id)) ?? (await walk(context, reader, id));
    if (found.lines.size === 0 && found.lost.size === 0) {
      throw new CommandFailure(`There is no record ${oneLine(id, 60)}.`);
    }
    const problems = problemsOf(found, reader);
    await terminal.out(json ? jsonText(found, problems) : readable(context, found, problems));
    return problems.size === 0 ? EXIT.done : EXIT.failed;
  },
};

/** By the search copy. `undefined` where that does not know the record, as it does not know acts, or cannot be used. */
const lookUp = async (context: Context, reader: AuditReader, id: string): Promise<Found | undefined> => {
  const row = await rowOf(context, id);
  if (row === undefined) {
    return undefined;
  }
  const lines = new Map<Part, AuditLine>();
  const lost = new Set<Part>();
  const take = (part: Part, position: JournalPosition): void => {
    const line = readAuditLine(reader.at(position)?.text);
    if (line?.id === id && line.kind === part) {
      lines.set(part, line);
    } else {
      lost.add(part);
    }
  };
  take("decision", row.position);
  if (row.outcomePosition !== null) {
    take("outcome", row.outcomePosition);
  }
  return { lines, lost };
};

const rowOf = async (context: Context, id: string) => {
  try {
    using search = await openSearch(context);
    return search.find(id);
  } catch (error) {
    if (error instanceof CommandFailure) {
      context.terminal.err(`${error.message}\nThe record itself is read instead.\n`);
      return undefined;
    }
    throw error;
  }
};

/** By reading all of the journal. Only lines that hold the id are looked at closely. */
const walk = async ({ terminal, ports }: Context, reader: AuditReader, id: string): Promise<Found> => {
  using progress = startProgress(terminal, "reading the record", ports.clock);
  const lines = new Map<Part, AuditLine>();
  for await (const text of reader.lines(progress.update)) {
    const line = text?.includes(JSON.stringify(id)) === true ? readAuditLine(text) : undefined;
    if (line?.id === id) {
      lines.set(line.kind, line);
    }
  }
  return { lines, lost: new Set() };
};

const problemsOf = ({ lines, lost }: Found, reader: AuditReader): ReadonlyMap<Part, string> => {
  const problems = new Map<Part, string>([...lost].map((part) => [part, "is not where it was written"]));
  for (const [part, { text }] of lines) {
    const problem = reader.problemOf(text);
    if (problem !== undefined) {
      problems.set(part, problem);
    }
  }
  return problems;
};

/** The lines as they are in the journal: what they say exactly is what their hashes are made of. */
const jsonText = ({ lines }: Found, problems: ReadonlyMap<Part, string>): string => {
  const members = PARTS.map((part) => `"${part}":${lines.get(part)?.text ?? "null"}`);
  const wrong = writeJson(Object.fromEntries(problems));
  return `{${members.join(",")},"sound":${String(problems.size === 0)},"problems":${wrong}}\n`;
};

const readable = ({ terminal }: Context, { lines }: Found, problems: ReadonlyMap<Part, string>): string => {
  const paint = painter(terminal, "out");
  const texts = PARTS.flatMap((part) => {
    const [line, problem] = [lines.get(part), problems.get(part)];
    if (line === undefined && problem === undefined) {
      return part === "outcome" && lines.has("decision") ? [`${paint("bold", "outcome")}: none\n`] : [];
    }
    const state = problem === undefined ? paint("green", "as it was written") : paint("red", `it ${problem}`);
    return [`${paint("bold", part)}: ${state}\n`, line === undefined ? "" : membersText(line)];
  });
  return texts.join("");
};

const membersText = ({ value }: AuditLine): string => {
  const names = Object.keys(value);
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => `  ${name.padEnd(width)}  ${oneLine(shown(value[name] ?? null), 1_000)}\n`)
    .join("");
};

const shown = (value: Json): string => (typeof value === "string" ? value : writeJson(value));
