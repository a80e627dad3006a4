import { z } from "zod";
import { isName, isServerName, NAME_RULE, SERVER_NAME_RULE } from "../base/names.ts";

/*
 * What can be asked of a gateway's control plane, as schemas. Commands ask it through the local socket of the data
 * directory, or of the store itself where no gateway holds it; both ways run the same use-cases.
 */

const name = z.string().refine(isName, { error: NAME_RULE });
const server = z.string().refine(isServerName, { error: SERVER_NAME_RULE });

/** A grant to be made. */
export const createGrantBody = z.strictObject({
  name,
  identity: name,
  servers: z.array(server).min(1),
  policy: name.optional(),
  /** Milliseconds since the epoch. */
  expiresAt: z.int().optional(),
  /** IANA name; UTC where absent. */
  timezone: z.string().optional(),
});
export type CreateGrant = z.infer<typeof createGrantBody>;

export const grantNameBody = z.strictObject({ name });
export type GrantName = z.infer<typeof grantNameBody>;

/** A grant as it is shown: never its token. */
export const grantView = z.strictObject({
  name: z.string(),
  identity: z.string(),
  servers: z.array(z.string()),
  policy: z.string().nullable(),
  /** RFC 3339. */
  expires_at: z.string().nullable(),
  timezone: z.string(),
  source: z.enum(["file", "store"]),
  state: z.enum(["live", "expired", "revoked", "no_token", "no_identity", "shadowed"]),
});
export type GrantView = z.infer<typeof grantView>;

export const grantList = z.strictObject({ grants: z.array(grantView) });
export type GrantList = z.infer<typeof grantList>;

/** A grant with its new token, which is shown this once. */
export const mintedGrant = z.strictObject({ grant: grantView, token: z.string() });
export type MintedGrant = z.infer<typeof mintedGrant>;

/** `recorded`: false where the grant is revoked, but the act could not be written to the record. */
export const revokedGrant = z.strictObject({ grant: grantView, recorded: z.boolean() });
export type RevokedGrant = z.infer<typeof revokedGrant>;

/** Why nothing was done. `nearest`: the name that was probably meant. */
export const REFUSAL_REASONS = ["invalid", "not_found", "exists", "not_allowed", "unavailable"] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export class ControlRefusal extends Error {
  override readonly name = "ControlRefusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A gateway holds the data directory and does not answer as one. The message says so in one sentence. */
export class ControlUnreachable extends Error {
  override readonly name = "ControlUnreachable";
}

/** What can be done with grants. Every method throws `ControlRefusal` where it does nothing. */
export interface GrantCommands {
  readonly list: () => Promise<GrantList>;
  readonly create: (body: CreateGrant) => Promise<MintedGrant>;
  readonly rotate: (body: GrantName) => Promise<MintedGrant>;
  readonly revoke: (body: GrantName) => Promise<RevokedGrant>;
}

/** The lines of the control socket: one JSON object each way. */
export const controlRequest = z.strictObject({
  command: z.string(),
  body: z.record(z.string(), z.unknown()).optional(),
});

export const controlAnswer = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), result: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ reason: z.enum(REFUSAL_REASONS), message: z.string() }),
  }),
]);

export const CONTROL_SOCKET = "control.sock";
