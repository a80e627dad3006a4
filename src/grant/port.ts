/** A grant that commands made, or the token and marks of one that the file declares. Times are milliseconds since the epoch. */
export interface StoredGrant {
  readonly name: string;
  readonly identity: string;
  readonly servers: readonly string[];
  readonly policy: string | undefined;
  readonly tokenSha256: string | undefined;
  readonly expiresAt: number | undefined;
  readonly timezone: string;
  readonly createdAt: number;
}

/** What the store adds to a grant that the file declares. */
export interface GrantMark {
  readonly name: string;
  /** Minted by `grant rotate` for a declared grant without a token of its own. */
  readonly tokenSha256: string | undefined;
  readonly revokedAt: number | undefined;
  /** A grant once seen expired stays expired if the clock goes back. */
  readonly expiredSeenAt: number | undefined;
}

/** Grants that outlive the process. Synchronous: it is read when a snapshot is built, never while deciding. */
export interface GrantStore {
  readonly list: () => readonly StoredGrant[];
  readonly marks: () => readonly GrantMark[];
  readonly put: (grant: StoredGrant) => void;
  /** Removes a stored grant; false where there is none of this name. */
  readonly remove: (name: string) => boolean;
  readonly mark: (mark: GrantMark) => void;
}

/** What a freeze is of: all that is named. A tool may be named together with its server; nothing named is everything. */
export interface FreezeTarget {
  readonly server: string | undefined;
  readonly grant: string | undefined;
  readonly identity: string | undefined;
  /** A pattern, as policies have them. */
  readonly tool: string | undefined;
}

/** A freeze: while it is in force nothing passes that goes through its target. Times are milliseconds since the epoch. */
export interface StoredFreeze extends FreezeTarget {
  /** UUIDv7. */
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  /** When it ends by itself. */
  readonly until: number | undefined;
}

/** Freezes that outlive the process. Synchronous, like grants. */
export interface FreezeStore {
  /** Oldest first. */
  readonly list: () => readonly StoredFreeze[];
  /** On stable storage when it returns; throws where it cannot be. */
  readonly put: (freeze: StoredFreeze) => void;
  /** False where there is none of this id. */
  readonly remove: (id: string) => boolean;
}
