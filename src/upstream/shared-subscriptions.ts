import { LIMITS } from "../base/limits.ts";
import type { SharedClient } from "./shared-client.ts";

/** Which clients of a shared process are subscribed to which resource. The server is told of the first and the last. */
export class Subscriptions {
  readonly #byUri = new Map<string, Set<SharedClient>>();
  readonly #byClient = new Map<SharedClient, Set<string>>();

  /** Whether anybody is subscribed. */
  any(uri: string): boolean {
    return this.#byUri.has(uri);
  }

  /** `false` where the client has too many. */
  add(uri: string, client: SharedClient): boolean {
    const own = this.#byClient.get(client) ?? new Set();
    if (own.size >= LIMITS.shared_subscriptions_max) {
      return false;
    }
    this.#byClient.set(client, own.add(uri));
    this.#byUri.set(uri, (this.#byUri.get(uri) ?? new Set()).add(client));
    return true;
  }

  remove(uri: string, client: SharedClient): void {
    const own = this.#byClient.get(client);
    own?.delete(uri);
    if (own?.size === 0) {
      this.#byClient.delete(client);
    }
    const all = this.#byUri.get(uri);
    all?.delete(client);
    if (all?.size === 0) {
      this.#byUri.delete(uri);
    }
  }

  of(client: SharedClient): string[] {
    return [...(this.#byClient.get(client) ?? [])];
  }

  /** What is told of a resource goes also to those subscribed to what it is a part of (2025-11-25 "Resource Updated"). */
  has(client: SharedClient, uri: unknown): boolean {
    const own = this.#byClient.get(client);
    return (
      own !== undefined &&
      typeof uri === "string" &&
      (own.has(uri) || [...own].some((whole) => uri.startsWith(whole.endsWith("/") ? whole : `${whole}/`)))
    );
  }
}
