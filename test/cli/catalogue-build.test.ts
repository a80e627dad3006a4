import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEntries } from "../../src/catalogue/book/read-entries.ts";
import { Desk } from "../support/command.ts";
import { ROOT } from "../support/gateway.ts";

// Installs one small server from npm, as a user would: the cache is filled once.

const FIXTURE = join(ROOT, "test/fixtures/catalogue-servers");

let desk: Desk;

beforeAll(() => {
  desk = new Desk();
  cpSync(FIXTURE, join(desk.directory, "servers"), { recursive: true });
  // npm is told of its own cache and of the network's certificates by the environment of these tests.
  for (const [name, value] of Object.entries(process.env)) {
    if (
      value !== undefined &&
      /^(?:npm_config_(?:cache|registry)|NODE_EXTRA_CA_CERTS|https?_proxy)$/iu.test(name)
    ) {
      desk.env[name] = value;
    }
  }
  desk.env["npm_config_cache"] ??= join(process.env["HOME"] ?? "/", ".npm");
});

afterAll(() => {
  desk[Symbol.dispose]();
});

const build = (...more: readonly string[]) =>
  desk.run(["catalogue", "build", "--servers", "servers", "--cache", "cache", "--out", "out.json", ...more]);
const out = (): string => readFileSync(join(desk.directory, "out.json"), "utf8");

describe("catalogue build", () => {
  it("names a server that fails, and writes nothing", async () => {
    const { exit, out, err } = await build();
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toMatch(/^failed fails: \S/mu);
    expect(err).toMatch(/^Nothing was written: 1 server failed\./mu);
    expect(existsSync(join(desk.directory, "out.json"))).toBe(false);
  }, 240_000);

  it("writes the others where it may, and the same bytes each time", async () => {
    const first = await build("--partial");
    expect([first.exit, first.out]).toEqual([0, expect.stringMatching(/^1 server, 6 tools: \S+ is new\n$/u)]);
    const before = out();
    expect(readEntries(before)).toMatchObject({
      ok: true,
      servers: [
        {
          name: "orchestrator",
          origin: { from: "package", package: "node-server-orchestrator", version: "1.0.3" },
          tools: expect.arrayContaining([expect.objectContaining({ name: "stop_all_servers" })]),
        },
      ],
    });
    const again = await build("--partial", "--json");
    expect(JSON.parse(again.out)).toMatchObject({
      changed: false,
      failed: [{ name: "fails" }],
      servers: [{ name: "orchestrator", tools: 6 }],
      withheld: [],
    });
    expect(out()).toBe(before);
  }, 120_000);

  it.each<readonly [string, string, (text: string) => string, string]>([
    [
      "a package without a hash",
      "package-lock.json",
      (text) => text.replace(/"integrity": "[^"]*",\n/u, ""),
      "SHA-512",
    ],
    [
      "a package from elsewhere",
      "package-lock.json",
      (text) => text.replace('"integrity"', '"resolved": "https://elsewhere.example/x.tgz", "integrity"'),
      "SHA-512",
    ],
    [
      "a version that is a range",
      "package.json",
      (text) => text.replace('"1.0.3"', '"^1.0.3"'),
      "exact version",
    ],
    [
      "two servers of one name",
      "servers.json",
      (text) => text.replace('"fails"', '"orchestrator"'),
      "there twice",
    ],
    [
      "a key that means nothing",
      "servers.json",
      (text) => text.replace('"args"', '"cwd": "/", "args"'),
      "/0/cwd",
    ],
    ["half of a list", "servers.json", (text) => text.slice(0, 40), "servers.json"],
    ["no server", "servers.json", () => "[]", "there is no server"],
  ])("refuses %s before anything is fetched", async (_, name, change, message) => {
    const text = readFileSync(join(FIXTURE, name), "utf8");
    cpSync(FIXTURE, join(desk.directory, "wrong"), { recursive: true });
    expect(change(text)).not.toBe(text);
    desk.write(`wrong/${name}`, change(text));
    const { exit, err } = await desk.run(["catalogue", "build", "--servers", "wrong", "--cache", "never"]);
    expect([exit, err]).toEqual([1, expect.stringContaining(message)]);
    expect(existsSync(join(desk.directory, "never"))).toBe(false);
  });

  it("says why npm could not install what is listed", async () => {
    desk.env["PATH"] = desk.directory;
    const { exit, err } = await desk.run(["catalogue", "build", "--servers", "servers", "--cache", "other"]);
    desk.env["PATH"] = process.env["PATH"] ?? "";
    expect([exit, err]).toEqual([1, expect.stringContaining("npm cannot be started (ENOENT)")]);
  });
});
