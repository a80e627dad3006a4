import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, journalOf, temporaryDirectory, tokenOf, Witness } from "../support/gateway.ts";

// A journal that somebody moves or deletes under a running gateway: refused, told, and mended without a call.

let gateway: Gateway;
let witness: Witness;
const config = (durability: string, url: string): object => ({
  audit: { durability },
  mcpServers: { witness: { type: "http", url } },
  policies: { open: { version: "1", default: "allow" } },
  identities: { agent: {} },
  grants: { live: { identity: "agent", server: "witness", policy: "open", token: tokenOf("live") } },
});

beforeAll(async () => {
  const directory = temporaryDirectory();
  witness = await Witness.start(directory);
  gateway = await Gateway.start(config("disk", witness.url), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

const told = async (path: string): Promise<unknown> => {
  const response = await fetch(`${gateway.url}${path}`);
  return { code: response.status, ...((await response.json()) as object) };
};
const readiness = async (expected: object): Promise<void> => {
  await expect.poll(() => told("/readyz"), { interval: 20, timeout: 5_000 }).toMatchObject(expected);
};
const call = (text: string) => gateway.call("witness", "live", "echo", { text });
const seen = (): string => JSON.stringify(journalOf(witness.journalFile));

describe("a journal under a running gateway", () => {
  it("that is moved away refuses calls and says why, until it is back", async () => {
    expect((await call("before")).status).toBe(200);
    const [journal, away] = [join(gateway.data, "journal"), join(gateway.directory, "away")];
    renameSync(journal, away);
    await readiness({ code: 503, status: "not ready", parts: { audit: "its file was removed" } });
    expect(await told("/healthz")).toMatchObject({ code: 200, status: "ok", audit: "its file was removed" });
    const refused = await call("while it is away");
    expect(refused.text).toContain("audit_unavailable");
    expect(refused.text).not.toContain(gateway.data);
    renameSync(away, journal);
    await readiness({ code: 200, status: "ready", parts: { audit: "ok" } });
    expect((await call("after")).message.result?.isError).not.toBe(true);
    expect(seen()).toContain("before");
    expect(seen()).not.toContain("while it is away");
    const acts = (await gateway.records()).filter(({ act }) => act === "journal.recovered");
    expect(acts).toMatchObject([{ after: { reason: "its file was removed", unrecorded: 1 } }]);
  });

  it("that is deleted is there again, whole, and everything verifies", async () => {
    const journal = join(gateway.data, "journal");
    const before = readdirSync(journal);
    before.forEach((name) => rmSync(join(journal, name)));
    await expect
      .poll(() => readdirSync(journal), { interval: 20, timeout: 5_000 })
      .toEqual([...before, "00000002.jsonl"]);
    await readiness({ code: 200 });
    expect((await call("deleted")).message.result?.isError).not.toBe(true);
    expect((await gateway.records()).filter(({ tool }) => tool === "echo")).toHaveLength(3);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });

  it("says that another durability waits for the next start", async () => {
    gateway.configure(config("process", witness.url));
    await expect
      .poll(() => gateway.program?.stderr, { interval: 20, timeout: 5_000 })
      .toContain("audit.durability waits for the next start");
  });
});
