import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../cli/command.ts";
import { codeOf } from "../store/journal/segments.ts";
import { makeFolder } from "../store/make-folder.ts";
import { LOCK, MANIFEST } from "./catalogue-servers.ts";

/** What says which lock `node_modules` was installed by, and is gone with it. */
const MARK = ".tollgate-lock";

/** Without scripts: a package that builds or fetches something when it is installed does not get to. */
const INSTALL = [
  "ci",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
  "--omit=dev",
  "--loglevel=error",
];

/** Installs what the lock of a folder names into a cache, unless that is what is there. Gives its `node_modules`. */
export const installServers = async (
  directory: string,
  cache: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  const modules = join(cache, "node_modules");
  const mark = join(modules, MARK);
  try {
    const lock = createHash("sha256")
      .update(readFileSync(join(directory, LOCK)))
      .update(readFileSync(join(directory, MANIFEST)))
      .digest("hex");
    if (existsSync(mark) && readFileSync(mark, "utf8") === lock) {
      return modules;
    }
    makeFolder(cache);
    rmSync(mark, { force: true });
    copyFileSync(join(directory, MANIFEST), join(cache, MANIFEST));
    copyFileSync(join(directory, LOCK), join(cache, LOCK));
    await npm(INSTALL, cache, env);
    writeFileSync(mark, lock);
    return modules;
  } catch (error) {
    if (error instanceof CommandFailure) {
      throw error;
    }
    throw new CommandFailure(`The servers cannot be installed in ${cache} (${codeOf(error)}).`);
  }
};

const SAID_CHARACTERS = 2_000;

const npm = (
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd, env: npmEnvironment(env), stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-SAID_CHARACTERS);
    });
    child.once("error", (error) =>
      reject(new CommandFailure(`npm cannot be started (${codeOf(error)}); it comes with Node.`)),
    );
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new CommandFailure(`npm could not install the servers:\n${said.trim()}`)),
    );
  });

/** Whoever runs this through npm has variables that say which project npm is in: it is in another one now. */
const npmEnvironment = (env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(?!config_(?:registry|cache|userconfig|cafile|ca|(?:https?_?)?proxy|noproxy)$)/iu.test(name),
    ),
  );
