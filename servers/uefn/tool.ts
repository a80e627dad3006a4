import type { JsonSchemaType, ToolAnnotations } from "@modelcontextprotocol/server";

/** What is behind a tool: a command of the listener, `run_tool:NAME`, `multi:A+B`, or a source of documentation. */
export interface ToolFact {
  readonly group: string;
  readonly backend: string;
  readonly inputSchema: JsonSchemaType;
}

/** What a tool says of itself. */
export interface Words {
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
}

type Kind = (title: string, description: string) => Words;

const kind =
  (
    readOnlyHint: boolean,
    destructiveHint: boolean,
    idempotentHint: boolean,
    openWorldHint: boolean = false,
  ): Kind =>
  (title, description) => ({
    title,
    description,
    annotations: { readOnlyHint, destructiveHint, idempotentHint, openWorldHint },
  });

/** Changes nothing. */
export const reads = kind(true, false, true);
/** Changes nothing, and may read from hosts of the internet. */
export const readsWeb = kind(true, false, true, true);
/** Changes what the editor shows or has selected, or a report that it can make again. */
export const shows = kind(false, false, true);
/** Makes something new each time; nothing that was there is changed. */
export const adds = kind(false, false, false);
/** Replaces what was there; a second time changes nothing more. */
export const replaces = kind(false, true, true);
/** Replaces or removes what was there, and more of it each time. */
export const alters = kind(false, true, false);
/** May do anything, outside of the editor too. */
export const runsAnything = kind(false, true, false, true);
