import type { JsonObject } from "../base/json-value.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import { overridden, overridesBy } from "../catalogue/override.ts";
import { profileTool } from "../catalogue/profile.ts";
import type { ToolProfile } from "../catalogue/verdict.ts";
import { named, openCatalogue, scanHint } from "./catalogue-open.ts";
import { CommandFailure, EXIT, type Context } from "./command.ts";
import { readTools } from "./files.ts";
import { requireConfig } from "./require-config.ts";
import { scanOrFail } from "./scan-or-fail.ts";

/** The tools that a policy is recommended for. */
export interface Source {
  /** With what people say of them. */
  readonly profiles: readonly ToolProfile[];
  /** Their definitions, which the checker holds the policy against; the catalogue has none. */
  readonly tools: readonly JsonObject[] | undefined;
  readonly notes: readonly string[];
}

/** From a file, a server of the configuration, or what the catalogue has of another. */
export const recommendSource = async (context: Context): Promise<Source> => {
  const { given, ports, terminal, where } = context;
  const file = given.text("tools");
  if (file !== undefined) {
    return fromTools(readTools(terminal, file));
  }
  const server = given.text("server");
  if (server === undefined) {
    throw new CommandFailure("Say whose tools: --server NAME or --tools FILE.", EXIT.usage);
  }
  const { config } = ports.configuration(where);
  if (config?.servers.some(({ name }) => name === server) !== true) {
    const known = await knownEntry(context, server);
    if (known !== undefined) {
      return fromEntry(known);
    }
    named(requireConfig(context).servers, server, "The configuration has no server", scanHint(server));
  }
  return fromServer(context, server);
};

/**
 * A scan of that name: in the data directory that was named, or in the one that scans go to by default, as a record
 * that is asked for with `--data` may lie elsewhere. Then what the package's snapshot has.
 */
const knownEntry = async (context: Context, server: string): Promise<ServerEntry | undefined> => {
  const { where } = context;
  const places = where.data === undefined ? [where] : [where, { ...where, data: undefined }];
  const found: ServerEntry[] = [];
  for (const place of places) {
    const entries = await openCatalogue({ ...context, where: place });
    found.push(...entries.filter(({ name }) => name === server));
  }
  return found.find(({ origin }) => origin.from === "scan") ?? found[0];
};

const fromTools = (tools: readonly JsonObject[]): Source => ({
  profiles: tools.map(profileTool),
  tools,
  notes: [],
});

const fromServer = async (context: Context, server: string): Promise<Source> => {
  const { tools } = await scanOrFail(context, server);
  const own = overridesBy(await context.ports.overridesOf(context.where)).get(server);
  return {
    profiles: tools.map(({ name, definition, digest }) =>
      overridden(profileTool(definition), digest, own?.get(name)),
    ),
    tools: tools.map(({ definition }) => definition),
    notes: [],
  };
};

const fromEntry = ({ name, origin, tools }: ServerEntry): Source => {
  const what =
    origin.from === "package"
      ? `${origin.package} ${origin.version}`
      : `the scan of ${new Date(origin.at).toISOString()}`;
  const note = `No server ${name} is configured. This is for what the catalogue has of it, from ${what}.`;
  return { profiles: tools, tools: undefined, notes: [note] };
};
