import { RISKS, TOOL_CLASSES, type Risk, type ToolClass } from "./verdict.ts";

/** What people decided of a tool, in place of the catalogue's verdict. Times are milliseconds since the epoch. */
export interface StoredOverride {
  readonly server: string;
  /** The server's own name for it. */
  readonly tool: string;
  /** SHA-256 of the definition that was looked at: of another one the override is not believed where it lowers. */
  readonly digest: string;
  readonly class: ToolClass;
  /** `undefined`: the catalogue's. */
  readonly risk: Risk | undefined;
  /** What the catalogue said of that definition then. */
  readonly was: { readonly class: ToolClass; readonly risk: Risk };
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** Overrides that outlive the process, one a tool. Synchronous: it is read when a snapshot is built, never while deciding. */
export interface OverrideStore {
  /** By server and tool. */
  readonly list: () => readonly StoredOverride[];
  /** In place of the tool's earlier one. On stable storage when it returns; throws where it cannot be. */
  readonly put: (override: StoredOverride) => void;
  /** False where the tool has none. */
  readonly remove: (server: string, tool: string) => boolean;
}

export const isToolClass = (value: unknown): value is ToolClass =>
  TOOL_CLASSES.some((known) => known === value);

export const isRisk = (value: unknown): value is Risk => RISKS.some((known) => known === value);
