import { describe, expect, it } from "vitest";
import { Gateway, journalOf, Witness } from "../support/gateway.ts";
import {
  codeOf,
  configOf,
  createGrant,
  gatewayOn,
  health,
  limitFiles,
  linesOf,
  SmallDisk,
  statusFor,
  until,
  orSkip,
} from "./support.ts";

// The data directory is on a file system of its own, which is filled up to its last block.

const BACK_MS_MAX = 5_000;
/** Longer than a block: no record of a call fits into the rest of one that is begun. */
const PAD = "x".repeat(5_000);

const call = async (gateway: Gateway, text: string, server = "witness"): Promise<string | number> =>
  codeOf(await gateway.call(server, "live", "free", { text, pad: PAD }));

const textsIn = (witness: Witness): readonly unknown[] =>
  journalOf(witness.journalFile).map((entry) => entry.arguments?.["text"]);

const configFor = (witness: Witness, durability: string): object =>
  configOf(
    { witness: { type: "http", url: witness.url }, second: { type: "http", url: witness.url } },
    { audit: { durability, arguments: "full" } },
  );

describe.each(["process", "disk"])("a full disk, with durability %s", (durability) => {
  it("stops calls and nothing else, and they pass again when there is room", async ({ skip }) => {
    using disk = orSkip(SmallDisk.mount("2m"), skip);
    await using gateway = gatewayOn(disk, {});
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, durability));
    await gateway.serve();
    const [revoked, kept] = [
      await createGrant(gateway, "revoked", "witness"),
      await createGrant(gateway, "kept", "witness"),
    ];
    expect(await call(gateway, "before")).toBe("ok");

    disk.fill();
    const refused = ["full 1", "full 2", "full 3"];
    for (const text of refused) {
      expect(await call(gateway, text)).toBe("audit_unavailable");
    }
    expect(textsIn(witness)).toEqual(["before"]);
    expect(await health(gateway, "healthz")).toMatchObject({ status: 200 });
    expect(await health(gateway, "readyz")).toMatchObject({
      status: 503,
      body: { status: "not ready", parts: { audit: expect.not.stringMatching(/^ok$/u) as unknown } },
    });
    const list = await gateway.modern("witness", "live", "tools/list");
    expect([list.status, list.message.result?.["tools"]]).toEqual([
      200,
      expect.arrayContaining([expect.objectContaining({ name: "echo" })]),
    ]);
    const revocation = await gateway.command("grant", "revoke", "revoked", "--yes");
    expect(revocation).toMatchObject({ stdout: "revoked is revoked.\n" });
    expect(await statusFor(gateway, "witness", revoked)).toBe(401);
    expect(await statusFor(gateway, "witness", kept)).toBe(200);
    const freeze = await gateway.command("freeze", "--server", "second", "--reason", "the disk is full");
    expect(freeze).toMatchObject({ stdout: expect.stringMatching(/^Frozen/u) as unknown });
    expect(await call(gateway, "frozen", "second")).toBe("frozen");

    disk.free();
    const before = performance.now();
    expect(await until(async () => (await call(gateway, "after")) === "ok", BACK_MS_MAX)).toBe(true);
    console.log(`${durability}: calls pass again after ${(performance.now() - before).toFixed(0)} ms`);
    expect((await health(gateway, "readyz")).status).toBe(200);
    expect(textsIn(witness)).toEqual(["before", "after"]);
    const admitted = linesOf(gateway).filter(({ decision }) => decision === "allow");
    expect(admitted.map(({ args }) => args?.full?.text)).toEqual(["before", "after"]);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });

    // Acts that could not be recorded are recorded as soon as they can be.
    const acts = (): readonly unknown[] => linesOf(gateway).flatMap(({ act }) => act ?? []);
    await expect.poll(acts).toEqual(expect.arrayContaining(["grant.revoke", "freeze"]));
    await gateway.stop("SIGKILL");
    await gateway.serve();
    expect(await statusFor(gateway, "witness", revoked)).toBe(401);
    expect(await statusFor(gateway, "witness", kept)).toBe(200);
    expect(await call(gateway, "still frozen", "second")).toBe("frozen");
    expect(await call(gateway, "last")).toBe("ok");
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});

describe("a gateway that is started on a full disk", () => {
  it("forwards nothing: it refuses to start and says why, or refuses calls until there is room", async ({
    skip,
  }) => {
    using disk = orSkip(SmallDisk.mount("2m"), skip);
    await using gateway = gatewayOn(disk, {});
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, "process"));
    await gateway.serve();
    const token = await createGrant(gateway, "revoked", "witness");
    expect((await gateway.command("grant", "revoke", "revoked", "--yes")).code).toBe(0);
    await gateway.stop("SIGKILL");
    disk.fill();
    const started = await gateway.serve().then(
      () => true,
      () => false,
    );
    if (started) {
      disk.fill(); // What the start gave back.
      expect(await call(gateway, "full")).toBe("audit_unavailable");
      expect(await statusFor(gateway, "witness", token)).toBe(401);
    } else {
      expect(await gateway.program?.closed).toBe(1);
      expect(gateway.program?.stderr).toMatch(/ENOSPC|no space|disk is full/u);
      expect(gateway.program?.stderr).not.toMatch(/\n\s+at /u);
    }
    expect(textsIn(witness)).toEqual([]);
    await gateway.stop("SIGKILL");
    disk.free();
    await gateway.serve();
    expect(await call(gateway, "after")).toBe("ok");
    expect(await statusFor(gateway, "witness", token)).toBe(401);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});

describe("a process that may write no more to its files", () => {
  it("stops calls, and they pass again when it may", async ({ skip }) => {
    await using gateway = new Gateway({});
    await using witness = await Witness.start(gateway.directory);
    gateway.configure(configFor(witness, "process"));
    await gateway.serve();
    expect(await call(gateway, "before")).toBe("ok");
    orSkip(limitFiles(gateway.program?.child.pid ?? 0, "1") ?? {}, skip);
    expect(await call(gateway, "limited")).toBe("audit_unavailable");
    expect((await health(gateway, "readyz")).status).toBe(503);
    expect((await health(gateway, "healthz")).status).toBe(200);
    limitFiles(gateway.program?.child.pid ?? 0, "unlimited");
    expect(await until(async () => (await call(gateway, "after")) === "ok", BACK_MS_MAX)).toBe(true);
    expect(textsIn(witness)).toEqual(["before", "after"]);
    expect(await gateway.command("audit", "verify")).toMatchObject({ code: 0 });
  });
});
