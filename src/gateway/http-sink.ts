import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sink } from "./sink.ts";
import { writeSseEvent } from "../wire/sse.ts";

/** Answers over HTTP: as one JSON document, or, once something had to be said before the answer, as an event stream. */
export class HttpSink implements Sink {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #streaming = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  readonly interim = (text: string): void => {
    if (this.#response.writableEnded || !this.#takesEvents()) {
      return;
    }
    this.#stream();
    this.#response.write(writeSseEvent(text));
  };

  readonly answer = (status: number, text: string, headers?: Readonly<Record<string, string>>): void => {
    const response = this.#response;
    if (response.writableEnded) {
      return;
    }
    if (this.#streaming) {
      response.end(writeSseEvent(text));
      return;
    }
    response.writeHead(status, {
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  };

  readonly end = (status: number, headers?: Readonly<Record<string, string>>): void => {
    if (this.#response.writableEnded) {
      return;
    }
    if (!this.#streaming) {
      this.#response.writeHead(status, { ...headers, "content-length": 0 });
    }
    this.#response.end();
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

  #takesEvents(): boolean {
    return this.#request.headers.accept?.includes("text/event-stream") === true;
  }

  #stream(): void {
    if (!this.#streaming) {
      this.#streaming = true;
      this.#response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-cache",
        // Tells proxies such as nginx not to buffer (2026-07-28 "Receiving Messages").
        "x-accel-buffering": "no",
      });
    }
  }
}
