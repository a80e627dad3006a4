import { complain } from "../mcp/complain.ts";
import { serve } from "../mcp/serve.ts";
import { PACKAGE_VERSION } from "../mcp/version.ts";
import { Docs } from "./docs/docs.ts";
import { INTERNET } from "./docs/pages.ts";
import { Editor } from "./editor/editor.ts";
import { HELP, readOptions, type Options } from "./options.ts";
import { makeServer } from "./server.ts";

// MCP on one side, the listener inside the UEFN editor on the other.

const COMMAND = "tollgate-uefn";
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const start = async (options: Options): Promise<void> => {
  const { face, where, secret, docs, docsHosts, timeoutMs } = options;
  const world = {
    editor: new Editor(where, secret),
    docs: new Docs(docs, { hosts: docsHosts, net: INTERNET }),
    timeoutMs,
  };
  const serving = await serve(() => makeServer(world), face);
  if (serving.url !== undefined) {
    process.stdout.write(`uefn listens on ${serving.url}\n`);
  }
  const stop = (): void => {
    serving.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) {
    process.once(signal, stop);
  }
};

const read = readOptions(process.argv.slice(2), process.env["UEFN_SECRET"]);
if (read.kind === "options") {
  start(read.options).catch((error: unknown) => {
    complain(COMMAND, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
} else if (read.kind === "wrong") {
  complain(COMMAND, `${read.problem}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  process.stdout.write(read.kind === "help" ? HELP : `${PACKAGE_VERSION}\n`);
}
