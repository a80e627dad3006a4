import { RPC } from "../base/rpc-codes.ts";
import { member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { discard, failureOf } from "../upstream/http-endpoint.ts";
import type { HttpHeaders, HttpResponse } from "../upstream/http-endpoint.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import { readAnswer, readRefusal, refuse } from "./connect-answer.ts";
import type { OnAnswer, Refusal } from "./connect-answer.ts";
import { Exchange } from "./connect-line.ts";
import type { Line } from "./connect-line.ts";
import { listen } from "./connect-listen.ts";
import { hasNotification, idsOf, isRequestOf, soleOf } from "./connect-message.ts";
import type { Message } from "./connect-message.ts";

/** How long the gateway has to take the end of a session: clients kill what they started after two seconds. */
const FAREWELL_MS = 1_000;
/** 2025-11-25 "Session Management": visible ASCII only. */
const SESSION_ID = /^[!-~]+$/u;
const GONE = new UpstreamFailure("cancelled", "The session is over.");

/** One session with the gateway, as its `initialize` was answered. */
interface Session {
  /** `undefined` where the server gives none. */
  readonly id: string | undefined;
  readonly revision: string;
  readonly end: AbortController;
  lost: boolean;
}

const headersOf = (session: Pick<Session, "id"> & Partial<Session>): Record<string, string> => ({
  ...(session.revision === undefined ? {} : { "mcp-protocol-version": session.revision }),
  ...(session.id === undefined ? {} : { "mcp-session-id": session.id }),
});

const NO_SESSION = { id: undefined };

/** The legacy side: sessions, their GET stream, and beginning again where the gateway has forgotten one. */
export class LegacySide {
  readonly #line: Line;
  #session: Session | undefined;
  /** The client's own first words, for saying them again. */
  #initialize: Message | undefined;
  #initialized: Message | undefined;
  #renewing: Promise<boolean> | undefined;
  readonly #end = new AbortController();

  constructor(line: Line) {
    this.#line = line;
  }

  /** Whether a session was begun; what tells no era belongs to it. */
  get begun(): boolean {
    return this.#initialize !== undefined;
  }

  /** Carries a message with requests. */
  async request(message: Message, exchange: Exchange): Promise<void> {
    if (isRequestOf(soleOf(message), "initialize")) {
      await this.#begin(message, exchange, (_, text) => this.#line.say(text));
      return;
    }
    await this.#renewing;
    const before = this.#session;
    const renewedBefore = before?.lost === true && (await this.#renew(before));
    const refused = await this.#ask(message, exchange);
    if (refused === undefined) {
      return;
    }
    // 404: the gateway does not know the session and ran nothing, so that it may be asked once more.
    const renewed = !renewedBefore && (await this.#renew(refused.session));
    const again = renewed && exchange.asked.size > 0 ? await this.#ask(message, exchange) : refused;
    if (again !== undefined) {
      await refuse(this.#line, exchange, again.refusal);
    }
  }

  /** Posts and passes on the answer; what it was refused with where the session is gone. */
  async #ask(
    message: Message,
    exchange: Exchange,
  ): Promise<{ readonly refusal: Refusal; readonly session: Session } | undefined> {
    const session = this.#session;
    const response = await this.#line.send(
      "POST",
      headersOf(session ?? NO_SESSION),
      message.text,
      exchange.signal,
    );
    if (response.status === 404 && session?.id !== undefined) {
      const refusal = await readRefusal(response, exchange.signal);
      if (isUnknownMethod(refusal)) {
        await refuse(this.#line, exchange, refusal);
        return undefined;
      }
      session.lost = true;
      return { refusal, session };
    }
    await readAnswer(this.#line, exchange, response, {
      resume: this.#opener(headersOf(session ?? NO_SESSION), exchange.signal),
    });
    return undefined;
  }

  /** Opens an event stream, or the rest of one. */
  #opener(headers: HttpHeaders, signal: AbortSignal): (lastId: string | undefined) => Promise<HttpResponse> {
    return (lastId) =>
      this.#line.send(
        "GET",
        {
          accept: "text/event-stream",
          ...headers,
          ...(lastId === undefined ? {} : { "last-event-id": lastId }),
        },
        null,
        signal,
      );
  }

  /** `initialize`, said without a session: its answer begins one. */
  async #begin(message: Message, exchange: Exchange, onAnswer: OnAnswer): Promise<void> {
    const response = await this.#line.send("POST", {}, message.text, exchange.signal);
    const given = response.header("mcp-session-id");
    const id = given !== undefined && SESSION_ID.test(given) ? given : undefined;
    await readAnswer(this.#line, exchange, response, {
      resume: this.#opener(headersOf({ id }), exchange.signal),
      onAnswer: async (frame, text) => {
        const revision = frame?.result === undefined ? undefined : member(frame.result, "protocolVersion");
        if (typeof revision === "string" && SESSION_ID.test(revision)) {
          void this.#farewell(this.#session);
          this.#session = { id, revision, end: new AbortController(), lost: false };
          this.#initialize = message;
        }
        await onAnswer(frame, text);
      },
    });
  }

  /** Carries a message that has no answer. */
  async notify(message: Message): Promise<void> {
    const session = this.#session;
    const signal = AbortSignal.timeout(LIMITS.relay_take_ms);
    const response = await this.#line.send("POST", headersOf(session ?? NO_SESSION), message.text, signal);
    discard(response);
    if (response.status === 404 && session?.id !== undefined) {
      session.lost = true;
      return;
    }
    if (response.status > 299) {
      this.#line.tell(`The gateway did not take a message (HTTP status ${response.status}).`);
      return;
    }
    if (hasNotification(message, "notifications/initialized") && session !== undefined) {
      this.#initialized = message;
      void this.#listen(session, session.end.signal);
    }
  }

  /** Begins again with the client's own words. Once for all who find the session gone at the same time. */
  #renew(lost: Session): Promise<boolean> {
    if (this.#session !== lost || this.#end.signal.aborted) {
      return Promise.resolve(this.#session !== lost);
    }
    this.#renewing ??= this.#beginAgain(lost).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #beginAgain(lost: Session): Promise<boolean> {
    const words = this.#initialize;
    if (words === undefined) {
      return false;
    }
    lost.end.abort(GONE);
    const exchange = new Exchange("legacy", idsOf(words), "initialize");
    const stop = (): void => exchange.cut(GONE);
    this.#end.signal.addEventListener("abort", stop);
    try {
      await this.#begin(words, exchange, () => {}); // The client has had its answer.
      const session = this.#session;
      if (session === undefined || session === lost || session.revision !== lost.revision) {
        this.#line.tell("The gateway has forgotten the session, and does not begin another like it.");
        this.#session = lost;
        void this.#farewell(session === lost ? undefined : session);
        return false;
      }
      if (this.#initialized !== undefined) {
        await this.notify(this.#initialized);
      }
      return true;
    } catch (error) {
      exchange.asked.clear();
      this.#line.tell(`The session cannot be begun again. ${failureOf(error, exchange.signal).detail}`);
      return false;
    } finally {
      this.#end.signal.removeEventListener("abort", stop);
    }
  }

  async #listen(session: Session, signal: AbortSignal): Promise<void> {
    const how = await listen(this.#line, this.#opener(headersOf(session), signal), signal);
    if (how === "gone") {
      session.lost = true;
      await this.#renew(session);
    }
  }

  async #farewell(session: Session | undefined): Promise<void> {
    session?.end.abort(GONE);
    if (session?.id === undefined || session.lost) {
      return;
    }
    try {
      const signal = AbortSignal.timeout(FAREWELL_MS);
      discard(await this.#line.send("DELETE", headersOf(session), null, signal));
    } catch {
      // The gateway need not take it: it may be gone, or not let clients end sessions (405).
    }
  }

  /** Ends the session, and a beginning that is under way. */
  async end(): Promise<void> {
    this.#end.abort(GONE);
    await this.#renewing;
    await this.#farewell(this.#session);
  }
}

/** A known session may use a method that the server does not know; that is no lost session. */
const isUnknownMethod = ({ frame }: Refusal): boolean =>
  frame !== undefined && member(frame.error, "code") === RPC.methodNotFound;
