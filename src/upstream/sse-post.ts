import { LIMITS } from "../base/limits.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { SseEvent } from "../wire/sse.ts";
import { discard, statusFailure } from "./http-endpoint.ts";
import type { HttpEndpoint, HttpHeaders } from "./http-endpoint.ts";
import { UpstreamFailure } from "./port.ts";

const POSTED: HttpHeaders = { "content-type": "application/json", accept: "application/json" };

/** From this revision on a client tells it in a header (2025-06-18 "Protocol Version Header"). */
const TOLD_SINCE = "2025-06-18";

const refused = (detail: string): UpstreamFailure => new UpstreamFailure("never_ran", detail);

/**
 * The path to which messages are posted, from the first event of an HTTP+SSE stream (2024-11-05 "HTTP with SSE"). It
 * must be of the stream's own origin: the headers of the configuration, with their secrets, are for that one alone.
 * Throws `UpstreamFailure` `never_ran`.
 */
export const postPath = (streamUrl: string, { event, data }: SseEvent): string => {
  if (event !== "endpoint") {
    throw refused("The stream does not begin with the address for messages.");
  }
  const target = data.length > LIMITS.header_bytes_max ? null : URL.parse(data, streamUrl);
  if (target === null || target.username !== "" || target.password !== "") {
    throw refused("The address for messages is no good URL.");
  }
  if (target.origin !== new URL(streamUrl).origin) {
    throw refused("The address for messages is not of the origin of the stream.");
  }
  return `${target.pathname}${target.search}`;
};

/** The way to the server of an HTTP+SSE session: one POST for each message, whose answer says nothing but its status. */
export class SsePost {
  readonly #endpoint: HttpEndpoint;
  /** `undefined` until the stream has told it. */
  path: string | undefined;
  /** Empty until it is agreed. */
  revision = "";

  constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Throws where the server did not take it. */
  async send(value: Json, signal: AbortSignal): Promise<void> {
    const told = this.revision >= TOLD_SINCE ? { "mcp-protocol-version": this.revision } : {};
    const headers = { ...POSTED, ...told };
    const response = await this.#endpoint.send("POST", headers, writeJson(value), signal, this.path);
    discard(response);
    if (response.status < 200 || response.status > 299) {
      throw statusFailure(response.status);
    }
  }
}
