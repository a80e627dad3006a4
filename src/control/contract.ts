import { z } from "zod";
import { RISKS, TOOL_CLASSES } from "../catalogue/verdict.ts";
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

/**
 * `stored`: false where the grant is revoked while the gateway runs, and not for longer yet; `recorded`: false where the
 * act is not in the record yet.
 */
export const revokedGrant = z.strictObject({
  grant: grantView,
  stored: z.boolean(),
  recorded: z.boolean(),
});
export type RevokedGrant = z.infer<typeof revokedGrant>;

const verdictView = z.strictObject({ class: z.enum(TOOL_CLASSES), risk: z.enum(RISKS) });

/** What a freeze is of: everything, or one thing; a tool pattern may have its server beside it. */
export const freezeTarget = z.strictObject({
  all: z.literal(true).optional(),
  server: z.string().optional(),
  grant: z.string().optional(),
  identity: z.string().optional(),
  tool: z.string().optional(),
});
export type FreezeTargetBody = z.infer<typeof freezeTarget>;

/** The account a command runs under, as the command says. */
const user = name.optional();

export const freezeBody = z.strictObject({
  target: freezeTarget,
  reason: z.string(),
  /** Milliseconds since the epoch. */
  until: z.int().optional(),
  user,
});
export type FreezeBody = z.infer<typeof freezeBody>;

/** By the id of one freeze, or all of one target. */
export const unfreezeBody = z.strictObject({
  id: z.string().optional(),
  target: freezeTarget.optional(),
  user,
});
export type UnfreezeBody = z.infer<typeof unfreezeBody>;

export const freezeView = z.strictObject({
  id: z.string(),
  /** In words; the five members after it say it to programs. */
  what: z.string(),
  all: z.boolean(),
  server: z.string().nullable(),
  grant: z.string().nullable(),
  identity: z.string().nullable(),
  tool: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  /** RFC 3339. */
  at: z.string(),
  until: z.string().nullable(),
});
export type FreezeView = z.infer<typeof freezeView>;

export const freezeList = z.strictObject({ freezes: z.array(freezeView) });
export type FreezeList = z.infer<typeof freezeList>;

/**
 * `stored`: false where it is in force, but would not outlive the gateway. `recorded`: false where the act is not in the
 * record yet.
 */
export const madeFreeze = z.strictObject({ freeze: freezeView, stored: z.boolean(), recorded: z.boolean() });
export type MadeFreeze = z.infer<typeof madeFreeze>;

/** What was released, and what is still frozen. */
export const liftedFreezes = z.strictObject({ lifted: z.array(freezeView), left: z.array(freezeView) });
export type LiftedFreezes = z.infer<typeof liftedFreezes>;

/** What somebody says of a tool, in place of the catalogue, for the definition with this digest. */
export const overrideBody = z.strictObject({
  server: z.string(),
  tool: z.string(),
  /** SHA-256 of the definition that was looked at, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/u, { error: "a digest is 64 hexadecimal digits" }),
  class: z.enum(TOOL_CLASSES),
  /** Where absent the catalogue's. */
  risk: z.enum(RISKS).optional(),
  /** The catalogue's own verdict on that definition, for the record. */
  was: verdictView,
  reason: z.string(),
  user,
});
export type OverrideBody = z.infer<typeof overrideBody>;

export const clearOverrideBody = z.strictObject({
  server: z.string(),
  tool: z.string(),
  reason: z.string(),
  user,
});
export type ClearOverrideBody = z.infer<typeof clearOverrideBody>;

export const overrideView = z.strictObject({
  server: z.string(),
  tool: z.string(),
  digest: z.string(),
  class: z.enum(TOOL_CLASSES),
  risk: z.enum(RISKS).nullable(),
  was: verdictView,
  reason: z.string(),
  by: z.string(),
  /** RFC 3339. */
  at: z.string(),
});
export type OverrideView = z.infer<typeof overrideView>;

export const overrideList = z.strictObject({ overrides: z.array(overrideView) });
export type OverrideList = z.infer<typeof overrideList>;

/** `before`: the one that it stands in place of. */
export const madeOverride = z.strictObject({ override: overrideView, before: overrideView.nullable() });
export type MadeOverride = z.infer<typeof madeOverride>;

export const clearedOverride = z.strictObject({ cleared: overrideView });
export type ClearedOverride = z.infer<typeof clearedOverride>;

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

/** The kill switch. Every method throws `ControlRefusal` where it does nothing. */
export interface FreezeCommands {
  readonly list: () => Promise<FreezeList>;
  readonly freeze: (body: FreezeBody) => Promise<MadeFreeze>;
  readonly unfreeze: (body: UnfreezeBody) => Promise<LiftedFreezes>;
}

/** What people say of tools. Every method throws `ControlRefusal` where it does nothing. */
export interface OverrideCommands {
  readonly list: () => Promise<OverrideList>;
  readonly override: (body: OverrideBody) => Promise<MadeOverride>;
  readonly clear: (body: ClearOverrideBody) => Promise<ClearedOverride>;
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
