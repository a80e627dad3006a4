import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import {
  DISCOVERY_DEPTH_MAX,
  DISCOVERY_FOLDERS_MAX,
  PACKAGE_BYTES_MAX,
  SERVERS_MAX,
  START_MS,
  STOP_GRACE_MS,
} from "./limits.ts";
import type { ServerSpec } from "./spec.ts";

/** The scripts that start a server; the first that a package has is the one that runs with all. */
const SCRIPTS = ["dev", "start"] as const;

/** Who runs a package's scripts, by the file that it leaves beside a package.json. */
const MANAGERS = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
] as const;
type Manager = (typeof MANAGERS)[number][1];

const packageShape = z.object({
  name: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.unknown()).catch({}),
});

interface Package {
  readonly folder: string;
  readonly name: string;
  readonly scripts: readonly string[];
  readonly manager: Manager;
}

export interface Discovered {
  readonly specs: readonly ServerSpec[];
  /** The package.json files that were read. */
  readonly files: readonly string[];
  readonly problem: string | undefined;
}

const TOO_MANY =
  "Not all folders or scripts were taken: there are too many. Write an orchestrator.json instead.";

interface Folder {
  readonly path: string;
  readonly depth: number;
  readonly manager: Manager;
}

const readPackage = async ({ path, manager }: Folder): Promise<Package | undefined> => {
  try {
    const file = join(path, "package.json");
    if ((await stat(file)).size > PACKAGE_BYTES_MAX) {
      return undefined;
    }
    const { name, scripts } = packageShape.parse(JSON.parse(await readFile(file, "utf8")));
    const has = SCRIPTS.filter((script) => typeof scripts[script] === "string");
    return { folder: path, name: name ?? basename(path), scripts: has, manager };
  } catch {
    // Half-written, or not a package: nothing can be started there.
    return undefined;
  }
};

/** Letters, digits and `-`, so that it can be an id. */
const slug = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 50) || "package";

const specsOf = (packages: readonly Package[]): readonly ServerSpec[] => {
  const used = new Set<string>();
  const unused = (id: string): string => {
    let free = id;
    for (let count = 2; used.has(free); count += 1) {
      free = `${id}-${String(count)}`;
    }
    used.add(free);
    return free;
  };
  return packages.flatMap(({ folder, name, scripts, manager }) =>
    scripts.map((script, index) => ({
      id: unused(`${slug(name)}-${script}`),
      name: `${name} (${script})`,
      command: manager,
      args: ["run", script],
      cwd: folder,
      env: {},
      port: undefined,
      healthPath: undefined,
      startTimeoutMs: START_MS,
      stopTimeoutMs: STOP_GRACE_MS,
      withAll: index === 0,
    })),
  );
};

const isSkipped = (name: string): boolean => name === "node_modules" || name.startsWith(".");

const entriesOf = async (path: string) => {
  try {
    return (await readdir(path, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
};

interface Found {
  /** The folder's package.json, where it has one. */
  readonly file: string | undefined;
  readonly package: Package | undefined;
  readonly below: readonly Folder[];
}

const look = async ({ path, depth, manager: above }: Folder): Promise<Found> => {
  const entries = await entriesOf(path);
  const names = new Set(entries.map(({ name }) => name));
  const manager = MANAGERS.find(([lock]) => names.has(lock))?.[1] ?? above;
  const has = names.has("package.json");
  const folders = depth < DISCOVERY_DEPTH_MAX ? entries.filter((entry) => entry.isDirectory()) : [];
  return {
    file: has ? join(path, "package.json") : undefined,
    package: has ? await readPackage({ path, depth, manager }) : undefined,
    below: folders
      .filter(({ name }) => !isSkipped(name))
      .map(({ name }) => ({ path: join(path, name), depth: depth + 1, manager })),
  };
};

/**
 * The `dev` and `start` scripts of the package.json files in a folder and below it, workspaces among them. Links are not
 * followed; node_modules and hidden folders are not entered.
 */
export const discover = async (root: string): Promise<Discovered> => {
  const queue: Folder[] = [{ path: root, depth: 0, manager: "npm" }];
  const found: Found[] = [];
  while (queue.length > 0 && found.length < DISCOVERY_FOLDERS_MAX) {
    for (const folder of queue.splice(0, DISCOVERY_FOLDERS_MAX - found.length)) {
      const looked = await look(folder);
      found.push(looked);
      queue.push(...looked.below);
    }
  }
  const specs = specsOf(found.flatMap((folder) => folder.package ?? []));
  return {
    specs: specs.slice(0, SERVERS_MAX),
    files: found.flatMap(({ file }) => file ?? []).slice(0, SERVERS_MAX),
    problem: queue.length > 0 || specs.length > SERVERS_MAX ? TOO_MANY : undefined,
  };
};
