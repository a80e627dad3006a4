import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { JournalPosition } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { Records } from "./records.ts";

interface RecordsThreadOptions {
  readonly path: string;
  /** The journal's directory. */
  readonly journal: string;
  readonly onFault: (message: string) => void;
  /** The last segment that retention dropped: its records go, too. */
  readonly gone: () => number;
}

/** What the thread is started with. */
interface Task {
  readonly task: "records";
  readonly path: string;
  readonly journal: string;
  readonly gone: number;
}

/** To the thread: the last segment that is gone, or that it shall end. */
type Order = { readonly gone: number } | { readonly end: true };
/** From the thread: how far it is, or what went wrong. */
type Report = { readonly position: JournalPosition | undefined } | { readonly fault: string };

/**
 * Fills the search copy of the record in a thread of its own, so that no call waits for SQLite. The thread follows
 * the journal's files by itself. One that dies is told of once and started again.
 */
export class RecordsThread implements AsyncDisposable {
  readonly #options: RecordsThreadOptions;
  readonly #timer: NodeJS.Timeout;
  #worker: Worker | undefined;
  #again: NodeJS.Timeout | undefined;
  #waitMs: number = LIMITS.search_restart_ms;
  #position: JournalPosition | undefined;
  /** The last segment that the thread was told is gone. */
  #gone = 0;
  #faulty = false;
  #closed = false;

  constructor(options: RecordsThreadOptions) {
    this.#options = options;
    this.#start();
    this.#timer = setInterval(() => this.#tellGone(), LIMITS.search_fill_ms).unref();
  }

  /** How far the journal was taken in when the thread last said so; `undefined` while that is not known. */
  get position(): JournalPosition | undefined {
    return this.#position;
  }

  /** The last lines are taken in first, for so long as that may take. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#again);
    const worker = this.#worker;
    if (worker === undefined) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.once("exit", () => resolve());
    worker.ref();
    this.#order({ end: true });
    const late = setTimeout(() => void worker.terminate(), LIMITS.search_close_ms);
    await promise;
    clearTimeout(late);
  }

  #start(): void {
    const { path, journal, gone } = this.#options;
    this.#gone = gone();
    const task: Task = { task: "records", path, journal, gone: this.#gone };
    const worker = new Worker(new URL(import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.search_heap_mib },
    });
    worker.unref();
    worker.on("message", (message: unknown) => this.#take(message));
    worker.on("error", (error) => this.#fault(error instanceof Error ? error.message : "unknown"));
    worker.once("exit", () => this.#ended());
    this.#worker = worker;
  }

  #take(message: unknown): void {
    if (!isReport(message)) {
      return;
    }
    if ("fault" in message) {
      this.#options.onFault(message.fault);
      return;
    }
    this.#position = message.position;
    this.#faulty = false;
    this.#waitMs = LIMITS.search_restart_ms;
  }

  #ended(): void {
    this.#worker = undefined;
    this.#position = undefined;
    if (this.#closed) {
      return;
    }
    this.#fault("it ended");
    this.#again = setTimeout(() => this.#start(), this.#waitMs).unref();
    this.#waitMs = Math.min(this.#waitMs * 2, LIMITS.search_restart_max_ms);
  }

  #fault(reason: string): void {
    if (!this.#faulty) {
      this.#options.onFault(
        `The thread that fills the search copy of the record died and is started again: ${reason}.`,
      );
    }
    this.#faulty = true;
  }

  #tellGone(): void {
    const gone = this.#options.gone();
    if (gone !== this.#gone) {
      this.#gone = gone;
      this.#order({ gone });
    }
  }

  #order(order: Order): void {
    this.#worker?.postMessage(order);
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isTask = (value: unknown): value is Task =>
  isObject(value) && "task" in value && value.task === "records" && "path" in value && "journal" in value;

const isReport = (value: unknown): value is Report =>
  isObject(value) && ("position" in value || "fault" in value);

const isOrder = (value: unknown): value is Order => isObject(value) && ("gone" in value || "end" in value);

/** What the thread does. */
const run = ({ path, journal, gone: first }: Task, port: NonNullable<typeof parentPort>): void => {
  let gone = first;
  const tell = (report: Report): void => port.postMessage(report, []);
  const records = new Records({
    path,
    journal,
    onFault: (fault) => tell({ fault }),
    gone: () => gone,
  });
  let told: JournalPosition | undefined;
  const timer = setInterval(() => {
    const { position } = records;
    if (position?.segment !== told?.segment || position?.offset !== told?.offset) {
      told = position;
      tell({ position });
    }
  }, LIMITS.search_fill_ms);
  port.on("message", (order: unknown) => {
    if (!isOrder(order)) {
      return;
    }
    if ("gone" in order) {
      gone = order.gone;
      return;
    }
    clearInterval(timer);
    records[Symbol.dispose]();
    port.close();
  });
};

// This file is its own entry: it has one name in the sources and another in the build.
const given: unknown = workerData;
if (!isMainThread && parentPort !== null && isTask(given)) {
  run(given, parentPort);
}
