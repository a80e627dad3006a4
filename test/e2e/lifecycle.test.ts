import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  Gateway,
  journalOf,
  Program,
  temporaryDirectory,
  tokenOf,
  Witness,
  WITNESS,
} from "../support/gateway.ts";

// Starting, changing, revoking, crashing and starting again.

const open = { version: "1", default: "allow" };
const limited = (max: number): object => ({
  version: "1",
  default: "allow",
  tools: {
    echo: { limits: [{ counter: "echoes", window: "hour", max }] },
    pay: { limits: [{ counter: "paid", window: "day", max: 100, increment_from: "args.amount" }] },
  },
});
const stdio = (...args: string[]): object => ({ command: process.execPath, args: [WITNESS, ...args] });
const config = (servers: object, policies: object, grants: object = {}): object => ({
  mcpServers: servers,
  policies,
  identities: { agent: {} },
  grants: {
    live: {
      identity: "agent",
      server: Object.keys(servers),
      policy: Object.keys(policies)[0],
      token: tokenOf("live"),
    },
    ...grants,
  },
});

const disposables: AsyncDisposable[] = [];
const keep = <T extends AsyncDisposable>(made: T): T => {
  disposables.push(made);
  return made;
};
afterAll(async () => {
  for (const made of disposables.reverse()) {
    await made[Symbol.asyncDispose]();
  }
});

const until = async (condition: () => Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (await condition()) {
      return true;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  return false;
};

describe("limits", () => {
  it("count after kill -9 what was admitted before it", async () => {
    const directory = temporaryDirectory();
    const journal = join(directory, "witness.jsonl");
    const gateway = keep(
      await Gateway.start(
        config(
          { witness: stdio("--journal", journal), dead: { type: "http", url: "http://127.0.0.1:9/mcp" } },
          { p: limited(3) },
        ),
        directory,
      ),
    );
    const pay = (amount: unknown) => gateway.call("witness", "live", "pay", { amount });
    expect((await pay(60.5)).message.result?.isError).toBe(false);
    await gateway.call("witness", "live", "echo");
    await gateway.call("witness", "live", "echo");
    expect((await gateway.call("dead", "live", "echo")).message.error).toMatchObject({
      code: 1001,
      data: { server: "dead" },
    });
    await gateway.stop("SIGKILL");
    await gateway.serve();
    expect((await gateway.call("witness", "live", "echo")).message.result?.isError).toBe(false);
    const fourth = await gateway.call("witness", "live", "echo");
    expect(fourth.message.result).toMatchObject({
      isError: true,
      _meta: { "tollgate/decision": { code: "limit_exceeded", rule: "/tools/echo/limits/0" } },
    });
    expect((await pay(39.6)).message.result?.isError).toBe(true);
    expect((await pay(39.5)).message.result?.isError).toBe(false);
    expect(journalOf(journal).map(({ name }) => name)).toEqual(["pay", "echo", "echo", "echo", "pay"]);
    expect((await gateway.command("audit", "verify")).code).toBe(0);
  });

  it("of a changed policy count what was admitted, under its new maximum and its new window", async () => {
    const gateway = keep(await Gateway.start(config({ witness: stdio() }, { p: limited(2) })));
    const echo = async (): Promise<unknown> =>
      (await gateway.call("witness", "live", "echo")).message.result?.isError;
    expect([await echo(), await echo(), await echo()]).toEqual([false, false, true]);
    gateway.configure(config({ witness: stdio() }, { p: limited(3) }));
    expect(await until(async () => (await echo()) === false, 3_000)).toBe(true);
    expect(await echo()).toBe(true);
    const daily = {
      version: "1",
      default: "allow",
      tools: { echo: { limits: [{ counter: "echoes", window: "day", max: 4 }] } },
    };
    gateway.configure(config({ witness: stdio() }, { p: daily }));
    expect(await until(async () => (await echo()) === false, 3_000)).toBe(true);
    expect(await echo()).toBe(true);
  });
});

describe("a grant", () => {
  it("that is revoked on a running gateway is refused within a second", async () => {
    const gateway = keep(await Gateway.start(config({ witness: stdio() }, { open })));
    const created = await gateway.command(
      "grant",
      "create",
      "made",
      "--identity",
      "agent",
      "--server",
      "witness",
      "--policy",
      "open",
      "--json",
    );
    expect(created.stderr).toBe("");
    const { token } = JSON.parse(created.stdout) as { token: string };
    const list = (): Promise<number> =>
      gateway
        .modern("witness", "x", "tools/list", {}, { authorization: `Bearer ${token}` })
        .then(({ status }) => status);
    expect(await list()).toBe(200);
    const revoked = await gateway.command("grant", "revoke", "made", "--yes");
    expect(revoked.code).toBe(0);
    expect(await until(async () => (await list()) === 401, 1_000)).toBe(true);
    await gateway.stop("SIGKILL");
    await gateway.serve();
    expect(await list()).toBe(401);
  });

  it("that the file no longer declares ends within a second, its session included", async () => {
    const gateway = keep(
      await Gateway.start(
        config(
          { witness: stdio() },
          { open },
          { gone: { identity: "agent", server: "witness", policy: "open", token: tokenOf("gone") } },
        ),
      ),
    );
    const initialize =
      '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}';
    const session = (await gateway.raw("witness", initialize, "gone")).headers.get("mcp-session-id") ?? "";
    const ask = async (grant: string): Promise<number> =>
      (
        await gateway.raw("witness", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', grant, {
          "mcp-session-id": session,
        })
      ).status;
    expect(await ask("gone")).toBe(200);
    expect(await ask("live")).toBe(404);
    gateway.configure(config({ witness: stdio() }, { open }));
    expect(await until(async () => (await ask("gone")) === 401, 2_000)).toBe(true);
  });
});

describe("a configuration", () => {
  it("that is wrong names every error with line and pointer, and nothing starts", async () => {
    const gateway = new Gateway({});
    writeFileSync(
      gateway.configFile,
      '{\n  "gatway": {},\n  "mcpServers": { "Bad Name": {} },\n  "policies": { "p": { "version": "1", "default": "maybe", "tolls": {} } }\n}\n',
    );
    const { code, stdout, stderr } = await gateway.command("serve", "--port", "0");
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/tollgate\.json:2:\d+.*\/gatway/u);
    expect(stderr).toMatch(/tollgate\.json:3:\d+.*\/mcpServers\/Bad Name/u);
    keep(gateway);
  });

  it("of an invalid policy names the policy's errors", async () => {
    const gateway = keep(
      new Gateway(config({ witness: stdio() }, { p: { version: "1", default: "maybe", tolls: {} } })),
    );
    const { code, stderr } = await gateway.command("serve", "--port", "0");
    expect(code).toBe(1);
    expect(stderr).toContain("/policies/p/default");
    expect(stderr).toContain("/policies/p/tolls");
  });

  it("that becomes wrong changes nothing of a running gateway, and is reported", async () => {
    const gateway = keep(await Gateway.start(config({ witness: stdio() }, { open })));
    writeFileSync(gateway.configFile, '{ "mcpServers": { "witness": ');
    expect(
      await until(async () => gateway.program?.stderr.includes("tollgate.json:1:") === true, 2_000),
    ).toBe(true);
    expect((await gateway.call("witness", "live", "echo")).message.result?.isError).toBe(false);
  });
});

describe("a port", () => {
  it("that is taken is named, with how to choose another", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const gateway = keep(new Gateway(config({ witness: stdio() }, { open })));
    const { code, stderr } = await gateway.command("serve", "--port", String(port));
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain("--port");
  });
});

describe("a data directory", () => {
  it("has one owner, and a second is told who", async () => {
    const gateway = keep(await Gateway.start(config({ witness: stdio() }, { open })));
    const { code, stderr } = await gateway.command("serve", "--port", "0");
    expect(code).toBe(1);
    expect(stderr).toContain(String(gateway.program?.child.pid));
  });
});

describe("servers that fail", () => {
  it("are told from each other, and others keep working", async () => {
    const gateway = keep(
      await Gateway.start(
        config(
          {
            good: stdio(),
            missing: { command: "/nonexistent/server" },
            quits: { command: process.execPath, args: ["-e", "process.exit(3)"] },
            babbles: {
              command: process.execPath,
              args: ["-e", "setInterval(() => console.log('not json'), 5)"],
              tollgate: { startMs: 1500 },
            },
            floods: {
              command: process.execPath,
              args: ["-e", "setInterval(() => process.stderr.write('x'.repeat(1e6)), 1)"],
              tollgate: { startMs: 1500 },
            },
            dies: stdio("--fault", "die"),
          },
          { open },
        ),
      ),
    );
    const code = async (server: string): Promise<unknown> =>
      (await gateway.call(server, "live", "echo")).message.error?.code ?? "answered";
    expect(await code("missing")).toBe(1001);
    expect(await code("quits")).toBe(1001);
    expect([1001, 1002, 1003]).toContain(await code("babbles"));
    expect([1001, 1002]).toContain(await code("floods"));
    expect(await code("dies")).toBe(1001);
    expect(await code("good")).toBe("answered");
    const died = (await gateway.records()).findLast(
      ({ server, decision }) => server === "dies" && decision === "allow",
    );
    expect(
      (await gateway.records()).find(({ id, outcome }) => id === died?.["id"] && outcome !== undefined),
    ).toMatchObject({ outcome: "unknown" });
  });
});

describe("a stop", () => {
  it("finishes the call under way, then exits with 0", async () => {
    const gateway = keep(await Gateway.start(config({ witness: stdio() }, { open })));
    await gateway.call("witness", "live", "echo");
    const slow = gateway.call("witness", "live", "slow");
    await new Promise((done) => setTimeout(done, 300));
    const stopped = gateway.stop();
    expect((await slow).message.result?.content?.[0]?.text).toBe("did slow");
    expect(await stopped).toBe(0);
  });
});

describe("wrap", () => {
  it("is the same gate between two pipes, and a second wrap of the name shares its limits", async () => {
    const directory = temporaryDirectory();
    const policy = join(directory, "p.json");
    const journal = join(directory, "witness.jsonl");
    writeFileSync(
      policy,
      JSON.stringify({
        version: "1",
        default: "deny",
        tools: { echo: { rate_limit: { max: 2, window: 3600 } } },
      }),
    );
    const start = (): Program =>
      new Program([
        "src/main.ts",
        "wrap",
        "--policy",
        policy,
        "--name",
        "w",
        "--data",
        join(directory, "data"),
        "--",
        process.execPath,
        WITNESS,
        "--journal",
        journal,
      ]);
    const say = async (program: Program, message: object): Promise<Record<string, unknown>> => {
      const id = (message as { id: number }).id;
      program.child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      return JSON.parse(
        await program.printed(new RegExp(`^(\\{.*"id":${String(id)}[,}].*)$`, "mu")),
      ) as Record<string, unknown>;
    };
    const begin = async (program: Program): Promise<void> => {
      const params = {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "t", version: "1" },
      };
      expect(await say(program, { id: 100, method: "initialize", params })).toMatchObject({
        result: { protocolVersion: "2025-06-18" },
      });
      program.child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    };
    const call = (program: Program, id: number, name: string): Promise<Record<string, unknown>> =>
      say(program, { id, method: "tools/call", params: { name, arguments: {} } });
    const first = keep(start());
    await begin(first);
    expect(await call(first, 1, "echo")).toMatchObject({ result: { isError: false } });
    expect(await call(first, 2, "wipe")).toMatchObject({
      result: { isError: true, _meta: { "tollgate/decision": { code: "default_deny" } } },
    });
    const second = keep(start());
    await begin(second);
    expect(await call(second, 1, "echo")).toMatchObject({ result: { isError: false } });
    expect(await call(second, 2, "echo")).toMatchObject({
      result: { _meta: { "tollgate/decision": { code: "limit_exceeded" } } },
    });
    expect(await call(first, 3, "echo")).toMatchObject({
      result: { _meta: { "tollgate/decision": { code: "limit_exceeded" } } },
    });
    expect(journalOf(journal).map(({ name }) => name)).toEqual(["echo", "echo"]);
    second.child.stdin?.end();
    expect(await second.closed).toBe(0);
    first.child.stdin?.end();
    expect(await first.closed).toBe(0);
  });
});

describe("a witness of its own", () => {
  it("gets nothing of the client's credentials, and the server's own headers", async () => {
    const directory = temporaryDirectory();
    const witness = keep(await Witness.start(directory));
    const gateway = keep(
      await Gateway.start(config({ witness: { type: "http", url: witness.url } }, { open })),
    );
    await gateway.call("witness", "live", "echo", { text: "x" });
    expect(JSON.stringify(journalOf(witness.journalFile))).not.toContain(tokenOf("live"));
  });
});
