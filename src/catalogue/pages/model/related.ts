import { LIMITS } from "../../../base/limits.ts";
import type { ServerEntry } from "../../entry.ts";
import type { ToolRef } from "./tool-ref.ts";
import { isInverse, readName, type NameReading } from "./words.ts";

/** Tools that stand near another one. None is in two lists. */
export interface Related {
  /** On the same server, undoing it or undone by it. */
  readonly inverse: readonly ToolRef[];
  readonly sameObject: readonly ToolRef[];
  readonly sameVerb: readonly ToolRef[];
  /** On other servers, the same action on the same thing. */
  readonly elsewhere: readonly ToolRef[];
}

interface Read extends ToolRef, NameReading {}

type Index = Map<string, Read[]>;

const put = (index: Index, key: string, read: Read): void => {
  const list = index.get(key);
  if (list === undefined) {
    index.set(key, [read]);
  } else if (list.length < LIMITS.page_related_looked_at_max) {
    list.push(read);
  }
};

const keyOf = ({ verb, object }: NameReading): string => `${verb} ${object}`;

const readingsOf = (server: ServerEntry): readonly Read[] =>
  server.tools.map((tool) => ({ server, tool, ...readName(tool.name, server.name) }));

/** What is alike on all servers. Built once; bounded, however many tools are alike. */
export const similarIndex = (servers: readonly ServerEntry[]): ReadonlyMap<string, readonly ToolRef[]> => {
  const index = new Map<string, ToolRef[]>();
  for (const server of servers) {
    const seen = new Set<string>();
    for (const tool of server.tools) {
      const reading = readName(tool.name, server.name);
      const key = keyOf(reading);
      const list = index.get(key) ?? [];
      // One a server is enough, and a verb alone says nothing.
      if (reading.object !== "" && !seen.has(key) && list.length <= LIMITS.page_related_max) {
        seen.add(key);
        list.push({ server, tool });
        index.set(key, list);
      }
    }
  }
  return index;
};

/** Finds what is related to the tools of one server. */
export const relatedFinder = (
  server: ServerEntry,
  similar: ReadonlyMap<string, readonly ToolRef[]>,
): ((at: number) => Related) => {
  const readings = readingsOf(server);
  const objects: Index = new Map();
  const verbs: Index = new Map();
  for (const read of readings) {
    put(objects, read.object, read);
    put(verbs, read.verb, read);
  }
  return (at) => {
    const own = readings[at];
    if (own === undefined) {
      return { inverse: [], sameObject: [], sameVerb: [], elsewhere: [] };
    }
    const others = (list: readonly Read[]): readonly Read[] => list.filter(({ tool }) => tool !== own.tool);
    const near = own.object === "" ? [] : others(objects.get(own.object) ?? []);
    const inverse = near.filter(({ verb }) => isInverse(own.verb, verb));
    const sameObject = near.filter((read) => !inverse.includes(read));
    const sameVerb = others(verbs.get(own.verb) ?? []).filter((read) => !near.includes(read));
    const elsewhere = (similar.get(keyOf(own)) ?? []).filter((ref) => ref.server !== server);
    return {
      inverse: inverse.slice(0, LIMITS.page_related_max),
      sameObject: sameObject.slice(0, LIMITS.page_related_max),
      sameVerb: sameVerb.slice(0, LIMITS.page_related_max),
      elsewhere: elsewhere.slice(0, LIMITS.page_related_max),
    };
  };
};
