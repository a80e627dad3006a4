import { UpstreamFailure } from "../upstream/port.ts";
import type { AskedRequest } from "./ask.ts";
import type { Link } from "./link.ts";
import type { Server } from "./server.ts";

const NONE = new UpstreamFailure("lost", "The session has no link to this server any more.");

/** The link that a request to this server goes over, or why there is none. */
export const linkOf = async (asked: AskedRequest, server: Server): Promise<Link | UpstreamFailure> => {
  try {
    if (asked.session !== undefined) {
      return (await asked.session.linkTo(server)) ?? NONE;
    }
    return asked.modern === undefined
      ? NONE
      : await server.grantLink(asked.identified.grant.name, asked.modern);
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return error;
    }
    throw error;
  }
};
