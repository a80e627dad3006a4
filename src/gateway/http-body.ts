import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { RefusalCode } from "../base/errors.ts";

export type Body = { readonly text: string } | { readonly refused: RefusalCode };

const TOO_LARGE: Body = { refused: "body_too_large" };
const WRONG_TYPE: Body = { refused: "unsupported_media_type" };

/** How many times the bound a sender may still send of a body that is refused, before its connection is cut. */
const DISCARDED_TIMES = 16;

/**
 * Reads a request's body: at most `bytesMax`, `application/json`, UTF-8. In this order: 413, 415, 400.
 * The rest of a body that is too large is read and thrown away, within bounds: a sender that is cut off while it
 * still sends does not see the answer.
 */
export const readBody = (request: IncomingMessage, bytesMax: number): Promise<Body> =>
  new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let refused = Number(request.headers["content-length"] ?? 0) > bytesMax;
    if (refused) {
      resolve(TOO_LARGE);
    }
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (!refused && bytes > bytesMax) {
        refused = true;
        chunks = [];
        resolve(TOO_LARGE);
      }
      if (!refused) {
        chunks.push(chunk);
      } else if (bytes > DISCARDED_TIMES * bytesMax) {
        request.destroy();
      }
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
