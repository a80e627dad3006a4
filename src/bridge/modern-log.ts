import type { Json } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { AskServer } from "./modern-own.ts";

/** RFC 5424 severities as MCP names them, least first. */
const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;
type Level = (typeof LEVELS)[number];

const isLevel = (level: Json | undefined): level is Level => LEVELS.some((known) => known === level);

/** How severe a level is, from 0; `undefined` for what is none. */
export const severityOf = (level: Json | undefined): number | undefined =>
  isLevel(level) ? LEVELS.indexOf(level) : undefined;

/** A request under way that asked for log messages. */
export interface LogWish {
  readonly severity: number;
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
  #level: number | undefined;
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
    const least = Math.min(...Array.from(this.#wishes, ({ severity }) => severity));
    const level = LEVELS[least];
    if (level === undefined || least === this.#level) {
      return;
    }
    // Log messages are a favour: without them the request itself goes on, and the next one asks again.
    const isSet = await this.#ask(
      "logging/setLevel",
      { level },
      AbortSignal.timeout(LIMITS.log_level_ms_max),
    );
    this.#level = isSet ? least : undefined;
  }

  /**
   * Whose a log message is that names no request: the last request's that asked for messages so severe. Where one
   * alone asked that is the one; where several did, each message goes to one of them, never to two.
   */
  ownerOf(level: Json | undefined): W | undefined {
    return [...this.#wishes].findLast((wish) => admits(wish, level));
  }
}

export const admits = ({ severity }: LogWish, level: Json | undefined): boolean => {
  const said = severityOf(level);
  return said !== undefined && said >= severity;
};
