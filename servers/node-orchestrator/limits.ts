/** Every bound of the orchestrator, with its unit last. */

export const SERVERS_MAX = 100;
export const CONFIG_BYTES_MAX = 1024 * 1024;

/** Looking for package.json files goes no deeper, and no further. */
export const DISCOVERY_DEPTH_MAX = 6;
export const DISCOVERY_FOLDERS_MAX = 5_000;
export const PACKAGE_BYTES_MAX = 1024 * 1024;

/** How often the configuration's files are looked at. */
export const WATCH_MS = 500;

export const START_MS = 30_000;
export const START_MS_MAX = 600_000;
/** From the polite signal to the one that nothing survives. */
export const STOP_GRACE_MS = 5_000;
export const STOP_GRACE_MS_MAX = 60_000;
/** A process that was killed, and its port, are gone within this, or it is reported. */
export const GONE_MS = 5_000;
/** A server without a port has started when it lives this long. */
export const SETTLE_MS = 1_000;
export const READY_POLL_MS = 50;
/** One look at a port or a health path. */
export const PROBE_MS = 2_000;
export const PROGRESS_MS = 1_000;
/** So many servers start at the same time. */
export const STARTS_AT_ONCE = 8;

export const LOG_LINES_MAX = 2_000;
export const LOG_BYTES_MAX = 256 * 1024;
export const LOG_LINE_CHARS_MAX = 8_192;
/** The lines that a failed start is reported with. */
export const LAST_LINES = 15;
/** A log that grows is told so often at most. */
export const LOG_TOLD_MS = 500;
/** A process is gone; what it said last arrives within this. */
export const DRAIN_MS = 500;
