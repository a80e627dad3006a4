import type { KeptArgs } from "../audit/record.ts";
import { bareObject } from "../base/json-value.ts";
import { methodRow } from "../wire/methods.ts";
import { secretArgumentNames } from "../catalogue/secret-arguments.ts";
import type { AskedRequest } from "./ask.ts";
import type { Definition } from "./definitions.ts";
import type { Gate } from "./gate.ts";
import { argumentsOf, type Permitted } from "./permit.ts";

/** A permitted request and what the record will keep of its arguments. Only `redact` makes one. */
class RedactedValue {
  readonly #redacted = true;
  readonly permitted: Permitted;
  readonly args: KeptArgs | null;

  constructor(permitted: Permitted, args: KeptArgs | null) {
    this.permitted = permitted;
    this.args = args;
  }

  static is(value: object): boolean {
    return #redacted in value && value.#redacted;
  }
}
export type Redacted = RedactedValue;

/**
 * Before anything is charged: looking for secrets may take a while, and between its charge and its record a call waits
 * for nothing but the record.
 */
export const redact = async (gate: Gate, permitted: Permitted): Promise<Redacted> => {
  const args = keptArgs(gate, permitted.asked, permitted.definition);
  return new RedactedValue(permitted, args instanceof Promise ? await args : args);
};

/** What the record keeps of a request's arguments; `null` for requests that have none. */
export const keptArgs = (
  gate: Gate,
  asked: AskedRequest,
  definition: Definition | undefined,
): KeptArgs | null | Promise<KeptArgs> =>
  isCall(asked) ? gate.redaction.args(argumentsOf(asked) ?? bareObject(), whose(asked, definition)) : null;

/** The same where there is too much already: looking for secrets would be work for nothing. */
export const keptArgNames = (gate: Gate, asked: AskedRequest): KeptArgs | null =>
  isCall(asked) ? gate.redaction.argNames(argumentsOf(asked) ?? bareObject(), whose(asked)) : null;

const NO_NAMES: ReadonlySet<string> = new Set();

const isCall = ({ frame }: AskedRequest): boolean => methodRow(frame.method)?.kind === "call";

const whose = ({ identified: { grant, received } }: AskedRequest, definition?: Definition) => {
  const { credential } = received.arrival;
  return {
    policy: grant.policy,
    token: credential.kind === "bearer" ? credential.token : undefined,
    secretNames: () =>
      definition === undefined ? NO_NAMES : secretArgumentNames(definition.profile().arguments),
  };
};
