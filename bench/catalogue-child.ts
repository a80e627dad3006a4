import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { entryOf } from "../src/catalogue/book/entry-of.ts";
import { Pool } from "../src/catalogue/book/pool.ts";
import { readEntries } from "../src/catalogue/book/read-entries.ts";
import { createSearch, type CatalogueQuery } from "../src/catalogue/book/search.ts";
import { writeEntries } from "../src/catalogue/book/write-entries.ts";
import { definitionDigest } from "../src/catalogue/digest.ts";
import type { ServerEntry } from "../src/catalogue/entry.ts";
import { replaceFile } from "../src/main/catalogue-files.ts";
import { keptEntries } from "../src/main/catalogue-scans.ts";
import { definitionsOf, TOOLS_OF_A_SERVER } from "./catalogue-data.ts";

// One part of `npm run bench catalogue` in a process of its own, whose memory is looked at.

/** What is asked: frequent and rare words, parts of words, filters, nothing that is there. */
const QUERIES: readonly (readonly [name: string, query: Partial<CatalogueQuery>])[] = [
  ["nothing asked: all tools", {}],
  ["`refund`", { words: ["refund"] }],
  ["`delete file`", { words: ["delete", "file"] }],
  ["`get_issue_7`, one whole name", { words: ["get_issue_7"] }],
  ["`ge`, in very many names", { words: ["ge"] }],
  ["`destructive critical path`", { words: ["destructive", "critical", "path"] }],
  ["`--class financial`", { class: "financial" }],
  ["`money --risk high`", { words: ["money"], risk: "high" }],
  ["`--server` of 1,000", { server: "server-500" }],
  ["`nosuchword`", { words: ["nosuchword"] }],
];

const MIB = 1024 * 1024;
const kept = (directory: string): string => join(directory, "catalogue");
const whole = (directory: string): string => join(directory, "whole.json");
const originOf = (at: number) => ({ from: "scan", at }) as const;

const entryFor = (server: number): ServerEntry =>
  entryOf({
    name: `server-${String(server)}`,
    origin: originOf(Date.UTC(2026, 8, 1)),
    product: { name: "bench", version: "1" },
    revision: "2025-11-25",
    tools: definitionsOf(server).map((definition) => ({ definition, digest: definitionDigest(definition) })),
  });

/** Definitions to entries to files, server by server. */
const build = (directory: string, tools: number): object => {
  mkdirSync(kept(directory));
  let [ms, writingMs, bytes] = [0, 0, 0];
  const texts: string[] = [];
  for (let server = 0; server < tools / TOOLS_OF_A_SERVER; server += 1) {
    const definitions = performance.now();
    const entry = entryFor(server);
    ms += performance.now() - definitions;
    const start = performance.now();
    const text = writeEntries([entry]);
    replaceFile(join(kept(directory), `${entry.name}.json`), text, 0o600);
    writingMs += performance.now() - start;
    bytes += Buffer.byteLength(text);
    texts.push(entry.name);
  }
  return { ms, writingMs, mib: bytes / MIB };
};

/** All entries as one file, as a snapshot of so many would be. */
const gather = (directory: string): object => {
  const { servers } = keptEntries(directory, new Pool());
  replaceFile(whole(directory), writeEntries(servers), 0o600);
  return {};
};

const loadedFrom: Readonly<Record<string, (directory: string) => readonly ServerEntry[]>> = {
  scans: (directory) => keptEntries(directory, new Pool()).servers,
  snapshot: (directory) => {
    const read = readEntries(readFileSync(whole(directory), "utf8"));
    return read.ok ? read.servers : [];
  },
};

const search = (directory: string, how: string, rounds: number): object => {
  const start = performance.now();
  const servers = loadedFrom[how]?.(directory) ?? [];
  const loadMs = performance.now() - start;
  const prepare = performance.now();
  const run = createSearch(servers);
  const prepareMs = performance.now() - prepare;
  const queries = QUERIES.map(([name, query]) => {
    const asked = { words: [], limit: 50, ...query };
    const times = Array.from({ length: rounds }, () => {
      const begin = performance.now();
      run(asked);
      return performance.now() - begin;
    });
    return { name, times, total: run(asked).total };
  });
  globalThis.gc?.();
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  return { loadMs, prepareMs, queries, tools, heapMib: process.memoryUsage().heapUsed / MIB };
};

const [, , mode = "", directory = "", amount = "0"] = process.argv;
const before = process.memoryUsage().rss / MIB;
const result =
  mode === "build"
    ? build(directory, Number(amount))
    : mode === "gather"
      ? gather(directory)
      : search(directory, mode, Number(amount));
const peakMib = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...result, beforeMib: before, peakMib }));
