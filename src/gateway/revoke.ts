import type { Server } from "./server.ts";
import type { Sessions } from "./session.ts";

/** Ends everything a grant has open: sessions, links, and with them the requests under way. */
export const endGrant = async (
  grant: string,
  servers: Iterable<Server>,
  sessions: Sessions,
): Promise<void> => {
  await Promise.allSettled([
    sessions.closeGrant(grant),
    ...[...servers].map((server) => server.closeGrant(grant)),
  ]);
};
