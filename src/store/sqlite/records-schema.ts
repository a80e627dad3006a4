/**
 * The search copy of the record: facts to look for, and where the journal has the lines. `filled` says how far the
 * journal has been read, in the transaction that reads it; `boot` is NULL while nobody has it open.
 *
 * An index a filter, in the order of the answers. Those of decision and code leave out what nearly every record has:
 * the index by time finds those at once.
 */
export const RECORD_MIGRATIONS: readonly string[] = [
  `CREATE TABLE filled (
     only INTEGER PRIMARY KEY CHECK (only = 1), segment INTEGER NOT NULL, offset INTEGER NOT NULL, head TEXT, boot TEXT
   ) STRICT;
   INSERT INTO filled VALUES (1, 1, 0, NULL, NULL);
   CREATE TABLE records (
     seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, request_id TEXT NOT NULL, server TEXT,
     grant_name TEXT, identity TEXT, method TEXT, tool TEXT, policy TEXT, decision TEXT NOT NULL, code TEXT NOT NULL,
     rule TEXT, enforced INTEGER NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
     outcome TEXT, http_status INTEGER, duration_ms REAL, result_bytes INTEGER, outcome_segment INTEGER,
     outcome_offset INTEGER
   ) STRICT;
   CREATE INDEX records_by_time ON records (at);
   CREATE INDEX records_by_grant ON records (grant_name, at);
   CREATE INDEX records_by_identity ON records (identity, at);
   CREATE INDEX records_by_server ON records (server, at);
   CREATE INDEX records_by_tool ON records (tool, at);
   CREATE INDEX records_by_decision ON records (decision, at) WHERE decision <> 'allow';
   CREATE INDEX records_by_code ON records (code, at) WHERE code <> 'allowed'`,
];

/** Columns of a decision, as they are inserted. */
export const DECISION_COLUMNS = [
  "id",
  "at",
  "request_id",
  "server",
  "grant_name",
  "identity",
  "method",
  "tool",
  "policy",
  "decision",
  "code",
  "rule",
  "enforced",
  "segment",
  "offset",
] as const;

/** Columns of its outcome. */
export const OUTCOME_COLUMNS = [
  "outcome",
  "http_status",
  "duration_ms",
  "result_bytes",
  "outcome_segment",
  "outcome_offset",
] as const;
