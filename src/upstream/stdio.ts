import { member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame, Unreadable } from "../wire/frame.ts";
import { decodeUtf8 } from "../wire/lines.ts";
import type { Line } from "../wire/lines.ts";
import type { Revision } from "../wire/revisions.ts";
import { readBatch, readFrame } from "../wire/read-frame.ts";
import { Calls, idKey } from "./calls.ts";
import type { Call } from "./calls.ts";
import { Child } from "./child.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline, Wait } from "./deadline.ts";
import { Inbox } from "./inbox.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, FailureKind, ServerSpec } from "./port.ts";
import { Intake } from "./stdio-intake.ts";
import type { Tail } from "./tail.ts";

/** Lines on standard output that are no message are noted so many times, then only counted. */
const NOTES_MAX = 20;
const NOTE_CHARACTERS_MAX = 200;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: UpstreamFailure) => void;
  readonly deadline: Deadline;
  readonly unlisten: () => void;
  sent: boolean;
}

export interface RequestOptions {
  readonly wait: Wait;
  /** `initialize` must not be cancelled (2025-11-25 "Cancellation"). */
  readonly cancellable: boolean;
  /** The client whose request it is, where several share the process. */
  readonly owner?: object;
}

/** The one revision in which a line may hold several messages (2025-03-26 "Batching"). */
const BATCHES = "2025-03-26" satisfies Revision;

const LOOSE = new TextDecoder("utf-8");

/** Why a request is given up. */
export const abortOf = ({ reason }: AbortSignal): UpstreamFailure =>
  reason instanceof UpstreamFailure
    ? reason
    : new UpstreamFailure("cancelled", "The caller no longer waits.");

/** A server's process and the requests under way on it. One line, one message (MCP stdio). */
export class StdioLink implements AsyncDisposable {
  readonly inbox = new Inbox();
  readonly calls = new Calls();
  readonly #child: Child;
  readonly #intake: Intake;
  readonly #tail: Tail;
  readonly #waiting = new Map<Call, Waiting>();
  #skipped = 0;
  /** Whether the server ever wrote a message: before that, nothing that was sent can have run. */
  #heard = false;
  #batches = false;
  #ending = false;

  /** Throws `UpstreamFailure` `never_ran` where the command cannot be tried. */
  constructor(spec: ServerSpec, tail: Tail) {
    if (spec.transport.kind !== "stdio") {
      throw new UpstreamFailure("never_ran", "The server is not a command.");
    }
    this.#tail = tail;
    this.#intake = new Intake({
      bytesMax: spec.resultBytes,
      onLine: (line) => this.#onLine(line),
      pause: () => this.#child.pause(),
      resume: () => this.#child.resume(),
    });
    try {
      this.#child = new Child(spec.transport, {
        onStdout: (chunk) => this.#intake.push(chunk),
        onStderr: (chunk) => tail.push(chunk),
        onGone: (reason) => this.#intake.last(() => this.#onGone(reason)),
      });
    } catch (error) {
      throw new UpstreamFailure("never_ran", `The command could not be started: ${String(error)}`);
    }
  }

  /** Whether it is we who end the process. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Whether there is, or was, a process. */
  get started(): boolean {
    return this.#child.started;
  }

  get onMessage(): Channel["onMessage"] {
    return this.inbox.onMessage;
  }

  request(frame: RequestFrame, exchange: Exchange, options: RequestOptions): Promise<Answer> {
    const { closed } = this.inbox;
    if (closed !== undefined || exchange.signal.aborted) {
      return Promise.reject(new UpstreamFailure("never_ran", closed ?? "Cancelled before it was sent."));
    }
    const call = this.calls.begin(frame, exchange.onInterim, options.owner);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const onAbort = (): void => {
      const { kind, detail } = abortOf(exchange.signal);
      this.#giveUp(call, options, kind, detail);
    };
    exchange.signal.addEventListener("abort", onAbort, { once: true });
    const deadline = startDeadline(options.wait, () =>
      this.#giveUp(call, options, "timeout", "The server did not answer in time."),
    );
    exchange.onHold?.(deadline.hold);
    this.#waiting.set(call, {
      resolve,
      reject,
      deadline,
      unlisten: () => exchange.signal.removeEventListener("abort", onAbort),
      sent: false,
    });
    void this.#sendCall(call);
    return promise;
  }

  async #sendCall(call: Call): Promise<void> {
    const line = `${writeJson(call.value)}\n`;
    while (this.#child.isFull) {
      await this.#child.room();
    }
    const waiting = this.#waiting.get(call);
    if (waiting === undefined) {
      return;
    }
    waiting.sent = this.#child.write(line);
    if (!waiting.sent) {
      this.#settle(call)?.reject(new UpstreamFailure("never_ran", "The server takes no input any more."));
    }
  }

  /** `owner`: whose cancellation it is, where several share the process. */
  async send(frame: NotificationFrame | ResponseFrame, owner?: object): Promise<void> {
    const value = this.calls.outgoing(frame, owner);
    if (value !== undefined && !(await this.#write(value))) {
      throw new UpstreamFailure("never_ran", this.inbox.closed ?? "The server takes no input any more.");
    }
  }

  async #write(value: Json): Promise<boolean> {
    const line = `${writeJson(value)}\n`;
    while (this.#child.isFull) {
      await this.#child.room();
    }
    return this.#child.write(line);
  }

  /** Takes the request out of those that wait. `undefined` where it is settled already. */
  #settle(call: Call): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    waiting?.deadline.clear();
    waiting?.unlisten();
    this.#waiting.delete(call);
    return waiting;
  }

  #giveUp(call: Call, options: RequestOptions, kind: FailureKind, detail: string): void {
    const waiting = this.#settle(call);
    if (waiting?.sent === true) {
      this.calls.abandon(call);
      if (options.cancellable) {
        const params = { requestId: call.sentId, reason: detail };
        void this.#write({ jsonrpc: "2.0", method: "notifications/cancelled", params });
      }
    } else {
      this.calls.end(call);
    }
    waiting?.reject(new UpstreamFailure(waiting.sent ? kind : "never_ran", detail));
  }

  #fail(call: Call, kind: FailureKind, detail: string): void {
    this.calls.end(call);
    this.#settle(call)?.reject(new UpstreamFailure(kind, detail));
  }

  #onGone(reason: string): void {
    for (const [call, { sent }] of this.#waiting) {
      this.#fail(call, sent && this.#heard ? "lost" : "never_ran", reason);
    }
    this.inbox.close(reason);
  }

  #onLine(line: Line): void {
    if (line.kind === "too_long") {
      this.#onTooLong(line);
      return;
    }
    const text = decodeUtf8(line.bytes);
    const read = this.#batches ? readBatch : readFrame;
    const frames = read(text ?? LOOSE.decode(line.bytes));
    if ("kind" in frames) {
      this.#onRead(frames, line.bytes, text !== undefined);
    } else {
      this.#intake.first(frames.map((frame) => () => this.#onElement(frame, text !== undefined)));
    }
  }

  /** The bytes of one message of several are those it would have had alone. */
  #onElement(frame: Frame | Unreadable, isUtf8: boolean): void {
    const text = frame.kind === "unreadable" ? "(one of several)" : writeJson(frame.value);
    this.#onRead(frame, Buffer.from(text), isUtf8);
  }

  #onRead(frame: Frame | Unreadable, bytes: Uint8Array, isUtf8: boolean): void {
    if (frame.kind === "unreadable") {
      this.#onUnreadable(frame, bytes);
    } else if (isUtf8) {
      this.#heard = true;
      this.#onFrame(frame, bytes.length);
    } else {
      this.#onNonsense(frame.kind === "response" ? frame.id : undefined, "It is not UTF-8.");
    }
  }

  #onFrame(frame: Frame, byteCount: number): void {
    if (frame.kind === "response") {
      this.#onResponse(frame, byteCount);
      return;
    }
    const call = this.calls.ownerOf(frame);
    if (call === undefined) {
      this.#intake.hold(this.inbox.deliver(frame));
      return;
    }
    this.#waiting.get(call)?.deadline.extend();
    this.#intake.hold(call.onInterim(this.calls.interimFor(call, frame)));
    if (frame.method === "notifications/cancelled") {
      this.#fail(call, "cancelled", "The server ended the subscription.");
    }
  }

  #onResponse(frame: ResponseFrame, byteCount: number): void {
    const call = this.calls.answered(frame.id);
    if (call === undefined) {
      return;
    }
    this.calls.end(call);
    if (call.frame.method === "initialize" && frame.result !== undefined) {
      this.#batches = member(frame.result, "protocolVersion") === BATCHES;
    }
    const answer = { frame: this.calls.answerFor(call, frame), httpStatus: null, bytes: byteCount };
    this.#settle(call)?.resolve(answer);
  }

  #onUnreadable(frame: Unreadable, bytes: Uint8Array): void {
    if (bytes.length === 0) {
      return;
    }
    if (frame.code === "parse_error" || frame.method !== undefined) {
      this.#skip(`${frame.reason} ${LOOSE.decode(bytes.subarray(0, NOTE_CHARACTERS_MAX))}`);
    } else {
      this.#onNonsense(frame.id, frame.reason);
    }
  }

  #onNonsense(id: Json | undefined, reason: string): void {
    const call = idKey(id) === undefined ? undefined : this.calls.answered(id);
    if (call === undefined) {
      this.#skip(reason);
    } else {
      this.#fail(call, "nonsense", reason);
    }
  }

  #skip(note: string): void {
    this.#skipped += 1;
    if (this.#skipped <= NOTES_MAX) {
      this.#tail.note(`A line on standard output is not a message: ${note}`);
    }
  }

  /** Whose answer it was is told by an id of a request under way at the line's beginning or end; else it was any's. */
  #onTooLong(line: Extract<Line, { kind: "too_long" }>): void {
    const meant = this.calls.namedIn(`${LOOSE.decode(line.head)}\n${LOOSE.decode(line.tail)}`);
    for (const call of meant.length === 1 ? meant : this.calls.all()) {
      this.#fail(call, "nonsense", `A message of ${line.byteCount} bytes is over the bound.`);
      if (meant.length !== 1) {
        this.calls.abandon(call);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    this.#intake.end();
    await this.#child.stop();
  }
}
