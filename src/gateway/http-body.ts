import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { LIMITS } from "../base/limits.ts";
import type { RefusalCode } from "../base/errors.ts";

export type Body = { readonly text: string } | { readonly refused: RefusalCode };

const TOO_LARGE: Body = { refused: "body_too_large" };
const WRONG_TYPE: Body = { refused: "unsupported_media_type" };

/** Reads a request's body: at most `LIMITS.body_bytes_max`, `application/json`, UTF-8. In this order: 413, 415, 400. */
export const readBody = (request: IncomingMessage): Promise<Body> =>
  new Promise((resolve) => {
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > LIMITS.body_bytes_max) {
      resolve(TOO_LARGE);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMITS.body_bytes_max) {
        request.removeAllListeners("data");
        request.pause();
        resolve(TOO_LARGE);
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => resolve(textOf(request, chunks)));
    // A sender that goes away or is too slow has asked for nothing.
    request.on("close", () => resolve({ refused: "parse_error" }));
  });

const textOf = (request: IncomingMessage, chunks: readonly Buffer[]): Body => {
  if (!isJson(request.headers["content-type"]) || isEncoded(request.headers["content-encoding"])) {
    return WRONG_TYPE;
  }
  const [first] = chunks;
  const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  return isUtf8(whole) ? { text: whole.toString("utf8") } : { refused: "parse_error" };
};

/** RFC 9110 section 8.3: types and charsets are compared without case. JSON is UTF-8 (RFC 8259 section 8.1). */
const isJson = (type: string | undefined): boolean =>
  type === "application/json" ||
  (type !== undefined &&
    /^application\/json[\t ]*(?:;[\t ]*charset[\t ]*=[\t ]*"?utf-?8"?[\t ]*)?$/iu.test(type));

const isEncoded = (encoding: string | undefined): boolean =>
  encoding !== undefined && encoding.toLowerCase() !== "identity";
