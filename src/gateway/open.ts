import { having } from "../base/json-change.ts";
import { randomBytes } from "node:crypto";
import { bareObject, isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { detached } from "../base/text.ts";
import { writeJson } from "../base/json-write.ts";
import { resultReply } from "../wire/replies.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { resultFrame } from "../wire/make-frame.ts";
import { isMerged } from "./aim.ts";
import { clientOf, type AskedRequest } from "./ask.ts";
import { Asks } from "./asks.ts";
import type { Desk } from "./desk.ts";
import { failureCode } from "./failure.ts";
import { mergedDiscover, mergedInitialize, ownDiscover, ownInitialize, type Hello } from "./hello.ts";
import type { Link } from "./link.ts";
import { linkOf } from "./link-of.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { reached } from "./resources.ts";
import { adopt, keep, reopen, strayOf } from "./reopen.ts";
import type { Opened, Server } from "./server.ts";
import { Session } from "./session.ts";
import { soon } from "./soon.ts";
import { Streams } from "./streams.ts";

const SESSION_HEADER = "mcp-session-id";

interface Begun {
  readonly server: Server;
  readonly link: Link;
  readonly answer: ResponseFrame;
}

/** A server that is being asked for a session. */
interface Opening {
  readonly server: Server;
  readonly opened: Promise<Opened>;
}

const beginning = async ({ server, opened }: Opening): Promise<Begun> => {
  const { link, answer } = await opened;
  return { server, link, answer: answer.frame };
};

/** Those that have not answered yet, or not well. */
const lateOf = (openings: readonly Opening[], begun: readonly Begun[]): readonly Opening[] => {
  const there = new Set(begun.map(({ server }) => server));
  return openings.filter(({ server }) => !there.has(server));
};

/** Nobody waits for them any more. */
const closeLate = (openings: readonly Opening[], begun: readonly Begun[]): void => {
  for (const { opened } of lateOf(openings, begun)) {
    opened.then(
      ({ link }) => link[Symbol.asyncDispose](),
      () => {},
    );
  }
};

/** `initialize`: a session of ours with a link of its own to each server, which follows what they negotiate. */
export const openSession = async (
  desk: Desk,
  asked: AskedRequest,
): Promise<Session | Refusal | undefined> => {
  const { received, grant, servers } = asked.identified;
  if (servers.some((server) => isCrowded(desk, grant.name, server))) {
    return refusal(received, "overloaded", { grant, asked });
  }
  const openings = servers.map((server): Opening => ({ server, opened: server.openSession(asked.frame) }));
  const begun = reached(await soon(openings.map(beginning)));
  if (begun instanceof UpstreamFailure) {
    return refusal(received, failureCode(begun), { grant, asked });
  }
  const good = begun.filter(({ answer }) => revisionIn(answer.result) !== undefined);
  await closeAll(begun.filter((each) => !good.includes(each)));
  const [first] = begun;
  const result = resultOf(desk, asked, good);
  const revision = revisionIn(result);
  if (result === undefined || revision === undefined || first === undefined) {
    // The server refused, or said nothing a session could be made of.
    closeLate(openings, begun);
    received.arrival.sink.answer(200, first === undefined ? "" : writeJson(desk.mask(first.answer).value));
    return undefined;
  }
  const session = sessionOf(desk, asked, revision);
  if (!desk.sessions.add(session)) {
    await closeAll(good);
    closeLate(openings, begun);
    return refusal(received, "overloaded", { grant, asked });
  }
  good.forEach(({ server, link }) => join(desk, session, server, link));
  lateOf(openings, begun).forEach(({ server, opened }) => {
    adopt(desk, session, server, opened).catch(() => {}); // It is begun with anew when it is wanted.
  });
  const made = resultFrame(asked.frame.id, result);
  const frame =
    good.length === 1 && !isMerged(asked) ? { ...made, value: having(first.answer.value, { result }) } : made;
  const masked = desk.mask(frame);
  received.arrival.sink.answer(200, writeJson(masked.value), { [SESSION_HEADER]: session.id });
  return session;
};

/** A session on a command of its own is a process. */
const isCrowded = ({ sessions }: Desk, grant: string, server: Server): boolean => {
  const { transport, isolation } = server.upstream.spec;
  return (
    transport.kind === "stdio" &&
    isolation === "session" &&
    sessions.ofGrant(grant).filter((session) => session.hasServer(server)).length >=
      LIMITS.grant_processes_max
  );
};

const revisionIn = (result: JsonObject | undefined): string | undefined => {
  const revision = result === undefined ? undefined : member(result, "protocolVersion");
  return typeof revision === "string" ? revision : undefined;
};

const closeAll = async (begun: readonly Begun[]): Promise<void> => {
  await Promise.allSettled(begun.map(({ link }) => link[Symbol.asyncDispose]()));
};

const resultOf = (desk: Desk, asked: AskedRequest, good: readonly Begun[]): JsonObject | undefined => {
  const hellos = good.flatMap(({ server, answer: { result } }): readonly Hello[] =>
    result === undefined ? [] : [{ server: server.name, hello: result }],
  );
  const [only] = hellos;
  if (only === undefined) {
    return undefined;
  }
  return isMerged(asked) ? mergedInitialize(hellos, desk.gate.version) : ownInitialize(only.hello);
};

/** The session takes a link as its own. One that has no other ends with it, unless it may open another. */
const join = (desk: Desk, session: Session, server: Server, link: Link): void => {
  link.listen(strayOf(desk, session, { server, link }));
  if (session.parts.reopen === undefined) {
    session.keep(server, Promise.resolve(link), () => desk.sessions.forget(session));
  } else {
    keep(session, server, Promise.resolve(link));
  }
};

const sessionOf = (desk: Desk, asked: AskedRequest, revision: string): Session => {
  const id = randomBytes(32).toString("base64url");
  const { params } = asked.frame;
  const info = params === undefined ? undefined : member(params, "clientInfo");
  const capabilities = params === undefined ? undefined : member(params, "capabilities");
  const { transport, sink, server: path, credential } = asked.identified.received.arrival;
  const onPipe = transport === "stdio";
  return new Session({
    id,
    mark: desk.gate.redaction.session(id),
    grant: asked.identified.grant.name,
    local: credential.kind === "local" ? credential.grant : undefined,
    path,
    revision: detached(revision),
    client: keptClient(clientOf(isJsonObject(info) ? info : undefined)),
    capabilities: isJsonObject(capabilities) ? capabilities : bareObject(),
    initialize: asked.frame,
    streams: new Streams(desk.gate.clock.now),
    asks: new Asks(),
    pipe: onPipe ? sink.interim : undefined,
    // Over HTTP a session that lost its only server has ended, and a client knows what to do then (404).
    reopen: onPipe || isMerged(asked) ? (server, session) => reopen(desk, session, server) : undefined,
  });
};

/** What outlives the message must not keep the whole message alive. */
const keptClient = (client: Session["parts"]["client"]): Session["parts"]["client"] => {
  if (client === undefined) {
    return undefined;
  }
  const name = detached(client.name);
  return client.version === undefined ? { name } : { name, version: detached(client.version) };
};

/** `server/discover`: what both the servers and the gate speak (2026-07-28 "Discovery"). */
export const discover = async (desk: Desk, asked: AskedRequest): Promise<Refusal | undefined> => {
  const { received, grant, servers } = asked.identified;
  const hellos = reached(
    await soon(
      servers.map(async (server): Promise<Hello> => {
        const link = await linkOf(asked, server);
        if (link instanceof UpstreamFailure) {
          throw link;
        }
        return { server: server.name, hello: link.channel.spoken.hello };
      }),
    ),
  );
  if (hellos instanceof UpstreamFailure) {
    return refusal(received, failureCode(hellos), { grant, asked });
  }
  const [only] = hellos;
  const result =
    only === undefined || isMerged(asked) ? mergedDiscover(hellos, desk.gate.version) : ownDiscover(only);
  const { id } = asked.frame;
  const masked = desk.mask(resultFrame(id, result));
  received.arrival.sink.answer(
    200,
    masked.kind === "response" ? writeJson(masked.value) : resultReply(id, {}),
  );
  return undefined;
};
