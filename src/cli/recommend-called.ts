import { LIMITS } from "../base/limits.ts";
import { openSearch } from "./audit-search.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { readMoment } from "./moment.ts";
import { oneLine } from "./print.ts";

/** What the record says of the tools of a server. */
export interface CalledTools {
  /** Of the tools that the server has: those with an allowed call. */
  readonly called: ReadonlySet<string>;
  /** For people. */
  readonly notes: readonly string[];
}

const NAMES_SHOWN = 20;

/** Asks the record which tools were really called since `--from-audit`, and allowed. */
export const calledTools = async (
  context: Context,
  span: string,
  tools: readonly string[],
): Promise<CalledTools> => {
  const { given, ports } = context;
  const server = given.text("server");
  if (server === undefined) {
    throw new CommandFailure("--from-audit needs --server: the record has calls of all servers.", EXIT.usage);
  }
  const from = readMoment("--from-audit", span, ports.clock.now(), "past");
  using search = await openSearch(context);
  const allowed = { server, from, decision: "allow" } as const;
  // One look for each tool finds it however many calls there are.
  const called = new Set(tools.filter((tool) => search.search({ ...allowed, tool, limit: 1 }).length > 0));
  const newest = search.search({ ...allowed, limit: LIMITS.search_rows_max });
  const known = new Set(tools);
  const gone = new Set(
    newest.flatMap(({ method, tool }) =>
      method === "tools/call" && tool !== null && !known.has(tool) ? [tool] : [],
    ),
  );
  return { called, notes: notesOf(from, called, [...gone], search.behindBytes) };
};

const notesOf = (
  from: number,
  called: ReadonlySet<string>,
  gone: readonly string[],
  behindBytes: number,
): readonly string[] => {
  const names = gone
    .slice(0, NAMES_SHOWN)
    .map((name) => oneLine(name, 60))
    .join(", ");
  const more = gone.length > NAMES_SHOWN ? ` and ${String(gone.length - NAMES_SHOWN)} more` : "";
  const since = new Date(from).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
  return [
    called.size === 0
      ? `The record has no allowed call since ${since}: the policy admits nothing.`
      : `Only tools with an allowed call since ${since} are admitted.`,
    ...(gone.length === 0 ? [] : [`Called, but the server does not have them any more: ${names}${more}.`]),
    ...(behindBytes === 0 ? [] : ["The newest calls are not in the search copy yet."]),
  ];
};
