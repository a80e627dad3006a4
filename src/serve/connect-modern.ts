import { without } from "../base/json-change.ts";
import { RPC } from "../base/rpc-codes.ts";
import { randomUUID } from "node:crypto";
import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { discard } from "../upstream/http-endpoint.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { methodRow, targetOf } from "../wire/methods.ts";
import { paramHeaders } from "../wire/param-headers.ts";
import { encodeHeaderValue } from "../wire/sentinel.ts";
import { readAnswer, readRefusal, refuse } from "./connect-answer.ts";
import type { OnAnswer, Refusal } from "./connect-answer.ts";
import { Exchange } from "./connect-line.ts";
import type { Line } from "./connect-line.ts";
import { readMessage, revisionTold } from "./connect-message.ts";
import type { Message } from "./connect-message.ts";

/** RFC 9110 section 5.5. What cannot stand in a header is left out: the gateway says what is missing. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/u;

const plain = (name: string, value: string | undefined): Record<string, string> =>
  value !== undefined && PLAIN.test(value) ? { [name]: value } : {};

const isCall = (frame: RequestFrame): boolean => frame.method === "tools/call";

const argumentsOf = ({ params }: RequestFrame): JsonObject | undefined => {
  const args = params === undefined ? undefined : member(params, "arguments");
  return isJsonObject(args) ? args : undefined;
};

const nameOf = ({ params }: RequestFrame): string => {
  const name = params === undefined ? undefined : member(params, "name");
  return typeof name === "string" ? name : "";
};

/** The modern side: each request by itself, with the headers that mirror it (2026-07-28 Streamable HTTP "Request Metadata"). */
export class ModernSide {
  readonly #line: Line;
  /** Input schemas of the tools that lists have shown. */
  readonly #schemas = new Map<string, Json>();

  constructor(line: Line) {
    this.#line = line;
  }

  async request(message: Message, frame: RequestFrame, exchange: Exchange): Promise<void> {
    const line = this.#line;
    const headers = this.#headers(frame);
    const onAnswer: OnAnswer = (answer, text) => {
      this.#remember(frame, answer);
      return line.say(text);
    };
    const response = await line.send("POST", headers, message.text, exchange.signal);
    if (response.status !== 400 || !isCall(frame)) {
      await readAnswer(line, exchange, response, { onAnswer });
      return;
    }
    const refusal = await readRefusal(response, exchange.signal);
    if (!(await this.#mend(frame, headers, refusal, exchange))) {
      await refuse(line, exchange, refusal);
      return;
    }
    const again = await line.send("POST", this.#headers(frame), message.text, exchange.signal);
    await readAnswer(line, exchange, again, { onAnswer });
  }

  /** A notification that tells its era; the core protocol has none but the cancellation, which is no message here. */
  async notify(message: Message, frame: NotificationFrame | undefined): Promise<void> {
    const headers =
      frame === undefined
        ? {}
        : {
            ...plain("mcp-protocol-version", revisionTold(frame.params)),
            ...plain("mcp-method", frame.method),
          };
    const response = await this.#line.send(
      "POST",
      headers,
      message.text,
      AbortSignal.timeout(LIMITS.relay_take_ms),
    );
    discard(response);
    if (response.status > 299) {
      this.#line.tell(`The gateway did not take a message (HTTP status ${response.status}).`);
    }
  }

  #headers(frame: RequestFrame): Record<string, string> {
    const row = methodRow(frame.method);
    const name = row?.named === true ? targetOf(row, frame.params) : undefined;
    return {
      ...plain("mcp-protocol-version", revisionTold(frame.params)),
      ...plain("mcp-method", frame.method),
      ...(name === undefined ? {} : { "mcp-name": encodeHeaderValue(name) }),
      ...(isCall(frame) ? paramHeaders(this.#schemas.get(nameOf(frame)), argumentsOf(frame)) : {}),
    };
  }

  #remember({ method }: RequestFrame, answer: ResponseFrame | undefined): void {
    const result = method === "tools/list" ? answer?.result : undefined;
    const tools = result === undefined ? undefined : member(result, "tools");
    for (const tool of isJsonArray(tools) ? tools.filter(isJsonObject) : []) {
      const name = member(tool, "name");
      if (this.#schemas.size >= LIMITS.listed_tools_max) {
        this.#schemas.clear();
      }
      if (typeof name === "string") {
        this.#schemas.set(name, member(tool, "inputSchema") ?? null);
      }
    }
  }

  /**
   * A call that was refused for its headers did not run: the lists are read once, and where they make other headers
   * it is sent again (2026-07-28 Streamable HTTP "Client Behavior").
   */
  async #mend(
    frame: RequestFrame,
    sent: Record<string, string>,
    refusal: Refusal,
    exchange: Exchange,
  ): Promise<boolean> {
    if (refusal.frame === undefined || member(refusal.frame.error, "code") !== RPC.headerMismatch) {
      return false;
    }
    let cursor: Json | undefined;
    for (let page = 0; page < LIMITS.list_pages_max && exchange.asked.size > 0; page += 1) {
      const result = await this.#list(frame, cursor, exchange);
      if (writeJson(this.#headers(frame)) !== writeJson(sent)) {
        return true;
      }
      cursor = result === undefined ? undefined : member(result, "nextCursor");
      if (cursor === undefined) {
        return false;
      }
    }
    return false;
  }

  /** One page of the tools, asked for by ourselves, as the client whose call it is for. */
  async #list(
    frame: RequestFrame,
    cursor: Json | undefined,
    { signal }: Exchange,
  ): Promise<JsonObject | undefined> {
    const _meta = metaWithoutToken(frame);
    const params: JsonObject = cursor === undefined ? { _meta } : { _meta, cursor };
    const text = writeJson({ jsonrpc: "2.0", id: randomUUID(), method: "tools/list", params });
    const [own] = readMessage(text).parts;
    if (own?.kind !== "request") {
      return undefined;
    }
    let result: JsonObject | undefined;
    const exchange = new Exchange("modern", [own.id]);
    const stop = (): void => exchange.controller.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const response = await this.#line.send("POST", this.#headers(own), text, exchange.signal);
      await readAnswer(this.#line, exchange, response, {
        onAnswer: (answer) => {
          this.#remember(own, answer);
          result = answer?.result;
        },
      });
    } finally {
      signal.removeEventListener("abort", stop);
    }
    return result;
  }
}

/** The call's own metadata; its progress is not the list's. */
const metaWithoutToken = ({ params }: RequestFrame): JsonObject => {
  const meta = params === undefined ? undefined : member(params, "_meta");
  return without(isJsonObject(meta) ? meta : {}, "progressToken");
};
