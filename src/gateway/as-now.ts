import type { AskedRequest } from "./ask.ts";
import type { Gate } from "./gate.ts";
import { identifyAgain } from "./identify.ts";
import { isRefusal, type Refusal } from "./refusal.ts";

/**
 * The request as of now. A server may take its time to start and to say what it offers, and a subscription may be open
 * for days: what changed meanwhile holds, and a grant that is gone gets nothing more.
 */
export const asNow = <A extends AskedRequest>(gate: Gate, asked: A): A | Refusal => {
  const identified = identifyAgain(gate, asked.identified);
  return isRefusal(identified) ? identified : { ...asked, identified };
};
