import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

/** Bytes that may wait to be read before the server is made to wait. */
const WAITING_BYTES_MAX = 256 * 1024;

/**
 * The body of one answer, as it comes. Straight from the dispatcher: the streams that undici's `request` makes cost
 * more than everything else that a small answer costs.
 */
export class ResponseBody implements AsyncIterable<Buffer> {
  readonly #controller: Dispatcher.DispatchController;
  #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #state: "open" | "ended" | "discarded" | { readonly error: Error } = "open";
  #wake: (() => void) | undefined;
  #discardable = 0;
  #discarding: NodeJS.Timeout | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  /** For the dispatcher: the next bytes. */
  push(chunk: Buffer): void {
    if (this.#state !== "open") {
      this.#discard(chunk.length);
      return;
    }
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > WAITING_BYTES_MAX) {
      this.#controller.pause();
    }
    this.#wakeReader();
  }

  /** For the dispatcher: there is no more, or there will be no more. */
  finish(error?: Error): void {
    if (this.#state === "open") {
      this.#state = error === undefined ? "ended" : { error };
    }
    clearTimeout(this.#discarding);
    this.#wakeReader();
  }

  #discard(bytes: number): void {
    this.#discardable -= bytes;
    if (this.#discardable < 0) {
      this.destroy();
    }
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Chunks in order; throws what broke the connection. Leaving the loop early leaves the rest unread: `discard` it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunks = this.#chunks;
      this.#chunks = [];
      this.#waitingBytes = 0;
      if (this.#controller.paused) {
        this.#controller.resume();
      }
      yield* chunks;
      if (this.#chunks.length === 0) {
        if (typeof this.#state === "object") {
          throw this.#state.error;
        }
        if (this.#state !== "open") {
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** All of a body that is whole, without waiting for anything. */
  takeWhole(): readonly Buffer[] | undefined {
    if (this.#state !== "ended") {
      return undefined;
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Lets a short rest run out unread, so that the connection can be used again, and cuts a long one. */
  discard(bytesMax: number, waitMs: number): void {
    if (this.#state !== "open") {
      return;
    }
    this.#state = "discarded";
    this.#chunks = [];
    this.#discardable = bytesMax;
    this.#discarding = setTimeout(() => this.destroy(), waitMs).unref();
    if (this.#controller.paused) {
      this.#controller.resume();
    }
  }

  /** Cuts the connection, where there is anything left to come. */
  destroy(): void {
    if (this.#state === "ended" || typeof this.#state === "object") {
      return;
    }
    this.#state = "discarded";
    this.#chunks = [];
    this.#controller.abort(new Error("The rest of the answer is not wanted."));
  }
}

/** The head of an answer, and its body as it comes. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ResponseBody;
}

/** Sends a request; resolves with the head of its answer. Aborting rejects, or cuts the body, with the signal's reason. */
export const dispatch = (
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<ResponseHead> =>
  new Promise((resolve, reject) => {
    let body: ResponseBody | undefined;
    let abort: (() => void) | undefined;
    const settle = (): void => {
      if (abort !== undefined) {
        signal.removeEventListener("abort", abort);
        abort = undefined;
      }
    };
    dispatcher.dispatch(options, {
      onRequestStart: (controller) => {
        if (signal.aborted) {
          controller.abort(reasonOf(signal));
          return;
        }
        settle(); // undici starts a request anew where its connection broke before anything was sent.
        abort = () => controller.abort(reasonOf(signal));
        signal.addEventListener("abort", abort, { once: true });
      },
      onResponseStart: (controller, status, headers) => {
        if (status >= 200) {
          body = new ResponseBody(controller);
          resolve({ status, headers, body });
        }
      },
      onResponseData: (_, chunk) => body?.push(chunk),
      onResponseEnd: () => {
        settle();
        body?.finish();
      },
      onResponseError: (_, error) => {
        settle();
        body?.finish(error);
        reject(error);
      },
    });
  });

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error("aborted");
