import { EXIT, type CommandSpec, type Context } from "./command.ts";
import type { CatalogueBuilt } from "./ports.ts";
import { jsonLine, oneLine, plural } from "./print.ts";
import { startProgress } from "./progress.ts";
import { indented } from "./scan-or-fail.ts";
import { painter } from "./terminal.ts";

export const catalogueBuild: CommandSpec = {
  path: ["catalogue", "build"],
  summary: "make the snapshot of real servers anew: installs and starts each, and lists its tools",
  options: [
    {
      flags: "--servers <dir>",
      description:
        "folder with servers.json, package.json and package-lock.json (default: the package's own)",
    },
    {
      flags: "--cache <dir>",
      description: "where the servers are installed (default: ~/.cache/tollgate/catalogue)",
    },
    { flags: "--out <file>", description: "the snapshot (default: the package's own)" },
    { flags: "--partial", description: "write it without servers that fail" },
  ],
  examples: [
    "tollgate catalogue build",
    "tollgate catalogue build --servers ./my-servers --out my-snapshot.json",
  ],
  run: async (context) => {
    const built = await build(context);
    await (context.json ? context.terminal.out(jsonLine(forPrograms(built))) : print(context, built));
    return built.file === undefined ? EXIT.failed : EXIT.done;
  },
};

const build = async ({ given, ports, terminal }: Context): Promise<CatalogueBuilt> => {
  using bars = new DisposableStack();
  let shown: { readonly what: string; readonly update: (done: number, total: number) => void } | undefined;
  return await ports.buildCatalogue({
    servers: given.text("servers"),
    cache: given.text("cache"),
    out: given.text("out"),
    partial: given.flag("partial"),
    onProgress: (what, done, total) => {
      if (shown?.what !== what) {
        const counted = (all: number): string => plural(all, "server");
        shown = { what, ...bars.use(startProgress(terminal, what, ports.clock, { atOnce: true, counted })) };
      }
      shown.update(done, total);
    },
  });
};

const forPrograms = ({ servers, failed, withheld, file, changed }: CatalogueBuilt): object => ({
  file,
  changed,
  servers: servers.map(({ name, origin, tools }) => ({ name, origin, tools: tools.length })),
  failed,
  withheld,
});

const print = async ({ terminal }: Context, built: CatalogueBuilt): Promise<void> => {
  const paint = painter(terminal, "err");
  const { servers, failed, withheld, file, changed } = built;
  for (const { name, reason, stderr } of failed) {
    const said = stderr.trim() === "" ? "" : `\n${indented(stderr)}`;
    terminal.err(`${paint("red", "failed")} ${name}: ${oneLine(reason)}${said}\n`);
  }
  for (const { server, tool, reason } of withheld) {
    terminal.err(`${paint("yellow", "withheld")} ${server} ${oneLine(tool, 60)}: ${reason}\n`);
  }
  if (file === undefined) {
    terminal.err(
      `Nothing was written: ${plural(failed.length, "server")} failed. --partial writes the others.\n`,
    );
    return;
  }
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  const what = `${plural(servers.length, "server")}, ${plural(tools, "tool")}`;
  await terminal.out(`${what}: ${file} ${changed ? "is new" : "is as it was"}\n`);
};
