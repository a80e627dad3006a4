/** From the least to the most severe (RFC 5424 section 6.2.1; 2025-11-25 "Log Levels"). */
const LOG_LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const severityOf = (level: unknown): number => LOG_LEVELS.findIndex((known) => known === level);

export const isLogLevel = (level: unknown): level is LogLevel => severityOf(level) !== -1;

/** Whether who asked for `asked` gets messages of `level`. One of a level that nobody knows is not kept back. */
export const admitsLevel = (asked: string, level: unknown): boolean =>
  !isLogLevel(level) || severityOf(level) >= severityOf(asked);

/** The level by which everybody gets what they asked for: the least severe. */
export const leastOf = (asked: Iterable<string>): LogLevel | undefined => {
  const levels = new Set(asked);
  return LOG_LEVELS.find((level) => levels.has(level));
};
