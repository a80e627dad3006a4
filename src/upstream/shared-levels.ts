import type { SharedClient } from "./shared-client.ts";

/** From the most to the least verbose (RFC 5424 section 6.2.1; 2025-11-25 "Log Levels"). */
const LEVELS: readonly unknown[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

export const isLevel = (level: unknown): level is string => LEVELS.includes(level);

/** Whether who asked for `asked` gets messages of `level`. One of a level that nobody knows is not kept back. */
export const admits = (asked: string, level: unknown): boolean =>
  !isLevel(level) || LEVELS.indexOf(level) >= LEVELS.indexOf(asked);

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
    const asked = new Set(this.#asked.values());
    return LEVELS.filter(isLevel).find((level) => asked.has(level));
  }

  /** A client that asked for no level gets all that comes. */
  admits(client: SharedClient, level: unknown): boolean {
    const asked = this.#asked.get(client);
    return asked === undefined || admits(asked, level);
  }
}
