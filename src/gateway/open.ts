import { randomBytes } from "node:crypto";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { detached } from "../base/text.ts";
import { writeJson } from "../base/json-write.ts";
import { discoverResult } from "../bridge/modern-client.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame } from "../wire/frame.ts";
import { LATEST_MODERN } from "../wire/revisions.ts";
import { clientOf, type AskedRequest } from "./ask.ts";
import { relayUnasked } from "./exchange.ts";
import { failureCode } from "./failure.ts";
import type { Gate } from "./gate.ts";
import type { Link } from "./link.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Session, Sessions } from "./session.ts";

const SESSION_HEADER = "mcp-session-id";

/** `initialize`: a session of ours with a link of its own, which follows what the server negotiates. */
export const openSession = async (
  gate: Gate,
  asked: AskedRequest,
  sessions: Sessions,
  mask: (frame: Frame) => Frame,
): Promise<Session | Refusal | undefined> => {
  const { received, grant, server } = asked.identified;
  let opened;
  try {
    opened = await server.openSession(asked.frame);
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return refusal(received, failureCode(error), { grant, asked });
    }
    throw error;
  }
  const { link, answer } = opened;
  const { result } = answer.frame;
  const revision = result === undefined ? undefined : member(result, "protocolVersion");
  const text = writeJson(mask(answer.frame).value);
  if (typeof revision !== "string") {
    await link[Symbol.asyncDispose]();
    received.arrival.sink.answer(200, text); // The server refused, or said nothing a session could be made of.
    return undefined;
  }
  const session = sessionOf(gate, asked, { link, revision, mask });
  if (!sessions.add(session)) {
    await link[Symbol.asyncDispose]();
    return refusal(received, "overloaded", { grant, asked });
  }
  received.arrival.sink.answer(200, text, { [SESSION_HEADER]: session.id });
  return session;
};

interface Opened {
  readonly link: Link;
  readonly revision: string;
  readonly mask: (frame: Frame) => Frame;
}

const sessionOf = (gate: Gate, asked: AskedRequest, { link, revision, mask }: Opened): Session => {
  const id = randomBytes(32).toString("base64url");
  const { params } = asked.frame;
  const info = params === undefined ? undefined : member(params, "clientInfo");
  const capabilities = params === undefined ? undefined : member(params, "capabilities");
  const { transport } = asked.identified.received.arrival;
  const session: Session = {
    id,
    mark: gate.redaction.session(id),
    grant: asked.identified.grant.name,
    server: asked.identified.server,
    link,
    revision,
    client: keptClient(clientOf(isJsonObject(info) ? info : undefined)),
    capabilities: new Set(isJsonObject(capabilities) ? Object.keys(capabilities).map(detached) : []),
    tools: new Set(),
    underWay: new Map(),
    unasked:
      transport === "stdio" ? (frame) => relayUnasked({ ...asked, session }, link, frame, mask) : undefined,
  };
  return session;
};

/** What outlives the message must not keep the whole message alive. */
const keptClient = (client: Session["client"]): Session["client"] => {
  if (client === undefined) {
    return undefined;
  }
  const name = detached(client.name);
  return client.version === undefined ? { name } : { name, version: detached(client.version) };
};

/** `server/discover`: what both the server and the gate speak (2026-07-28 "Discovery"). */
export const discover = (asked: AskedRequest, link: Link, mask: (frame: Frame) => Frame): void => {
  const { hello } = link.channel.spoken;
  const result: JsonObject = link.bridged
    ? discoverResult(hello)
    : { ...hello, supportedVersions: [LATEST_MODERN], cacheScope: "private" };
  const { id } = asked.frame;
  const value: JsonObject = { jsonrpc: "2.0", id, result };
  const masked = mask({ kind: "response", value, id, result, error: undefined });
  asked.identified.received.arrival.sink.answer(200, writeJson(masked.value));
};
