import type { ServerEntry } from "../catalogue/entry.ts";
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

/** The one of this name, or a failure that names the nearest. */
export const named = <Thing extends { readonly name: string }>(
  things: readonly Thing[],
  name: string,
  what: string,
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
  throw new CommandFailure(`${what} ${JSON.stringify(oneLine(name, 60))}.${meant}`);
};
