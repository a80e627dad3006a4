import type { Level } from "./level/level.ts";
import type { Fields, Params } from "./values.ts";

/** What ran a command: a request of its own, or one of the two commands that run others. */
export type Via = null | "batch_exec" | "run_tool";

export interface Done {
  readonly command: string;
  readonly via: Via;
  readonly success: boolean;
  readonly at: string;
}

/** What a command may use of the editor it runs in. */
export interface Session {
  readonly level: Level;
  readonly log: (line: string) => void;
  /** The last lines of the log, the newest at the end. */
  readonly lines: () => readonly string[];
  /** What was executed, the newest at the end. */
  readonly history: () => readonly Done[];
  /** Executes a command (`run_tool`: a tool of the registry), journaled. Throws what the command throws. */
  readonly execute: (name: string, raw: Fields, via: Via) => Promise<unknown>;
  /** False where there is nothing to go back, or forward, to. */
  readonly undo: () => boolean;
  readonly redo: () => boolean;
  readonly status: () => Fields;
  /** Stops the listener, the way that this editor stops it; with `again` it starts once more. */
  readonly stop: (again: boolean) => Promise<void>;
}

export type Handler = (params: Params, session: Session) => unknown;

export type Handlers = Readonly<Record<string, Handler>>;
