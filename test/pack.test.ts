import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
const TARBALL = `tollgate-${VERSION}.tgz`;
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

let folder = "";

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a program in a folder, with the Node of these tests first in its path and nothing of theirs in its way. The
 * certificates that a network needs are not theirs.
 */
const run = (cwd: string, command: string, args: readonly string[], input = ""): Ran => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|VITEST|NODE_(?!EXTRA_CA_CERTS))/iu.test(name)),
  );
  const PATH = [dirname(process.execPath), env["PATH"] ?? ""].join(delimiter);
  const ran = spawnSync(command, args, { cwd, input, encoding: "utf8", env: { ...env, PATH } });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
};

/** Fails with what the program said. */
const succeeded = ({ code, out, err }: Ran): void => {
  expect(code === 0 ? "" : out + err).toBe("");
};

/** The command as it is installed. */
const tollgate = (...args: readonly string[]): Ran =>
  run(join(folder, "user"), join(folder, "user/node_modules/.bin/tollgate"), args);

const write = (name: string, document: object): string => {
  const path = join(folder, "user", name);
  writeFileSync(path, JSON.stringify(document, undefined, 2));
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-pack-"));
  const packed = run(ROOT, "npm", ["pack", "--pack-destination", folder, ...QUIET]);
  succeeded(packed);
  mkdirSync(join(folder, "user"));
  writeFileSync(join(folder, "user/package.json"), '{ "private": true }');
  const installed = run(join(folder, "user"), "npm", [
    "install",
    "--prefer-offline",
    "--omit=dev",
    ...QUIET,
    join(folder, TARBALL),
  ]);
  succeeded(installed);
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the packed file", () => {
  it("ships what is promised and nothing else", () => {
    const shipped = join(folder, "user/node_modules/tollgate");
    expect(
      readdirSync(shipped)
        .filter((name) => name !== "node_modules")
        .toSorted(),
    ).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "attacks",
      "catalogue",
      "dist",
      "package.json",
      "schema",
    ]);
    const catalogue = readdirSync(join(shipped, "catalogue"), { recursive: true, encoding: "utf8" });
    expect(catalogue.toSorted()).toEqual([
      "servers",
      "servers/package-lock.json",
      "servers/package.json",
      "servers/servers.json",
      "snapshot.json",
    ]);
    const built = readdirSync(join(shipped, "dist"), { recursive: true, encoding: "utf8" });
    expect(built.filter((name) => /\.ts$|\.test\.|\.map$/u.test(name))).toEqual([]);
  });

  it("is found good by publint", () => {
    const publint = join(ROOT, "node_modules/publint/src/cli.js");
    const linted = run(ROOT, process.execPath, [publint, "run", "--strict", join(folder, TARBALL)]);
    succeeded(linted);
  });

  it("installs no package that builds or downloads something", () => {
    const lock = JSON.parse(readFileSync(join(folder, "user/package-lock.json"), "utf8")) as {
      readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    const scripts = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true);
    expect(scripts).toEqual([]);
  });
});

describe("the installed command", () => {
  it("runs and says its version", () => {
    expect(existsSync(join(folder, "user/node_modules/.bin/tollgate"))).toBe(true);
    expect(tollgate("--version")).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  });

  it("finds a good policy good", () => {
    const path = write("good.json", { version: "1", default: "deny", tools: { list_servers: {} } });
    expect(tollgate("policy", "check", path)).toMatchObject({ code: 0 });
  });

  it("has the catalogue's snapshot", () => {
    const shown = tollgate("catalogue", "show", "filesystem", "write_file");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^filesystem write_file\n/u);
  });

  it("says where a bad policy is bad", () => {
    const path = write("bad.json", {
      version: "1",
      default: "denied",
      tools: { list_servers: { limit: [] } },
    });
    const checked = tollgate("policy", "check", path);
    expect(checked.code).toBe(1);
    expect(checked.out + checked.err).toContain("/default");
    expect(checked.out + checked.err).toContain("/tools/list_servers/limit");
  });
});

describe("the installed servers", () => {
  /** Makes one call of a server of the package, as a client over stdio. */
  const call = async (command: string, args: string[], tool: string, given: object): Promise<unknown> => {
    const client = new Client({ name: "user", version: "1" });
    await client.connect(
      new StdioClientTransport({
        command: join(folder, "user/node_modules/.bin", command),
        args,
        cwd: join(folder, "user"),
        env: { PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter) },
        stderr: "ignore",
      }),
    );
    try {
      const { structuredContent } = await client.callTool({ name: tool, arguments: { ...given } });
      return structuredContent;
    } finally {
      await client.close();
    }
  };

  it.each(["node-orchestrator", "uefn", "uefn-simulator"])("say the package's version: %s", (name) => {
    const command = join(folder, "user/node_modules/.bin", `tollgate-${name}`);
    expect(run(folder, command, ["--version"])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  });

  it("start a server of the user's project", async () => {
    write("orchestrator.json", {
      servers: { clock: { command: "node", args: ["-e", "setInterval(() => {}, 1000)"] } },
    });
    const started = await call("tollgate-node-orchestrator", [], "start_server", { server_id: "clock" });
    expect(started).toMatchObject({ server_id: "clock", outcome: "started" });
  });

  it("bring a command of an agent to an editor", async () => {
    const simulator = spawn(join(folder, "user/node_modules/.bin/tollgate-uefn-simulator"), ["--port", "0"], {
      env: { PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(simulator.stdout, "data")) as [Buffer];
      const port = /on (\d+)/u.exec(line.toString("utf8"))?.[1] ?? "";
      const answer = await call("tollgate-uefn", ["--editor-port", port], "ping", {});
      expect(answer).toMatchObject({ result: { status: "ok", simulated: true, executed: 1 } });
    } finally {
      simulator.kill();
    }
  });
});
