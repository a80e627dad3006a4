import { writeJson } from "../base/json-write.ts";
import type { JsonObject } from "../base/json-value.ts";
import { discard, statusFailure } from "./http-endpoint.ts";
import type { HttpEndpoint, HttpHeaders, HttpResponse } from "./http-endpoint.ts";
import { headersIn, isGone } from "./http-session.ts";
import type { Session } from "./http-session.ts";
import { UpstreamFailure } from "./port.ts";
import type { Exchange, Spoken } from "./port.ts";

/** How long the server has to take a cancellation or the end of its session. */
const FAREWELL_MS = 2_000;

const POSTED: HttpHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};
const LISTENING: HttpHeaders = { accept: "text/event-stream" };

/** The HTTP requests of sessions with one server. All throw `UpstreamFailure`. */
export class HttpWire {
  readonly #endpoint: HttpEndpoint;
  spoken: Spoken;

  constructor(endpoint: HttpEndpoint, spoken: Spoken) {
    this.#endpoint = endpoint;
    this.spoken = spoken;
  }

  /** `exchange` and `method` are mirrored to a modern server. */
  async post(
    value: JsonObject,
    session: Session,
    signal: AbortSignal,
    method?: string,
    exchange?: Exchange,
  ): Promise<HttpResponse> {
    const headers = { ...POSTED, ...headersIn(session, this.spoken, method, exchange) };
    return this.#endpoint.send("POST", headers, writeJson(value), signal);
  }

  get(session: Session, lastEventId: string | undefined, signal: AbortSignal): Promise<HttpResponse> {
    const after: HttpHeaders = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const headers = { ...LISTENING, ...headersIn(session, this.spoken), ...after };
    return this.#endpoint.send("GET", headers, null, signal);
  }

  /** Sends what has no answer. Whether the server took it; `false` where it does not know the session any more. */
  async tell(value: JsonObject, session: Session, signal: AbortSignal, method?: string): Promise<boolean> {
    const response = await this.post(value, session, signal, method);
    discard(response);
    if (isGone(response, session)) {
      return false;
    }
    if (response.status > 299) {
      throw new UpstreamFailure("lost", statusFailure(response.status).detail);
    }
    return true;
  }

  /** The server need not take it: it may be gone, or not let clients end sessions (405). Never throws. */
  async farewell(value: JsonObject | null, session: Session): Promise<void> {
    const signal = AbortSignal.timeout(FAREWELL_MS);
    try {
      const sent =
        value === null
          ? this.#endpoint.send("DELETE", headersIn(session, this.spoken), null, signal)
          : this.post(value, session, signal);
      discard(await sent);
    } catch {
      // Nobody waits for it.
    }
  }
}
