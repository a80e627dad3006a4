import { describe, expect, it } from "vitest";
import { loadConfig } from "../config.ts";

const load = (mcpServers: unknown) =>
  loadConfig({
    path: "/etc/gate/tollgate.json",
    text: JSON.stringify({ mcpServers }),
    cwd: "/",
    env: {},
    readFile: () => {
      throw new Error("nothing is to be read");
    },
  });

const serverOf = (entry: unknown) => {
  const loaded = load({ one: entry });
  return "config" in loaded ? loaded.config.servers[0] : loaded.problems;
};

const told = (entry: unknown, name = "one"): readonly string[] => {
  const loaded = load({ [name]: entry });
  return "problems" in loaded
    ? loaded.problems.map(({ pointer, message }) => `${pointer ?? "-"}: ${message}`)
    : [];
};

describe("a server's entry", () => {
  it("is stdio by its command, with paths relative to the file", () => {
    expect(serverOf({ command: "npx", args: ["-y", "a"], env: { X: "1" } })).toEqual({
      spec: {
        name: "one",
        transport: { kind: "stdio", command: "npx", args: ["-y", "a"], env: { X: "1" }, cwd: "/etc/gate" },
        isolation: "session",
        startMs: 60_000,
        callMs: 60_000,
        callMaxMs: 300_000,
        idleMs: 600_000,
        resultBytes: 16 * 1024 * 1024,
      },
      pin: "warn",
      trustFirst: true,
      allowPrivateAddresses: false,
      shown: "npx -y a",
    });
    expect(serverOf({ command: "./bin/x", cwd: "sub" })).toMatchObject({
      spec: { transport: { command: "/etc/gate/bin/x", args: [], env: {}, cwd: "/etc/gate/sub" } },
    });
  });

  it("is http by its url", () => {
    expect(serverOf({ url: "HTTP://127.0.0.1:9000/mcp", headers: { "X-Key": "1" } })).toMatchObject({
      spec: { transport: { kind: "http", url: "http://127.0.0.1:9000/mcp", headers: { "X-Key": "1" } } },
    });
  });

  it("is shown to people as the file writes it", () => {
    const shownOf = (entry: object) => {
      const loaded = loadConfig({
        text: JSON.stringify({ mcpServers: { one: entry } }),
        cwd: "/",
        env: { K: "secret" },
        readFile: () => "",
      });
      return "config" in loaded ? loaded.config.servers[0]?.shown : loaded.problems;
    };
    expect(shownOf({ command: "x", args: ["--key", "${env:K}"] })).toBe("x --key ${env:K}");
    expect(shownOf({ url: "https://a.example/${env:K}?key=${env:K}" })).toBe("https://a.example/${env:K}");
  });

  it("may say its type in the ways that clients do", () => {
    expect(serverOf({ type: "stdio", command: "x" })).toMatchObject({
      spec: { transport: { kind: "stdio" } },
    });
    for (const type of ["http", "streamable-http"]) {
      expect(serverOf({ type, url: "http://a.example" })).toMatchObject({
        spec: { transport: { kind: "http" } },
      });
    }
    expect(serverOf({ type: "sse", url: "http://a.example/sse", headers: { "X-Key": "1" } })).toMatchObject({
      spec: { transport: { kind: "sse", url: "http://a.example/sse", headers: { "X-Key": "1" } } },
    });
    expect(load({ one: { type: "streamable-htp", url: "http://a.example" } })).toMatchObject({
      problems: [{ pointer: "/mcpServers/one/type", nearest: "streamable-http" }],
    });
  });

  it("that is disabled is checked, but not served, and its secrets are not needed", () => {
    expect(load({ one: { command: "x", disabled: true, env: { A: "${env:NONE}" } } })).toMatchObject({
      config: { servers: [] },
    });
    expect(told({ disabled: true })).toHaveLength(1);
    expect(serverOf({ command: "x", disabled: false })).toMatchObject({ spec: { name: "one" } });
  });

  it("has options of the gate's own", () => {
    const tollgate = {
      isolation: "session",
      startMs: 1,
      callMs: 2,
      idleMs: 3,
      resultBytes: 2048,
      pin: "off",
    };
    expect(serverOf({ command: "x", tollgate: { ...tollgate, trustFirst: true } })).toMatchObject({
      spec: { startMs: 1, callMs: 2, idleMs: 3, resultBytes: 2048 },
      pin: "off",
    });
    expect(told({ command: "x", tollgate: { callMs: 0 } })).toEqual([
      "/mcpServers/one/tollgate/callMs: must be at least 1",
    ]);
    expect(told({ command: "x", tollgate: { callMs: 1.5 } })).toEqual([
      "/mcpServers/one/tollgate/callMs: must be a whole number",
    ]);
  });

  it("may share its process, where it is a command", () => {
    const tollgate = { isolation: "shared" };
    expect(serverOf({ command: "x", tollgate })).toMatchObject({ spec: { isolation: "shared" } });
    for (const entry of [
      { url: "http://a.example", tollgate },
      { type: "streamable-http", url: "http://a.example", tollgate },
    ]) {
      expect(told(entry)).toEqual([
        '/mcpServers/one/tollgate/isolation: isolation "shared" is for servers of type stdio only: each client session has an upstream session of its own over HTTP',
      ]);
    }
    expect(told({ type: "sse", url: "http://a.example", tollgate }).join("\n")).toContain("stdio only");
  });

  it("is either stdio or http, and has what that needs", () => {
    expect(told({})).toEqual(["/mcpServers/one: a server has a `command` (stdio) or a `url` (http)"]);
    expect(told({ command: "x", url: "http://a.example" })).toEqual([
      "/mcpServers/one/url: `url` means nothing for a server of type stdio",
    ]);
    expect(told({ type: "http", command: "x" })).toEqual([
      "/mcpServers/one: url is missing",
      "/mcpServers/one/command: `command` means nothing for a server of type http",
    ]);
    expect(told({ type: "sse", url: "http://169.254.169.254/", args: [] })).toEqual([
      "/mcpServers/one/url: must not be a link-local or cloud-metadata address",
      "/mcpServers/one/args: `args` means nothing for a server of type sse",
    ]);
    expect(told({ type: "stdio" })).toEqual(["/mcpServers/one: command is missing"]);
  });

  it("of a client's file with keys of its own is told what to do instead", () => {
    expect(told({ command: "x", autoApprove: ["a"], timeout: 60 })).toEqual([
      '/mcpServers/one/autoApprove: unknown key "autoApprove": which tools pass is said by a policy, not here: remove it',
      '/mcpServers/one/timeout: unknown key "timeout": write `tollgate.callMs` instead, in milliseconds',
    ]);
  });

  it("has a name that fits into a path", () => {
    for (const name of ["a", "0", "a-b", "a".repeat(32)]) {
      expect(told({ command: "x" }, name)).toEqual([]);
    }
    for (const name of ["", "A", "-a", "a_b", "a/b", "a".repeat(33), "ä"]) {
      expect(told({ command: "x" }, name)).toHaveLength(1);
    }
    expect(load({ "My Server": { command: "x" } })).toMatchObject({ problems: [{ nearest: "my-server" }] });
  });

  it("has an environment that a program can be given", () => {
    expect(told({ command: "x", env: { "A=B": "1" } })).toHaveLength(1);
    expect(told({ command: "x", env: { "": "1" } })).toHaveLength(1);
    expect(told({ command: "x", env: { A: "1\0" } })).toHaveLength(1);
    expect(told({ command: "x", env: { A: 1 } })).toEqual(["/mcpServers/one/env/A: must be a string"]);
  });
});

describe("a server's URL", () => {
  it("may be any http or https address", () => {
    for (const url of [
      "https://a.example/mcp?x=1",
      "http://10.0.0.1/",
      "http://[::1]:9000/mcp",
      "http://localhost:1",
    ]) {
      expect(told({ url })).toEqual([]);
    }
  });

  it("is no link-local or metadata address in any spelling", () => {
    const spellings = [
      "http://169.254.169.254/latest",
      "http://169.254.0.1./",
      "http://2852039166/",
      "http://0xa9.0xfe.0xa9.0xfe/",
      "http://0251.0376.0251.0376/",
      "http://[fe80::1]/",
      "http://[febf::1]/",
      "http://[fd00:ec2::254]/",
      "http://[FD00:0EC2:0:0:0:0:0:254]/",
      "http://100.100.100.200/",
      "http://[::ffff:169.254.169.254]/",
      "http://[::ffff:a9fe:a9fe]/",
      "http://[64:ff9b::169.254.169.254]/",
      "http://[::169.254.169.254]/",
      "http://[::ffff:100.100.100.200]/",
    ];
    for (const url of spellings) {
      expect(told({ url })).toEqual([
        "/mcpServers/one/url: must not be a link-local or cloud-metadata address",
      ]);
    }
    for (const url of [
      "http://100.100.100.201/",
      "http://169.253.1.1/",
      "http://[fec0::1]/",
      "http://[fd00:ec2::253]/",
    ]) {
      expect(told({ url })).toEqual([]);
    }
  });

  it("holds no user name or password, and is a URL", () => {
    expect(told({ url: "https://user:pw@a.example/" })).toEqual([
      "/mcpServers/one/url: must not hold a user name or password: send them under `headers`",
    ]);
    expect(told({ url: "https://user@a.example/" })).toHaveLength(1);
    for (const url of ["a.example", "file:///etc/passwd", "ws://a.example", "http://"]) {
      expect(told({ url })).toHaveLength(1);
    }
  });
});

describe("a server's headers", () => {
  const headersTold = (headers: object) => told({ url: "https://a.example", headers });

  it("are what HTTP can carry", () => {
    expect(headersTold({ Authorization: "Bearer x", "X-A": "caf\u00e9" })).toEqual([]);
    expect(headersTold({ "X A": "1" })).toHaveLength(1);
    expect(headersTold({ "X-A": "1\r\nX-B: 2" })).toHaveLength(1);
    expect(headersTold({ "X-A": "☃" })).toHaveLength(1);
  });

  it("are not the gateway's own, and each stands once", () => {
    for (const name of [
      "Host",
      "content-type",
      "Transfer-Encoding",
      "Mcp-Session-Id",
      "MCP-Protocol-Version",
    ]) {
      expect(headersTold({ [name]: "x" })).toHaveLength(1);
    }
    expect(headersTold({ Authorization: "a", authorization: "b" })).toHaveLength(1);
  });
});
