import { hashToken, mintToken } from "../../grant/token.ts";
import type { StoredGrant } from "../../grant/port.ts";
import { ControlRefusal, type CreateGrant, type GrantView, type MintedGrant } from "../contract.ts";
import { recordFirst } from "./acts.ts";
import { findGrant, listGrants, markOf, named, viewOf, type GrantDesk } from "./grant-desk.ts";

/** Makes a grant in the store, with a new token. A revoked one of this name gives way to it. */
export const createGrant = async (desk: GrantDesk, body: CreateGrant): Promise<MintedGrant> => {
  checkReferences(desk, body);
  checkTimes(desk, body);
  const before = checkName(desk, body.name);
  const token = mintToken();
  const grant: StoredGrant = {
    name: body.name,
    identity: body.identity,
    servers: body.servers,
    policy: body.policy,
    tokenSha256: hashToken(token),
    expiresAt: body.expiresAt,
    timezone: body.timezone ?? "UTC",
    createdAt: desk.clock.now(),
  };
  const after = viewOf({ ...grant, source: "store", state: "live" });
  await recordFirst(desk, { act: "grant.create", subject: body.name, before, after });
  // In this order: where the grant is not stored, the one before it is still there and stays revoked.
  desk.store.put(grant);
  desk.store.mark({
    ...markOf(desk, body.name),
    tokenSha256: undefined,
    revokedAt: undefined,
    expiredSeenAt: undefined,
  });
  await desk.publish();
  return { grant: viewOf(findGrant(desk, body.name)), token };
};

const checkReferences = (desk: GrantDesk, body: CreateGrant): void => {
  const { identities, servers, policies } = desk.declared();
  const wanted: readonly (readonly [string, string, readonly string[]])[] = [
    ["identity", body.identity, identities.map(({ name }) => name)],
    ...body.servers.map((name) => ["server", name, servers] as const),
    ...(body.policy === undefined ? [] : [["policy", body.policy, policies] as const]),
  ];
  for (const [kind, name, known] of wanted) {
    if (!known.includes(name)) {
      throw new ControlRefusal("not_found", `The configuration has no ${kind} ${named(name, known)}`);
    }
  }
  if (new Set(body.servers).size !== body.servers.length) {
    throw new ControlRefusal("invalid", "A server is named twice.");
  }
};

const checkTimes = (desk: GrantDesk, { expiresAt, timezone }: CreateGrant): void => {
  if (expiresAt !== undefined && expiresAt <= desk.clock.now()) {
    throw new ControlRefusal("invalid", "The grant would have expired already.");
  }
  if (timezone !== undefined && !isTimezone(timezone)) {
    throw new ControlRefusal(
      "invalid",
      `${JSON.stringify(timezone)} is no IANA time zone such as Europe/Zurich.`,
    );
  }
};

const isTimezone = (zone: string): boolean => {
  try {
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
};

/** The grant that gives way, if there is one. */
const checkName = (desk: GrantDesk, name: string): GrantView | undefined => {
  const known = listGrants(desk).find((grant) => grant.name === name);
  if (known?.source === "file") {
    throw new ControlRefusal("exists", `The configuration file declares a grant ${JSON.stringify(name)}.`);
  }
  if (known !== undefined && known.state !== "revoked") {
    throw new ControlRefusal(
      "exists",
      `There is a grant ${JSON.stringify(name)} already. Rotate it for a new token.`,
    );
  }
  return known === undefined ? undefined : viewOf(known);
};
