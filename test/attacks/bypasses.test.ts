import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  Gateway,
  journalOf,
  modernHeaders,
  modernMeta,
  temporaryDirectory,
  tokenOf,
  Witness,
  type Reply,
} from "../support/gateway.ts";

// Every way past the gate that is known, each proved by the journal of the server behind it: nothing but what was
// admitted is in there, and in the value that was judged.

const directory = temporaryDirectory();
let witness: Witness;
let oddities: Witness;
let badList: Witness;
let doubleList: Witness;
let doubleResult: Witness;
let interleaved: Witness;
let gateway: Gateway;

const odd = (name: string): object => ({ name, inputSchema: { type: "object" } });

beforeAll(async () => {
  const tools = join(directory, "tools.json");
  writeFileSync(
    tools,
    JSON.stringify([
      odd("plain"),
      odd("zero\u200Bwidth"),
      odd("bi\u202Edi"),
      odd("Straße"),
      odd("STRASSE"),
      odd("has space"),
    ]),
  );
  witness = await Witness.start(directory);
  oddities = await Witness.start(directory, "--tools", tools);
  badList = await Witness.start(directory, "--fault", "bad-list");
  doubleList = await Witness.start(directory, "--fault", "double-list");
  doubleResult = await Witness.start(directory, "--fault", "double-result");
  interleaved = await Witness.start(directory, "--fault", "interleave");
  const grant = (server: string | string[], policy: string, name: string): object => ({
    identity: "agent",
    server,
    policy,
    token: tokenOf(name),
  });
  gateway = await Gateway.start({
    mcpServers: {
      witness: { type: "http", url: witness.url },
      oddities: { type: "http", url: oddities.url },
      "bad-list": { type: "http", url: badList.url },
      "double-list": { type: "http", url: doubleList.url },
      "double-result": { type: "http", url: doubleResult.url },
      interleaved: { type: "http", url: interleaved.url },
    },
    policies: {
      narrow: {
        version: "1",
        default: "deny",
        hide: ["wipe"],
        tools: {
          echo: {},
          pay: { deny_if: [{ conditions: [{ path: "args.amount", op: "gt", value: 100 }] }] },
          free: { arguments: "any" },
        },
      },
      open: { version: "1", default: "allow", hide: ["wipe"] },
    },
    identities: { agent: { kind: "service" } },
    grants: {
      narrow: grant(["witness", "interleaved"], "narrow", "narrow"),
      open: grant(["witness", "oddities", "bad-list", "double-list", "double-result"], "open", "open"),
    },
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  for (const server of [witness, oddities, badList, doubleList, doubleResult, interleaved]) {
    await server[Symbol.asyncDispose]();
  }
  rmSync(directory, { recursive: true, force: true });
});

const journal = () => journalOf(witness.journalFile);
beforeEach(() => {
  rmSync(witness.journalFile, { force: true });
});

const META = JSON.stringify(modernMeta());
const body = (params: string, rest = '"method":"tools/call","id":1'): string =>
  `{"jsonrpc":"2.0",${rest},"params":${params}}`;
const callBody = (name: string, args: string): string =>
  body(`{"name":"${name}","arguments":${args},"_meta":${META}}`);
const send = (text: string | Buffer, name = "echo", headers: Record<string, string> = {}): Promise<Reply> =>
  gateway.raw("witness", text, "narrow", { ...modernHeaders("tools/call", { name }), ...headers });

const refusedWith = (reply: Reply, code: number, status = 400): void => {
  expect({ status: reply.status, code: reply.message.error?.code }).toEqual({ status, code });
  expect(journal()).toEqual([]);
};

describe("what the gate lets through", () => {
  it("reaches the server as it was judged, numbers in their own text", async () => {
    const reply = await send(
      callBody("free", '{"big":9007199254740993,"one":1.0,"e":1e2,"__proto__":{"a":1},"constructor":"c"}'),
      "free",
    );
    expect(reply.message.result).toMatchObject({
      isError: false,
      structuredContent: { kept: true },
      vendorField: { kept: [1, 2.5] },
    });
    expect(journal()).toHaveLength(1);
    expect(journal()[0]?.raw).toContain(
      '"arguments":{"big":9007199254740993,"one":1.0,"e":1e2,"__proto__":{"a":1},"constructor":"c"}',
    );
  });
});

describe("a message that two readers could take for two", () => {
  it.each([
    ["a batch", `[${callBody("echo", "{}")}]`, -32600],
    [
      "a call without an id",
      body(`{"name":"echo","arguments":{},"_meta":${META}}`, '"method":"tools/call"'),
      -32600,
    ],
    ["arguments that are a list", callBody("echo", "[]"), -32602],
    ["arguments that are a string", callBody("echo", '"x"'), -32602],
    ["arguments that are null", callBody("echo", "null"), -32602],
    ["a name that is no string", body(`{"name":1,"arguments":{},"_meta":${META}}`), -32602],
    ["a tool named twice", body(`{"name":"echo","name":"wipe","arguments":{},"_meta":${META}}`), -32600],
    [
      "a tool named twice, once escaped",
      body(`{"name":"echo","n\\u0061me":"wipe","arguments":{},"_meta":${META}}`),
      -32600,
    ],
    [
      "an argument given twice, deep down",
      callBody("echo", '{"text":"a","x":[{"y":{"z":1,"z":2}}]}'),
      -32600,
    ],
    ["Name beside name", body(`{"name":"echo","Name":"wipe","arguments":{},"_meta":${META}}`), -32600],
    [
      "Arguments beside arguments",
      body(`{"name":"echo","arguments":{},"Arguments":{},"_meta":${META}}`),
      -32600,
    ],
    [
      "a name cut by a NUL",
      body(`{"name":"echo","name\\u0000":"wipe","arguments":{},"_meta":${META}}`),
      -32600,
    ],
    [
      "Method beside method",
      body(`{"name":"echo","_meta":${META}}`, '"method":"tools/call","Method":"x","id":1'),
      -32600,
    ],
    [
      "a method in other letters",
      body(`{"name":"echo","_meta":${META}}`, '"method":"Tools/Call","id":1'),
      -32600,
    ],
    [
      "a method with a space",
      body(`{"name":"echo","_meta":${META}}`, '"method":"tools/call ","id":1'),
      -32600,
    ],
    ["a lone surrogate", callBody("echo", '{"text":"\\ud800"}'), -32600],
    ["a byte order mark", `\uFEFF${callBody("echo", "{}")}`, -32700],
    ["bytes after the message", `${callBody("echo", "{}")}{}`, -32700],
    ["a number no double reaches", callBody("echo", '{"amount":1e400}'), -32600],
    ["no JSON", "{", -32700],
    ["nothing", "", -32700],
  ])("is refused: %s", async (_, text, code) => {
    refusedWith(await send(text), code);
  });

  it("is refused: bytes that are no UTF-8", async () => {
    refusedWith(await send(Buffer.from([...Buffer.from(callBody("echo", '{"text":"')), 0xff])), -32700);
  });

  it("is refused: more levels than anybody means", async () => {
    refusedWith(await send(callBody("echo", `{"text":${"[".repeat(1100)}${"]".repeat(1100)}}`)), -32600);
  });

  it("is refused: more than 10,000 names in one object", async () => {
    const names = Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join(",");
    refusedWith(await send(callBody("echo", `{${names}}`)), -32600);
  });

  it("is recorded with the grant it came from", async () => {
    await send(callBody("echo", "null"));
    expect((await gateway.records()).at(-1)).toMatchObject({
      grant: "narrow",
      decision: "deny",
      code: "invalid_params",
    });
  });
});

describe("a method written with escapes", () => {
  it("is the method it says, judged and executed once", async () => {
    const reply = await send(
      body(`{"name":"echo","arguments":{},"_meta":${META}}`, '"method":"tools\\/c\\u0061ll","id":1'),
    );
    expect(reply.message.result?.isError).toBe(false);
    expect(journal()).toHaveLength(1);
  });

  it("hides no tool's name", async () => {
    const reply = await send(body(`{"name":"w\\u0069pe","arguments":{},"_meta":${META}}`), "wipe");
    expect(reply.message.error?.message).toBe("Unknown tool: wipe");
    expect(journal()).toEqual([]);
  });
});

describe("headers that say something else than the body", () => {
  it.each([
    ["another tool", { "mcp-name": "wipe" }],
    ["another tool in base64", { "mcp-name": `=?base64?${Buffer.from("wipe").toString("base64")}?=` }],
    ["another method", { "mcp-method": "tools/list" }],
    ["another revision", { "mcp-protocol-version": "2025-11-25" }],
    ["broken base64", { "mcp-name": "=?base64?%%%?=" }],
  ])("are refused: %s", async (_, headers) => {
    refusedWith(await send(callBody("echo", "{}"), "echo", headers), -32020);
  });

  it("are refused where they are missing", async () => {
    const reply = await gateway.raw("witness", callBody("echo", "{}"), "narrow", {
      "mcp-protocol-version": "2026-07-28",
    });
    refusedWith(reply, -32020);
  });

  it("may say the same in base64", async () => {
    const reply = await send(callBody("echo", "{}"), "echo", {
      "mcp-name": `=?base64?${Buffer.from("echo").toString("base64")}?=`,
    });
    expect(reply.message.result?.isError).toBe(false);
  });
});

describe("the body's type", () => {
  it.each([
    ["text/plain"],
    ["application/json; charset=utf-16"],
    ["application/json; charset=latin1"],
    ["application/jsonp"],
    [""],
  ])("is refused as %s", async (type) => {
    const reply = await send(callBody("echo", "{}"), "echo", { "content-type": type });
    expect(reply.status).toBe(415);
    expect(journal()).toEqual([]);
  });

  it.each([["Application/JSON"], ["application/json; charset=UTF-8"], ["APPLICATION/JSON;charset=utf8"]])(
    "is taken as %s",
    async (type) => {
      const reply = await send(callBody("echo", "{}"), "echo", { "content-type": type });
      expect(reply.message.result?.isError).toBe(false);
    },
  );

  it("is refused where there is none", async () => {
    const response = await fetch(`${gateway.url}/mcp/witness`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokenOf("narrow")}`,
        ...modernHeaders("tools/call", { name: "echo" }),
      },
      body: new Blob([callBody("echo", "{}")]),
    });
    expect(response.status).toBe(415);
    expect(journal()).toEqual([]);
  });
});

describe("arguments", () => {
  it("65 levels deep are refused, 64 are not, even where any arguments do", async () => {
    const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;
    const deep = await send(callBody("free", nested(65)), "free");
    expect(deep.message.result).toMatchObject({
      isError: true,
      _meta: { "tollgate/decision": { code: "invalid_arguments" } },
    });
    expect(journal()).toEqual([]);
    const allowed = await send(callBody("free", nested(64)), "free");
    expect(allowed.message.result?.isError).toBe(false);
  });

  it("that the schema does not name are refused, whatever their names", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "texT"]) {
      const reply = await send(callBody("echo", `{"${name}":"x"}`));
      expect(reply.message.result).toMatchObject({
        isError: true,
        _meta: { "tollgate/decision": { code: "invalid_arguments" } },
      });
    }
    expect(journal()).toEqual([]);
  });

  it("beyond 2^53 are judged as the numbers they are", async () => {
    for (const amount of ["9007199254740993", "1e300", "100.0000000000000000001"]) {
      const reply = await send(callBody("pay", `{"amount":${amount}}`), "pay");
      expect(reply.message.result?.isError).toBe(true);
    }
    expect(journal()).toEqual([]);
    const allowed = await send(callBody("pay", '{"amount":100.0}'), "pay");
    expect(allowed.message.result?.isError).toBe(false);
  });
});

describe("a server's list", () => {
  const namesOf = (reply: Reply): readonly unknown[] =>
    ((reply.message.result?.["tools"] as { name: string }[] | undefined) ?? []).map(({ name }) => name);

  it("shows no tool whose name holds what cannot be seen, and none of two that look alike; calls to them are of unknown tools", async () => {
    const first = await gateway.modern("oddities", "open", "tools/list");
    const second = await gateway.modern("oddities", "open", "tools/list", { cursor: "second" });
    expect([...namesOf(first), ...namesOf(second)]).toEqual(["plain"]);
    for (const name of ["zero\u200Bwidth", "bi\u202Edi", "Straße", "STRASSE", "has space"]) {
      const encoded = `=?base64?${Buffer.from(name).toString("base64")}?=`;
      const reply = await gateway.modern(
        "oddities",
        "open",
        "tools/call",
        { name, arguments: {} },
        { "mcp-name": encoded },
      );
      expect(reply.message.error).toEqual({ code: -32602, message: `Unknown tool: ${name}` });
    }
    expect(journalOf(oddities.journalFile)).toEqual([]);
  });

  it("is filtered when a notification comes before it, and the notification arrives", async () => {
    const reply = await gateway.modern("interleaved", "narrow", "tools/list");
    expect(reply.events.map(({ method }) => method)).toEqual(["notifications/message", undefined]);
    expect(reply.text).not.toContain("wipe");
    expect(namesOf(reply)).toEqual(["echo", "pay"]);
  });

  it.each(["bad-list", "double-list"])(
    "that does not parse is no list, and then no call passes: %s",
    async (server) => {
      const list = await gateway.modern(server, "open", "tools/list");
      expect(list.message.error?.code).toBe(1003);
      const call = await gateway.call(server, "open", "echo");
      expect(call.message.error?.code).toBe(1003);
      const file = server === "bad-list" ? badList.journalFile : doubleList.journalFile;
      expect(journalOf(file)).toEqual([]);
    },
  );
});

describe("an answer with a name given twice", () => {
  it("is nonsense, and is recorded as an outcome nobody knows", async () => {
    const reply = await gateway.call("double-result", "open", "echo");
    expect(reply.message.error).toMatchObject({ code: 1003, data: { server: "double-result" } });
    expect((await gateway.records()).at(-1)).toMatchObject({ outcome: "unknown" });
  });
});

describe("a hidden tool", () => {
  it.each(["narrow", "open"])(
    "answers in the same bytes as one that does not exist, under the %s policy",
    async (grant) => {
      const hidden = await gateway.call("witness", grant, "wipe");
      const missing = await gateway.call("witness", grant, "wipp");
      expect(hidden.text.replaceAll("wipe", "wipp")).toBe(missing.text);
      expect({ ...Object.fromEntries(hidden.headers), date: "" }).toEqual({
        ...Object.fromEntries(missing.headers),
        date: "",
      });
      expect(hidden.status).toBe(missing.status);
      expect(journal()).toEqual([]);
      const codes = (await gateway.records()).slice(-2).map(({ code }) => code);
      expect(codes).toEqual(["hidden", grant === "narrow" ? "default_deny" : "unknown_tool"]);
    },
  );

  it("is in no byte of a list", async () => {
    const pages = [
      await gateway.modern("witness", "open", "tools/list"),
      await gateway.modern("witness", "open", "tools/list", { cursor: "second" }),
    ];
    expect(pages.map(({ text }) => text).join("")).not.toContain("wipe");
    expect(pages.flatMap((page) => namesOfTools(page))).toEqual(["echo", "pay", "slow", "fail", "free"]);
    expect(pages[0]?.message.result?.["cacheScope"]).toBe("private");
  });
});

const namesOfTools = (reply: Reply): readonly string[] =>
  ((reply.message.result?.["tools"] ?? []) as { name: string }[]).map(({ name }) => name);
