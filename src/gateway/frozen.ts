import type { Decision } from "../policy/types.ts";
import type { AskedRequest } from "./ask.ts";
import type { Gate } from "./gate.ts";

/** Gate 1 for what is no call of a tool. */
export const FROZEN: Decision = Object.freeze({
  decision: "deny",
  code: "frozen",
  message: "This is frozen: nothing passes until the freeze is lifted.",
} as const);

/** Whether the kill switch is on for anything that the request passes through, as far as that is known. */
export const isFrozen = ({ identified, server }: AskedRequest, tool?: string): boolean => {
  const { grant, received, snapshot } = identified;
  return snapshot.freezes.hold({ server: server?.name, grant, tool, at: received.arrival.at });
};

/** The same while it is under way. */
export const isFrozenNow = (
  { clock, snapshot }: Gate,
  { identified, server }: AskedRequest,
  tool?: string,
): boolean =>
  snapshot().freezes.hold({ server: server?.name, grant: identified.grant, tool, at: clock.now() });
