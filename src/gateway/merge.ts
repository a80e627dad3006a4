import { having } from "../base/json-change.ts";
import { bareObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { admitsPrompt, admitsResource, admitsTemplate, showsTool } from "../policy/list.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { methodRow, type ListMember } from "../wire/methods.ts";
import { resultReply } from "../wire/replies.ts";
import { resultFrame } from "../wire/make-frame.ts";
import { asNow } from "./as-now.ts";
import type { AskedRequest } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { failureCode } from "./failure.ts";
import { setLogLevel } from "./log-level.ts";
import { metaOf, type Link } from "./link.ts";
import { linkOf } from "./link-of.ts";
import { mergedName } from "./merged-names.ts";
import { readPages } from "./pages.ts";
import { admitsTask, definitionsOf, policyOf } from "./permit.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import { everything, reached } from "./resources.ts";
import type { Server } from "./server.ts";
import { soon } from "./soon.ts";
import type { Session } from "./session.ts";

/** Where all servers of a grant are one: their lists as one page, with what the grant may see, in the file's order. */
export const mergeList = async (desk: Desk, asked: AskedRequest): Promise<Refusal | undefined> => {
  const { received, grant } = asked.identified;
  const list = methodRow(asked.frame.method)?.list;
  if (list === undefined) {
    return refusal(received, "unknown_method", { grant, asked });
  }
  if (asked.frame.params !== undefined && member(asked.frame.params, "cursor") !== undefined) {
    // There is one page, so a cursor is none that was given (2025-11-25 "Pagination": -32602).
    return refusal(received, "invalid_params", { grant, asked, message: "There is no such page." });
  }
  const items = await LISTS[list](desk, asked);
  const now = asNow(desk.gate, asked);
  if (isRefusal(now)) {
    return now;
  }
  if (now.identified.snapshot !== asked.identified.snapshot) {
    return mergeList(desk, now);
  }
  if (items instanceof UpstreamFailure) {
    return refusal(received, failureCode(items), { grant, asked });
  }
  const hints = { resultType: "complete", ttlMs: 0, cacheScope: "private" };
  const result: JsonObject = { ...(asked.era === "modern" ? hints : {}), [list]: items };
  received.arrival.sink.answer(200, writeJson(desk.mask(resultFrame(asked.frame.id, result)).value));
  return undefined;
};

type Merge = (desk: Desk, asked: AskedRequest) => Promise<readonly Json[] | UpstreamFailure>;

/** Asks every server; those that cannot be asked are left out and reported, unless none can be. */
const everywhere = async (
  { gate }: Desk,
  asked: AskedRequest,
  read: (link: Link, server: Server) => Promise<readonly JsonObject[]>,
): Promise<readonly JsonObject[] | UpstreamFailure> => {
  const readOne = async (server: Server): Promise<readonly JsonObject[]> => {
    const link = await linkOf(asked, server);
    if (link instanceof UpstreamFailure) {
      gate.log.warn("a server is left out of a list", { server: server.name, reason: link.detail });
      throw link;
    }
    return read(link, server);
  };
  const parts = reached(await soon(asked.identified.servers.map(readOne)));
  return parts instanceof UpstreamFailure ? parts : parts.flat();
};

const textOf = (item: JsonObject, key: string): string => {
  const text = member(item, key);
  return typeof text === "string" ? text : "";
};

const renamed = (server: Server, item: JsonObject): JsonObject => {
  const name = member(item, "name");
  return typeof name === "string" ? having(item, { name: mergedName(server.name, name) }) : item;
};

const tools: Merge = (desk, asked) =>
  everywhere(desk, asked, async (link, server) => {
    const definitions = await definitionsOf(link, asked);
    if (definitions instanceof UpstreamFailure) {
      throw definitions;
    }
    const policy = policyOf(asked)?.set;
    return [...definitions.tools.values()]
      .filter(({ name }) => showsTool(policy, name))
      .map(({ shown }) => renamed(server, shown));
  });

const pagesOf = async (link: Link, asked: AskedRequest, list: "prompts" | "tasks", key: string) => {
  const meta = asked.modern === undefined ? undefined : metaOf(asked.modern);
  const { method } = asked.frame;
  const request = (cursor: string | undefined) =>
    link.ownRequest(method, cursor === undefined ? {} : { cursor }, meta);
  return (await readPages(link.channel, { method, list, key, request })).items;
};

const prompts: Merge = (desk, asked) =>
  everywhere(desk, asked, async (link, server) => {
    const policy = policyOf(asked)?.set;
    const all = await pagesOf(link, asked, "prompts", "name");
    return all
      .filter((item) => admitsPrompt(policy, textOf(item, "name")))
      .map((item) => renamed(server, item));
  });

const tasks: Merge = (desk, asked) =>
  everywhere(desk, asked, async (link, server) => {
    const all = await pagesOf(link, asked, "tasks", "taskId");
    const aimed = { ...asked, server };
    return all.filter((item) => admitsTask(desk.books, aimed, textOf(item, "taskId")));
  });

const resources =
  (list: "resources" | "templates"): Merge =>
  async ({ gate }, asked) => {
    const all = await everything(asked);
    if (all instanceof UpstreamFailure) {
      return all;
    }
    const policy = policyOf(asked)?.set;
    const [key, admits, having] =
      list === "resources"
        ? (["uri", admitsResource, all.having] as const)
        : (["uriTemplate", admitsTemplate, all.havingTemplate] as const);
    const admitted = all[list]
      .flatMap(({ items }) => items)
      .filter((item) => admits(policy, textOf(item, key)));
    const [alone, shared] = split(admitted, (item) => having(textOf(item, key)).length === 1);
    const [first] = shared;
    if (first !== undefined) {
      const told = { count: shared.length, first: textOf(first, key) };
      gate.log.warn("resources that two servers have are withheld", told);
    }
    return alone;
  };

const split = <T>(all: readonly T[], matches: (each: T) => boolean): readonly [T[], T[]] => {
  const parts: readonly [T[], T[]] = [[], []];
  all.forEach((each) => parts[matches(each) ? 0 : 1].push(each));
  return parts;
};

const LISTS = {
  tools,
  prompts,
  tasks,
  resources: resources("resources"),
  resourceTemplates: resources("templates"),
} as const satisfies Record<ListMember, Merge>;

/** `ping` and `logging/setLevel` for all servers: answered by the gate, told to those that know what is meant. */
export const mergeHousekeeping = async (asked: AskedRequest): Promise<undefined> => {
  const { frame, session, identified } = asked;
  const { sink } = identified.received.arrival;
  const errors =
    frame.method === "logging/setLevel" && session !== undefined ? await setLevels(session, frame) : [];
  // What every server refuses was no level.
  const [error] = errors.every((each) => each !== undefined) ? errors : [];
  const { id } = frame;
  sink.answer(200, error === undefined ? resultReply(id, {}) : writeJson({ jsonrpc: "2.0", id, error }));
  return undefined;
};

/** Servers that join later are told too. */
const setLevels = async (
  session: Session,
  { params = bareObject() }: RequestFrame,
): Promise<readonly (JsonObject | undefined)[]> => {
  session.logLevel = params;
  const links = session.links();
  return Promise.all(links.map((link) => setLogLevel(link, params)));
};
