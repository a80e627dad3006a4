import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Gateway, temporaryDirectory, tokenOf, Witness, WITNESS, type Reply } from "../support/gateway.ts";

// What the operator is told of a server that cannot be reached.

const SECRET = "a-secret-among-the-arguments";
const NAMES = ["nowhere", "quitter", "late", "dead", "far", "sessions"] as const;

let directory: string;
let far: Witness;
let sessions: Witness;
let gateway: Gateway;

beforeEach(async () => {
  directory = temporaryDirectory();
  const command = join(directory, "late.sh");
  far = await Witness.start(directory);
  sessions = await Witness.start(directory, "--era", "legacy");
  gateway = await Gateway.start(
    {
      mcpServers: {
        nowhere: { command: "no-such-command", args: ["--key", SECRET], env: { KEY: SECRET } },
        quitter: { command: process.execPath, args: ["-e", "process.exit(3)"] },
        late: { command },
        dead: { type: "http", url: "http://127.0.0.1:9/mcp" },
        far: { type: "http", url: far.url },
        sessions: { type: "http", url: sessions.url },
      },
      policies: { open: { version: "1", default: "allow" } },
      identities: { agent: {} },
      grants: { live: { identity: "agent", server: NAMES, policy: "open", token: tokenOf("live") } },
    },
    directory,
  );
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await sessions[Symbol.asyncDispose]();
});

interface Line {
  readonly level: string;
  readonly message: string;
  readonly server?: string;
  readonly reason?: string;
}

const logged = (server: string): readonly Line[] =>
  (gateway.program?.stderr ?? "")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.server === server);

const codeOf = async (reply: Promise<Reply>): Promise<number | undefined> =>
  (await reply).message.error?.code;

const initialize = (server: string): Promise<Reply> => {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  return gateway.raw(server, body, "live");
};

describe("a server that is not available", () => {
  it.each([
    ["nowhere", /^The command could not be started: .*ENOENT/u],
    ["quitter", /^The server ended \(code 3\)/u],
    ["dead", /./u],
  ])("is in the log once, whoever asks and however often: %s", async (server, reason) => {
    expect(await codeOf(gateway.call(server, "live", "echo"))).toBe(1001);
    expect(await codeOf(initialize(server))).toBe(1001);
    expect(await codeOf(gateway.call(server, "live", "echo"))).toBe(1001);
    await expect.poll(() => logged(server)).toHaveLength(1);
    expect(logged(server)).toMatchObject([
      { level: "warn", message: "a server is not available", reason: expect.stringMatching(reason) },
    ]);
    expect(gateway.program?.stderr).not.toContain(SECRET);
  });

  it("is in the log again when it is there, and when it is gone once more", async () => {
    const command = join(directory, "late.sh");
    expect(await codeOf(gateway.call("late", "live", "echo"))).toBe(1001);
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${WITNESS}'\n`);
    chmodSync(command, 0o755);
    expect((await gateway.call("late", "live", "echo")).message.result?.isError).toBe(false);
    expect((await initialize("late")).status).toBe(200);
    await expect
      .poll(() => logged("late").map(({ message }) => message))
      .toEqual(["a server is not available", "a server is available again"]);
    chmodSync(command, 0o644);
    expect(await codeOf(initialize("late"))).toBe(1001);
    await expect.poll(() => logged("late").at(-1)?.message).toBe("a server is not available");
    expect(logged("late")).toHaveLength(3);
  });

  it.each(["far", "sessions"] as const)(
    "is in the log when it goes away behind an open link, and when it is there again: %s",
    async (name) => {
      const witness = { far, sessions }[name];
      const text = async (): Promise<number | undefined> => codeOf(gateway.call(name, "live", "echo"));
      expect(await text()).toBeUndefined();
      await witness.program.stop("SIGKILL");
      expect([await text(), await text(), await text()]).toEqual([1001, 1001, 1001]);
      const messages = (): readonly string[] =>
        logged(name)
          .map(({ message }) => message)
          .filter((message) => message.includes("available"));
      await expect.poll(messages).toEqual(["a server is not available"]);
      const era = name === "far" ? [] : ["--era", "legacy"];
      await using again = await Witness.start(directory, "--port", new URL(witness.url).port, ...era);
      expect(again.url).toBe(witness.url);
      await expect.poll(text).toBeUndefined();
      await expect.poll(messages).toEqual(["a server is not available", "a server is available again"]);
    },
  );
});
