import { REFUSALS } from "../base/errors.ts";
import { uuidv7 } from "../base/ids.ts";
import type { KeptArgs } from "../audit/record.ts";
import type { Grant } from "../grant/grant.ts";
import type { Decision } from "../policy/types.ts";
import { methodRow, targetOf } from "../wire/methods.ts";
import type { AskedRequest } from "./ask.ts";
import type { Arrival } from "./edge.ts";
import type { Gate } from "./gate.ts";
import { policyOf } from "./permit.ts";
import type { Refusal } from "./refusal.ts";

/** When it came, by which way, and who asked. */
export const whoAndWhen = (
  gate: Gate,
  arrival: Arrival,
  grant: Grant,
  server?: { readonly name: string },
) => ({
  v: 1 as const,
  id: uuidv7(arrival.at),
  at: rfc3339(arrival.at),
  request_id: arrival.requestId,
  server: server?.name ?? gate.redaction.name(arrival.server),
  grant: grant.name,
  identity: grant.identity.name,
  groups: grant.identity.groups,
  transport: arrival.transport,
});

/** What was asked. A tool that the server offers is named as it is; any other name is the client's own words. */
export const whatWasAsked = (gate: Gate, asked: AskedRequest, args: KeptArgs | null, offered: boolean) => {
  const { session, client, revision, frame } = asked;
  const { name } = gate.redaction;
  const subject = subjectName(asked);
  const policy = policyOf(asked);
  return {
    session: session?.parts.mark ?? null,
    client: client === undefined ? null : clientMembers(client, name),
    protocol: revision === "" ? null : revision,
    method: name(frame.method),
    tool: subject === null || offered ? subject : name(subject),
    args,
    policy:
      policy === undefined
        ? null
        : { name: policy.set.name, version: policy.set.version, sha256: policy.sha256 },
  };
};

/** What a decision on it says. Our sentences name the tool or the method: in them too stands what the record keeps of it. */
export const whatWasSaid = (
  { redaction: { name } }: Gate,
  asked: AskedRequest,
  { message }: Decision,
  offered: boolean,
): string => {
  const subject = subjectName(asked);
  const words = [asked.frame.method, ...(subject === null || offered ? [] : [subject])];
  return words.reduce((said, word) => said.replaceAll(word, () => name(word)), message);
};

/** The same of a message that could not be read as a request. */
export const nothingAsked = (gate: Gate, method: string | undefined) => ({
  session: null,
  client: null,
  protocol: null,
  method: method === undefined ? null : gate.redaction.name(method),
  tool: null,
  args: null,
  policy: null,
});

/** The tool's name; for other requests the URI or name that was judged. */
const subjectName = ({ frame: { method, params } }: AskedRequest): string | null => {
  const row = methodRow(method);
  return row === undefined ? null : (targetOf(row, params) ?? null);
};

const clientMembers = (client: NonNullable<AskedRequest["client"]>, name: (text: string) => string) => ({
  name: name(client.name),
  version: client.version === undefined ? null : name(client.version),
});

export const decisionMembers = (decision: Decision, message = decision.message) => ({
  decision: decision.decision,
  code: decision.code,
  rule: decision.rule ?? null,
  name: decision.name ?? null,
  message,
  enforced: decision.enforced ?? true,
  retry_after_ms: decision.retry_after_ms ?? null,
  approval_id: decision.approval_id ?? null,
});

export const codeMembers = ({ code, message }: Refusal) => ({
  decision: "deny" as const,
  code: code ?? "internal",
  rule: null,
  name: null,
  message: message ?? REFUSALS[code ?? "internal"].message,
  enforced: true,
  retry_after_ms: null,
  approval_id: null,
});

let last = { ms: Number.NaN, text: "" };

/** Many records are of one millisecond; writing out a date costs more than the rest of a record. */
export const rfc3339 = (ms: number): string => {
  if (last.ms !== ms) {
    last = { ms, text: new Date(ms).toISOString() };
  }
  return last.text;
};
