import type { Json } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { admitsLevel, isLogLevel, leastOf, type LogLevel } from "../wire/log-levels.ts";
import type { AskServer } from "./modern-own.ts";

/** A request under way that asked for log messages. */
export interface LogWish {
  readonly level: LogLevel;
}

/**
 * A modern request asks for its own log messages (2026-07-28 "Logging", Per-request log level); a legacy session has
 * one level. It is set to the least of those under way; which messages pass is then decided for each request.
 */
export class LogLevels<W extends LogWish> {
  readonly #ask: AskServer;
  /** A server that declares no logging is not asked for a level. */
  readonly #settable: boolean;
  /** In the order they came. */
  readonly #wishes = new Set<W>();
  #level: LogLevel | undefined;
  #setting: Promise<void> = Promise.resolve();

  constructor(ask: AskServer, settable: boolean) {
    this.#ask = ask;
    this.#settable = settable;
  }

  /** Takes part until `leave`. Done when the session has the level, or would not take it. */
  async enter(wish: W): Promise<void> {
    this.#wishes.add(wish);
    if (this.#settable) {
      this.#setting = this.#setting.then(() => this.#set());
      await this.#setting;
    }
  }

  leave(wish: W): void {
    this.#wishes.delete(wish);
  }

  async #set(): Promise<void> {
    const level = leastOf(Array.from(this.#wishes, (wish) => wish.level));
    if (level === undefined || level === this.#level) {
      return;
    }
    // Log messages are a favour: without them the request itself goes on, and the next one asks again.
    const isSet = await this.#ask(
      "logging/setLevel",
      { level },
      AbortSignal.timeout(LIMITS.log_level_ms_max),
    );
    this.#level = isSet ? level : undefined;
  }

  /**
   * Whose a log message is that names no request: the last request's that asked for messages so severe. Where one
   * alone asked that is the one; where several did, each message goes to one of them, never to two.
   */
  ownerOf(level: Json | undefined): W | undefined {
    return [...this.#wishes].findLast((wish) => admits(wish, level));
  }
}

/** A message of a level that nobody knows is what no request asked for. */
export const admits = (wish: LogWish, level: Json | undefined): boolean =>
  isLogLevel(level) && admitsLevel(wish.level, level);
