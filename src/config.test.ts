import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loadConfig, publicUrlOf, type Config, type ConfigProblem } from "./config.ts";

const TOKEN = "a-token-of-thirty-two-characters-or-more";

interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

const load = (written: unknown, world: World = {}) => {
  const files: Record<string, string> = {
    "/etc/gate/tollgate.json": typeof written === "string" ? written : JSON.stringify(written, null, 2),
  };
  for (const [path, text] of Object.entries(world.files ?? {})) {
    files[path] = text;
  }
  return loadConfig({
    path: "gate/tollgate.json",
    cwd: "/etc",
    env: world.env ?? {},
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) {
        throw new Error("ENOENT");
      }
      return text;
    },
  });
};

const configOf = (written: unknown, world?: World): Config => {
  const loaded = load(written, world);
  if ("problems" in loaded) {
    throw new Error(JSON.stringify(loaded.problems));
  }
  return loaded.config;
};

const problemsOf = (written: unknown, world?: World): readonly ConfigProblem[] => {
  const loaded = load(written, world);
  return "problems" in loaded ? loaded.problems : [];
};

const told = (written: unknown, world?: World): readonly string[] =>
  problemsOf(written, world).map((problem) => `${problem.pointer ?? "-"}: ${problem.message}`);

const grantFor = (grant: object, more: object = {}) => ({
  mcpServers: { one: { command: "one" }, two: { url: "https://two.example/mcp" } },
  policies: { open: { version: "1", default: "allow" } },
  identities: { ci: { kind: "service", groups: ["automation"] } },
  grants: { g: { identity: "ci", server: "one", policy: "open", ...grant }, ...more },
});

describe("a configuration", () => {
  it("has defaults for all that it does not say", () => {
    const config = configOf({});
    expect(config).toMatchObject({
      file: "/etc/gate/tollgate.json",
      directory: "/etc/gate",
      gateway: {
        host: "127.0.0.1",
        port: 7410,
        publicUrl: undefined,
        allowedHosts: [],
        allowedOrigins: [],
        trustProxy: false,
        limits: { bodyBytes: 4 * 1024 * 1024, callsInFlight: 64, openStreams: 4_096, sessions: 10_000 },
      },
      store: { sqlitePath: undefined },
      audit: { durability: "process", arguments: "keys" },
      servers: [],
      policies: [],
      identities: [],
      grants: [],
      secrets: [],
      watched: ["/etc/gate/tollgate.json"],
    });
    expect(publicUrlOf(config, 4242)).toBe("http://127.0.0.1:4242");
  });

  it("is empty where there is no file", () => {
    const loaded = loadConfig({
      cwd: "/somewhere",
      env: {},
      readFile: () => {
        throw new Error("nothing is to be read");
      },
    });
    expect(loaded).toMatchObject({ config: { file: undefined, directory: "/somewhere", servers: [] } });
  });

  it("cannot be changed once it is loaded", () => {
    const config = configOf(grantFor({}));
    expect(() => Object.assign(config.gateway, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.servers[0]?.spec.transport ?? {}, { command: "rm" })).toThrow(
      TypeError,
    );
  });

  it("that cannot be read is one problem", () => {
    expect(
      loadConfig({
        path: "none.json",
        cwd: "/",
        env: {},
        readFile: () => {
          throw new Error("ENOENT: /none.json");
        },
      }),
    ).toEqual({ problems: [{ file: "none.json", message: "the file cannot be read as UTF-8 text" }] });
  });

  it("tells every error at once, in the order of the file, each with its place", () => {
    const text = `{
  "gatway": {},
  "gateway": { "port": "7410", "host": "" },
  "mcpServers": {
    "one": { "command": "one", "arg": [] }
  },
  "grants": {
    "g": { "server": "one" }
  }
}`;
    expect(problemsOf(text)).toEqual([
      {
        file: "gate/tollgate.json",
        line: 2,
        column: 3,
        pointer: "/gatway",
        message: 'unknown key "gatway"',
        nearest: "gateway",
      },
      {
        file: "gate/tollgate.json",
        line: 3,
        column: 24,
        pointer: "/gateway/port",
        message: "must be a number",
      },
      {
        file: "gate/tollgate.json",
        line: 3,
        column: 40,
        pointer: "/gateway/host",
        message: "must not be empty",
      },
      {
        file: "gate/tollgate.json",
        line: 5,
        column: 32,
        pointer: "/mcpServers/one/arg",
        message: 'unknown key "arg"',
        nearest: "args",
      },
      {
        file: "gate/tollgate.json",
        line: 8,
        column: 10,
        pointer: "/grants/g",
        message: "identity is missing",
      },
    ]);
  });

  it("with a duplicate key or another fault of JSON is refused with its place", () => {
    expect(problemsOf('{\n  "gateway": {},\n  "gateway": {}\n}')).toMatchObject([{ line: 3, column: 3 }]);
    expect(problemsOf('{ "gateway": { "port": 1, } }')).toMatchObject([
      { line: 1, column: expect.any(Number) },
    ]);
    expect(problemsOf("[]")).toMatchObject([{ pointer: "", message: "must be an object" }]);
  });

  it("with a name that a library could lose is refused, not read without it", () => {
    expect(told('{ "mcpServers": { "__proto__": { "command": "x" } } }')).toContainEqual(
      expect.stringContaining("/mcpServers/__proto__: __proto__ cannot be used as a name"),
    );
    expect(told('{ "mcpServers": { "a": { "command": "x", "env": { "__proto__": "1" } } } }')).toHaveLength(
      1,
    );
    expect(told('{ "__proto__": {} }')).not.toEqual([]);
    expect(configOf('{ "policies": { "p": { "tools": { "__proto__": {} } } } }').policies[0]?.text).toContain(
      "__proto__",
    );
  });

  it("names the nearest known value of a misspelt one", () => {
    expect(problemsOf({ audit: { durability: "proces" } })).toMatchObject([
      { pointer: "/audit/durability", message: 'must be one of "process", "disk"', nearest: "process" },
    ]);
    expect(problemsOf({ servers: {} })).toMatchObject([{ nearest: "mcpServers" }]);
  });
});

describe("what this release does not support", () => {
  it("is refused at load, each in one sentence that says so", () => {
    const written = {
      store: { url: "postgres://db/tollgate", shared: "redis://127.0.0.1:6379/0" },
      mcpServers: {
        one: { command: "one", tollgate: { pin: "enforce", trustFirst: false } },
      },
    };
    const problems = problemsOf(written);
    expect(problems.map(({ pointer }) => pointer)).toEqual([
      "/store/url",
      "/store/shared",
      "/mcpServers/one/tollgate/pin",
      "/mcpServers/one/tollgate/trustFirst",
    ]);
    expect(problems.every(({ message }) => message.includes("not supported by this release yet"))).toBe(true);
  });
});

describe("the record's part", () => {
  it("has defaults", () => {
    expect(configOf({}).audit).toEqual({
      durability: "process",
      arguments: "keys",
      argumentsByPolicy: {},
      retention: { days: undefined, bytes: undefined },
      heads: { everySeconds: 60, to: undefined },
    });
  });

  it("takes a second place for heads, a file beside itself or a URL with its headers", () => {
    expect(configOf({ audit: { heads: { to: "heads.jsonl" } } }).audit.heads.to).toEqual({
      kind: "file",
      path: "/etc/gate/heads.jsonl",
    });
    const to = "https://keep.example.com/heads";
    expect(configOf({ audit: { heads: { to, headers: { "x-key": "k" } } } }).audit.heads.to).toEqual({
      kind: "url",
      url: to,
      headers: { "x-key": "k" },
    });
  });

  it.each([
    [{ heads: { to: "ftp://keep.example.com" } }, "/audit/heads/to", "must be an http or https URL"],
    [{ heads: { to: "http://169.254.169.254/" } }, "/audit/heads/to", "link-local"],
    [{ heads: { headers: { "x-key": "k" } } }, "/audit/heads/headers", "only a URL is sent headers"],
    [{ argumentsByPolicy: { opne: "full" } }, "/audit/argumentsByPolicy/opne", "there is no policy"],
    [{ retentionDays: 0 }, "/audit/retentionDays", "must be at least 1"],
    [{ retentionBytes: 1_000 }, "/audit/retentionBytes", "must be at least"],
  ])("refuses %j", (audit, pointer, message) => {
    const problems = problemsOf({ audit, policies: { open: { version: "1", default: "allow" } } });
    expect(problems).toMatchObject([{ pointer, message: expect.stringContaining(message) as unknown }]);
  });
});

describe("the gateway's own part", () => {
  it("takes hosts, origins and a public URL in their usual form", () => {
    const { gateway } = configOf({
      gateway: {
        host: "::1",
        port: 0,
        publicUrl: "https://Gate.example.com/",
        allowedHosts: ["Gate.example.com", "gate.example.com:443", "[::1]:7410"],
        allowedOrigins: ["https://App.example.com:443", "http://localhost:5173"],
        trustProxy: true,
        limits: { callsInFlight: 8 },
      },
    });
    expect(gateway).toEqual({
      host: "::1",
      port: 0,
      publicUrl: "https://gate.example.com",
      allowedHosts: ["gate.example.com", "gate.example.com:443", "[::1]:7410"],
      allowedOrigins: ["https://app.example.com", "http://localhost:5173"],
      trustProxy: true,
      limits: { bodyBytes: 4 * 1024 * 1024, callsInFlight: 8, openStreams: 4_096, sessions: 10_000 },
    });
  });

  it("refuses what is none", () => {
    for (const host of ["https://a.example", "a.example/path", "*", "a b", "a@b", "a:b"]) {
      expect(told({ gateway: { allowedHosts: [host] } })).toEqual([
        expect.stringContaining("/gateway/allowedHosts/0: must be a host"),
      ]);
    }
    for (const origin of ["*", "null", "app.example.com", "https://app.example.com/path", "file:///x"]) {
      expect(told({ gateway: { allowedOrigins: [origin] } })).toEqual([
        expect.stringContaining("/gateway/allowedOrigins/0: must be an origin"),
      ]);
    }
    for (const url of ["gate.example.com", "ftp://a/", "https://u:p@a/", "https://a/?q"]) {
      expect(told({ gateway: { publicUrl: url } })).toEqual([expect.stringContaining("/gateway/publicUrl")]);
    }
    expect(told({ gateway: { port: 65_536 } })).toEqual(["/gateway/port: must be at most 65535"]);
    expect(told({ gateway: { port: -1 } })).toEqual(["/gateway/port: must be at least 0"]);
  });

  it("has its database beside the file", () => {
    expect(configOf({ store: { url: "sqlite:data/gate.db" } }).store.sqlitePath).toBe(
      "/etc/gate/data/gate.db",
    );
    expect(configOf({ store: { url: "sqlite:/var/gate.db" } }).store.sqlitePath).toBe("/var/gate.db");
    for (const url of ["sqlite:", "mysql://x", "gate.db", "sqlite://x"]) {
      expect(told({ store: { url } })).toEqual([expect.stringContaining("/store/url: must be sqlite:PATH")]);
    }
  });
});

describe("values from outside the file", () => {
  const server = {
    billing: { type: "http", url: "https://b.example/mcp", headers: { Authorization: "Bearer ${env:KEY}" } },
  };

  it("are put in, and those in headers and env are kept for masking when they are long enough", () => {
    const config = configOf(
      {
        mcpServers: {
          ...server,
          one: { command: "one", env: { A: "${file:secrets/a}", B: "${env:SHORT}", C: "literal-but-long" } },
        },
      },
      {
        env: { KEY: "sk-0123456789ab", SHORT: "short" },
        files: { "/etc/gate/secrets/a": "file-secret-value\n" },
      },
    );
    const [billing, one] = config.servers;
    expect(billing?.spec.transport).toMatchObject({ headers: { Authorization: "Bearer sk-0123456789ab" } });
    expect(one?.spec.transport).toMatchObject({
      env: { A: "file-secret-value", B: "short", C: "literal-but-long" },
    });
    expect(config.secrets).toEqual(["sk-0123456789ab", "file-secret-value"]);
    expect(config.watched).toContain("/etc/gate/secrets/a");
  });

  it("that are missing are errors that name them", () => {
    expect(told({ mcpServers: server })).toEqual([
      "/mcpServers/billing/headers/Authorization: ${env:KEY}: the environment variable KEY is not set",
    ]);
    expect(told({ mcpServers: { one: { command: "${file:no/where}" } } })).toEqual([
      "/mcpServers/one/command: ${file:no/where}: the file no/where cannot be read",
    ]);
    expect(told({ mcpServers: { one: { command: "x", env: { A: "${env:toString}" } } } })).toHaveLength(1);
  });

  it("are not searched for more of the same", () => {
    const config = configOf(
      { mcpServers: { one: { command: "x", env: { A: "${env:A}" } } } },
      { env: { A: "${env:B}" } },
    );
    expect(config.servers[0]?.spec.transport).toMatchObject({ env: { A: "${env:B}" } });
  });

  it("may be empty, if they are set", () => {
    const config = configOf(
      { mcpServers: { one: { command: "x", env: { A: "${env:A}" } } } },
      { env: { A: "" } },
    );
    expect(config.servers[0]?.spec.transport).toMatchObject({ env: { A: "" } });
  });

  it("in any other notation are errors, save in arguments, which a shell may read", () => {
    for (const text of [
      "${env:}",
      "${env:A",
      "${env}",
      "${API_KEY}",
      "${input:key}",
      "${workspaceFolder}/x",
    ]) {
      expect(told({ mcpServers: { one: { command: "x", env: { A: text } } } })).toHaveLength(1);
    }
    const config = configOf({
      mcpServers: { one: { command: "sh", args: ["-c", "echo ${HOME:-x} ${USER}"] } },
    });
    expect(config.servers[0]?.spec.transport).toMatchObject({ args: ["-c", "echo ${HOME:-x} ${USER}"] });
    expect(
      told({ mcpServers: { one: { command: "sh", args: ["${input:key}", "${env:NONE}"] } } }),
    ).toHaveLength(2);
  });

  it("are in no error", () => {
    const secret = "s3cret\nwith a line feed and ümlaut ☃";
    const text = JSON.stringify(
      problemsOf(
        {
          mcpServers: {
            a: { url: "${env:S}" },
            b: { url: "https://b.example", headers: { X: "${env:S}" } },
            c: { command: "${env:NUL}" },
          },
          identities: { i: {} },
          grants: { g: { identity: "i", server: "a", token: "${env:S}" } },
          gateway: { publicUrl: "${env:S}", allowedHosts: ["${env:S}"], allowedOrigins: ["${env:S}"] },
          store: { url: "${env:S}" },
        },
        { env: { S: secret, NUL: "s3cret\0" } },
      ),
    );
    expect(text).not.toContain("s3cret");
    expect(JSON.parse(text)).toHaveLength(8);
  });

  it("are not looked for inside a policy document", () => {
    const config = configOf({ policies: { p: { description: "${env:NONE}" } } });
    expect(config.policies[0]?.text).toBe('{"description":"${env:NONE}"}');
  });
});

describe("policies", () => {
  it("are files relative to the configuration, or stand in it", () => {
    const config = configOf(
      { policies: { seed: "./policies/seed.json", open: { version: "1", max: 1.5 } } },
      { files: { "/etc/gate/policies/seed.json": "{ not read yet" } },
    );
    expect(config.policies[0]).toEqual({
      name: "seed",
      text: "{ not read yet",
      file: "/etc/gate/policies/seed.json",
      inline: undefined,
    });
    expect(config.policies[1]).toMatchObject({
      name: "open",
      text: '{"version":"1","max":1.5}',
      file: "gate/tollgate.json",
    });
    expect(config.policies[1]?.inline?.pointer).toBe("/policies/open");
    expect(config.policies[1]?.inline?.locate("/max", "value")).toEqual({ line: 6, column: 14 });
    expect(config.watched).toEqual(["/etc/gate/tollgate.json", "/etc/gate/policies/seed.json"]);
  });

  it("keep the text of their numbers", () => {
    expect(configOf('{ "policies": { "p": { "max": 1.10e1 } } }').policies[0]?.text).toBe('{"max":1.10e1}');
  });

  it("that are not there or no document are errors", () => {
    expect(told({ policies: { p: "none.json" } })).toEqual([
      "/policies/p: the policy file none.json cannot be read as UTF-8 text",
    ]);
    expect(told({ policies: { p: 1 } })).toEqual(["/policies/p: must be a path or a policy document"]);
    expect(told({ policies: { "a b": {} } })).toHaveLength(1);
  });
});

describe("grants", () => {
  it("know their token by its hash, and keep it for masking", () => {
    const config = configOf(grantFor({ token: "${env:T}", expiresAt: "2027-01-01T00:00:00Z" }), {
      env: { T: TOKEN },
    });
    expect(config.grants).toEqual([
      {
        name: "g",
        identity: "ci",
        servers: ["one"],
        policy: "open",
        tokenSha256: createHash("sha256").update(TOKEN).digest("hex"),
        expiresAt: Date.parse("2027-01-01T00:00:00Z"),
        timezone: "UTC",
        holdMs: 55_000,
      },
    ]);
    expect(config.secrets).toEqual([TOKEN]);
    expect(JSON.stringify(config.grants)).not.toContain(TOKEN);
    expect(config.identities).toEqual([{ name: "ci", kind: "service", groups: ["automation"] }]);
  });

  it("may have a hash, several servers, and no token, policy or expiry", () => {
    const hash = "AB".repeat(32);
    const config = configOf(grantFor({ tokenSha256: hash, server: ["one", "two"] }));
    expect(config.grants[0]).toMatchObject({ tokenSha256: hash.toLowerCase(), servers: ["one", "two"] });
    expect(configOf(grantFor({ policy: undefined })).grants[0]).toMatchObject({
      policy: undefined,
      tokenSha256: undefined,
      expiresAt: undefined,
    });
  });

  it("refer to what there is", () => {
    expect(
      problemsOf(grantFor({ identity: "cii", server: ["one", "tow", "one"], policy: "opn" })),
    ).toMatchObject([
      { pointer: "/grants/g/identity", nearest: "ci" },
      { pointer: "/grants/g/server/1", nearest: "two" },
      { pointer: "/grants/g/server/2", message: 'the server "one" is listed twice' },
      { pointer: "/grants/g/policy", nearest: "open" },
    ]);
    expect(told(grantFor({ server: [] }))).toEqual(["/grants/g/server: must not be empty"]);
    expect(told(grantFor({ identity: "toString" }))).toHaveLength(1);
  });

  it("have one token each, and no two the same", () => {
    expect(told(grantFor({ token: "x".repeat(31) }))).toEqual([
      "/grants/g/token: a token has at least 32 characters",
    ]);
    expect(told(grantFor({ token: `${"x".repeat(31)} y` }))).toHaveLength(1);
    expect(told(grantFor({ token: TOKEN, tokenSha256: "0".repeat(64) }))).toEqual([
      "/grants/g/tokenSha256: a grant has a `token` or a `tokenSha256`, not both",
    ]);
    expect(told(grantFor({ tokenSha256: "0".repeat(63) }))).toHaveLength(1);
    const sha = createHash("sha256").update(TOKEN).digest("hex").toUpperCase();
    for (const same of [{ token: TOKEN }, { tokenSha256: sha }]) {
      expect(told(grantFor({ token: TOKEN }, { h: { identity: "ci", server: "two", ...same } }))).toEqual([
        expect.stringContaining('the grant "g" has the same token'),
      ]);
    }
  });

  it("have times and zones that exist", () => {
    for (const expiresAt of ["2027-01-01", "tomorrow", "2027-02-30T00:00:00Z"]) {
      expect(told(grantFor({ expiresAt }))).toEqual([expect.stringContaining("/grants/g/expiresAt")]);
    }
    expect(problemsOf(grantFor({ timezone: "Europe/Zuerich" }))).toMatchObject([
      { nearest: "Europe/Zurich" },
    ]);
    expect(told(grantFor({ timezone: "+01:00" }))).toHaveLength(1);
    expect(configOf(grantFor({ timezone: "America/New_York" })).grants[0]?.timezone).toBe("America/New_York");
  });
});
