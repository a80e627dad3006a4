import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { discover } from "./discover.ts";
import { CONFIG_BYTES_MAX, START_MS, STOP_GRACE_MS } from "./limits.ts";
import { orchestratorShape, type OrchestratorFile } from "./shape.ts";
import type { ServerSpec } from "./spec.ts";

const CONFIG_NAME = "orchestrator.json";

/** Where servers come from. */
export interface Place {
  /** `--config`. */
  readonly config: string | undefined;
  /** The working directory. */
  readonly folder: string;
}

/** The servers there are, or why that is not known. */
export interface Loaded {
  readonly source: "orchestrator.json" | "package.json";
  /** `undefined`: those known before stay. */
  readonly specs: readonly ServerSpec[] | undefined;
  readonly problem: string | undefined;
  /** The files that say so: whether they change is watched. */
  readonly files: readonly string[];
}

const specOf = (file: string, id: string, server: OrchestratorFile["servers"][string]): ServerSpec => ({
  id,
  name: server.name ?? id,
  command: server.command,
  args: server.args ?? [],
  cwd: resolve(dirname(file), server.cwd ?? "."),
  env: server.env ?? {},
  port: server.port,
  healthPath: server.healthPath,
  startTimeoutMs: server.startTimeoutMs ?? START_MS,
  stopTimeoutMs: server.stopTimeoutMs ?? STOP_GRACE_MS,
  withAll: true,
});

type Read = { readonly specs: readonly ServerSpec[] } | { readonly problem: string };

const readConfig = async (file: string): Promise<Read> => {
  let written: unknown;
  try {
    if ((await stat(file)).size > CONFIG_BYTES_MAX) {
      return { problem: `The configuration is larger than ${String(CONFIG_BYTES_MAX)} bytes.` };
    }
    written = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    return {
      problem:
        error instanceof SyntaxError
          ? "The configuration is not JSON. Check its commas, quotes and braces."
          : "The configuration cannot be read. Check that the file is there and may be read.",
    };
  }
  const parsed = orchestratorShape.safeParse(written);
  if (parsed.success) {
    return { specs: Object.entries(parsed.data.servers).map(([id, server]) => specOf(file, id, server)) };
  }
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `/${path.map((step) => String(step)).join("/")}: ${message}`,
  );
  return { problem: `The configuration has mistakes. ${mistakes.join("; ")}` };
};

const isThere = async (file: string): Promise<boolean> => {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
};

/** Reads what servers there are: from the configuration, or where there is none from package.json files. */
export const load = async ({ config, folder }: Place): Promise<Loaded> => {
  const file = config === undefined ? join(folder, CONFIG_NAME) : resolve(folder, config);
  if (config === undefined && !(await isThere(file))) {
    const { specs, files, problem } = await discover(folder);
    return { source: "package.json", specs, problem, files: [file, ...files] };
  }
  const read = await readConfig(file);
  return {
    source: "orchestrator.json",
    specs: "specs" in read ? read.specs : undefined,
    problem: "problem" in read ? read.problem : undefined,
    files: [file],
  };
};
