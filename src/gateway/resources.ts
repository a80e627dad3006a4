import { member, type JsonObject } from "../base/json-value.ts";
import { admitsResource, admitsTemplate } from "../policy/list.ts";
import type { PolicySet } from "../policy/compile.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { AskedRequest } from "./ask.ts";
import { metaOf, type Link } from "./link.ts";
import { linkOf } from "./link-of.ts";
import { readPages } from "./pages.ts";
import { policyOf } from "./permit.ts";
import type { Server } from "./server.ts";

/** What a server lists beside tools, as far as the policy admits it. */
export interface Listed {
  readonly server: Server;
  readonly items: readonly JsonObject[];
}

type Admits = (policy: PolicySet | undefined, text: string) => boolean;

const LISTS = {
  resources: { method: "resources/list", key: "uri", admits: admitsResource },
  resourceTemplates: { method: "resources/templates/list", key: "uriTemplate", admits: admitsTemplate },
} as const satisfies Record<string, { method: string; key: string; admits: Admits }>;

/** All pages of one server's list, with only what the grant may see. Throws `UpstreamFailure`. */
const listOf = async (
  asked: AskedRequest,
  link: Link,
  list: keyof typeof LISTS,
): Promise<readonly JsonObject[]> => {
  const { method, key, admits } = LISTS[list];
  const meta = asked.modern === undefined ? undefined : metaOf(asked.modern);
  const items = await link.list(list, meta, () =>
    readPages(link.channel, {
      method,
      list,
      key,
      request: (cursor) => link.ownRequest(method, cursor === undefined ? {} : { cursor }, meta),
    }),
  );
  const policy = policyOf(asked)?.set;
  return items.filter((item) => {
    const text = member(item, key);
    return typeof text === "string" && admits(policy, text);
  });
};

/** The list of each server that has one; servers that cannot be asked are left out, unless none can be. */
export const listEverywhere = async (
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
  return reached(await Promise.allSettled(asked.identified.servers.map(read)));
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

/** Items that one server alone has. Which of two servers is meant by one URI cannot be told, so neither is. */
export const withoutClashes = (
  all: readonly Listed[],
  key: "uri" | "uriTemplate",
): { readonly items: readonly JsonObject[]; readonly clashes: readonly string[] } => {
  const owners = new Map<string, Set<Server>>();
  const textOf = (item: JsonObject): string => {
    const text = member(item, key);
    return typeof text === "string" ? text : "";
  };
  for (const { server, items } of all) {
    for (const item of items) {
      const text = textOf(item);
      owners.set(text, (owners.get(text) ?? new Set()).add(server));
    }
  }
  const alone = (item: JsonObject): boolean => owners.get(textOf(item))?.size === 1;
  return {
    items: all.flatMap(({ items }) => items.filter(alone)),
    clashes: [...owners].filter(([, servers]) => servers.size > 1).map(([text]) => text),
  };
};

/** A template as a pattern: each of its expressions may become any text (RFC 6570 section 2). */
const couldBe = (template: string, uri: string): boolean => {
  const parts = template.split(/\{[^{}]*\}/u);
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

const having = (all: readonly Listed[], matches: (item: JsonObject) => boolean): readonly Server[] =>
  all.filter(({ items }) => items.some(matches)).map(({ server }) => server);

/** The one server whose list has this URI, or whose template could become it; `undefined` where none or several do. */
export const ownerOf = async (
  asked: AskedRequest,
  uri: string,
): Promise<Server | undefined | UpstreamFailure> => {
  const listed = await listEverywhere(asked, "resources");
  if (listed instanceof UpstreamFailure) {
    return listed;
  }
  const owners = having(listed, (item) => member(item, "uri") === uri);
  if (owners.length > 0) {
    return owners.length === 1 ? owners[0] : undefined;
  }
  const templates = await listEverywhere(asked, "resourceTemplates");
  if (templates instanceof UpstreamFailure) {
    return templates;
  }
  const makers = having(templates, (item) => {
    const template = member(item, "uriTemplate");
    return typeof template === "string" && (template === uri || couldBe(template, uri));
  });
  return makers.length === 1 ? makers[0] : undefined;
};
