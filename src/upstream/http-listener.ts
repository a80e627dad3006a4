import { listen } from "./http-listen.ts";
import { hasBatches } from "./http-messages.ts";
import { isGone } from "./http-session.ts";
import type { Session } from "./http-session.ts";
import type { Traffic } from "./http-under-way.ts";
import type { HttpWire } from "./http-wire.ts";
import { UpstreamFailure } from "./port.ts";

interface ListenerOptions {
  readonly wire: HttpWire;
  readonly traffic: Traffic;
  readonly bytesMax: number;
  /** The stream said that the session is over. Who only listens would not hear of it otherwise. */
  readonly onGone: (session: Session) => void;
}

const OVER = new UpstreamFailure("cancelled", "Another session takes its place.");

/** Listens to what a legacy server says unasked, in one session at a time. */
export class Listener {
  readonly #options: ListenerOptions;
  #current: AbortController | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  start(session: Session): void {
    this.#current?.abort(OVER);
    const { wire, traffic, bytesMax, onGone } = this.#options;
    if (traffic.inbox.closed !== undefined) {
      return;
    }
    const { signal } = (this.#current = new AbortController());
    let heard = false;
    let gone = false;
    void listen({
      open: async (lastEventId) => {
        const response = await wire.get(session, lastEventId, signal);
        heard ||= response.status === 200;
        gone = isGone(response, session);
        return response;
      },
      bytesMax,
      batches: hasBatches(wire.spoken.revision),
      signal,
      onFrame: (frame) => traffic.onUnasked(frame, session, signal),
    }).then(() => {
      // Where there never was a stream, 404 may be how the server says that it has none. A session that nobody used is
      // not worth another one: so a server that forgets all its sessions is not asked for ever.
      if (heard && gone && session.used) {
        onGone(session);
      }
    });
  }

  stop(failure: UpstreamFailure): void {
    this.#current?.abort(failure);
  }
}
