import { join, resolve } from "node:path";
import type { NamedPattern } from "../catalogue/attacks/result.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import { renderSite, sitePaths } from "../catalogue/pages/site.ts";
import { openCatalogue, serverNamed } from "./catalogue-open.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { YES } from "./confirm.ts";
import { FileFailure, SiteFolder } from "./site-folder.ts";
import { jsonLine, oneLine, plural } from "./print.ts";

export const catalogueExport: CommandSpec = {
  path: ["catalogue", "export"],
  summary: "write the catalogue as HTML pages, for a browser or any web server",
  options: [
    { flags: "--html <dir>", description: "the folder to write to", required: true },
    { flags: "--server <name>", description: "only this server; may be given again", kind: "list" },
    { ...YES, description: "write into a folder that holds other files too, and over those in the way" },
  ],
  examples: [
    "tollgate catalogue export --html catalogue-pages",
    "tollgate catalogue export --html catalogue-pages --server billing --server crm",
  ],
  run: async (context) => {
    const { given, ports, terminal } = context;
    const shown = given.text("html") ?? "";
    const servers = await chosen(context, given.list("server"));
    const { attacks, problems } = await ports.attacks();
    problems.forEach((problem) => terminal.err(`${oneLine(problem, 400)}\n`));
    const written = write(context, shown, servers, attacks);
    await print(context, shown, servers, { ...written, attacks: attacks.length });
    return EXIT.done;
  },
};

const chosen = async (context: Context, names: readonly string[]): Promise<readonly ServerEntry[]> => {
  const servers = await openCatalogue(context);
  for (const name of names) {
    serverNamed(context, servers, name);
  }
  return names.length === 0 ? servers : servers.filter(({ name }) => names.includes(name));
};

interface Written {
  readonly files: number;
  readonly bytes: number;
  /** Pages of an earlier export that this one does not have. */
  readonly removed: number;
}

const write = (
  { given, ports, terminal }: Context,
  shown: string,
  servers: readonly ServerEntry[],
  attacks: readonly NamedPattern[],
): Written => {
  const mayMix = given.flag("yes");
  try {
    const folder = new SiteFolder(resolve(terminal.cwd, shown), ports.makeFolder);
    if (folder.state === "others" && !mayMix) {
      throw new CommandFailure(
        `${oneLine(shown)} holds files that are no earlier export. Choose an empty folder, or say --yes to write beside them.`,
      );
    }
    const foreign = folder.foreign(sitePaths(servers, attacks));
    if (foreign !== undefined && !mayMix) {
      throw new CommandFailure(
        `${oneLine(join(shown, foreign))} is no file of an earlier export. Move it away, or say --yes to write over it.`,
      );
    }
    for (const file of renderSite(servers, attacks)) {
      folder.write(file);
    }
    return { files: folder.files, bytes: folder.bytes, removed: folder.removeStale() };
  } catch (error) {
    if (error instanceof FileFailure) {
      throw new CommandFailure(`${oneLine(join(shown, error.path))}: ${error.message}`);
    }
    throw error;
  }
};

const print = async (
  { json, terminal }: Context,
  shown: string,
  servers: readonly ServerEntry[],
  written: Written & { readonly attacks: number },
): Promise<void> => {
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  const index = join(shown, "index.html");
  if (json) {
    const names = servers.map(({ name }) => name);
    await terminal.out(jsonLine({ directory: shown, index, servers: names, tools, ...written }));
    return;
  }
  const removed = written.removed === 0 ? "" : `, ${plural(written.removed, "old page")} removed`;
  const what = `${plural(servers.length, "server")}, ${plural(tools, "tool")}, ${plural(written.attacks, "attack")}`;
  await terminal.out(`${plural(written.files, "file")} for ${what}${removed}\n${oneLine(index, 400)}\n`);
};
