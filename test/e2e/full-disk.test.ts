import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Desk, jsonLines } from "../support/command.ts";
import { Gateway, journalOf, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";

// Revoking and freezing while the disk is full: it holds at the next call, and after kill -9.

const DISK_BYTES = 24 * 1024 * 1024;
const disk = mountSmallDisk(DISK_BYTES);

const outside = temporaryDirectory();
const journal = join(outside, "one.jsonl");
const server = (...args: string[]) => ({ command: process.execPath, args: [WITNESS, ...args] });
const grant = (on: string, name: string) => ({
  identity: "ann",
  server: on,
  policy: "open",
  token: tokenOf(name),
});
const CONFIG = {
  mcpServers: { one: server("--journal", journal), two: server() },
  policies: { open: { version: "1", default: "allow" } },
  identities: { ann: {} },
  grants: { ended: grant("two", "ended"), kept: grant("two", "kept"), cold: grant("one", "cold") },
};

afterAll(() => {
  if (typeof disk !== "string") {
    disk[Symbol.dispose]();
  }
  rmSync(outside, { recursive: true, force: true });
});

const codeOf = async (gateway: Gateway, on: string, name: string): Promise<string> => {
  const { status, message } = await gateway.call(on, name, "echo");
  const meta = message.result?.["_meta"] as Record<string, { code: string }> | undefined;
  return status === 401
    ? "401"
    : (meta?.["tollgate/decision"]?.code ?? message.result?.content?.[0]?.text ?? "?");
};

/** Calls are refused. The last page of the journal may have room for some lines before. */
const unrecorded = async (gateway: Gateway): Promise<void> => {
  await expect
    .poll(() => codeOf(gateway, "two", "kept"), { timeout: 30_000, interval: 1 })
    .toBe("audit_unavailable");
};

const directoryOn = (path: string, name: string): string => {
  mkdirSync(join(path, name));
  return join(path, name);
};

const recordsOf = async ({ data }: Gateway): Promise<readonly Record<string, unknown>[]> => {
  using desk = new Desk();
  return jsonLines((await desk.run(["audit", "export", "--json", "--data", data])).out);
};

const actsOf = async (gateway: Gateway): Promise<readonly string[]> =>
  (await recordsOf(gateway)).flatMap(({ act, subject }) =>
    /^(?:grant\.revoke|freeze)$/u.test(String(act)) ? [`${String(act)} ${String(subject)}`] : [],
  );

const onDisk = (disk: SmallDisk) =>
  describe("while the disk is full", () => {
    it("grants are revoked and servers frozen, for good, and it is recorded once there is room", async () => {
      await using gateway = await Gateway.start(CONFIG, directoryOn(disk.path, "first"));
      for (const name of ["ended", "kept"]) {
        expect(await codeOf(gateway, "two", name)).toBe("did echo");
      }
      expect(await codeOf(gateway, "one", "cold")).toBe("did echo");
      disk.fill();
      await unrecorded(gateway);

      const from = Date.now();
      const revoked = await gateway.command("grant", "revoke", "ended", "--json");
      expect([revoked.code, JSON.parse(revoked.stdout)]).toMatchObject([1, { recorded: false }]);
      const frozen = await gateway.command("freeze", "--server", "one", "--reason", "full", "--json");
      expect([frozen.code, JSON.parse(frozen.stdout)]).toMatchObject([1, { recorded: false, stored: true }]);
      const to = Date.now();
      expect(await codeOf(gateway, "two", "ended")).toBe("401");
      expect(await codeOf(gateway, "one", "cold")).toBe("frozen");
      const lifted = await gateway.command("unfreeze", "--server", "one");
      expect([lifted.code, lifted.stderr]).toEqual([1, expect.stringContaining("nothing was changed")]);
      expect(await codeOf(gateway, "one", "cold")).toBe("frozen");

      expect(await actsOf(gateway)).toEqual([]);

      await gateway.stop("SIGKILL");
      disk.fill();
      await gateway.serve();
      disk.fill(); // What the start gave back.
      await unrecorded(gateway);
      expect(await codeOf(gateway, "two", "ended")).toBe("401");
      expect(await codeOf(gateway, "one", "cold")).toBe("frozen");
      expect(await codeOf(gateway, "two", "kept")).toBe("audit_unavailable");
      expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);

      // A stop in good order gives the search copy's log back; the next start does without.
      await gateway.stop();
      disk.fill();
      await gateway.serve();
      expect(await codeOf(gateway, "two", "ended")).toBe("401");
      expect(await codeOf(gateway, "one", "cold")).toBe("frozen");

      await gateway.stop("SIGKILL");
      disk.free();
      await gateway.serve();
      expect(await codeOf(gateway, "two", "ended")).toBe("401");
      expect(await codeOf(gateway, "one", "cold")).toBe("frozen");
      expect(await codeOf(gateway, "two", "kept")).toBe("did echo");
      expect(journalOf(journal)).toHaveLength(1);
      await expect
        .poll(() => actsOf(gateway), { timeout: 15_000 })
        .toEqual(["grant.revoke ended", "freeze server one"]);
      for (const { act, at } of await recordsOf(gateway)) {
        if (act === "freeze" || act === "grant.revoke") {
          expect(Date.parse(String(at))).toBeGreaterThanOrEqual(from);
          expect(Date.parse(String(at))).toBeLessThanOrEqual(to);
        }
      }
      expect((await gateway.command("audit", "verify")).code).toBe(0);
    });

    it("dozens of acts find room, and are recorded while the gateway runs", async () => {
      await using gateway = await Gateway.start(CONFIG, directoryOn(disk.path, "second"));
      using desk = new Desk();
      disk.fill();
      await unrecorded(gateway);
      for (let count = 0; count < 30; count += 1) {
        const argv = ["freeze", "--tool", `t${String(count)}`, "--reason", "x".repeat(500), "--json"];
        const { out } = await desk.run([...argv, "--data", gateway.data]);
        expect(JSON.parse(out)).toMatchObject({ stored: true, recorded: false });
      }
      disk.free();
      await expect.poll(() => actsOf(gateway), { timeout: 30_000 }).toHaveLength(30);
      expect(await codeOf(gateway, "two", "kept")).toBe("did echo");
    });
  });

/** Only root may mount, and only on Linux. */
const nowhere = (reason: string) =>
  it(`cannot be tried here: ${reason}`, () => {
    expect(reason).not.toBe("");
  });

[disk].forEach((each) => (typeof each === "string" ? nowhere(each) : onDisk(each)));
