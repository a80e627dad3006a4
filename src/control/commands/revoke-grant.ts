import type { GrantMark } from "../../grant/port.ts";
import { ControlRefusal, type GrantName, type RevokedGrant } from "../contract.ts";
import { recordOrKeep } from "./acts.ts";
import { findGrant, markOf, viewOf, type GrantDesk } from "./grant-desk.ts";

/**
 * Ends a grant, declared or stored, at once. The other acts are recorded before they are done; this one takes effect
 * even where it cannot be recorded, and in a running gateway where it cannot be stored, because the doubt would be on the side of letting calls pass.
 */
export const revokeGrant = async (desk: GrantDesk, { name }: GrantName): Promise<RevokedGrant> => {
  const before = viewOf(findGrant(desk, name));
  const mark = markOf(desk, name);
  const stored = put(desk, {
    ...mark,
    tokenSha256: tokenOf(desk, name) ?? mark.tokenSha256,
    revokedAt: desk.clock.now(),
  });
  await desk.publish();
  const grant = viewOf(findGrant(desk, name));
  const recorded = await recordOrKeep(desk, { act: "grant.revoke", subject: name, before, after: grant });
  return { grant, stored, recorded };
};

/** False where it is in force and would not outlive the gateway. */
const put = ({ store, holds }: GrantDesk, mark: GrantMark): boolean => {
  try {
    store.mark(mark);
    return true;
  } catch {
    if (holds) {
      return false;
    }
    throw new ControlRefusal("unavailable", "The store cannot be written, so nothing was revoked.");
  }
};

/** The token that ends: the file's, else the store's. */
const tokenOf = (desk: GrantDesk, name: string): string | undefined => {
  const declared = desk.declared().grants.find((grant) => grant.name === name);
  return declared === undefined
    ? desk.store.list().find((grant) => grant.name === name)?.tokenSha256
    : declared.tokenSha256;
};
