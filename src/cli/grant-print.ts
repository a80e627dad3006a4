import type { GrantView, MintedGrant } from "../control/contract.ts";
import type { Context } from "./command.ts";
import { jsonLine, oneLine, table } from "./print.ts";
import { painter } from "./terminal.ts";

const STATES: Readonly<Record<GrantView["state"], string>> = {
  live: "live",
  expired: "expired",
  revoked: "revoked",
  no_token: "no token: mint one with grant rotate",
  no_identity: "its identity is not in the configuration",
  shadowed: "the configuration declares another of this name",
};

export const printGrants = async (
  { terminal, json }: Context,
  grants: readonly GrantView[],
): Promise<void> => {
  if (json) {
    await terminal.out(jsonLine(grants));
    return;
  }
  if (grants.length === 0) {
    await terminal.out(
      "There are no grants. Make one with: tollgate grant create NAME --identity … --server …\n",
    );
    return;
  }
  const rows = grants.map((grant) => [
    oneLine(grant.name),
    oneLine(grant.identity),
    grant.servers.join(","),
    oneLine(grant.policy ?? "none: nothing passes"),
    grant.expires_at ?? "never",
    grant.source,
    STATES[grant.state],
  ]);
  const head = ["GRANT", "IDENTITY", "SERVERS", "POLICY", "EXPIRES", "FROM", "STATE"];
  await terminal.out(table(head, rows, painter(terminal, "out")));
};

/** The token goes to standard output alone, so that it can be put where it belongs; what is said of it does not. */
export const printMinted = async (
  { terminal, json }: Context,
  { grant, token }: MintedGrant,
): Promise<void> => {
  if (json) {
    await terminal.out(jsonLine({ grant, token }));
    return;
  }
  terminal.err(
    `The token of ${oneLine(grant.name)} for ${grant.servers.join(", ")}. It is not shown again:\n`,
  );
  await terminal.out(`${token}\n`);
  if (grant.policy === null) {
    terminal.err("It has no policy, so nothing passes.\n");
  }
};
