import type { Frame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { Calls } from "./calls.ts";
import type { Call } from "./calls.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline, Wait } from "./deadline.ts";
import { Asks } from "./http-asks.ts";
import { untilTaken } from "./http-pace.ts";
import type { Session } from "./http-session.ts";
import { Inbox } from "./inbox.ts";
import { UpstreamFailure } from "./port.ts";
import type { Exchange } from "./port.ts";

type Unanswered = Exclude<Frame, ResponseFrame>;

/** A request under way over HTTP. */
export interface UnderWay {
  readonly call: Call;
  readonly controller: AbortController;
  /** The session in which it was sent last. */
  session: Session;
  readonly deadline: Deadline;
  readonly release: () => void;
  /** Aborted when the request is settled; made where a message of its came another way. */
  over?: AbortController;
}

const OVER = new UpstreamFailure("cancelled", "The request is settled.");
const LATE = new UpstreamFailure("timeout", "The server did not answer in time.");

/** The caller's controller where it lends one; else one of our own that aborts when the caller's signal does. */
const hold = ({ controller: lent, signal }: Exchange): Pick<UnderWay, "controller" | "release"> => {
  if (lent !== undefined) {
    return { controller: lent, release: () => {} };
  }
  const controller = new AbortController();
  const onAbort = (): void =>
    controller.abort(new UpstreamFailure("cancelled", "The caller no longer waits."));
  signal.addEventListener("abort", onAbort, { once: true });
  return { controller, release: () => signal.removeEventListener("abort", onAbort) };
};

/** The requests under way on one channel, and to whom what the server says belongs. */
export class Traffic {
  readonly calls = new Calls();
  readonly asks = new Asks();
  readonly inbox = new Inbox();
  readonly #underWay = new Set<UnderWay>();

  begin(frame: RequestFrame, exchange: Exchange, wait: Wait, session: Session): UnderWay {
    const call = this.calls.begin(frame, exchange.onInterim);
    const { controller, release } = hold(exchange);
    const deadline = startDeadline(wait, () => controller.abort(LATE));
    const underWay: UnderWay = { call, controller, session, deadline, release };
    this.#underWay.add(underWay);
    return underWay;
  }

  end(underWay: UnderWay): void {
    underWay.deadline.clear();
    underWay.release();
    this.#underWay.delete(underWay);
    this.calls.end(underWay.call);
    underWay.over?.abort(OVER);
  }

  /** Gives a message to the request that it belongs to; the wait, where its caller wants time. */
  give(underWay: UnderWay, frame: Unanswered, signal: AbortSignal): Promise<void> | undefined {
    const { call, deadline, session } = underWay;
    deadline.extend();
    if (frame.kind === "request") {
      this.asks.asked(frame, session);
    }
    return untilTaken(call.onInterim(this.calls.interimFor(call, frame)), deadline, signal);
  }

  /** What comes on the stream of its own may still belong to a request under way. */
  async onUnasked(frame: Unanswered, session: Session, signal: AbortSignal): Promise<void> {
    const call = this.calls.ownerOf(frame);
    const underWay = call && [...this.#underWay].find((each) => each.call === call);
    if (underWay !== undefined) {
      underWay.over ??= new AbortController();
      const ends = AbortSignal.any([underWay.over.signal, underWay.controller.signal]);
      // The stream is everybody's: a request that ends meanwhile is no fault of it.
      await this.give(underWay, frame, ends)?.catch(() => {});
      return;
    }
    if (frame.kind === "request") {
      this.asks.asked(frame, session);
    }
    await untilTaken(this.inbox.deliver(frame), undefined, signal);
  }

  close(reason: string): void {
    const lost = new UpstreamFailure("lost", reason);
    this.#underWay.forEach(({ controller }) => controller.abort(lost));
    this.inbox.close(reason);
  }
}
