import type { ServerEntry } from "../catalogue/entry.ts";
import { isServerName } from "../base/names.ts";
import { nearest } from "../base/nearest.ts";
import { CommandFailure, type Context } from "./command.ts";
import { oneLine, problemLine } from "./print.ts";
import { painter } from "./terminal.ts";

/** The servers of the catalogue; files that cannot be used are named on standard error. */
export const openCatalogue = async ({ ports, terminal, where }: Context): Promise<readonly ServerEntry[]> => {
  const { servers, problems } = await ports.catalogue(where);
  for (const problem of problems) {
    terminal.err(problemLine({ ...problem, severity: "warning" }, painter(terminal, "err")));
  }
  return servers;
};

/** A server of the catalogue, or a failure that says how one that is configured comes into it. */
export const serverNamed = (
  { ports, where }: Context,
  servers: readonly ServerEntry[],
  name: string,
): ServerEntry => {
  const isThere = servers.some((server) => server.name === name);
  const config = isThere ? undefined : ports.configuration(where).config;
  if (config?.servers.some((server) => server.name === name) === true) {
    throw new CommandFailure(
      `The server ${name} is configured, and the catalogue does not have it yet. To put it there run: tollgate server scan ${name}`,
    );
  }
  return named(servers, name, "The catalogue has no server");
};

/** What to do about a server that is in no configuration. */
export const scanHint = (name: string): string =>
  isServerName(name) ? ` One that is not configured: tollgate server scan ${name} -- COMMAND` : "";

/** The one of this name, or a failure that names the nearest. */
export const named = <Thing extends { readonly name: string }>(
  things: readonly Thing[],
  name: string,
  what: string,
  hint = "",
): Thing => {
  const found = things.find((thing) => thing.name === name);
  if (found !== undefined) {
    return found;
  }
  const near = nearest(
    name,
    things.map((thing) => thing.name),
  );
  const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(oneLine(near, 60))}?`;
  throw new CommandFailure(`${what} ${JSON.stringify(oneLine(name, 60))}.${meant}${hint}`);
};
