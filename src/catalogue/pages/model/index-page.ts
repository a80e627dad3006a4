import type { ServerEntry } from "../../entry.ts";
import { RISKS } from "../../verdict.ts";
import { isScanned } from "./origin.ts";
import { tokensOf } from "./server-page.ts";
import {
  addClasses,
  countClasses,
  countRisks,
  isUnsure,
  type ClassCount,
  type RiskCount,
} from "./tool-ref.ts";

export interface ServerRow {
  readonly server: ServerEntry;
  readonly counts: readonly ClassCount[];
  readonly risks: readonly RiskCount[];
  readonly tokens: number;
}

/** All that the first page says, without how it looks. */
export interface IndexPage {
  readonly servers: readonly ServerRow[];
  readonly tools: number;
  readonly counts: readonly ClassCount[];
  readonly risks: readonly RiskCount[];
  readonly meta: number;
  readonly unsure: number;
  /** Servers that were scanned here, and did not come with the catalogue. */
  readonly scanned: number;
}

export const indexPage = (servers: readonly ServerEntry[]): IndexPage => {
  const rows = servers.map((server) => ({
    server,
    counts: countClasses(server.tools),
    risks: countRisks(server.tools),
    tokens: tokensOf(server),
  }));
  const count = (holds: (tool: ServerEntry["tools"][number]) => boolean): number =>
    servers.reduce((sum, { tools }) => sum + tools.filter(holds).length, 0);
  return {
    servers: rows,
    tools: count(() => true),
    counts: addClasses(rows.map(({ counts }) => counts)),
    risks: RISKS.map((name) => ({ risk: name, count: count(({ risk }) => risk === name) })),
    meta: count(({ meta }) => meta !== undefined),
    unsure: count(isUnsure),
    scanned: servers.filter(isScanned).length,
  };
};
