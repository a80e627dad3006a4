import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Channel } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { paramHeaders } from "../wire/param-headers.ts";
import { requestFrame } from "../wire/make-frame.ts";
import { ownId } from "./legacy-frames.ts";

/** The input schemas of a server's tools, for the headers that mirror arguments (2026-07-28 "Custom Headers from Tool Parameters"). */
export class ToolSchemas {
  readonly #modern: Channel;
  readonly #meta: () => JsonObject;
  readonly #schemas = new Map<string, Json | undefined>();
  /** Whether every page was read since the list last changed: a tool that is not known then is none. */
  #complete = false;

  constructor(modern: Channel, meta: () => JsonObject) {
    this.#modern = modern;
    this.#meta = meta;
  }

  /** Takes note of a page of `tools/list`. */
  learn(result: JsonObject): void {
    const tools = member(result, "tools");
    for (const tool of isJsonArray(tools) ? tools : []) {
      const name = isJsonObject(tool) ? member(tool, "name") : undefined;
      if (isJsonObject(tool) && typeof name === "string") {
        this.#schemas.delete(name);
        this.#schemas.set(name, member(tool, "inputSchema"));
      }
    }
    for (const name of this.#schemas.keys()) {
      if (this.#schemas.size <= LIMITS.listed_tools_max) {
        break;
      }
      this.#schemas.delete(name);
    }
  }

  /** The list has changed. */
  forget(): void {
    this.#schemas.clear();
    this.#complete = false;
  }

  /** The headers of this call. Lists the tools where nobody has yet. Throws `UpstreamFailure`: then the call never ran. */
  async headersFor(
    { params = {} }: RequestFrame,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>> {
    const name = member(params, "name");
    const args = member(params, "arguments");
    if (typeof name !== "string" || !isJsonObject(args)) {
      return {};
    }
    if (!this.#schemas.has(name) && !this.#complete) {
      await this.#list(signal);
    }
    return paramHeaders(this.#schemas.get(name), args);
  }

  async #list(signal: AbortSignal): Promise<void> {
    let cursor: Json | undefined;
    for (let page = 0; page < LIMITS.list_pages_max; page += 1) {
      const result = await this.#page(cursor, signal);
      this.learn(result);
      cursor = member(result, "nextCursor");
      if (typeof cursor !== "string") {
        this.#complete = true;
        return;
      }
    }
    throw new UpstreamFailure("never_ran", "The pages of tools/list do not end.");
  }

  /** A server that does not answer with a list has no tools whose headers could be known. */
  async #page(cursor: Json | undefined, signal: AbortSignal): Promise<JsonObject> {
    const params = { ...(cursor === undefined ? {} : { cursor }), _meta: this.#meta() };
    const request = requestFrame(ownId("list"), "tools/list", params);
    try {
      return (await this.#modern.request(request, { onInterim: () => {}, signal })).frame.result ?? {};
    } catch (error) {
      throw error instanceof UpstreamFailure && error.kind !== "cancelled"
        ? new UpstreamFailure("never_ran", `The tools could not be listed before the call: ${error.detail}`)
        : error;
    }
  }
}
