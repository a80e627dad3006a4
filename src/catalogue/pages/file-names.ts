import { createHash } from "node:crypto";
import type { NamedPattern } from "../attacks/result.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";

/**
 * Names of the pages' files. A plain name is its own file. Every other one is what is plain in it, `~` and a hash: no
 * two names have one file, also where case does not count, and none is a device of Windows or leads out of its folder.
 */

/** `~` never stands in a plain name. */
const PLAIN = /^[a-z0-9][a-z0-9_-]{0,63}$/u;
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/u;
const KEPT_MAX = 40;
const HASH_DIGITS = 16;

/** `again`: how many of the same name came before. */
export const fileName = (name: string, again = 0): string => {
  if (again === 0 && PLAIN.test(name) && !DEVICES.test(name)) {
    return name;
  }
  const kept = name
    .slice(0, KEPT_MAX * 4)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, KEPT_MAX);
  const hash = createHash("sha256")
    .update(JSON.stringify([name, again]))
    .digest("hex")
    .slice(0, HASH_DIGITS);
  return `${kept === "" ? "tool" : kept}~${hash}`;
};

/** One file name each, in the order of the names. */
export const fileNames = (names: readonly string[]): readonly string[] => {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const again = seen.get(name) ?? 0;
    seen.set(name, again + 1);
    return fileName(name, again);
  });
};

/** Where the pages are, from the root of the site. */
export interface Places {
  readonly server: (server: ServerEntry) => string;
  readonly tool: (server: ServerEntry, tool: ToolEntry) => string;
  readonly attack: (attack: NamedPattern) => string;
}

export const INDEX_PLACE = "index.html";
export const ABOUT_PLACE = "about.html";
export const ATTACKS_PLACE = "attacks.html";

export const placesOf = (servers: readonly ServerEntry[], attacks: readonly NamedPattern[]): Places => {
  const folders = new Map<ServerEntry, string>();
  const files = new Map<ToolEntry, string>();
  const names = fileNames(servers.map(({ name }) => name));
  for (const [at, server] of servers.entries()) {
    folders.set(server, names[at] ?? "");
    const own = fileNames(server.tools.map(({ name }) => name));
    for (const [index, tool] of server.tools.entries()) {
      files.set(tool, own[index] ?? "");
    }
  }
  const patterns = new Map(
    fileNames(attacks.map(({ name }) => name)).map((name, at) => [attacks[at], name] as const),
  );
  return {
    attack: (attack) => `attacks/${patterns.get(attack) ?? ""}.html`,
    server: (server) => `servers/${folders.get(server) ?? ""}.html`,
    tool: (server, tool) => `tools/${folders.get(server) ?? ""}/${files.get(tool) ?? ""}.html`,
  };
};
