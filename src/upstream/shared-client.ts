import { member } from "../base/json-value.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { META } from "../wire/revisions.ts";
import { admitsLevel } from "../wire/log-levels.ts";
import { at } from "./calls.ts";
import { Inbox } from "./inbox.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, Spoken } from "./port.ts";
import { Lane } from "./shared-lane.ts";

/** What a shared process does for its clients. */
export interface SharedHost {
  readonly spoken: Spoken;
  readonly request: (client: SharedClient, frame: RequestFrame, exchange: Exchange) => Promise<Answer>;
  readonly send: (client: SharedClient, frame: NotificationFrame | ResponseFrame) => Promise<void>;
  readonly leave: (client: SharedClient) => Promise<void>;
  /** For the operator. */
  readonly note: (text: string) => void;
}

interface Running {
  readonly frame: RequestFrame;
  readonly controller: AbortController;
}

/** One client's view of a process that others use too. */
export class SharedClient implements Channel {
  readonly spoken: Spoken;
  readonly #host: SharedHost;
  readonly #inbox = new Inbox();
  readonly #lane = new Lane();
  readonly #running = new Set<Running>();
  #dropped = 0;
  readonly onClosed = this.#inbox.onClosed;

  constructor(host: SharedHost) {
    this.#host = host;
    this.spoken = host.spoken;
  }

  get closed(): boolean {
    return this.#inbox.closed !== undefined;
  }

  /** Whether it waits for answers. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Bytes of messages that it has not taken. */
  get waitingBytes(): number {
    return this.#lane.waitingBytes;
  }

  readonly onMessage: Channel["onMessage"] = (listener) => {
    this.#inbox.onMessage((frame) => this.#lane.hold(listener(frame)));
  };

  readonly request = async (frame: RequestFrame, exchange: Exchange): Promise<Answer> => {
    const { closed } = this.#inbox;
    if (closed !== undefined) {
      throw new UpstreamFailure("never_ran", closed);
    }
    const running: Running = { frame, controller: new AbortController() };
    const signal = AbortSignal.any([exchange.signal, running.controller.signal]);
    const onInterim = (interim: Frame): void => this.#onInterim(running, interim, exchange);
    this.#running.add(running);
    try {
      const answer = await this.#host.request(this, frame, { ...exchange, onInterim, signal });
      await this.#lane.emptied(signal);
      return answer;
    } finally {
      this.#running.delete(running);
      this.#lane.forget(running);
    }
  };

  #onInterim(running: Running, frame: Frame, { onInterim }: Exchange): void {
    if (!this.#lane.put(frame, () => onInterim(frame), running)) {
      this.#lane.forget(running);
      running.controller.abort(
        new UpstreamFailure("lost", "The client takes the server's messages too slowly; others wait for it."),
      );
    }
  }

  /** A message that belongs to no request. `false` where the client has no room for it: it is dropped. */
  tell(frame: Frame): boolean {
    const told = this.#lane.put(frame, () => this.#inbox.deliver(frame));
    if (!told) {
      this.#dropped += 1;
      if (this.#dropped === 1) {
        this.#host.note("Messages are dropped: a client of the shared process takes them too slowly.");
      }
    }
    return told;
  }

  /** Whether a message of this level is wanted by a request under way (2026-07-28 "Logging"). */
  wantsLog(level: unknown): boolean {
    return [...this.#running].some(({ frame }) => {
      const asked = at(frame.value, ["params", "_meta", META.logLevel]);
      return typeof asked === "string" && admitsLevel(asked, level);
    });
  }

  async send(frame: NotificationFrame | ResponseFrame): Promise<void> {
    if (this.#inbox.closed !== undefined) {
      throw new UpstreamFailure("never_ran", this.#inbox.closed);
    }
    await this.#host.send(this, frame);
  }

  /** The process is gone, or the client leaves it. */
  close(reason: string): void {
    this.#inbox.close(reason);
    for (const { controller } of this.#running) {
      controller.abort(new UpstreamFailure("lost", reason));
    }
    if (this.#dropped > 0) {
      this.#host.note(`${String(this.#dropped)} messages were dropped: a client took them too slowly.`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.closed) {
      this.close("The channel was closed.");
      await this.#host.leave(this);
    }
  }
}

/** The level of a log message. */
export const levelOf = ({ params }: NotificationFrame): unknown => params && member(params, "level");
