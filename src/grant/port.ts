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
