import { member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { at } from "./calls.ts";
import type { SharedClient } from "./shared-client.ts";

/** Who was asked for which elicitation out of band, so that nobody else is told of its end (2025-11-25 "Elicitation"). */
export class Elicitations {
  readonly #askedById = new Map<string, Set<SharedClient>>();

  /** The server asks this client for something. */
  onAsk({ method, value }: RequestFrame, client: SharedClient): void {
    if (method === "elicitation/create") {
      this.#note(at(value, ["params", "elicitationId"]), client);
    }
  }

  /** A request failed because the client is to do something first ("URL Elicitation Required Error"). */
  onAnswer({ value }: ResponseFrame, client: SharedClient): void {
    const elicitations = at(value, ["error", "data", "elicitations"]);
    if (Array.isArray(elicitations)) {
      for (const each of elicitations) {
        this.#note(at({ each }, ["each", "elicitationId"]), client);
      }
    }
  }

  #note(id: Json | undefined, client: SharedClient): void {
    if (typeof id !== "string" || id.length > LIMITS.id_characters_max) {
      return;
    }
    const asked = this.#askedById.get(id) ?? new Set();
    this.#askedById.delete(id);
    this.#askedById.set(id, asked.add(client));
    const [oldest] = this.#askedById.keys();
    if (oldest !== undefined && this.#askedById.size > LIMITS.shared_elicitations_max) {
      this.#askedById.delete(oldest);
    }
  }

  /** Who is told that one is complete: once, as whoever asks again has another. */
  completed({ params }: NotificationFrame): SharedClient[] {
    const id = params && member(params, "elicitationId");
    const asked = typeof id === "string" ? this.#askedById.get(id) : undefined;
    if (typeof id === "string") {
      this.#askedById.delete(id);
    }
    return [...(asked ?? [])];
  }

  left(client: SharedClient): void {
    for (const [id, asked] of this.#askedById) {
      asked.delete(client);
      if (asked.size === 0) {
        this.#askedById.delete(id);
      }
    }
  }
}
