import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discover } from "./discover.ts";
import { DISCOVERY_DEPTH_MAX, SERVERS_MAX } from "./limits.ts";
import { Folder } from "./testing/world.ts";

const put = (folder: Folder, path: string, name: string | undefined, ...scripts: readonly string[]): void => {
  mkdirSync(join(folder.path, path), { recursive: true });
  folder.write(join(path, "package.json"), {
    name,
    scripts: Object.fromEntries(scripts.map((script) => [script, "node ."])),
  });
};

const ids = async (folder: Folder): Promise<readonly string[]> =>
  (await discover(folder.path)).specs.map(({ id }) => id);

describe("what is found without a configuration", () => {
  it("is the dev and start scripts of all packages, workspaces among them", async () => {
    using folder = new Folder();
    put(folder, ".", "shop", "build");
    put(folder, "packages/api", "@shop/api", "dev", "start", "test");
    put(folder, "packages/web", undefined, "start");
    const { specs, problem, files } = await discover(folder.path);
    expect(problem).toBeUndefined();
    expect(files).toHaveLength(3);
    expect(specs).toMatchObject([
      {
        id: "shop-api-dev",
        name: "@shop/api (dev)",
        command: "npm",
        args: ["run", "dev"],
        cwd: join(folder.path, "packages/api"),
        withAll: true,
      },
      // The same server in another way: not both with all.
      { id: "shop-api-start", args: ["run", "start"], withAll: false },
      { id: "web-start", withAll: true },
    ]);
  });

  it("leaves out node_modules, hidden folders, links and what is too deep", async () => {
    using folder = new Folder();
    put(folder, "a/node_modules/x", "x", "dev");
    put(folder, ".hidden", "hidden", "dev");
    put(folder, `deep/${"d/".repeat(DISCOVERY_DEPTH_MAX)}`, "deep", "dev");
    put(folder, "b", "b", "dev");
    symlinkSync(folder.path, join(folder.path, "b/loop"));
    expect(await ids(folder)).toEqual(["b-dev"]);
  });

  it("gives each an id of its own", async () => {
    using folder = new Folder();
    put(folder, "1", "a/b", "dev");
    put(folder, "2", "a.b", "dev");
    put(folder, "3", "…", "dev");
    expect(await ids(folder)).toEqual(["a-b-dev", "a-b-dev-2", "package-dev"]);
  });

  it("runs scripts by what the nearest lock file is of", async () => {
    using folder = new Folder();
    put(folder, ".", "root", "dev");
    put(folder, "inner", "inner", "dev");
    put(folder, "other", "other", "dev");
    folder.write("pnpm-lock.yaml", "");
    folder.write("other/yarn.lock", "");
    const { specs } = await discover(folder.path);
    expect(specs.map(({ id, command }) => [id, command])).toEqual([
      ["root-dev", "pnpm"],
      ["inner-dev", "pnpm"],
      ["other-dev", "yarn"],
    ]);
  });

  it("survives files that are not packages", async () => {
    using folder = new Folder();
    for (const [name, text] of [
      ["a", "{"],
      ["b", "[]"],
      ["c", '{"scripts":3}'],
      ["d", '{"name":7,"scripts":{"dev":1,"start":"x"}}'],
    ] as const) {
      mkdirSync(join(folder.path, name));
      folder.write(`${name}/package.json`, text);
    }
    expect(await ids(folder)).toEqual(["d-start"]);
  });

  it("is bounded, and says that there is more", async () => {
    using folder = new Folder();
    for (let count = 0; count <= SERVERS_MAX; count += 1) {
      put(folder, String(count), `p${String(count)}`, "dev");
    }
    const { specs, problem } = await discover(folder.path);
    expect(specs).toHaveLength(SERVERS_MAX);
    expect(problem).toContain("too many");
  });
});
