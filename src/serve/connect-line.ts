import type { Log } from "../base/log.ts";
import { REFUSALS } from "../base/errors.ts";
import { idKey } from "../upstream/calls.ts";
import type { HttpEndpoint, HttpHeaders, HttpResponse } from "../upstream/http-endpoint.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { FailureKind } from "../upstream/port.ts";
import type { RequestId } from "../wire/frame.ts";
import { errorReply } from "../wire/replies.ts";
import type { Era } from "../wire/revisions.ts";
import { oneLine } from "./connect-message.ts";

const ACCEPT = "application/json, text/event-stream";
const POSTED: HttpHeaders = { "content-type": "application/json", accept: ACCEPT };

/** One POST and the requests in it that are not answered yet. */
export class Exchange {
  readonly era: Era;
  /** Taken out when it is answered, and when the client cancels it: then nobody waits for an answer. */
  readonly asked = new Map<string, RequestId>();
  readonly method: string | undefined;
  readonly controller = new AbortController();
  #answered = false;

  constructor(era: Era, ids: readonly RequestId[], method?: string) {
    this.era = era;
    this.method = method;
    for (const id of ids) {
      this.asked.set(idKey(id) ?? "", id);
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether an answer came and no other is waited for. */
  get over(): boolean {
    return this.#answered && this.asked.size === 0;
  }

  /** Whether the id waited for an answer; now it does not. */
  settle(id: RequestId): boolean {
    const waited = this.asked.delete(idKey(id) ?? "");
    this.#answered ||= waited;
    return waited;
  }

  cut(failure: UpstreamFailure): void {
    this.controller.abort(failure);
  }
}

/** How the gateway was found over the life of the process. */
export type Found = "answering" | "refusing" | "unreachable" | "unasked";

interface LineOptions {
  readonly endpoint: HttpEndpoint;
  /** Writes to the client; waits while the client reads slower than the gateway speaks. */
  readonly write: (text: string) => Promise<void> | void;
  readonly log: Log;
}

/** The two ends that a relay stands between, and what is under way. */
export class Line {
  readonly endpoint: HttpEndpoint;
  readonly underWay = new Set<Exchange>();
  readonly #write: LineOptions["write"];
  readonly #log: Log;
  #writing: Promise<void> = Promise.resolve();
  #told = "";
  #found: Found = "unasked";

  constructor({ endpoint, write, log }: LineOptions) {
    this.endpoint = endpoint;
    this.#write = write;
    this.#log = log;
  }

  get found(): Found {
    return this.#found;
  }

  /** Says a message to the client, in its turn. */
  say(text: string): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(`${oneLine(text)}\n`));
    return this.#writing;
  }

  /** Tells the operator, once for as long as there is nothing else to tell. */
  tell(sentence: string): void {
    if (sentence !== this.#told) {
      this.#told = sentence;
      this.#log.warn(sentence);
    }
  }

  async send(
    method: "POST" | "GET" | "DELETE",
    headers: HttpHeaders,
    body: string | null,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    try {
      const response = await this.endpoint.send(
        method,
        body === null ? headers : { ...POSTED, ...headers },
        body,
        signal,
      );
      this.#note(response.status);
      return response;
    } catch (error) {
      const came = error instanceof UpstreamFailure && error.kind !== "cancelled";
      this.#found = came && this.#found === "unasked" ? "unreachable" : this.#found;
      throw error;
    }
  }

  #note(status: number): void {
    if (status === 401 || status === 403) {
      this.#found = this.#found === "answering" ? "answering" : "refusing";
      this.tell(`The gateway refuses the token (HTTP status ${status}).`);
    } else {
      this.#found = "answering";
      this.#told = status < 300 ? "" : this.#told;
    }
  }

  /** Answers what is still asked with an error. */
  async fail(exchange: Exchange, failure: UpstreamFailure): Promise<void> {
    const [code, sentence] = FAULTS[failure.kind](failure.detail);
    const ids = [...exchange.asked.values()];
    exchange.asked.clear();
    if (failure.kind === "cancelled") {
      return;
    }
    this.tell(sentence);
    for (const id of ids) {
      await this.say(errorReply(id, code, sentence));
    }
  }
}

/** What a client is told where there is no answer: the gate's own codes, and whether the request may have run. */
const FAULTS: Record<FailureKind, (detail: string) => readonly [code: number, sentence: string]> = {
  never_ran: (detail) => [REFUSALS.upstream_unavailable.rpc, `The gateway cannot be reached. ${detail}`],
  lost: (detail) => [REFUSALS.upstream_unavailable.rpc, `${detail} Whether the request ran is not known.`],
  cancelled: (detail) => [REFUSALS.cancelled.rpc, detail],
  timeout: () => [
    REFUSALS.upstream_timeout.rpc,
    "The gateway did not answer in time. Whether the request ran is not known.",
  ],
  nonsense: (detail) => [
    REFUSALS.upstream_nonsense.rpc,
    `The gateway answered something that cannot be read. ${detail}`,
  ],
};
