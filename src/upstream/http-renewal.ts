import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { agreed } from "./handshake.ts";
import type { RawAnswer } from "./http-answer.ts";
import { differenceOf, newSession } from "./http-session.ts";
import type { Session, SessionMemory } from "./http-session.ts";
import { UpstreamFailure } from "./port.ts";
import type { Spoken } from "./port.ts";

/** What a channel does for a new session to take an old one's place. */
export interface Renewing {
  readonly memory: SessionMemory;
  /** What was agreed in the old session. */
  readonly spoken: Spoken;
  readonly shakeHands: (frame: RequestFrame, session: Session) => Promise<RawAnswer>;
  /** From now on it is the session. */
  readonly enter: (session: Session) => void;
  readonly tell: (frame: NotificationFrame, session: Session) => Promise<boolean>;
  readonly ask: (frame: RequestFrame, session: Session) => Promise<RawAnswer>;
}

const failed = (detail: string): UpstreamFailure => new UpstreamFailure("never_ran", detail);

/**
 * Opens a new session as the old one was opened, and tells it what the old one was told. It must be to the client what
 * the old one was. Throws `UpstreamFailure` where it is not.
 */
export const renew = async ({ memory, spoken, ...does }: Renewing): Promise<void> => {
  const { initialize, initialized } = memory;
  if (initialize === undefined) {
    throw failed("The session was never begun.");
  }
  const session = newSession(false);
  const answer = await does.shakeHands(initialize, session);
  session.begun = true;
  // Entered before it is looked at: where it fails from here on, this session is ended, too.
  does.enter(session);
  if (answer.frame.result === undefined) {
    throw failed("The server refused the handshake.");
  }
  const difference = differenceOf(spoken, agreed(initialize, answer));
  if (difference !== undefined) {
    throw failed(difference);
  }
  const requests = memory.replay();
  if (initialized !== undefined && !(await does.tell(initialized, session))) {
    throw failed("The server has ended the new session, too.");
  }
  for (const request of requests) {
    const { frame } = await does.ask(request, session);
    if (frame.result === undefined) {
      throw failed(`The server refused ${request.method} in the new session.`);
    }
  }
};
