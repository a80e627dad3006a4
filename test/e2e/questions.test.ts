import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, temporaryDirectory } from "../support/gateway.ts";
import { LegacyClient, linesOf } from "../support/legacy.ts";
import { talkerConfig } from "../support/talker.ts";

// A server that asks its client in the middle of a call, and a client that takes its time or changes its mind.

const ASKING = join(import.meta.dirname, "..", "fixtures", "upstreams", "asking.ts");
const CALL_MS = 700;
/** The server's. */
const REVISION = "2025-06-18";

let gateway: Gateway;
let journal: string;

beforeAll(async () => {
  const directory = temporaryDirectory();
  journal = join(directory, "asking.jsonl");
  const command = { command: process.execPath, args: [ASKING, journal] };
  const servers = { asking: { ...command, tollgate: { callMs: CALL_MS } } };
  gateway = await Gateway.start(talkerConfig(servers), directory);
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe("a question of a server", () => {
  it("may take its client longer than a call may take its server", async () => {
    const client = await LegacyClient.open(gateway, "asking", {
      revision: REVISION,
      capabilities: { sampling: {} },
    });
    const call = client.call(1, "ask");
    await call.until((events) => events.some(({ message }) => message.method === "sampling/createMessage"));
    const asked = call.messages.find(({ method }) => method === "sampling/createMessage");
    await new Promise((done) => setTimeout(done, 3 * CALL_MS));
    await client.post({ id: asked?.id, result: { role: "assistant", content: [] } }).over();
    await call.over();
    expect(call.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "sampled" }] } });
  });

  it("stops no other call's clock for good: one that the server leaves unanswered times out", async () => {
    const client = await LegacyClient.open(gateway, "asking", {
      revision: REVISION,
      capabilities: { sampling: {} },
    });
    const hanging = client.call(2, "hang");
    expect((await hanging.over()).text).toContain("1002");
  });
});

describe("a client that cancels", () => {
  it("has its own word brought to the server", async () => {
    const client = await LegacyClient.open(gateway, "asking", { revision: REVISION });
    client.call(3, "hang");
    await expect
      .poll(() => linesOf(journal).filter(({ id, method }) => id === 3 && method === "tools/call").length)
      .toBe(1);
    const params = { requestId: 3, reason: "The user went home." };
    await client.post({ method: "notifications/cancelled", params }).over();
    await expect
      .poll(() =>
        linesOf(journal).find(
          ({ method, params: told }) => method === "notifications/cancelled" && told?.["requestId"] === 3,
        ),
      )
      .toMatchObject({ params: { reason: "The user went home." } });
  });
});
