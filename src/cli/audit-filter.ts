import type { Context, OptionSpec } from "./command.ts";
import { cell, isForwarded, type AuditLine } from "./audit-line.ts";
import { readMoment } from "./moment.ts";

const FIELDS = ["grant", "identity", "server", "tool", "decision", "code"] as const;

export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { flags: "--from <when>", description: "only from this time on: RFC 3339, or a span back such as 24h, 7d" },
  { flags: "--to <when>", description: "only before this time" },
  { flags: "--grant <name>", description: "only calls of this grant" },
  { flags: "--identity <name>", description: "only calls of this identity" },
  { flags: "--server <name>", description: "only calls to this server" },
  { flags: "--tool <name>", description: "only calls of this tool" },
  { flags: "--decision <decision>", description: "only these decisions", choices: ["allow", "deny", "hold"] },
  { flags: "--code <code>", description: "only decisions with this code" },
];

/** What `--from` and `--to` say, in milliseconds since the epoch. */
export const spanOf = ({ given, ports }: Context) => {
  const now = ports.clock.now();
  const moment = (name: "from" | "to"): number | undefined => {
    const text = given.text(name);
    return text === undefined ? undefined : readMoment(`--${name}`, text, now, "past");
  };
  return { from: moment("from"), to: moment("to") };
};

export type Filter = (line: AuditLine) => boolean;

/**
 * Which lines are wanted. An outcome goes with its record, whenever it came; administrative acts are left out as soon
 * as something is asked for that only calls have.
 */
export const filterOf = (context: Context): Filter => {
  const { given } = context;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = spanOf(context);
  const wanted = FIELDS.flatMap((field) => {
    const value = given.text(field);
    return value === undefined ? [] : [[field, value] as const];
  });
  const awaited = new Set<string>();
  return (line) => {
    if (line.kind === "outcome") {
      return awaited.delete(line.id);
    }
    const inTime = line.at >= from && line.at < to;
    const matches =
      inTime &&
      (line.kind === "act"
        ? wanted.length === 0
        : wanted.every(([field, value]) => cell(line.value, field) === value));
    if (matches && line.kind === "decision" && isForwarded(line)) {
      awaited.add(line.id);
    }
    return matches;
  };
};
