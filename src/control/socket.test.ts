import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { grantHandlers } from "./commands/grants.ts";
import { ControlRefusal } from "./contract.ts";
import { connectControl, remoteGrants } from "./socket-client.ts";
import { serveControl } from "./socket-server.ts";
import { testDesk } from "./testing/desk.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tollgate-control-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Lines out for lines in, over a bare socket. */
const talk = async (text: string): Promise<string> => {
  const socket = connect(join(directory, "control.sock"));
  let heard = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (heard += chunk));
  socket.end(text);
  await once(socket, "close");
  return heard;
};

describe("the control socket", () => {
  it("carries commands and their answers, in order", async () => {
    const desk = testDesk();
    await using server = await serveControl(directory, grantHandlers(desk));
    expect(server).toBeDefined();
    using client = await connectControl(directory);
    if (client === undefined) {
      throw new Error("nobody listens");
    }
    const grants = remoteGrants(client);
    const { token } = await grants.create({ name: "g", identity: "ci", servers: ["one"] });
    expect(token).toMatch(/^tg_/);
    expect((await grants.list()).grants.map(({ name }) => name)).toEqual(["declared", "with-token", "g"]);
    expect(await grants.revoke({ name: "g" })).toMatchObject({ recorded: true, grant: { state: "revoked" } });
    await expect(grants.rotate({ name: "nobody" })).rejects.toThrow(ControlRefusal);
    await expect(client.ask("grants.reload")).resolves.toEqual({});
    expect(desk.published()).toBe(3);
  });

  it("is open to its owner only", async () => {
    await using server = await serveControl(directory, {});
    expect(server).toBeDefined();
    expect(statSync(join(directory, "control.sock")).mode & 0o777).toBe(0o600);
  });

  it("answers what is no command with a refusal, and goes on", async () => {
    await using server = await serveControl(directory, {
      fail: () => Promise.reject(new Error("/secret/path")),
    });
    expect(server).toBeDefined();
    const lines = (
      await talk(
        'nonsense\n[]\n{"command":1}\n{"command":"x","command":"y"}\n{"command":"toString"}\n{"command":"fail"}\n',
      )
    )
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ok: false, error: { reason: "invalid", message: "The line is not JSON." } },
      { ok: false, error: { reason: "invalid", message: "The line is no command." } },
      { ok: false, error: { reason: "invalid", message: "The line is no command." } },
      { ok: false, error: { reason: "invalid", message: "The line is not JSON." } },
      { ok: false, error: { reason: "invalid", message: 'This gateway knows no command "toString".' } },
      { ok: false, error: { reason: "unavailable", message: "Something went wrong in the gateway." } },
    ]);
  });

  it("cuts off a line without end", async () => {
    await using server = await serveControl(directory, {});
    expect(server).toBeDefined();
    expect(await talk("x".repeat(1_000_000)).catch(() => "")).toBe("");
  });

  it("takes the place of a socket that a killed gateway left, and of nothing else", async () => {
    await using first = await serveControl(directory, { who: () => Promise.resolve({ name: "first" }) });
    await using second = await serveControl(directory, { who: () => Promise.resolve({ name: "second" }) });
    expect(first).not.toBe(second);
    using client = await connectControl(directory);
    expect(await client?.ask("who")).toEqual({ name: "second" });
    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, "control.sock"), "mine");
    await expect(serveControl(other, {})).rejects.toThrow("EADDRINUSE");
  });

  it("is not there where no gateway is", async () => {
    expect(await connectControl(directory)).toBeUndefined();
    expect(await connectControl(join(directory, "none"))).toBeUndefined();
    const server = await serveControl(directory, {});
    await server[Symbol.asyncDispose]();
    expect(await connectControl(directory)).toBeUndefined();
  });

  it("works in a directory whose path is too long for a socket", async () => {
    const long = join(directory, "d".repeat(100), "e".repeat(100));
    mkdirSync(long, { recursive: true });
    expect(await connectControl(long)).toBeUndefined();
    const server = await serveControl(long, grantHandlers(testDesk()));
    const client = await connectControl(long);
    expect(await client?.ask("grants.list")).toHaveProperty("grants");
    client?.[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    expect(await connectControl(long)).toBeUndefined();
  });
});
