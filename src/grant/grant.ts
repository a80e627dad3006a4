/** Who stands behind a grant. */
export interface Identity {
  readonly name: string;
  readonly kind: "person" | "service";
  readonly groups: readonly string[];
}

/** What one token may reach, and under which policy. */
export interface Grant {
  readonly name: string;
  readonly identity: Identity;
  /** Names of the servers it is for; at least one. */
  readonly servers: readonly string[];
  /** Name of its policy; without one nothing passes. */
  readonly policy: string | undefined;
  /** SHA-256 of the token, lower-case hex. */
  readonly tokenSha256: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** IANA name. */
  readonly timezone: string;
  readonly holdMs: number;
  /** The configuration file owns what it declares; the store owns what commands made. */
  readonly source: "file" | "store";
}
