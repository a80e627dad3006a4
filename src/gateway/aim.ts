import { withMember } from "../base/json-change.ts";
import { bareObject, isJsonObject, member, type Json } from "../base/json-value.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { completionTarget, methodRow, targetOf, type MethodKind } from "../wire/methods.ts";
import type { Aimed, AskedRequest } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { ALL_SERVERS } from "./edge.ts";
import { failureCode } from "./failure.ts";
import { splitName } from "./merged-names.ts";
import { faultOf } from "./permit.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { everything } from "./resources.ts";
import type { Server } from "./server.ts";

/** Whether this request is at the endpoint of all servers as one. */
export const isMerged = ({ identified }: AskedRequest): boolean =>
  identified.received.arrival.server === ALL_SERVERS;

/**
 * Which server a request is for. At a server's own path it is that one. Where all are one, the name or URI says it, and
 * the server gets the request with its own name for things: from here on there is no other.
 */
export const aim = async (desk: AimTools, asked: AskedRequest): Promise<Aimed | Refusal> => {
  const [only] = asked.identified.servers;
  if (!isMerged(asked) && only !== undefined) {
    return { ...asked, server: only };
  }
  const kind = methodRow(asked.frame.method)?.kind;
  const aimed = await (kind === undefined ? undefined : AIMS[kind]?.(asked, desk));
  if (aimed instanceof UpstreamFailure) {
    return refusal(asked.identified.received, failureCode(aimed), { grant: asked.identified.grant, asked });
  }
  return aimed ?? nobodys(asked, kind);
};

type AimTools = Pick<Desk, "books" | "gate">;

type Found = Aimed | Refusal | UpstreamFailure | undefined;
type Aim = (asked: AskedRequest, desk: AimTools) => Found | Promise<Found>;

const byName: Aim = (asked) => {
  const name = asked.frame.params === undefined ? undefined : member(asked.frame.params, "name");
  const target = typeof name === "string" ? splitName(name) : undefined;
  const server = target === undefined ? undefined : serverOf(asked, target.server);
  return target === undefined || server === undefined
    ? undefined
    : { ...asked, server, frame: withParam(asked.frame, "name", target.name) };
};

const byUri: Aim = (asked, desk) => {
  const row = methodRow(asked.frame.method);
  const uri = row === undefined ? undefined : targetOf(row, asked.frame.params);
  // What the policy refuses is recorded as that, whoever has it.
  return faultOf(asked, row?.kind) ?? (uri === undefined ? undefined : ownerOf(asked, desk, "having", uri));
};

/** The one server that has this URI or template. */
const ownerOf = async (
  asked: AskedRequest,
  { gate }: AimTools,
  how: "having" | "havingTemplate",
  text: string,
): Promise<Aimed | undefined | UpstreamFailure> => {
  const all = await everything(asked);
  if (all instanceof UpstreamFailure) {
    return all;
  }
  const [server, other] = all[how](text);
  if (server !== undefined && other !== undefined) {
    const servers = [server.name, other.name];
    gate.log.warn("a resource that two servers have is withheld", { uri: text, servers: servers.join(" ") });
    return undefined;
  }
  return server === undefined ? undefined : { ...asked, server };
};

const byReference: Aim = async (asked, desk) => {
  const target = completionTarget(asked.frame.params);
  if (target?.kind === "resource") {
    return ownerOf(asked, desk, "havingTemplate", target.uri);
  }
  const split = target === undefined ? undefined : splitName(target.name);
  const server = split === undefined ? undefined : serverOf(asked, split.server);
  const ref = asked.frame.params === undefined ? undefined : member(asked.frame.params, "ref");
  return split === undefined || server === undefined || !isJsonObject(ref)
    ? undefined
    : { ...asked, server, frame: withParam(asked.frame, "ref", withMember(ref, "name", split.name)) };
};

const byTask: Aim = (asked, { books: { tasks } }) => {
  const row = methodRow(asked.frame.method);
  const taskId = row === undefined ? undefined : targetOf(row, asked.frame.params);
  const { grant, servers } = asked.identified;
  const [server, other] = servers.filter(
    ({ name }) => taskId !== undefined && tasks.toolOf(grant.name, name, taskId) !== undefined,
  );
  // Two servers may have given one id: whose task is meant cannot be told.
  return server === undefined || other !== undefined ? undefined : { ...asked, server };
};

/** What says whose it is, by what a request does. What says nothing of the kind is nobody's. */
const AIMS: Readonly<Partial<Record<MethodKind, Aim>>> = {
  call: byName,
  prompt: byName,
  read: byUri,
  subscribe: byUri,
  complete: byReference,
  task: byTask,
};

const serverOf = (asked: AskedRequest, name: string): Server | undefined =>
  asked.identified.servers.find((server) => server.name === name);

/** Answered like a name that the server does not offer, whatever it may be. */
const nobodys = (asked: AskedRequest, kind: MethodKind | undefined): Refusal => {
  const { received, grant } = asked.identified;
  if (kind === "call") {
    const decision = {
      decision: "deny",
      code: "unknown_tool",
      message: "No server of this grant has this tool.",
    } as const;
    return refusal(received, undefined, { grant, asked, decision });
  }
  return refusal(received, kind === undefined ? "unknown_method" : "unknown_item", { grant, asked });
};

export const withParam = (frame: RequestFrame, name: string, item: Json): RequestFrame => {
  const params = withMember(frame.params ?? bareObject(), name, item);
  return { ...frame, params, value: withMember(frame.value, "params", params) };
};
