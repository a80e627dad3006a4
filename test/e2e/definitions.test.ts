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
  const started = async () => {
    const directory = temporaryDirectory();
    const witness = await Witness.start(directory);
    const gateway = await Gateway.start(
      {
        mcpServers: { s: { type: "http", url: witness.url } },
        policies: {
          p: {
            version: "1",
            default: "allow",
            tools: { echo: { limits: [{ counter: "echoes", window: "day", max: 2 }] } },
          },
        },
        identities: { a: {} },
        grants: { one: { identity: "a", server: "s", policy: "p", token: tokenOf("one") } },
      },
      directory,
    );
    /** The error's code, or whether the call was refused. */
    const echo = async (): Promise<unknown> => {
      const { error, result } = (await gateway.call("s", "one", "echo")).message;
      return error?.code ?? result?.isError;
    };
    expect(await echo()).toBe(false);
    await witness[Symbol.asyncDispose]();
    await new Promise((done) => setTimeout(done, 200)); // Until the gateway has seen its connections close.
    return { gateway, echo, back: () => Witness.start(directory, "--port", new URL(witness.url).port) };
  };

  it("is unavailable meanwhile, and what never ran is given back", async () => {
    const { gateway, echo, back } = await started();
    await using _ = gateway;
    expect([await echo(), await echo()]).toEqual([1001, 1001]);
    const outcomes = (await gateway.records()).flatMap(({ outcome }) => outcome ?? []);
    expect(outcomes).toEqual(["ok", "unavailable", "unavailable"]);
    await using witness = await back();
    expect([await echo(), await echo()]).toEqual([false, true]);
    expect(witness.url).not.toBe("");
  });

  it("has given back after a kill of the gateway too", async () => {
    const { gateway, echo, back } = await started();
    await using _ = gateway;
    expect(await echo()).toBe(1001);
    await gateway.stop("SIGKILL");
    await using witness = await back();
    await gateway.serve();
    expect([await echo(), await echo()]).toEqual([false, true]);
    expect(witness.url).not.toBe("");
  });
});
