import { randomBytes } from "node:crypto";
import { LIMITS } from "../base/limits.ts";
import { writeSseEvent } from "../wire/sse.ts";

/** Where the events of a stream are written: one HTTP response. */
export interface EventWriter {
  /** One event as text. Gives a promise where the reader is behind. */
  readonly write: (text: string) => Promise<void> | undefined;
  readonly end: () => void;
}

interface KeptEvent {
  readonly stream: EventStream;
  readonly serial: number;
  readonly text: string;
  readonly at: number;
}

/**
 * One event stream of a session: the answer to one request, or the one that belongs to no request. Its events have
 * ids, so that a client whose connection broke can ask for the rest (2025-11-25 "Resumability and Redelivery").
 */
export class EventStream {
  /** What its events' ids begin with. */
  readonly #mark: string;
  readonly #keep: (event: KeptEvent) => void;
  readonly #now: () => number;
  #kept: KeptEvent[] = [];
  #serial = 0;
  /** The last event that was written to anybody. */
  #written = 0;
  /** The last event that is not kept any more. */
  #dropped = 0;
  #writer: EventWriter | undefined;
  #over = false;

  constructor(mark: string, keep: (event: KeptEvent) => void, now: () => number) {
    this.#mark = mark;
    this.#keep = keep;
    this.#now = now;
  }

  /** Whether somebody reads it now. */
  get read(): boolean {
    return this.#writer !== undefined;
  }

  say(data: string): Promise<void> | undefined {
    this.#serial += 1;
    const text = writeSseEvent(data, { id: `${this.#mark}-${this.#serial}` });
    const event = { stream: this, serial: this.#serial, text, at: this.#now() };
    this.#kept.push(event);
    this.#keep(event);
    if (this.#writer === undefined) {
      return undefined;
    }
    this.#written = this.#serial;
    return this.#writer.write(text);
  }

  /** Nothing more comes, after this where it is given. */
  finish(data?: string): void {
    if (data !== undefined) {
      void this.say(data);
    }
    this.#over = true;
    this.#writer?.end();
    this.#writer = undefined;
  }

  /**
   * Lets this writer have what comes, and first what came after the event `after`, or after the last that anybody was
   * given. `false` where some of that is not kept any more.
   */
  attach(writer: EventWriter, after = Math.max(this.#written, this.#dropped)): boolean {
    if (after < this.#dropped || after > this.#serial) {
      return false;
    }
    this.#writer?.end();
    this.#writer = undefined;
    for (const { serial, text } of this.#kept) {
      if (serial > after) {
        void writer.write(text);
      }
    }
    this.#written = this.#serial;
    if (this.#over) {
      writer.end();
    } else {
      this.#writer = writer;
    }
    return true;
  }

  detach(writer: EventWriter): void {
    if (this.#writer === writer) {
      this.#writer = undefined;
    }
  }

  /** The oldest event is kept no longer. Whether there is nothing left to come back for. */
  drop(): boolean {
    this.#dropped = this.#kept.shift()?.serial ?? this.#dropped;
    return this.#over && this.#kept.length === 0;
  }

  /** An event without a message, from which a client can come back before anything was said. */
  prime(writer: EventWriter): void {
    void writer.write(`id: ${this.#mark}-${this.#written}\ndata: \n\n`);
  }
}

const EVENT_ID = /^(.{8}-(\d{1,9}))-(\d{1,15})$/;
const STANDING = 0;

/** The event streams of one session, and what was said on them, within bounds of size and time. */
export class Streams {
  /** What belongs to no request: what a client gets by GET. What is said before anybody listens is kept. */
  readonly standing: EventStream;
  readonly #now: () => number;
  /** So that an id of another session, which may have been this client's too, is not taken for one of this. */
  readonly #mark = randomBytes(4).toString("hex");
  readonly #streams = new Map<number, EventStream>();
  #queue: KeptEvent[] = [];
  #characters = 0;
  #last = STANDING;

  constructor(now: () => number) {
    this.#now = now;
    this.standing = this.#make(STANDING);
  }

  #make(number: number): EventStream {
    const stream = new EventStream(`${this.#mark}-${number}`, (event) => this.#keep(event), this.#now);
    this.#streams.set(number, stream);
    return stream;
  }

  /** A stream for the answer to one request. */
  open(): EventStream {
    this.#last += 1;
    return this.#make(this.#last);
  }

  /** The stream of this event, from the event after it. `undefined` where that is not kept. */
  resume(lastEventId: string, writer: EventWriter): EventStream | undefined {
    const [, mark = "", number = "", serial = ""] = EVENT_ID.exec(lastEventId) ?? [];
    const stream = mark === `${this.#mark}-${number}` ? this.#streams.get(Number(number)) : undefined;
    return stream?.attach(writer, Number(serial)) === true ? stream : undefined;
  }

  #keep(event: KeptEvent): void {
    this.#queue.push(event);
    this.#characters += event.text.length;
    while (this.#characters > LIMITS.replay_characters_max && this.#queue.length > 1) {
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const oldest = this.#queue.shift();
    if (oldest === undefined) {
      return;
    }
    this.#characters -= oldest.text.length;
    if (oldest.stream.drop()) {
      for (const [number, stream] of this.#streams) {
        if (stream === oldest.stream) {
          this.#streams.delete(number);
          break;
        }
      }
    }
  }

  /** How much is kept. */
  get characters(): number {
    return this.#characters;
  }

  /** Keeps nothing of what was said so far. */
  forget(): void {
    while (this.#queue.length > 0) {
      this.#dropOldest();
    }
  }

  /** Events are kept for a client that comes back soon, not for ever. */
  sweep(now: number): void {
    while ((this.#queue[0]?.at ?? now) < now - LIMITS.replay_ms_max) {
      this.#dropOldest();
    }
  }

  /** The session is over. What was asked in it is still answered, with what became of it. */
  end(): void {
    this.standing.finish();
  }
}
