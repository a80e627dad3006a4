import type { DecisionCode } from "../base/errors.ts";
import { bareObject, isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { decide, type Verdict } from "../policy/decide.ts";
import { admitsMethod, admitsPrompt, admitsResource, admitsTemplate, isHidden } from "../policy/list.ts";
import type { Decision, Subject } from "../policy/types.ts";
import type { PolicySet } from "../policy/compile.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import {
  completionTarget,
  methodRow,
  targetOf,
  type CompletionTarget,
  type MethodKind,
} from "../wire/methods.ts";
import { checkParamHeaders } from "../wire/param-headers.ts";
import type { Aimed, AskedRequest } from "./ask.ts";
import type { Books } from "./books.ts";
import type { Definition, Definitions } from "./definitions.ts";
import { FROZEN, isFrozen } from "./frozen.ts";
import type { PolicyInForce } from "./gate.ts";
import type { Link } from "./link.ts";
import { failureCode } from "./failure.ts";
import { offeredTo } from "./offered.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A request that the policy lets through, limits aside. Only `permit` makes one. */
class PermittedValue {
  readonly #permitted = true;
  readonly asked: Aimed;
  readonly link: Link;
  readonly policy: PolicyInForce | undefined;
  readonly verdict: Verdict;
  /** The tool's definition it was judged by; calls only. */
  readonly definition: Definition | undefined;

  constructor(
    asked: Aimed,
    link: Link,
    policy: PolicyInForce | undefined,
    verdict: Verdict,
    definition?: Definition,
  ) {
    this.asked = asked;
    this.link = link;
    this.policy = policy;
    this.verdict = verdict;
    this.definition = definition;
  }

  static is(value: object): boolean {
    return #permitted in value && value.#permitted;
  }
}
export type Permitted = PermittedValue;

export const policyOf = (asked: AskedRequest): PolicyInForce | undefined => {
  const { snapshot, grant } = asked.identified;
  return grant.policy === undefined ? undefined : snapshot.policies.get(grant.policy);
};

/** Gates 1 to 10 for a tool call; `resources`, `prompts` and `methods` for what else is judged. */
export const permit = async (
  books: Books,
  asked: Aimed,
  link: Link | UpstreamFailure,
): Promise<Permitted | Refusal> => {
  const kind = methodRow(asked.frame.method)?.kind;
  const strange = stateFault(books, asked);
  if (strange !== undefined) {
    return strange;
  }
  if (kind === "call") {
    return permitCall(asked, link);
  }
  const policy = policyOf(asked);
  const fault = kind === "task" ? taskFault(books, asked) : faultOf(asked, kind);
  if (fault !== undefined) {
    return fault;
  }
  if (link instanceof UpstreamFailure) {
    return refusal(asked.identified.received, failureCode(link), { grant: asked.identified.grant, asked });
  }
  return new PermittedValue(asked, link, policy, ADMITTED);
};

/** A retry with a state that was not given for this very request opens nothing (2026-07-28 "Multi Round-Trip Requests"). */
const stateFault = ({ states }: Books, asked: Aimed): Refusal | undefined => {
  const state = asked.frame.params === undefined ? undefined : member(asked.frame.params, "requestState");
  if (asked.era !== "modern" || state === undefined) {
    return undefined;
  }
  return typeof state === "string" && states.knows(asked, state)
    ? undefined
    : refusal(asked.identified.received, "invalid_params", {
        grant: asked.identified.grant,
        asked,
        message: "This requestState was not given for this request.",
      });
};

const taskFault = (books: Books, asked: Aimed): Refusal | undefined => {
  const row = methodRow(asked.frame.method);
  const taskId = row === undefined ? undefined : targetOf(row, asked.frame.params);
  const decision = judgeTask(books, asked, taskId);
  return decision === undefined ? undefined : notFound(asked, "task", decision);
};

/** A task is its grant's whose call began it, and only while the tool may still be called. */
const judgeTask = ({ tasks }: Books, asked: Aimed, taskId: string | undefined): Decision | undefined => {
  const tool =
    taskId === undefined ? undefined : tasks.toolOf(asked.identified.grant.name, asked.server.name, taskId);
  if (tool === undefined) {
    return isFrozen(asked) ? FROZEN : refuses(policyOf(asked)?.set, asked.frame.method);
  }
  const { decision } = judge(asked, tool, bareObject(), undefined);
  return BEFORE_THE_SERVER.has(decision.code) ? decision : undefined;
};

/** Whether a task may be told of to who asks. */
export const admitsTask = (books: Books, asked: Aimed, taskId: string): boolean =>
  judgeTask(books, asked, taskId) === undefined;

/** Why the kill switch or the policy refuses a request that is no tool call and no task. */
export const faultOf = (asked: AskedRequest, kind: MethodKind | undefined): Refusal | undefined => {
  if (isFrozen(asked)) {
    return notFound(asked, kind, FROZEN);
  }
  const policy = policyOf(asked)?.set;
  return admits(policy, kind, asked) ? undefined : notFound(asked, kind, refuses(policy, asked.frame.method));
};

const ADMITTED: Verdict = Object.freeze({
  decision: Object.freeze({ decision: "allow", code: "allowed", message: "The policy admits it." } as const),
  passes: true,
  charges: Object.freeze([]),
});

const refuses = (policy: PolicySet | undefined, method: string): Decision => ({
  decision: "deny",
  code: policy === undefined ? "no_policy" : "default_deny",
  message: `The policy does not admit this ${method}.`,
});

/** A refused resource, prompt or completion is answered like an unknown one, a refused method like an unknown one. */
const notFound = (asked: AskedRequest, kind: MethodKind | undefined, decision: Decision): Refusal =>
  refusal(asked.identified.received, kind === undefined ? "unknown_method" : "unknown_item", {
    grant: asked.identified.grant,
    asked,
    decision,
  });

const admits = (
  policy: PolicySet | undefined,
  kind: MethodKind | undefined,
  { frame: { method, params } }: AskedRequest,
): boolean => {
  if (kind === undefined) {
    return admitsMethod(policy, method);
  }
  const row = methodRow(method);
  const target = row === undefined ? undefined : targetOf(row, params);
  if (kind === "subscribe" && row?.target === undefined) {
    return policy !== undefined; // What it subscribes to is narrowed before it gets here.
  }
  return kind === "complete"
    ? admitsCompletion(policy, completionTarget(params))
    : target !== undefined && JUDGES[kind]?.(policy, target) === true;
};

/** Who judges the target of a request, by what the request does. */
const JUDGES: Readonly<
  Partial<Record<MethodKind, (policy: PolicySet | undefined, target: string) => boolean>>
> = {
  read: admitsResource,
  subscribe: admitsResource,
  prompt: admitsPrompt,
};

const admitsCompletion = (policy: PolicySet | undefined, target: CompletionTarget | undefined): boolean => {
  if (target === undefined) {
    return false;
  }
  return target.kind === "prompt" ? admitsPrompt(policy, target.name) : admitsTemplate(policy, target.uri);
};

const permitCall = async (asked: Aimed, link: Link | UpstreamFailure): Promise<Permitted | Refusal> => {
  const { grant, received } = asked.identified;
  const { params = bareObject() } = asked.frame;
  const tool = member(params, "name");
  const args = member(params, "arguments") ?? bareObject();
  if (typeof tool !== "string" || !isJsonObject(args)) {
    return refusal(received, "invalid_params", { grant, asked });
  }
  const reached = await reach(asked, link);
  if (reached instanceof UpstreamFailure) {
    // Which tools there are is not known, so no answer may tell a hidden name from an unknown one.
    const { decision } = judge(asked, tool, args, undefined);
    const decided = BEFORE_THE_SERVER.has(decision.code) ? { decision } : {};
    return refusal(received, failureCode(reached), { grant, asked, ...decided });
  }
  const definition = reached.definitions.tools.get(tool);
  const verdict = judge(asked, tool, args, definition);
  const told = { grant, asked, offered: isOffered(asked, tool, definition), definition };
  if (!verdict.passes) {
    return refusal(received, undefined, { ...told, decision: verdict.decision });
  }
  const mismatch = mirrorFault(asked, definition, args);
  if (mismatch !== undefined) {
    return refusal(received, "header_mismatch", { ...told, message: mismatch });
  }
  return new PermittedValue(asked, reached.link, policyOf(asked), verdict, definition);
};

/** Whether an answer may say that there is such a tool: a freeze, which is gate 1, must not show what gate 3 hides. */
const isOffered = (asked: Aimed, tool: string, definition: Definition | undefined): boolean =>
  definition !== undefined && !isHidden(policyOf(asked)?.set, tool);

/** Gates that refuse without knowing what the server offers. */
const BEFORE_THE_SERVER: ReadonlySet<DecisionCode> = new Set<DecisionCode>([
  "frozen",
  "no_policy",
  "hidden",
  "default_deny",
  "action_deny",
]);

const judge = (asked: Aimed, tool: string, args: JsonObject, definition: Definition | undefined): Verdict => {
  return decide(policyOf(asked)?.set, {
    tool,
    args,
    offered: offeredTo(asked, definition),
    subject: subjectOf(asked),
    at: asked.identified.received.arrival.at,
    frozen: isFrozen(asked, tool),
  });
};

const reach = async (
  asked: AskedRequest,
  link: Link | UpstreamFailure,
): Promise<{ readonly link: Link; readonly definitions: Definitions } | UpstreamFailure> => {
  if (link instanceof UpstreamFailure) {
    return link;
  }
  const definitions = await definitionsOf(link, asked);
  return definitions instanceof UpstreamFailure ? definitions : { link, definitions };
};

/** Headers that mirror arguments say what the arguments say (2026-07-28 "Server Behavior for Custom Headers"). */
const mirrorFault = (
  asked: AskedRequest,
  definition: Definition | undefined,
  args: JsonObject,
): string | undefined => {
  const { headers } = asked.identified.received.arrival;
  return asked.era === "legacy" || headers === undefined || definition === undefined
    ? undefined
    : checkParamHeaders(member(definition.tool, "inputSchema"), args, headers);
};

/** The tools as this client is shown them by the server, or why they cannot be had. */
export const definitionsOf = async (
  link: Link,
  asked: AskedRequest,
): Promise<Definitions | UpstreamFailure> => {
  try {
    return await link.definitions(asked.modern);
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return error;
    }
    throw error;
  }
};

/** What the policy may know of who asks. */
const subjectOf = (asked: Aimed): Subject => {
  const { grant } = asked.identified;
  return {
    grant: grant.name,
    identity: grant.identity,
    server: asked.server.name,
    client: asked.client,
    session:
      asked.session === undefined ? undefined : { id: asked.session.parts.mark, tools: asked.session.tools },
    timezone: grant.timezone,
  };
};

/** Arguments of a call, for the record. */
export const argumentsOf = (asked: AskedRequest): JsonObject | undefined => {
  const args = asked.frame.params === undefined ? undefined : member(asked.frame.params, "arguments");
  return isJsonObject(args) ? args : undefined;
};
