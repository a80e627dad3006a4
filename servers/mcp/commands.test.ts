import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it } from "vitest";

const PACKAGE = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const mainOf = (folder: string): string => fileURLToPath(new URL(`../${folder}/main.ts`, import.meta.url));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const ranOf = ({ status, stdout, stderr }: SpawnSyncReturns<string>): Ran => ({
  code: status,
  out: stdout,
  err: stderr,
});

describe.each(["node-orchestrator", "uefn", "uefn-simulator"])("tollgate-%s", (folder) => {
  const run = (...args: readonly string[]): Ran =>
    ranOf(spawnSync(process.execPath, [mainOf(folder), ...args], { input: "", encoding: "utf8" }));

  it.each(["--version", "-V"])("says the version of the package: %s", (option) => {
    expect(run(option)).toEqual({ code: 0, out: `${PACKAGE.version}\n`, err: "" });
  });

  it("says how it is used: -h as --help", () => {
    const help = run("--help");
    expect(help).toEqual({ code: 0, out: expect.stringContaining("-V, --version"), err: "" });
    expect(help.out).toContain("-h, --help");
    expect(run("-h")).toEqual(help);
  });

  it.each([[["--colour"]], [["--port", "x"]], [["extra"]], [["-x"]]])(
    "says in its own name what is wrong, and how it is used, and exits with 2: %j",
    (args) => {
      const { code, out, err } = run(...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(new RegExp(`^tollgate-${folder}: \\S.*\n\n`, "u"));
      expect(err).toContain(run("--help").out);
    },
  );

  it("says in its own name that its port is taken, and exits with 1", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    const face = folder === "uefn-simulator" ? [] : ["--http"];
    // Its own loop goes on: it must answer who tries the port.
    const child = spawn(process.execPath, [mainOf(folder), ...face, "--port", port], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(err).toMatch(new RegExp(`^tollgate-${folder}: \\S[^\n]*\n$`, "u"));
    squatter.close();
  });
});

it.each(["node-orchestrator", "uefn"])("%s tells its clients the version of the package", async (folder) => {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [mainOf(folder)], cwd: tmpdir() }),
  );
  expect(client.getServerVersion()?.version).toBe(PACKAGE.version);
  await client.close();
});

it("node-orchestrator says in its own name what is wrong with its configuration, and serves", () => {
  const args = [mainOf("node-orchestrator"), "--config", "nowhere.json"];
  const { code, err } = ranOf(spawnSync(process.execPath, args, { input: "", encoding: "utf8" }));
  expect(code).toBe(0);
  expect(err).toMatch(/^tollgate-node-orchestrator: The configuration [^\n]*\n$/u);
});
