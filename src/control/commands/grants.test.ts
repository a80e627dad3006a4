import { describe, expect, it } from "vitest";
import { buildGrants } from "../../grant/table.ts";
import type { ControlRefusal } from "../contract.ts";
import { DECLARED, testDesk } from "../testing/desk.ts";
import type { GrantDesk } from "./grant-desk.ts";
import { grantCommands, grantHandlers } from "./grants.ts";

const tableOf = (desk: GrantDesk) =>
  buildGrants({
    declared: DECLARED.grants,
    identities: DECLARED.identities,
    stored: desk.store.list(),
    marks: desk.store.marks(),
    onExpired: () => {},
  });

const reasonOf = (desk: GrantDesk, token: string): string => {
  const identified = tableOf(desk).identify(token, desk.clock.now());
  return identified.ok ? identified.grant.name : identified.reason;
};

const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: ControlRefusal) => `${error.reason}: ${error.message}`,
  );

const WANTED = { name: "g", identity: "ci", servers: ["one", "two"], policy: "open" };

describe("creating a grant", () => {
  it("mints a token that works, stores its hash only, and records the act before", async () => {
    const desk = testDesk();
    const { grant, token } = await grantCommands(desk).create({ ...WANTED, expiresAt: 5_000 });
    expect(grant).toEqual({
      name: "g",
      identity: "ci",
      servers: ["one", "two"],
      policy: "open",
      expires_at: "1970-01-01T00:00:05.000Z",
      timezone: "UTC",
      source: "store",
      state: "live",
    });
    expect(reasonOf(desk, token)).toBe("g");
    expect(JSON.stringify([desk.store.list(), desk.acts])).not.toContain(token);
    expect(desk.acts).toMatchObject([
      { act: "grant.create", by: "test", subject: "g", before: null, after: grant },
    ]);
    expect(desk.published()).toBe(1);
  });

  it("wants an identity, servers and a policy that the configuration has", async () => {
    const { create } = grantCommands(testDesk());
    expect(await refusalOf(create({ ...WANTED, identity: "cy" }))).toBe(
      'not_found: The configuration has no identity "cy". Did you mean "ci"?',
    );
    expect(await refusalOf(create({ ...WANTED, servers: ["one", "tree"] }))).toContain("no server");
    expect(await refusalOf(create({ ...WANTED, policy: "opne" }))).toContain('Did you mean "open"?');
    expect(await refusalOf(create({ ...WANTED, servers: ["one", "one"] }))).toContain("twice");
    expect(await refusalOf(create({ ...WANTED, expiresAt: 1_000 }))).toContain("expired already");
    expect(await refusalOf(create({ ...WANTED, timezone: "Mars/Olympus" }))).toContain("IANA");
  });

  it("leaves a revoked grant revoked where the one in its place cannot be stored", async () => {
    const desk = testDesk();
    const { token } = await grantCommands(desk).create(WANTED);
    await grantCommands(desk).revoke({ name: "g" });
    const full = { ...desk.store, put: () => expect.fail("the disk is full") };
    await expect(grantCommands({ ...desk, store: full }).create(WANTED)).rejects.toThrow("full");
    expect(reasonOf(desk, token)).toBe("revoked");
  });

  it("refuses a name that is taken, but for a revoked grant's", async () => {
    const desk = testDesk();
    const { create, revoke } = grantCommands(desk);
    const first = await create(WANTED);
    expect(await refusalOf(create(WANTED))).toMatch(/^exists: /);
    expect(await refusalOf(create({ ...WANTED, name: "declared" }))).toMatch(/^exists: /);
    await revoke({ name: "g" });
    const second = await create(WANTED);
    expect(reasonOf(desk, second.token)).toBe("g");
    expect(reasonOf(desk, first.token)).toBe("unknown");
  });

  it("does nothing where it cannot be recorded", async () => {
    const desk = testDesk();
    desk.breakLedger();
    expect(await refusalOf(grantCommands(desk).create(WANTED))).toMatch(/^unavailable: /);
    expect(desk.store.list()).toEqual([]);
    expect(desk.published()).toBe(0);
  });
});

describe("rotating a grant", () => {
  it("gives it a new token and ends the old one", async () => {
    const desk = testDesk();
    const commands = grantCommands(desk);
    const { token: old } = await commands.create(WANTED);
    const { token, grant } = await commands.rotate({ name: "g" });
    expect(reasonOf(desk, token)).toBe("g");
    expect(reasonOf(desk, old)).toBe("unknown");
    expect(grant.state).toBe("live");
    expect(desk.acts.map(({ act }) => act)).toEqual(["grant.create", "grant.rotate"]);
  });

  it("gives a declared grant without one its token", async () => {
    const desk = testDesk();
    const commands = grantCommands(desk);
    expect((await commands.list()).grants[0]).toMatchObject({ name: "declared", state: "no_token" });
    const { token } = await commands.rotate({ name: "declared" });
    expect(reasonOf(desk, token)).toBe("declared");
    const next = await commands.rotate({ name: "declared" });
    expect(reasonOf(desk, token)).toBe("unknown");
    expect(reasonOf(desk, next.token)).toBe("declared");
  });

  it("leaves a token that the file holds to the file", async () => {
    expect(await refusalOf(grantCommands(testDesk()).rotate({ name: "with-token" }))).toMatch(
      /^not_allowed: /,
    );
  });

  it("is a new start for a revoked grant, and no help to an expired one", async () => {
    let now = 1_000;
    const desk = testDesk(() => now);
    const commands = grantCommands(desk);
    await commands.create({ ...WANTED, expiresAt: 2_000 });
    await commands.revoke({ name: "g" });
    const { token } = await commands.rotate({ name: "g" });
    expect(reasonOf(desk, token)).toBe("g");
    now = 2_000;
    expect(await refusalOf(commands.rotate({ name: "g" }))).toMatch(/^invalid: .* has expired/);
  });

  it("names the grant that was probably meant", async () => {
    expect(await refusalOf(grantCommands(testDesk()).rotate({ name: "declard" }))).toBe(
      'not_found: There is no grant "declard". Did you mean "declared"?',
    );
  });
});

describe("revoking a grant", () => {
  it("ends its token, whoever made the grant", async () => {
    const desk = testDesk();
    const commands = grantCommands(desk);
    const { token } = await commands.create(WANTED);
    const { token: declaredToken } = await commands.rotate({ name: "declared" });
    for (const name of ["g", "declared", "with-token"]) {
      expect(await commands.revoke({ name })).toMatchObject({ recorded: true, grant: { state: "revoked" } });
    }
    expect(reasonOf(desk, token)).toBe("revoked");
    expect(reasonOf(desk, declaredToken)).toBe("revoked");
    expect((await commands.list()).grants.map(({ state }) => state)).toEqual([
      "revoked",
      "revoked",
      "revoked",
    ]);
  });

  it("takes effect even where it cannot be recorded, and says so", async () => {
    const desk = testDesk();
    const commands = grantCommands(desk);
    const { token } = await commands.create(WANTED);
    desk.breakLedger();
    expect(await commands.revoke({ name: "g" })).toMatchObject({ recorded: false });
    expect(reasonOf(desk, token)).toBe("revoked");
    expect(desk.published()).toBe(2);
  });
});

describe("the handlers of the socket", () => {
  it("take bodies of their shape only", async () => {
    const handlers = grantHandlers(testDesk());
    const ask = (command: string, body: object) =>
      handlers[command]?.(body as never) ?? Promise.reject(new Error("none"));
    expect(await refusalOf(ask("grants.create", { ...WANTED, token: "mine" }))).toMatch(/^invalid: /);
    expect(await refusalOf(ask("grants.create", { ...WANTED, servers: [] }))).toMatch(/^invalid: servers: /);
    expect(await refusalOf(ask("grants.create", { ...WANTED, name: "a b" }))).toBe(
      "invalid: name: a name is 1 to 128 characters without spaces",
    );
    expect(await refusalOf(ask("grants.revoke", {}))).toMatch(/^invalid: /);
    expect(await ask("grants.create", WANTED)).toMatchObject({ grant: { name: "g" } });
  });
});
