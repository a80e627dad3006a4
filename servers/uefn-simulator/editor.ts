import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Moment } from "./level/level.ts";
import { startingLevel } from "./level/start.ts";
import type { Done, Handler, Session, Via } from "./session.ts";
import { CommandError, paramsOf, type Fields } from "./values.ts";

/** Between two ticks of the editor's main thread. */
const TICK_MS = 16;
const JOBS_PER_TICK_MAX = 5;
const LOG_LINES_MAX = 200;
const HISTORY_MAX = 500;
const MOMENTS_MAX = 50;
/** Commands inside of commands. */
const DEPTH_MAX = 50;

/** These change nothing themselves: what they run does, or they move in the list of changes. */
const UNTRACKED: ReadonlySet<string> = new Set(["batch_exec", "run_tool", "undo", "redo"]);

export type Outcome =
  | { readonly success: true; readonly result: unknown }
  | { readonly success: false; readonly error: string; readonly traceback: string };

/** A command on the queue. `outcome` is there once it ran. */
export interface Job {
  readonly command: string;
  readonly raw: Fields;
  outcome: Outcome | undefined;
}

export interface EditorOptions {
  readonly commands: ReadonlyMap<string, Handler>;
  readonly tools: ReadonlyMap<string, Handler>;
  /** Where a line of JSON is appended for each command, before it runs. */
  readonly journal: string | undefined;
}

const bounded = <T>(list: T[], item: T, max: number): void => {
  list.push(item);
  if (list.length > max) {
    list.shift();
  }
};

/** Real ones name files of the machine they run on, and so does this. */
const tracebackOf = (command: string, error: string): string =>
  [
    "Traceback (most recent call last):",
    '  File "C:\\Users\\builder\\Documents\\Fortnite Projects\\Island\\Content\\Python\\listener.py", line 214, in dispatch',
    `    return handlers["${command}"](**params)`,
    `RuntimeError: ${error}`,
  ].join("\n");

/** The editor: one queue, drained by one main thread; a level; what was done. */
export class Editor implements Session {
  readonly level = startingLevel();
  readonly #options: EditorOptions;
  readonly #queue: Job[] = [];
  readonly #lines: string[] = [];
  readonly #history: Done[] = [];
  #past: Moment[] = [];
  #future: Moment[] = [];
  #draining = false;
  #depth = 0;
  #executed = 0;
  #stop: (again: boolean) => Promise<void> = async () => {};

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  /** The listener says how it is stopped. */
  onStop(stop: (again: boolean) => Promise<void>): void {
    this.#stop = stop;
  }

  /** Puts a command on the queue. */
  submit(command: string, raw: Fields): Job {
    const job: Job = { command, raw, outcome: undefined };
    this.#queue.push(job);
    void this.#drain();
    return job;
  }

  readonly log = (line: string): void =>
    bounded(this.#lines, `[${new Date().toISOString()}] ${line}`, LOG_LINES_MAX);

  readonly lines = (): readonly string[] => this.#lines;

  readonly history = (): readonly Done[] => this.#history;

  readonly stop = (again: boolean): Promise<void> => this.#stop(again);

  readonly status = (): Fields => ({
    running: true,
    mode: "queue",
    queued: this.#queue.length,
    executed: this.#executed,
    commands: this.#options.commands.size,
    tools: this.#options.tools.size,
  });

  readonly execute = async (name: string, raw: Fields, via: Via): Promise<unknown> => {
    const handler = (via === "run_tool" ? this.#options.tools : this.#options.commands).get(name);
    if (handler === undefined) {
      throw new CommandError(`Unknown command: ${name}`);
    }
    if (this.#depth >= DEPTH_MAX) {
      throw new CommandError("Too many commands inside of commands");
    }
    const at = new Date().toISOString();
    this.#write({ command: name, params: raw, via, at });
    this.#executed += 1;
    this.#depth += 1;
    const { version } = this.level;
    const before = this.level.moment();
    let success = false;
    try {
      const result = await handler(paramsOf(raw), this);
      success = true;
      return result;
    } finally {
      this.#depth -= 1;
      bounded(this.#history, { command: name, via, success, at }, HISTORY_MAX);
      if (this.level.version !== version && !(UNTRACKED.has(name) && via !== "run_tool")) {
        bounded(this.#past, before, MOMENTS_MAX);
        this.#future = [];
      }
    }
  };

  readonly undo = (): boolean => this.#move(this.#past, this.#future);

  readonly redo = (): boolean => this.#move(this.#future, this.#past);

  #move(from: Moment[], to: Moment[]): boolean {
    const moment = from.pop();
    if (moment === undefined) {
      return false;
    }
    bounded(to, this.level.moment(), MOMENTS_MAX);
    this.level.goTo(moment);
    return true;
  }

  #write(line: Fields): void {
    if (this.#options.journal !== undefined) {
      appendFileSync(this.#options.journal, `${JSON.stringify(line)}\n`);
    }
  }

  /** One tick after the other for as long as something is on the queue. A command that hangs stops all ticks. */
  async #drain(): Promise<void> {
    if (this.#draining) {
      return;
    }
    this.#draining = true;
    while (this.#queue.length > 0) {
      await sleep(TICK_MS);
      for (const job of this.#queue.splice(0, JOBS_PER_TICK_MAX)) {
        job.outcome = await this.#run(job);
      }
    }
    this.#draining = false;
  }

  async #run({ command, raw }: Job): Promise<Outcome> {
    try {
      return { success: true, result: await this.execute(command, raw, null) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.log(`${command} failed: ${message}`);
      return { success: false, error: message, traceback: tracebackOf(command, message) };
    }
  }
}
