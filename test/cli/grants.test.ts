import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { Gateway, WITNESS } from "../support/gateway.ts";

const CONFIG = {
  mcpServers: { one: { command: process.execPath, args: [WITNESS] }, two: { url: "http://127.0.0.1:1/mcp" } },
  policies: { open: { version: "1", default: "allow" } },
  identities: { ann: { groups: ["ops"] } },
  grants: {
    declared: { identity: "ann", server: "one", policy: "open" },
    fixed: { identity: "ann", server: "two", tokenSha256: "ab".repeat(32) },
  },
};

const CREATE = ["grant", "create", "made", "--identity", "ann", "--server", "one", "--policy", "open"];

describe("grants where no gateway runs", () => {
  let desk: Desk;

  beforeEach(() => {
    desk = new Desk();
    desk.write("tollgate.json", CONFIG);
  });

  afterEach(() => {
    desk[Symbol.dispose]();
  });

  const states = async () => {
    const { out } = await desk.run(["grant", "list", "--json"]);
    return (JSON.parse(out) as { name: string; state: string }[]).map(
      ({ name, state }) => `${name}: ${state}`,
    );
  };

  it("are made, rotated and revoked in the store, and kept", async () => {
    expect(await states()).toEqual(["declared: no_token", "fixed: live"]);
    const made = await desk.run([...CREATE, "--server", "two", "--expires", "30d", "--json"]);
    expect(made.exit).toBe(0);
    expect(JSON.parse(made.out)).toMatchObject({
      token: expect.stringMatching(/^tg_[A-Za-z0-9_-]{43}$/),
      grant: {
        name: "made",
        identity: "ann",
        servers: ["one", "two"],
        policy: "open",
        source: "store",
        state: "live",
      },
    });
    const rotated = await desk.run(["grant", "rotate", "declared"]);
    expect(rotated.out).toMatch(/^tg_[A-Za-z0-9_-]{43}\n$/);
    expect(rotated.err).toBe("The token of declared for one. It is not shown again:\n");
    expect(await states()).toEqual(["declared: live", "fixed: live", "made: live"]);
    expect(await desk.run(["grant", "revoke", "made"])).toEqual({
      exit: 0,
      out: "made is revoked.\n",
      err: "",
    });
    expect(await states()).toEqual(["declared: live", "fixed: live", "made: revoked"]);
    const show = await desk.run(["grant", "show", "made", "--json"]);
    expect(JSON.parse(show.out)).toMatchObject({
      name: "made",
      state: "revoked",
      expires_at: expect.any(String),
    });
    expect((await desk.run(["grant", "list"])).out).toContain("made      ann       one,two  open");
  });

  it("are refused with a reason and an exit code", async () => {
    const told = async (...argv: readonly string[]) => {
      const { exit, out, err } = await desk.run(argv);
      return [exit, out, err];
    };
    expect(await told("grant", "show", "declard")).toEqual([
      1,
      "",
      'error: There is no grant "declard". Did you mean "declared"?\n',
    ]);
    expect(await told("grant", "rotate", "fixed")).toEqual([
      4,
      "",
      'error: The configuration file holds the token of "fixed": change it there.\n',
    ]);
    expect((await told("grant", "create", "x", "--identity", "bob", "--server", "one"))[2]).toContain(
      "no identity",
    );
    expect((await told("grant", "create", "a b", "--identity", "ann", "--server", "one"))[0]).toBe(1);
    await told(...CREATE);
    expect((await told(...CREATE))[0]).toBe(1);
  });

  it("say so where they have no policy", async () => {
    const { exit, err } = await desk.run(["grant", "create", "x", "--identity", "ann", "--server", "one"]);
    expect([exit, err]).toEqual([0, expect.stringContaining("It has no policy, so nothing passes.")]);
  });

  it("are in the record, without their tokens", async () => {
    const { out: token } = await desk.run(CREATE);
    await desk.run(["grant", "revoke", "made"]);
    const { out, exit } = await desk.run(["audit", "export"]);
    expect(exit).toBe(0);
    expect(out).not.toContain(token.trim());
    const acts = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { act: string; subject: string });
    expect(acts.map(({ act, subject }) => `${act} ${subject}`)).toEqual([
      "grant.create made",
      "grant.revoke made",
    ]);
    expect((await desk.run(["audit", "verify"])).out).toMatch(/^sound: 2 lines, head [0-9a-f]{64}\n/);
  });
});

describe("grants of a running gateway", () => {
  const call = (gateway: Gateway, token: string) =>
    gateway.modern(
      "one",
      "",
      "tools/call",
      { name: "echo", arguments: {} },
      { authorization: `Bearer ${token}` },
    );

  it("work from the moment they are made, and end within a second of being revoked", async () => {
    await using gateway = await Gateway.start(CONFIG);
    const made = await gateway.command(...CREATE);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^tg_/)]);
    const token = made.stdout.trim();
    expect((await call(gateway, token)).message.result?.isError).toBe(false);
    const declared = (await gateway.command("grant", "rotate", "declared")).stdout.trim();
    expect((await call(gateway, declared)).status).toBe(200);

    expect((await gateway.command("grant", "revoke", "made")).code).toBe(0);
    expect((await call(gateway, token)).status).toBe(401);
    expect((await call(gateway, declared)).status).toBe(200);

    const next = (await gateway.command("grant", "rotate", "declared")).stdout.trim();
    expect((await call(gateway, declared)).status).toBe(401);
    expect((await call(gateway, next)).status).toBe(200);
    expect((await gateway.command("grant", "rotate", "fixed")).code).toBe(4);

    await gateway.stop();
    await gateway.serve();
    expect((await call(gateway, token)).status).toBe(401);
    expect((await call(gateway, next)).status).toBe(200);
  });

  it("cannot be reached where the gateway does not answer: exit 3", async () => {
    await using gateway = await Gateway.start(CONFIG);
    gateway.program?.child.kill("SIGSTOP");
    try {
      const { code, stderr } = await gateway.command("grant", "list");
      expect([code, stderr]).toEqual([3, expect.stringContaining("did not answer")]);
    } finally {
      gateway.program?.child.kill("SIGCONT");
    }
  });
});
