import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Gateway, temporaryDirectory, tokenOf, Witness, WITNESS } from "../support/gateway.ts";

// Definitions that change while the gateway runs: reported and recorded where the configuration asks, and passed.

const definition = (description: string): string =>
  JSON.stringify([{ name: "echo", description, inputSchema: { type: "object" } }]);

describe("a tool whose definition changes", () => {
  it.each([
    ["warn", 1],
    ["off", 0],
  ])("is recorded under pin %s: %i times", async (pin, times) => {
    const directory = temporaryDirectory();
    const tools = join(directory, "tools.json");
    writeFileSync(tools, definition("before"));
    // A process for each grant reads the file when it starts.
    const server = { command: process.execPath, args: [WITNESS, "--tools", tools], tollgate: { pin } };
    const grant = (name: string): object => ({
      identity: "a",
      server: "s",
      policy: "p",
      token: tokenOf(name),
    });
    await using gateway = await Gateway.start(
      {
        mcpServers: { s: server },
        policies: { p: { version: "1", default: "allow" } },
        identities: { a: {} },
        grants: { one: grant("one"), two: grant("two") },
      },
      directory,
    );
    await gateway.call("s", "one", "echo");
    writeFileSync(tools, definition("after"));
    expect((await gateway.call("s", "two", "echo")).message.result?.isError).toBe(false);
    await gateway.stop();
    const journal = readFileSync(join(gateway.data, "journal", "00000001.jsonl"), "utf8");
    expect(journal.split("\n").filter((line) => line.includes('"act":"tool.changed"'))).toHaveLength(times);
  });
});

describe("a server over HTTP that goes and comes back", () => {
  it("is unavailable meanwhile, and then works again", async () => {
    const directory = temporaryDirectory();
    let witness = await Witness.start(directory);
    const port = new URL(witness.url).port;
    await using gateway = await Gateway.start(
      {
        mcpServers: { s: { type: "http", url: witness.url } },
        policies: { p: { version: "1", default: "allow" } },
        identities: { a: {} },
        grants: { one: { identity: "a", server: "s", policy: "p", token: tokenOf("one") } },
      },
      directory,
    );
    expect((await gateway.call("s", "one", "echo")).message.result?.isError).toBe(false);
    await witness[Symbol.asyncDispose]();
    expect((await gateway.call("s", "one", "echo")).message.error?.code).toBe(1001);
    witness = await Witness.start(directory, "--port", port);
    expect((await gateway.call("s", "one", "echo")).message.result?.isError).toBe(false);
    await witness[Symbol.asyncDispose]();
  });
});
