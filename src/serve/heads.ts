import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { comparePlaces, HEADS_FILE, headLine } from "../audit/heads.ts";
import type { JournalPosition } from "../audit/port.ts";
import type { Clock } from "../base/clock.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { AuditConfig } from "../config/audit.ts";
import type { Journal } from "../store/journal/journal.ts";
import { appendHead, putterFor, reasonOf, shortenHeads, type PutHead } from "./heads-places.ts";

const TICK_MS = 1_000;

interface SignedHeadsOptions {
  readonly journal: Pick<Journal, "position" | "head" | "flush">;
  readonly key: KeyObject;
  readonly dataDirectory: string;
  /** As it is in force now. */
  readonly config: () => AuditConfig["heads"];
  readonly clock: Clock;
  readonly log: Log;
  readonly tickMs?: number;
}

/**
 * Signs how far the record has come: at intervals while it grows, when a segment was finished, and at a stop. Heads are
 * kept in the data directory and in a second place. The newest stands for all before it, so what could not be kept is
 * tried again with the newest. Time is counted in ticks: the clock may be put back.
 */
export class SignedHeads implements AsyncDisposable {
  readonly #options: SignedHeadsOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #own: Keeper;
  #second: { readonly place: string; readonly keeper: Keeper } | undefined;
  #ticks = 0;
  #signed: { readonly line: string; readonly place: JournalPosition } | undefined;
  #signedTick = 0;
  #segment: number;
  #work: Promise<void> | undefined;

  constructor(options: SignedHeadsOptions) {
    this.#options = options;
    this.#segment = options.journal.position().segment;
    const path = join(options.dataDirectory, HEADS_FILE);
    this.#own = new Keeper("the data directory", options.log, async (line) => {
      await appendHead(path, line);
      await shortenHeads(path, LIMITS.heads_bytes_max);
    });
    this.#timer = setInterval(() => this.#tick(), options.tickMs ?? TICK_MS);
    this.#timer.unref();
  }

  /** `behind`: the newest head could not be kept everywhere it should be. */
  readonly state = (): "ok" | "behind" =>
    this.#own.behind || this.#second?.keeper.behind === true ? "behind" : "ok";

  /** The last head is signed for the last line. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#work;
    await this.#turn(Number.POSITIVE_INFINITY);
  }

  /** One at a time. */
  #tick(): void {
    this.#ticks += 1;
    this.#work ??= this.#turn(this.#ticks).finally(() => {
      this.#work = undefined;
    });
  }

  /** Throws nothing: it runs on a timer. */
  async #turn(tick: number): Promise<void> {
    const { journal, config } = this.#options;
    const { everySeconds } = config();
    // In one turn: the hash is that of the line before this very place.
    const [place, head] = [journal.position(), journal.head()];
    const due = tick - this.#signedTick >= everySeconds || place.segment !== this.#segment;
    if (due && this.#grewTo(place) && (await this.#own.attempt(() => this.#sign(place, head), tick))) {
      this.#signedTick = this.#ticks;
      this.#segment = place.segment;
    }
    const line = this.#signed?.line;
    if (line !== undefined) {
      await Promise.all([this.#own.keep(line, tick), this.#secondNow()?.keep(line, tick)]);
    }
  }

  #grewTo(place: JournalPosition): boolean {
    return this.#signed === undefined ? place.offset > 0 : comparePlaces(place, this.#signed.place) !== 0;
  }

  /** Only for what is on stable storage: after a loss of power more would look like a record that was cut. */
  async #sign(place: JournalPosition, head: string): Promise<void> {
    const { journal, key, clock } = this.#options;
    await journal.flush();
    const at = new Date(clock.now()).toISOString();
    this.#signed = { line: headLine({ at, place, head }, key), place };
  }

  /** As the configuration in force names it. */
  #secondNow(): Keeper | undefined {
    const { to } = this.#options.config();
    const place = to === undefined ? undefined : JSON.stringify(to);
    if (to === undefined || place === undefined) {
      this.#second = undefined;
    } else if (this.#second?.place !== place) {
      const keeper = new Keeper("the second place", this.#options.log, putterFor(to));
      this.#second = { place, keeper };
    }
    return this.#second?.keeper;
  }
}

/** One place where heads are kept. Says once that it fails, until it works again. */
class Keeper {
  readonly #name: string;
  readonly #log: Log;
  readonly #put: PutHead;
  #kept: string | undefined;
  #behind = false;
  #againAtTick = 0;

  constructor(name: string, log: Log, put: PutHead) {
    this.#name = name;
    this.#log = log;
    this.#put = put;
  }

  get behind(): boolean {
    return this.#behind;
  }

  async keep(line: string, tick: number): Promise<void> {
    if (line === this.#kept || !(await this.attempt(() => this.#put(line), tick))) {
      return;
    }
    this.#kept = line;
    if (this.#behind) {
      this.#behind = false;
      this.#log.info("signed heads of the record are kept again", { place: this.#name });
    }
  }

  /** Whether it went well. Soon after a failure it is not tried. */
  async attempt(work: () => Promise<void>, tick: number): Promise<boolean> {
    if (tick < this.#againAtTick) {
      return false;
    }
    try {
      await work();
      return true;
    } catch (error) {
      if (!this.#behind) {
        const reason = reasonOf(error);
        this.#log.warn("a signed head of the record could not be kept", { place: this.#name, reason });
      }
      this.#behind = true;
      this.#againAtTick = tick + LIMITS.head_retry_ms / TICK_MS;
      return false;
    }
  }
}
