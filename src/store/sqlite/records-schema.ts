/**
 * The search copy of the record: facts to look for, and where the journal has the lines. `filled` says how far the
 * journal has been read, in the transaction that reads it; `boot` is NULL while nobody has it open.
 *
 * What can be asked for stands in few combinations, but for tools, whose names come from clients: a combination is a
 * row of `kinds`. So no search has to walk through records that it does not want: it asks each kind that fits for its
 * newest, and merges those. An index for each filter alone could not do that: two frequent values that never meet
 * would be looked for in every record that has one of them.
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
  // It is filled anew from the journal: that is what a copy can always be.
  `DROP TABLE records;
   UPDATE filled SET segment = 1, offset = 0, head = NULL;
   CREATE TABLE kinds (
     kind INTEGER PRIMARY KEY, facts TEXT NOT NULL UNIQUE, server TEXT, grant_name TEXT, identity TEXT,
     decision TEXT NOT NULL, code TEXT NOT NULL, enforced INTEGER NOT NULL, outcome TEXT
   ) STRICT;
   CREATE TABLE records (
     seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, kind INTEGER NOT NULL,
     request_id TEXT NOT NULL, method TEXT, tool TEXT, policy TEXT, rule TEXT,
     segment INTEGER NOT NULL, offset INTEGER NOT NULL,
     http_status INTEGER, duration_ms REAL, result_bytes INTEGER, outcome_segment INTEGER, outcome_offset INTEGER
   ) STRICT;
   CREATE INDEX records_by_time ON records (at);
   CREATE INDEX records_by_kind ON records (kind, at);
   CREATE INDEX records_by_tool ON records (tool, kind, at)`,
];

/** Columns of a decision behind its kind, as they are inserted. */
export const DECISION_COLUMNS = [
  "id",
  "at",
  "request_id",
  "method",
  "tool",
  "policy",
  "rule",
  "segment",
  "offset",
] as const;

/** Columns of its outcome; the outcome itself is part of the kind. */
export const OUTCOME_COLUMNS = [
  "http_status",
  "duration_ms",
  "result_bytes",
  "outcome_segment",
  "outcome_offset",
] as const;
