import { nearest } from "../../base/nearest.ts";
import type { Identity } from "../../grant/grant.ts";
import type { GrantMark, GrantStore } from "../../grant/port.ts";
import { buildGrants, type DeclaredGrant, type ListedGrant } from "../../grant/table.ts";
import { ControlRefusal, type GrantView } from "../contract.ts";
import type { ActDesk } from "./acts.ts";

/** What the configuration in force says that grants may refer to. */
export interface Declared {
  readonly grants: readonly DeclaredGrant[];
  readonly identities: readonly Identity[];
  readonly servers: readonly string[];
  readonly policies: readonly string[];
}

/** Where grants are made, changed and ended: in a running gateway, or by a command that holds the store itself. */
export interface GrantDesk extends ActDesk {
  readonly store: GrantStore;
  /** Whether a revocation that cannot be stored is in force all the same: in a gateway that runs. */
  readonly holds: boolean;
  readonly declared: () => Declared;
  /** Makes a change take effect: the gateway builds its next snapshot. */
  readonly publish: () => void | Promise<void>;
}

export const listGrants = (desk: Pick<GrantDesk, "store" | "declared" | "clock">): readonly ListedGrant[] => {
  const { grants, identities } = desk.declared();
  const table = buildGrants({
    declared: grants,
    identities,
    stored: desk.store.list(),
    marks: desk.store.marks(),
    onExpired: () => {}, // Looking at a list is not using a grant.
  });
  return table.list(desk.clock.now());
};

export const viewOf = (grant: ListedGrant): GrantView => ({
  name: grant.name,
  identity: grant.identity,
  servers: [...grant.servers],
  policy: grant.policy ?? null,
  expires_at: grant.expiresAt === undefined ? null : new Date(grant.expiresAt).toISOString(),
  timezone: grant.timezone,
  source: grant.source,
  state: grant.state,
});

/** The grant of this name; of a declared and a stored one, the declared. */
export const findGrant = (desk: GrantDesk, name: string): ListedGrant => {
  const grants = listGrants(desk);
  const found = grants.find((grant) => grant.name === name);
  if (found === undefined) {
    throw new ControlRefusal(
      "not_found",
      `There is no grant ${named(
        name,
        grants.map((grant) => grant.name),
      )}`,
    );
  }
  return found;
};

/** A name that is not there, with the one that was probably meant. */
export const named = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  return near === undefined
    ? `${JSON.stringify(name)}.`
    : `${JSON.stringify(name)}. Did you mean ${JSON.stringify(near)}?`;
};

export const markOf = (desk: GrantDesk, name: string): GrantMark =>
  desk.store.marks().find((mark) => mark.name === name) ?? {
    name,
    tokenSha256: undefined,
    revokedAt: undefined,
    expiredSeenAt: undefined,
  };
