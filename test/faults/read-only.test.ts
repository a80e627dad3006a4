import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Gateway, journalOf, Witness } from "../support/gateway.ts";
import {
  codeOf,
  configOf,
  createGrant,
  gatewayOn,
  health,
  linesOf,
  makeImmutable,
  SmallDisk,
  statusFor,
  until,
  orSkip,
} from "./support.ts";

// The data directory cannot be written any more: its files as they are open already, or its file system at a start.

const BACK_MS_MAX = 5_000;
/** Parts of SQLite that are mapped into memory: the kernel ends a process that writes to one it may not write. */
const MAPPED = /-shm$/u;

const call = async (gateway: Gateway, text: string, server = "witness"): Promise<string | number> =>
  codeOf(await gateway.call(server, "live", "free", { text }));

const textsIn = (witness: Witness): readonly unknown[] =>
  journalOf(witness.journalFile).map((entry) => entry.arguments?.["text"]);

const configFor = (witness: Witness, durability: string): object =>
  configOf(
    { witness: { type: "http", url: witness.url }, second: { type: "http", url: witness.url } },
    { audit: { durability, arguments: "full" } },
  );

describe.each(["process", "disk"])("files that become unwritable, with durability %s", (durability) => {
  it("stop calls and nothing else, and they pass again when they can be written", async ({ skip }) => {
    await using gateway = new Gateway({});
    mkdirSync(gateway.data, { mode: 0o700 });
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, durability));
    await gateway.serve();
    const revoked = await createGrant(gateway, "revoked", "witness");
    expect(await call(gateway, "before")).toBe("ok");
    {
      using immutable = orSkip(makeImmutable(gateway.data, MAPPED), skip);
      expect(await call(gateway, "unwritable 1")).toBe("audit_unavailable");
      expect(await call(gateway, "unwritable 2")).toBe("audit_unavailable");
      expect(textsIn(witness)).toEqual(["before"]);
      expect((await health(gateway, "healthz")).status).toBe(200);
      expect((await health(gateway, "readyz")).status).toBe(503);
      expect((await gateway.modern("witness", "live", "tools/list")).status).toBe(200);
      // It cannot be kept now, and takes effect all the same: the doubt is on the side of letting calls pass.
      expect(await gateway.command("grant", "revoke", "revoked", "--yes")).toMatchObject({
        stdout: "revoked is revoked.\n",
      });
      expect(await statusFor(gateway, "witness", revoked)).toBe(401);
      const frozen = await gateway.command(
        "freeze",
        "--server",
        "second",
        "--reason",
        "nothing can be written",
      );
      expect(frozen).toMatchObject({ stdout: expect.stringMatching(/^Frozen/u) as unknown });
      expect(await call(gateway, "frozen", "second")).toBe("frozen");
      void immutable;
    }
    expect(await until(async () => (await call(gateway, "after")) === "ok", BACK_MS_MAX)).toBe(true);
    expect((await health(gateway, "readyz")).status).toBe(200);
    expect(textsIn(witness)).toEqual(["before", "after"]);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
    // What could not be kept was kept as soon as it could be.
    const acts = (): readonly unknown[] => linesOf(gateway).flatMap(({ act }) => act ?? []);
    await expect.poll(acts).toEqual(expect.arrayContaining(["grant.revoke", "freeze"]));
    await gateway.stop("SIGKILL");
    await gateway.serve();
    expect(await statusFor(gateway, "witness", revoked)).toBe(401);
    expect(await call(gateway, "still frozen", "second")).toBe("frozen");
  });
});

describe("files that become unwritable, those that are mapped into memory too", () => {
  it("let nothing pass, whether the gateway lives or not, and a start finds everything", async ({ skip }) => {
    await using gateway = new Gateway({});
    mkdirSync(gateway.data, { mode: 0o700 });
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, "process"));
    await gateway.serve();
    expect(await call(gateway, "before")).toBe("ok");
    {
      using immutable = orSkip(makeImmutable(gateway.data), skip);
      for (let number = 0; number < 10; number += 1) {
        const answer = await call(gateway, `unwritable ${String(number)}`).catch(() => "cut");
        expect(["audit_unavailable", "cut"]).toContain(answer);
      }
      expect(textsIn(witness)).toEqual(["before"]);
      void immutable;
    }
    await gateway.stop("SIGKILL");
    await gateway.serve();
    expect(await call(gateway, "after")).toBe("ok");
    expect(textsIn(witness)).toEqual(["before", "after"]);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});

describe("a file system that is read-only at a start", () => {
  it("keeps the gateway from starting, with a reason, and it starts when it can be written", async ({
    skip,
  }) => {
    using disk = orSkip(SmallDisk.mount("8m"), skip);
    await using gateway = gatewayOn(disk, {});
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, "process"));
    await gateway.serve();
    expect(await call(gateway, "before")).toBe("ok");
    await gateway.stop("SIGKILL");
    disk.remount("ro");
    const { code, stdout, stderr } = await gateway.command("serve", "--port", "0");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/EROFS|read-only/iu);
    expect(stderr).not.toMatch(/\n\s+at /u);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
    disk.remount("rw");
    await gateway.serve();
    expect(await call(gateway, "after")).toBe("ok");
    expect(textsIn(witness)).toEqual(["before", "after"]);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});
