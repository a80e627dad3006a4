import type { ToolProfile } from "./verdict.ts";

/** A tool as the catalogue keeps it: facts and sentences of ours, nothing of the server's own prose. */
export interface ToolEntry extends ToolProfile {
  /** Size of its definition in a model's context, about. */
  readonly tokens: number;
  /** SHA-256 of the whole definition, as the record has it. */
  readonly digest: string;
  /** Hints of the server about itself, as sent: `readOnlyHint` and the like. */
  readonly annotations: Readonly<Record<string, boolean>>;
}

/** Where a server's entry comes from. */
export type Origin =
  | { readonly from: "package"; readonly package: string; readonly version: string }
  /** Scanned by `server scan`; `at` in milliseconds since the epoch. */
  | { readonly from: "scan"; readonly at: number };

/** A server as the catalogue keeps it. */
export interface ServerEntry {
  /** As in the configuration, or made from the package's name: `[a-z0-9][a-z0-9-]{0,63}`. */
  readonly name: string;
  readonly origin: Origin;
  /** What it says of itself. */
  readonly product: { readonly name: string; readonly version: string } | undefined;
  /** The newest protocol revision it speaks with the gate. */
  readonly revision: string;
  readonly tools: readonly ToolEntry[];
}
