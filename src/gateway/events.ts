import type { IncomingMessage, ServerResponse } from "node:http";
import { REFUSALS } from "../base/errors.ts";
import { errorReply } from "../wire/replies.ts";
import type { Desk } from "./desk.ts";
import type { Received } from "./edge.ts";
import { acceptsEvents } from "./http-sink.ts";
import { openEventWriter } from "./http-writer.ts";
import { refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";
import type { Session } from "./session.ts";
import type { EventStream, EventWriter } from "./streams.ts";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The revision from which on an event without data says only where a client can come back to (2025-11-25 "Sending Messages"). */
const PRIMED = "2025-11-25";

/**
 * GET on an endpoint: what a session is told that belongs to no request, or, after an event, the rest of the stream
 * that the event was on (2025-11-25 "Listening for Messages from the Server", "Resumability and Redelivery").
 */
export const serveEvents = (
  desk: Desk,
  received: Received,
  session: Session,
  { request, response }: Exchange,
): void => {
  if (!acceptsEvents(request)) {
    refuse(refusal(received, "not_acceptable"));
    return;
  }
  const leave = desk.openStreams.enter(session.parts.grant);
  if (leave === undefined) {
    refuse(refusal(received, "overloaded"));
    return;
  }
  const release = session.listened();
  response.once("close", () => {
    release();
    leave();
  });
  const { streams, revision } = session.parts;
  const writer = lazyWriter(response);
  const lastEventId = request.headers["last-event-id"];
  const stream =
    lastEventId === undefined
      ? attached(streams.standing, writer)
      : streams.resume(String(lastEventId), writer);
  if (stream === undefined) {
    const row = REFUSALS.invalid_request;
    const text = errorReply(undefined, row.rpc, "What came after this event is not kept any more.");
    received.arrival.sink.answer(row.http, text);
    return;
  }
  writer.begin();
  if (revision === PRIMED && lastEventId === undefined) {
    stream.prime(writer);
  }
  response.once("close", () => stream.detach(writer));
};

const attached = (stream: EventStream, writer: EventWriter): EventStream | undefined =>
  stream.attach(writer) ? stream : undefined;

/** The response becomes an event stream with the first event, or when it is told to: until then it may be a refusal. */
const lazyWriter = (response: ServerResponse): EventWriter & { readonly begin: () => void } => {
  let open: EventWriter | undefined;
  const begin = (): EventWriter => (open ??= openEventWriter(response));
  return {
    begin: () => void begin(),
    write: (text) => begin().write(text),
    end: () => begin().end(),
  };
};
