import type { Log } from "../base/log.ts";

export const LOG_LEVELS = ["error", "warn", "info"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface LogOptions {
  readonly write: (line: string) => void;
  /** Readable lines for a terminal; JSON lines for everything else. */
  readonly readable: boolean;
  readonly level: LogLevel;
  readonly now: () => number;
  /** Hides secrets. */
  readonly mask: (text: string) => string;
}

/** The operator's log. One line an entry. */
export const createLog = ({ write, readable, level, now, mask }: LogOptions): Log => {
  const rank = LOG_LEVELS.indexOf(level);
  const entry =
    (of: LogLevel): Log["info"] =>
    (message, fields = {}) => {
      if (LOG_LEVELS.indexOf(of) > rank) {
        return;
      }
      const at = new Date(now()).toISOString();
      const line = readable
        ? `${at.slice(11, 19)} ${of.padEnd(5)} ${message}${readableFields(fields)}`
        : JSON.stringify({ at, level: of, message, ...fields });
      write(`${mask(line)}\n`);
    };
  return { error: entry("error"), warn: entry("warn"), info: entry("info") };
};

const readableFields = (fields: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `  ${name}=${String(value)}`)
    .join("");
