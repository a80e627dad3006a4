import { hashToken, mintToken } from "../../grant/token.ts";
import { ControlRefusal, type GrantName, type MintedGrant } from "../contract.ts";
import { recordFirst } from "./acts.ts";
import { findGrant, markOf, viewOf, type GrantDesk } from "./grant-desk.ts";

/** Gives a grant a new token; the old one ends at once. A revoked grant begins anew with it. */
export const rotateGrant = async (desk: GrantDesk, { name }: GrantName): Promise<MintedGrant> => {
  const known = findGrant(desk, name);
  const declared = desk.declared().grants.find((grant) => grant.name === name);
  if (declared?.tokenSha256 !== undefined) {
    const sentence = `The configuration file holds the token of ${JSON.stringify(name)}: change it there.`;
    throw new ControlRefusal("not_allowed", sentence);
  }
  if (known.state === "expired") {
    throw new ControlRefusal(
      "invalid",
      `The grant ${JSON.stringify(name)} has expired: a new token would not help it.`,
    );
  }
  const before = viewOf(known);
  await recordFirst(desk, {
    act: "grant.rotate",
    subject: name,
    before,
    after: { ...before, state: "live" },
  });
  const token = mintToken();
  const tokenSha256 = hashToken(token);
  const stored = desk.store.list().find((grant) => grant.name === name);
  if (declared === undefined && stored !== undefined) {
    desk.store.put({ ...stored, tokenSha256 });
  }
  desk.store.mark({ ...markOf(desk, name), tokenSha256, revokedAt: undefined });
  await desk.publish();
  return { grant: viewOf(findGrant(desk, name)), token };
};
