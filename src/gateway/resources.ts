import { member, type JsonObject } from "../base/json-value.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { AskedRequest } from "./ask.ts";
import { metaOf, type Link } from "./link.ts";
import { linkOf } from "./link-of.ts";
import { readPages } from "./pages.ts";
import type { Server } from "./server.ts";
import { soon } from "./soon.ts";

/** What a server lists beside tools. */
interface Listed {
  readonly server: Server;
  readonly items: readonly JsonObject[];
}

const LISTS = {
  resources: { method: "resources/list", key: "uri" },
  resourceTemplates: { method: "resources/templates/list", key: "uriTemplate" },
} as const satisfies Record<string, { method: string; key: string }>;

/** All pages of one server's list. Throws `UpstreamFailure`. */
const listOf = async (
  asked: AskedRequest,
  link: Link,
  list: keyof typeof LISTS,
): Promise<readonly JsonObject[]> => {
  const { method, key } = LISTS[list];
  const meta = asked.modern === undefined ? undefined : metaOf(asked.modern);
  return link.list(list, meta, () =>
    readPages(link.channel, {
      method,
      list,
      key,
      request: (cursor) => link.ownRequest(method, cursor === undefined ? {} : { cursor }, meta),
    }),
  );
};

/** The list of each server that has one; servers that cannot be asked are left out, unless none can be. */
const listEverywhere = async (
  asked: AskedRequest,
  list: keyof typeof LISTS,
): Promise<readonly Listed[] | UpstreamFailure> => {
  const read = async (server: Server): Promise<Listed> => {
    const link = await linkOf(asked, server);
    if (link instanceof UpstreamFailure) {
      throw link;
    }
    return { server, items: await listOf(asked, link, list) };
  };
  return reached(await soon(asked.identified.servers.map(read)));
};

/** What those gave that could be asked; the first failure where nobody could. */
export const reached = <T>(settled: readonly PromiseSettledResult<T>[]): readonly T[] | UpstreamFailure => {
  const good = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failures: unknown[] = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  const fault = failures.find((reason) => !(reason instanceof UpstreamFailure));
  if (fault !== undefined) {
    throw fault;
  }
  const [first] = failures;
  return good.length === 0 && first instanceof UpstreamFailure ? first : good;
};

/** A template as a pattern: each of its expressions may become any text (RFC 6570 section 2). */
interface Maker {
  readonly server: Server;
  readonly template: string;
  readonly parts: readonly string[];
}

const makersOf = (templates: readonly Listed[]): readonly Maker[] =>
  templates.flatMap(({ server, items }) =>
    items.map((item) => {
      const template = textIn(item, "uriTemplate");
      return { server, template, parts: template.split(/\{[^{}]*\}/u) };
    }),
  );

const textIn = (item: JsonObject, key: "uri" | "uriTemplate"): string => {
  const text = member(item, key);
  return typeof text === "string" ? text : "";
};

const couldMake = ({ template, parts }: Maker, uri: string): boolean => {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) {
    return uri === template;
  }
  let at = first.length;
  if (!uri.startsWith(first) || !uri.endsWith(last) || uri.length < first.length + last.length) {
    return false;
  }
  for (const part of rest) {
    const found = uri.indexOf(part, at);
    if (found === -1 || found + part.length > uri.length - last.length) {
      return false;
    }
    at = found + part.length;
  }
  return true;
};

/** What the grant's servers have, all told. Which of two servers is meant by one URI cannot be told, so neither is. */
export interface Everything {
  readonly resources: readonly Listed[];
  readonly templates: readonly Listed[];
  /** The servers that list this URI, or that have a template which could become it. */
  readonly having: (uri: string) => readonly Server[];
  /** The servers that have this very template; where none has, those that have it as a URI. */
  readonly havingTemplate: (template: string) => readonly Server[];
}

/** Reads what every server has, as far as it is not known. Policies have no say in whose a thing is. */
export const everything = async (asked: AskedRequest): Promise<Everything | UpstreamFailure> => {
  const [resources, told] = await Promise.all([
    listEverywhere(asked, "resources"),
    listEverywhere(asked, "resourceTemplates"),
  ]);
  if (resources instanceof UpstreamFailure) {
    return resources;
  }
  const templates = told instanceof UpstreamFailure ? [] : told;
  const makers = makersOf(templates);
  const listing = ownersIn(resources);
  const having = (uri: string): readonly Server[] => {
    const making = makers.filter((maker) => couldMake(maker, uri)).map(({ server }) => server);
    return [...new Set([...(listing.get(uri) ?? []), ...making])];
  };
  const havingTemplate = (template: string): readonly Server[] => {
    const exact = makers.filter((maker) => maker.template === template).map(({ server }) => server);
    return exact.length === 0 ? having(template) : [...new Set(exact)];
  };
  return { resources, templates, having, havingTemplate };
};

const ownersIn = (all: readonly Listed[]): ReadonlyMap<string, ReadonlySet<Server>> => {
  const owners = new Map<string, Set<Server>>();
  for (const { server, items } of all) {
    for (const item of items) {
      const text = textIn(item, "uri");
      owners.set(text, (owners.get(text) ?? new Set()).add(server));
    }
  }
  return owners;
};
