import { LIMITS } from "../base/limits.ts";
import { isServerName } from "../base/names.ts";
import { openSearch } from "./audit-search.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { readMoment } from "./moment.ts";
import type { AuditSearch } from "./ports-audit.ts";
import { oneLine } from "./print.ts";
import { shellWord } from "./recommend-steps.ts";

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
  using search = await searchOf(context, server);
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
  if (called.size === 0 && gone.size === 0) {
    const late = search.behindBytes === 0 ? "" : ` ${BEHIND}`;
    const none = `The record has no allowed call of ${JSON.stringify(oneLine(server, 60))} since ${sinceText(from)}, so no policy is recommended.`;
    throw new CommandFailure(`${none}${late}${await wrapHint(context, server)}`);
  }
  return { called, notes: notesOf(from, called, [...gone], search.behindBytes) };
};

/** Where there is no record at all, that of `wrap` may be meant. */
const searchOf = async (context: Context, server: string): Promise<AuditSearch> => {
  try {
    return await openSearch(context);
  } catch (error) {
    if (error instanceof CommandFailure) {
      throw new CommandFailure(`${error.message}${await wrapHint(context, server)}`, error.exit);
    }
    throw error;
  }
};

/** Where the calls went that this data directory has no record of. */
const wrapHint = async ({ ports, where }: Context, server: string): Promise<string> => {
  const data = isServerName(server) ? await ports.wrapRecord(server) : undefined;
  return data === undefined || data === ports.configuration(where).data
    ? ""
    : `\nA wrap of that name keeps its record in a data directory of its own. For its calls add: --data ${shellWord(data)}`;
};

const BEHIND = "The newest calls are not in the search copy yet.";

const sinceText = (from: number): string => new Date(from).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");

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
  const since = sinceText(from);
  return [
    called.size === 0
      ? `No tool that is there has an allowed call since ${since}: the policy admits nothing.`
      : `Only tools with an allowed call since ${since} are admitted.`,
    ...(gone.length === 0 ? [] : [`Called, but the server does not have them any more: ${names}${more}.`]),
    ...(behindBytes === 0 ? [] : [BEHIND]),
  ];
};
