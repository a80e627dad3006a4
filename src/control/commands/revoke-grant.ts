import type { GrantName, RevokedGrant } from "../contract.ts";
import { recordOrKeep } from "./acts.ts";
import { findGrant, markOf, viewOf, type GrantDesk } from "./grant-desk.ts";

/**
 * Ends a grant, declared or stored, at once. The other acts are recorded before they are done; this one takes effect
 * even where it cannot be recorded, because the doubt would be on the side of letting calls pass.
 */
export const revokeGrant = async (desk: GrantDesk, { name }: GrantName): Promise<RevokedGrant> => {
  const before = viewOf(findGrant(desk, name));
  const mark = markOf(desk, name);
  desk.store.mark({
    ...mark,
    tokenSha256: tokenOf(desk, name) ?? mark.tokenSha256,
    revokedAt: desk.clock.now(),
  });
  await desk.publish();
  const grant = viewOf(findGrant(desk, name));
  const recorded = await recordOrKeep(desk, { act: "grant.revoke", subject: name, before, after: grant });
  return { grant, recorded };
};

/** The token that ends: the file's, else the store's. */
const tokenOf = (desk: GrantDesk, name: string): string | undefined => {
  const declared = desk.declared().grants.find((grant) => grant.name === name);
  return declared === undefined
    ? desk.store.list().find((grant) => grant.name === name)?.tokenSha256
    : declared.tokenSha256;
};
