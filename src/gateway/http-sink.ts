import type { IncomingMessage, ServerResponse } from "node:http";
import { writeSseEvent } from "../wire/sse.ts";
import { cutWhenStalled, openEventWriter } from "./http-writer.ts";
import type { Sink } from "./sink.ts";
import type { EventStream, EventWriter, Streams } from "./streams.ts";

/** Media types are compared without case (RFC 9110 section 8.3.1). */
export const acceptsEvents = ({ headers }: IncomingMessage): boolean =>
  headers.accept?.toLowerCase().includes("text/event-stream") === true;

/** Answers over HTTP: as one JSON document, or, once something had to be said before the answer, as an event stream. */
export class HttpSink implements Sink {
  readonly #takesStream: boolean;
  readonly #response: ServerResponse;
  #streams: Streams | undefined;
  /** The stream of a session that this response is one reader of. */
  #stream: EventStream | undefined;
  #writer: EventWriter | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#response = response;
    this.#takesStream = acceptsEvents(request);
  }

  /** A client that went before it heard of a stream cannot come back to it. */
  get takesInterim(): boolean {
    return this.#takesStream && (this.#stream !== undefined || !this.#response.closed);
  }

  readonly isRead = (): boolean => this.#stream?.read ?? !this.#response.closed;

  readonly follow = (streams: Streams): void => {
    this.#streams = streams;
  };

  readonly interim = (text: string): Promise<void> | undefined => {
    if (!this.takesInterim || (this.#writer === undefined && this.#response.writableEnded)) {
      return undefined;
    }
    const writer = this.#open();
    return this.#stream === undefined ? writer.write(writeSseEvent(text)) : this.#stream.say(text);
  };

  #open(): EventWriter {
    if (this.#writer !== undefined) {
      return this.#writer;
    }
    const writer = openEventWriter(this.#response);
    this.#writer = writer;
    if (this.#streams !== undefined) {
      const stream = this.#streams.open();
      this.#stream = stream;
      stream.attach(writer);
      if (this.#response.closed) {
        stream.detach(writer);
      }
      this.#response.once("close", () => stream.detach(writer));
    }
    return writer;
  }

  readonly answer = (status: number, text: string, headers?: Readonly<Record<string, string>>): void => {
    const response = this.#response;
    if (this.#stream !== undefined) {
      this.#stream.finish(text);
    } else if (this.#writer !== undefined) {
      void this.#writer.write(writeSseEvent(text));
      this.#writer.end();
    } else if (!response.writableEnded) {
      response.writeHead(status, {
        ...headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    }
  };

  readonly end = (status: number, headers?: Readonly<Record<string, string>>): void => {
    if (this.#stream !== undefined) {
      this.#stream.finish();
    } else if (!this.#response.writableEnded) {
      if (this.#writer !== undefined) {
        this.#writer.end();
        return;
      }
      // RFC 9110 section 8.6: a 204 has no length.
      this.#response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": 0 });
      this.#response.end();
    }
  };

  readonly onGone = (listener: () => void): void => {
    if (this.#response.closed && !this.#response.writableFinished) {
      listener(); // It went while its server was being started.
      return;
    }
    this.#response.on("close", () => {
      if (!this.#response.writableFinished) {
        listener();
      }
    });
  };

  readonly flushed = (): Promise<void> | undefined => {
    const response = this.#response;
    if (!response.writableEnded || response.writableLength === 0 || response.closed) {
      return undefined;
    }
    cutWhenStalled(response);
    return new Promise((resolve) => response.once("close", () => resolve()));
  };
}
