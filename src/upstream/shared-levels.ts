import { admitsLevel, leastOf } from "../wire/log-levels.ts";
import type { SharedClient } from "./shared-client.ts";

/** The log levels that the clients of a shared process asked for. The process knows one: the most verbose. */
export class Levels {
  readonly #asked = new Map<SharedClient, string>();
  /** What the server was told last, and took. */
  told: string | undefined;

  of(client: SharedClient): string | undefined {
    return this.#asked.get(client);
  }

  set(client: SharedClient, level: string | undefined): void {
    if (level === undefined) {
      this.#asked.delete(client);
    } else {
      this.#asked.set(client, level);
    }
  }

  /** The most verbose of what the clients asked for. */
  wanted(): string | undefined {
    return leastOf(this.#asked.values());
  }

  /** A client that asked for no level gets all that comes. */
  admits(client: SharedClient, level: unknown): boolean {
    const asked = this.#asked.get(client);
    return asked === undefined || admitsLevel(asked, level);
  }
}
