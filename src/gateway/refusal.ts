import type { KeptArgs } from "../audit/record.ts";
import type { RefusalCode } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { Grant } from "../grant/grant.ts";
import type { Decision } from "../policy/types.ts";
import type { AskedRequest } from "./ask.ts";
import type { Definition } from "./definitions.ts";
import type { Received } from "./edge.ts";

/**
 * A refusal on its way out. A value, not an exception: it takes the same road as a call, `record`, then `refuse`.
 * At least one of `decision` and `code` is there: what the policy decided, and what was wrong with the message, its
 * sender or the way. With both, the decision is what is recorded and the code is what is answered.
 */
export interface Refusal {
  readonly kind: "refusal";
  readonly received: Received;
  readonly code: RefusalCode | undefined;
  readonly decision: Decision | undefined;
  /** Who asked, where that is known: such refusals are recorded, others only counted. */
  readonly grant: Grant | undefined;
  readonly asked: AskedRequest | undefined;
  /** What is kept of its arguments, where that is known already. */
  readonly args: KeptArgs | null | undefined;
  /** More than the table's sentence; nothing of the message's values. */
  readonly message: string | undefined;
  readonly data: JsonObject | undefined;
  /** The server offers the called tool: only then may the answer admit that there is such a tool. */
  readonly offered: boolean;
  /** The called tool's, where it was looked up: it says which arguments are secret. */
  readonly definition: Definition | undefined;
  /** What could be read of a message that could not be read whole. */
  readonly read:
    | { readonly id?: Json; readonly method?: string; readonly notification?: boolean }
    | undefined;
}

export type Told = Partial<Omit<Refusal, "kind" | "received" | "code">>;

export const refusal = (received: Received, code: RefusalCode | undefined, told: Told = {}): Refusal => ({
  kind: "refusal",
  received,
  code,
  decision: told.decision,
  grant: told.grant,
  asked: told.asked,
  args: told.args,
  message: told.message,
  data: told.data,
  offered: told.offered ?? false,
  definition: told.definition,
  read: told.read,
});

export const isRefusal = (value: object): value is Refusal => "kind" in value && value.kind === "refusal";
