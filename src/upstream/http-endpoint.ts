import { buildConnector, errors, Pool } from "undici";
import { LIMITS } from "../base/limits.ts";
import { addressIsForbidden, guardedLookup, serverUrlFault } from "./guard.ts";
import { dispatch, type ResponseBody } from "./http-response.ts";
import { NotThere, UpstreamFailure } from "./port.ts";
import type { ServerSpec } from "./port.ts";

const CONNECT_MS = 10_000;

/** A connection that did not come about: nothing of the request was sent. */
class ConnectFailure extends Error {
  override readonly name = "ConnectFailure";
}

const reasonOf = (error: Error): string => {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : error.message;
};

const guardedConnector = (): buildConnector.connector => {
  const connect = buildConnector({
    lookup: guardedLookup,
    timeout: CONNECT_MS,
    allowH2: false,
    host: "",
    port: 0,
  });
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(
          new ConnectFailure(`No connection to the server (${reasonOf(error)}).`, { cause: error }),
          null,
        );
      } else if (addressIsForbidden(socket.remoteAddress ?? "")) {
        socket.destroy();
        callback(new ConnectFailure("The server is at a link-local or cloud metadata address."), null);
      } else {
        callback(null, socket);
      }
    });
};

export type HttpHeaders = Readonly<Record<string, string>>;

export interface HttpResponse {
  readonly status: number;
  /** The media type in lower case, without parameters; `""` where there is none. */
  readonly contentType: string;
  readonly header: (name: string) => string | undefined;
  readonly body: ResponseBody;
}

/** Codes of undici for which the request certainly did not leave. */
const UNSENT: ReadonlySet<string> = new Set(["UND_ERR_INVALID_ARG", "UND_ERR_DESTROYED", "UND_ERR_CLOSED"]);

/** What an error of a request means. An abort carries its own failure as its reason. */
export const failureOf = (error: unknown, signal: AbortSignal): UpstreamFailure => {
  if (error instanceof UpstreamFailure) {
    return error;
  }
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof UpstreamFailure) {
    return cause;
  }
  return cause instanceof Error
    ? broken(cause)
    : new UpstreamFailure("lost", "The connection to the server broke.");
};

const broken = (cause: Error): UpstreamFailure => {
  if (cause instanceof ConnectFailure) {
    return new NotThere("never_ran", cause.message);
  }
  const reason = reasonOf(cause);
  if (UNSENT.has(reason)) {
    return new UpstreamFailure("never_ran", cause.message);
  }
  if (cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError) {
    return new UpstreamFailure("timeout", "The server did not answer in time.");
  }
  return cause instanceof errors.HTTPParserError || cause instanceof errors.HeadersOverflowError
    ? new UpstreamFailure("nonsense", `The server's answer is no HTTP (${reason}).`)
    : new UpstreamFailure("lost", `The connection to the server broke (${reason}).`);
};

/** RFC 9110, 15.6.3 to 15.6.5: of a proxy whose server is not there, or of a server that is not ready. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** What a status says where the body says nothing. */
export const statusFailure = (status: number): UpstreamFailure => {
  const says = `The server answered with HTTP status ${status}.`;
  if (GATEWAY_STATUSES.has(status)) {
    return new NotThere("lost", says);
  }
  const unavailable = status >= 500 || status === 401 || status === 403 || status === 429;
  return new UpstreamFailure(unavailable ? "lost" : "nonsense", says);
};

const lowerCased = (headers: HttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === "string" ? value : value?.[0];

/** One URL and the connections to it. Redirects are not followed; nothing of a client's headers goes out. */
export class HttpEndpoint implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #configured: Readonly<Record<string, string>>;

  /** Throws `UpstreamFailure` `never_ran` for a URL that no server may have. */
  constructor(spec: ServerSpec) {
    if (spec.transport.kind === "stdio") {
      throw new UpstreamFailure("never_ran", "The server has no URL.");
    }
    const { url, headers } = spec.transport;
    const fault = serverUrlFault(url);
    if (fault !== undefined) {
      throw new UpstreamFailure("never_ran", fault);
    }
    const { origin, pathname, search } = new URL(url);
    this.#path = `${pathname}${search}`;
    this.#configured = lowerCased(headers);
    const longest = Math.max(spec.callMs, spec.startMs, spec.callMaxMs);
    this.#pool = new Pool(origin, {
      connect: guardedConnector(),
      allowH2: false,
      // The deadlines of calls come first; these are for what has none.
      headersTimeout: longest + CONNECT_MS,
      bodyTimeout: 0,
      maxHeaderSize: LIMITS.header_bytes_max,
    });
  }

  /** `path`: another one of the same origin than the URL's. */
  async send(
    method: "POST" | "GET" | "DELETE",
    headers: HttpHeaders,
    body: string | null,
    signal: AbortSignal,
    path = this.#path,
  ): Promise<HttpResponse> {
    try {
      const options = { method, path, headers: { ...this.#configured, ...headers }, body };
      const response = await dispatch(this.#pool, options, signal);
      const header = (name: string): string | undefined => single(response.headers[name]);
      return {
        status: response.status,
        contentType: mediaTypeOf(header("content-type")),
        header,
        body: response.body,
      };
    } catch (error) {
      throw failureOf(error, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}

const DUMP_BYTES = 64 * 1024;
const DUMP_MS = 1_000;

/** Reads to the end of a short rest, so that the connection can be used again; a long one closes it. */
export const discard = (response: HttpResponse): void => response.body.discard(DUMP_BYTES, DUMP_MS);

const mediaTypeOf = (type: string | undefined): string =>
  type === undefined || type === "application/json"
    ? (type ?? "")
    : (type.split(";", 1)[0] ?? "").trim().toLowerCase();

/** The body, up to a bound. Throws `UpstreamFailure`. */
export const readBody = async (
  response: HttpResponse,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Buffer> => {
  const encoding = response.header("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    response.body.destroy();
    throw new UpstreamFailure("nonsense", "The answer is in a content encoding that was not asked for.");
  }
  const chunks: Buffer[] = [];
  let byteCount = 0;
  try {
    // A small answer is there at once, whole.
    for await (const piece of response.body.takeWhole() ?? response.body) {
      byteCount += piece.length;
      if (byteCount > bytesMax) {
        response.body.destroy();
        throw new UpstreamFailure("nonsense", "The answer is over the bound.");
      }
      chunks.push(piece);
    }
  } catch (error) {
    throw failureOf(error, signal);
  }
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, byteCount);
};
