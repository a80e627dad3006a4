import type { ServerEntry } from "../../entry.ts";
import { tokensOf } from "./server-page.ts";
import { addClasses, countClasses, isUnsure, type ClassCount } from "./tool-ref.ts";

export interface ServerRow {
  readonly server: ServerEntry;
  readonly counts: readonly ClassCount[];
  readonly tokens: number;
}

/** All that the first page says, without how it looks. */
export interface IndexPage {
  readonly servers: readonly ServerRow[];
  readonly tools: number;
  readonly counts: readonly ClassCount[];
  readonly meta: number;
  readonly unsure: number;
}

export const indexPage = (servers: readonly ServerEntry[]): IndexPage => {
  const rows = servers.map((server) => ({
    server,
    counts: countClasses(server.tools),
    tokens: tokensOf(server),
  }));
  const count = (holds: (tool: ServerEntry["tools"][number]) => boolean): number =>
    servers.reduce((sum, { tools }) => sum + tools.filter(holds).length, 0);
  return {
    servers: rows,
    tools: count(() => true),
    counts: addClasses(rows.map(({ counts }) => counts)),
    meta: count(({ meta }) => meta !== undefined),
    unsure: count(isUnsure),
  };
};
