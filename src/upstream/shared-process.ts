import { withMember } from "../base/json-change.ts";
import { member } from "../base/json-value.ts";
import type { JsonObject } from "../base/json-value.ts";
import { RPC } from "../base/rpc-codes.ts";
import type { Frame, NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";
import { errorFrame, requestFrame, resultFrame } from "../wire/make-frame.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Exchange, ServerSpec, Spoken } from "./port.ts";
import { Asks } from "./shared-asks.ts";
import { Elicitations } from "./shared-elicitations.ts";
import { levelOf, SharedClient } from "./shared-client.ts";
import type { SharedHost } from "./shared-client.ts";
import { Wishes } from "./shared-wishes.ts";
import type { Ask } from "./shared-wishes.ts";
import type { StdioLink } from "./stdio.ts";
import { waitFor } from "./stdio-launch.ts";
import type { Launched } from "./stdio-launch.ts";

interface SharedOptions {
  readonly spec: ServerSpec;
  readonly note: (text: string) => void;
  /** Called once, when nobody can join any more. */
  readonly onOver: () => void;
}

const SLOW = "The client takes what it is told too slowly.";
const GONE = "The client this was asked of is gone.";
const WHOSE = "It cannot be told which client this is asked of.";

/** One process for several clients. What belongs to one of them reaches that one; the rest is for all. */
export class SharedProcess implements SharedHost {
  readonly spoken: Spoken;
  readonly note: (text: string) => void;
  readonly #link: StdioLink;
  readonly #options: SharedOptions;
  readonly #clients = new Set<SharedClient>();
  readonly #asks = new Asks();
  readonly #elicitations = new Elicitations();
  readonly #wishes = new Wishes({
    forward: (client, frame, exchange) => this.#forward(client, frame, exchange),
    own: (method, params) => this.#own(method, params),
  });
  #isOver = false;
  #isInitialized = false;
  #serial = 0;

  constructor({ link, spoken }: Launched, options: SharedOptions) {
    this.#link = link;
    this.spoken = spoken;
    this.#options = options;
    this.note = options.note;
    link.inbox.onClosed((reason) => {
      this.seal();
      this.#clients.forEach((client) => client.close(reason));
      this.#clients.clear();
    });
  }

  /** Nobody can join any more. */
  seal(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#options.onOver();
    }
  }

  /** `undefined` where the process has ended, or ends. */
  join(): SharedClient | undefined {
    if (this.#isOver) {
      return undefined;
    }
    const client = new SharedClient(this);
    this.#clients.add(client);
    return client;
  }

  /** From now on messages are handed out: what came before is for the first client. */
  begin(): void {
    this.#link.onMessage((frame) => this.#onMessage(frame));
  }

  readonly request: Ask = (client, frame, exchange) => {
    const wish = this.spoken.era === "legacy" ? this.#wishes.of(frame.method) : undefined;
    return (wish ?? this.#forward)(client, frame, exchange);
  };

  readonly #forward: Ask = async (client, frame, exchange) => {
    const onInterim: Exchange["onInterim"] = (interim) =>
      interim.kind === "request" ? this.#ask(interim, client) : exchange.onInterim(interim);
    const options = { wait: waitFor(frame, this.#options.spec), cancellable: true, owner: client };
    const answer = await this.#link.request(frame, { ...exchange, onInterim }, options);
    this.#elicitations.onAnswer(answer.frame, client);
    return answer;
  };

  async send(client: SharedClient, frame: NotificationFrame | ResponseFrame): Promise<void> {
    if (frame.kind === "response") {
      if (!this.#asks.answer(frame, client)) {
        throw new UpstreamFailure("never_ran", "Nobody asked this client that.");
      }
    } else if (!this.#passes(client, frame)) {
      return;
    }
    await this.#link.send(frame, client);
  }

  /** The process is initialized once, and hears of no progress that it did not ask this client for. */
  #passes(client: SharedClient, frame: NotificationFrame): boolean {
    if (frame.method === "notifications/initialized") {
      const isFirst = !this.#isInitialized;
      this.#isInitialized = true;
      return isFirst;
    }
    return frame.method !== "notifications/progress" || this.#asks.owns(frame, client);
  }

  #onMessage(frame: Frame): void {
    if (frame.kind === "request") {
      this.#ask(frame, this.#answerer());
    } else if (frame.kind === "notification" && frame.method === "notifications/elicitation/complete") {
      // An answer read just before it says whose it is; what waits for that answer goes on first.
      queueMicrotask(() => this.#elicitations.completed(frame).forEach((client) => client.tell(frame)));
    } else if (frame.kind === "notification") {
      this.#audience(frame).forEach((client) => client.tell(frame));
    }
  }

  /** Who can be meant by a question that names no call. */
  #answerer(): SharedClient | undefined {
    const clients = [...this.#clients];
    const busy = clients.filter(({ isBusy }) => isBusy);
    const meant = busy.length === 1 ? busy[0] : clients.length === 1 ? clients[0] : undefined;
    // The server may still be at work on what another gave up, and ask for that.
    const others = [...this.#link.calls.abandoners()].filter((owner) => owner !== meant);
    return others.length === 0 ? meant : undefined;
  }

  #ask(frame: RequestFrame, client: SharedClient | undefined): void {
    if (client === undefined || !this.#asks.note(frame, client)) {
      this.#reply(
        frame.method === "ping" ? resultFrame(frame.id, {}) : errorFrame(frame.id, RPC.methodNotFound, WHOSE),
      );
    } else if (!client.tell(frame)) {
      this.#asks.forget(frame);
      this.#reply(errorFrame(frame.id, RPC.methodNotFound, SLOW));
    } else {
      this.#elicitations.onAsk(frame, client);
    }
  }

  #reply(frame: ResponseFrame): void {
    this.#link.send(frame).catch(() => {}); // A server that is gone needs no answer.
  }

  #audience(frame: NotificationFrame): SharedClient[] {
    const clients = [...this.#clients];
    switch (frame.method) {
      case "notifications/progress":
        return []; // Of a request that is over: it is nobody's, and must not be another's.
      case "notifications/cancelled": {
        const client = this.#asks.cancel(frame);
        return client === undefined ? [] : [client];
      }
      case "notifications/resources/updated": {
        const uri = frame.params && member(frame.params, "uri");
        return clients.filter((client) => this.#wishes.hasSubscribed(client, uri));
      }
      case "notifications/message":
        return clients.filter((client) => this.#wantsLog(client, levelOf(frame)));
      default:
        return clients;
    }
  }

  #wantsLog(client: SharedClient, level: unknown): boolean {
    return this.spoken.era === "legacy" ? this.#wishes.admits(client, level) : client.wantsLog(level);
  }

  /** Releases what only this client wanted. With the last client the process ends. */
  async leave(client: SharedClient): Promise<void> {
    this.#clients.delete(client);
    this.#elicitations.left(client);
    this.#asks.left(client).forEach((id) => this.#reply(errorFrame(id, RPC.methodNotFound, GONE)));
    if (this.#clients.size === 0) {
      this.seal();
      await this.#link[Symbol.asyncDispose]();
      return;
    }
    this.#wishes.release(client);
  }

  /** A request of our own. Whether the server did it. */
  async #own(method: string, params: JsonObject): Promise<boolean> {
    this.#serial += 1;
    const frame = requestFrame(`tollgate:shared:${String(this.#serial)}`, method, params);
    const exchange: Exchange = { onInterim: () => {}, signal: new AbortController().signal };
    const options = { wait: waitFor(frame, this.#options.spec), cancellable: true };
    return this.#link.request(frame, exchange, options).then(
      (answer) => answer.frame.result !== undefined,
      () => false,
    );
  }
}

/** The answer to another's `initialize`, as this one's. */
export const answerAs = (answer: Answer, id: RequestId): Answer => ({
  ...answer,
  frame: { ...answer.frame, id, value: withMember(answer.frame.value, "id", id) },
});
