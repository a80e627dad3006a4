/**
 * Builds `dist/` for publishing with plain `tsc`: the gate, and in `dist/servers/` the servers that ship with it. What it emits is what the sources say: types are gone, `.ts` in
 * imports is `.js`. Nothing is bundled.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
/** What `package.json` names as commands. */
const COMMANDS = [
  "main.js",
  ...["node-orchestrator", "uefn", "uefn-simulator"].map((name) => `servers/${name}/main.js`),
];

const SHEBANG = "#!/usr/bin/env node\n";

const compile = (project: string): void => {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", join(ROOT, project)], {
    stdio: "inherit",
  });
  if (run.status !== 0) {
    throw new Error("tsc found errors");
  }
};

/** What `tsc` does not rewrite and what must not ship: found here rather than by the first user. */
const inspect = (): void => {
  for (const command of COMMANDS) {
    if (!readFileSync(join(DIST, command), "utf8").startsWith(SHEBANG)) {
      throw new Error(`${command} must begin with ${SHEBANG.trim()}`);
    }
  }
  for (const name of readdirSync(DIST, { recursive: true, encoding: "utf8" })) {
    if (/\.test\.js$|(?:^|\/)(?:testing|conformance)\//u.test(name)) {
      throw new Error(`test code in the build: ${name}`);
    }
    if (
      name.endsWith(".js") &&
      /new URL\(\s*["'`]\.[^"'`]*\.ts["'`]/u.test(readFileSync(join(DIST, name), "utf8"))
    ) {
      throw new Error(`${name} names a .ts file that the build does not have; use extname(import.meta.url)`);
    }
  }
};

const build = (): void => {
  rmSync(DIST, { recursive: true, force: true });
  compile("tsconfig.build.json");
  compile("tsconfig.servers.json");
  inspect();
  COMMANDS.forEach((command) => chmodSync(join(DIST, command), 0o755));
};

try {
  build();
} catch (error) {
  console.error(`build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
