import { describe, expect, it } from "vitest";
import { modernMeta, type Message } from "../support/gateway.ts";
import { HttpPeer, RelayProcess, type Asked } from "../support/relay.ts";

// What `connect` sends and takes, byte for byte, on HTTP servers that do what a gateway may do.

const initialize = {
  id: "hello",
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
};
const initialized = { method: "notifications/initialized" };
const welcome = (id: unknown, protocolVersion = "2025-11-25"): object => ({
  jsonrpc: "2.0",
  id,
  result: { protocolVersion, capabilities: {}, serverInfo: { name: "peer", version: "1" } },
});
const done = (id: unknown, extra: object = {}): object => ({ jsonrpc: "2.0", id, result: { ...extra } });
const modern = (id: unknown, method: string, params: object = {}): object => ({
  id,
  method,
  params: { ...params, _meta: modernMeta() },
});

/** A legacy server with sessions `s1`, `s2`, …; a test says what it does with the rest. */
const legacy = (rest: (asked: Asked) => void): { serve: (asked: Asked) => void; forget: () => void } => {
  let count = 0;
  const known = new Set<unknown>();
  const serve = (asked: Asked): void => {
    const { method } = asked.message;
    if (method === "initialize") {
      count += 1;
      known.add(`s${String(count)}`);
      asked.json(welcome(asked.message.id), 200, { "mcp-session-id": `s${String(count)}` });
    } else if (!known.has(asked.headers["mcp-session-id"])) {
      asked.json({ jsonrpc: "2.0", error: { code: -32600, message: "No such session." } }, 404);
    } else if (asked.method === "DELETE") {
      asked.response.writeHead(204).end();
    } else if (method?.startsWith("notifications/") === true) {
      asked.response.writeHead(202).end();
    } else {
      rest(asked);
    }
  };
  return { serve, forget: () => known.clear() };
};
const noStream = (asked: Asked, otherwise: (asked: Asked) => void): void => {
  if (asked.method === "GET") {
    asked.response.writeHead(405).end();
  } else {
    otherwise(asked);
  }
};
const begin = async (relay: RelayProcess): Promise<void> => {
  relay.say(initialize);
  await relay.answer("hello");
  relay.say(initialized);
};

describe("a legacy session", () => {
  it("tells session and revision, listens by GET, and ends with DELETE", async () => {
    let stream: Asked | undefined;
    const server = legacy((asked) => {
      if (asked.method === "GET") {
        stream = asked;
        asked.event({ jsonrpc: "2.0", method: "notifications/tools/list_changed" }, "e7");
        return;
      }
      asked.json(done(asked.message.id));
    });
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url, "secret-token");
    await begin(relay);
    await relay.heard(({ method }) => method === "notifications/tools/list_changed");
    // A stream that breaks is asked for again after its last event.
    stream?.response.destroy();
    const again = await peer.got("GET", 2);
    expect(again.headers).toMatchObject({ "last-event-id": "e7", "mcp-session-id": "s1" });
    again.event({ jsonrpc: "2.0", id: "its", method: "ping" });
    await relay.heard(({ id, method }) => id === "its" && method === "ping");
    relay.write('{"jsonrpc":"2.0","id":"its","result":{}}\n');
    await expect.poll(() => peer.asked.some(({ raw }) => raw.includes('"its"'))).toBe(true);
    expect(await relay.end()).toBe(0);
    const [first, ...later] = peer.asked;
    expect(first?.headers["mcp-session-id"]).toBeUndefined();
    for (const { headers } of later) {
      expect(headers).toMatchObject({ "mcp-session-id": "s1", "mcp-protocol-version": "2025-11-25" });
      expect(headers.authorization).toBe("Bearer secret-token");
    }
    expect(peer.of("DELETE")).toHaveLength(1);
    expect(relay.program.stderr).toBe("");
  });

  it("keeps the order of its beginning, whatever HTTP makes of it", async () => {
    const order: unknown[] = [];
    const server = legacy((asked) => noStream(asked, ({ message, json }) => json(done(message.id))));
    await using peer = await HttpPeer.start((asked) => {
      order.push(asked.message.method);
      setTimeout(() => server.serve(asked), asked.message.method === "tools/list" ? 0 : 150);
    });
    await using relay = new RelayProcess(peer.url);
    relay.say(initialize);
    relay.say(initialized);
    relay.say({ id: 2, method: "tools/list" });
    await relay.answer(2);
    expect(order.slice(0, 2)).toEqual(["initialize", "notifications/initialized"]);
    expect(peer.of("tools/list")[0]?.headers["mcp-session-id"]).toBe("s1");
  });

  it("takes the stream of a call up again that broke before its answer", async () => {
    const server = legacy((asked) => {
      if (asked.message.method === "tools/call") {
        asked.event("", "c1");
        asked.event({ jsonrpc: "2.0", method: "notifications/message", params: { data: "one" } }, "c2");
        asked.response.write("retry: 10\n\n", () => asked.response.destroy());
      } else if (asked.headers["last-event-id"] === "c2") {
        asked.event(done(5, { late: true }), "c3");
        asked.response.end();
      } else {
        asked.response.writeHead(405).end();
      }
    });
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    relay.say({ id: 5, method: "tools/call", params: { name: "long" } });
    expect((await relay.answer(5)).result).toEqual({ late: true });
    expect(peer.of("tools/call")).toHaveLength(1);
    expect(relay.messages.filter(({ method }) => method === "notifications/message")).toHaveLength(1);
  });

  it("does not ask again for a call whose connection broke: whether it ran is not known", async () => {
    const server = legacy((asked) =>
      noStream(asked, ({ message, response, json }) =>
        message.method === "tools/call" ? response.destroy() : json(done(message.id)),
      ),
    );
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    relay.say({ id: 5, method: "tools/call", params: { name: "once" } });
    expect((await relay.answer(5)).error).toMatchObject({
      code: 1001,
      message: expect.stringContaining("Whether the request ran is not known."),
    });
    relay.say({ id: 6, method: "tools/list" });
    await relay.answer(6);
    expect(peer.of("tools/call")).toHaveLength(1);
  });

  it("is begun again with the client's own words where the server has forgotten it", async () => {
    const server = legacy((asked) => noStream(asked, ({ message, json }) => json(done(message.id))));
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    relay.say({ id: 2, method: "tools/list" });
    await relay.answer(2);
    server.forget();
    relay.say({ id: 3, method: "tools/list" });
    relay.say({ id: 4, method: "tools/list" });
    expect((await relay.answer(3)).result).toEqual({});
    expect((await relay.answer(4)).result).toEqual({});
    const beginnings = peer.of("initialize");
    expect(beginnings.map(({ raw }) => raw)).toEqual(
      Array(2).fill(JSON.stringify({ jsonrpc: "2.0", ...initialize })),
    );
    expect(peer.of("notifications/initialized")).toHaveLength(2);
    expect(relay.messages.filter(({ id }) => id === "hello")).toHaveLength(1);
  });

  it("is begun again where its stream is gone, and a beginning that hangs keeps nobody from ending", async () => {
    const server = legacy((asked) => asked.event({ jsonrpc: "2.0", method: "notifications/message" }));
    await using peer = await HttpPeer.start((asked) => {
      // The third `initialize` is never answered.
      if (asked.message.method !== "initialize" || peer.of("initialize").length < 3) {
        server.serve(asked);
      }
    });
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    const breakStream = async (count: number): Promise<void> => {
      const { response } = await peer.got("GET", count);
      await expect.poll(() => relay.lines.length, { timeout: 10_000 }).toBe(1 + (count + 1) / 2);
      server.forget();
      response.destroy();
    };
    await breakStream(1);
    await breakStream(3);
    expect((await peer.got("GET", 3)).headers["mcp-session-id"]).toBe("s2");
    await peer.got("initialize", 3);
    expect(await relay.end()).toBe(0);
  });

  it("ends with the error given where the server forgets every session", async () => {
    const server = legacy((asked) => noStream(asked, ({ message, json }) => json(done(message.id))));
    await using peer = await HttpPeer.start((asked) => {
      server.serve(asked);
      if (asked.message.method === "initialize") {
        server.forget();
      }
    });
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    relay.say({ id: 3, method: "tools/call", params: { name: "x" } });
    expect((await relay.answer(3)).error).toEqual({ code: -32600, message: "No such session." });
    expect(peer.of("tools/call").length).toBeLessThanOrEqual(2);
  });

  it("carries a batch of 2025-03-26, and answers each of it that has none", async () => {
    const server = legacy((asked) =>
      noStream(asked, ({ raw, json }) => json(raw.startsWith("[") ? [done(1), done(2)] : done(3))),
    );
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    const batch = [1, 2, 9].map((id) => ({ jsonrpc: "2.0", id, method: "tools/list" }));
    relay.write(`${JSON.stringify(batch)}\n`);
    expect((await relay.answer(9)).error?.code).toBe(1003);
    expect(relay.lines).toContain(JSON.stringify([done(1), done(2)]));
    expect(peer.asked.some(({ raw }) => raw === JSON.stringify(batch))).toBe(true);
  });
});

describe("a modern request", () => {
  it("has its headers, names that are no plain text encoded", async () => {
    await using peer = await HttpPeer.start(({ message, json }) => json(done(message.id)));
    await using relay = new RelayProcess(peer.url);
    relay.say(modern(1, "tools/call", { name: "größe", arguments: {} }));
    relay.say(modern(2, "resources/read", { uri: "file:///a.txt" }));
    await Promise.all([relay.answer(1), relay.answer(2)]);
    expect(peer.of("tools/call")[0]?.headers).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "=?base64?Z3LDtsOfZQ==?=",
    });
    expect(peer.of("resources/read")[0]?.headers["mcp-name"]).toBe("file:///a.txt");
    await relay.end();
    expect(peer.asked.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  const tool = {
    name: "query",
    inputSchema: { type: "object", properties: { region: { type: "string", "x-mcp-header": "Region" } } },
  };
  const strict = (asked: Asked): void => {
    const { message, headers, json } = asked;
    if (message.method === "tools/list") {
      const first = message.params?.["cursor"] === undefined;
      json(done(message.id, first ? { tools: [], nextCursor: "two" } : { tools: [tool] }));
    } else if (headers["mcp-param-region"] === "west") {
      json(done(message.id, { resultType: "complete" }));
    } else {
      json({ jsonrpc: "2.0", id: message.id, error: { code: -32020, message: "Mismatch." } }, 400);
    }
  };
  const query = (id: number, region: string): object =>
    modern(id, "tools/call", { name: "query", arguments: { region } });

  it("is sent once more with the headers that the tool's schema wants", async () => {
    await using peer = await HttpPeer.start(strict);
    await using relay = new RelayProcess(peer.url);
    relay.say(query(1, "west"));
    expect((await relay.answer(1)).result).toEqual({ resultType: "complete" });
    relay.say(query(2, "west"));
    await relay.answer(2);
    expect(peer.of("tools/call")).toHaveLength(3);
    expect(peer.of("tools/list")).toHaveLength(2);
    // What the relay asked for itself is none of the client's.
    expect(relay.lines).toHaveLength(2);
    relay.say(query(3, "east"));
    expect((await relay.answer(3)).error?.code).toBe(-32020);
    expect(peer.of("tools/call")).toHaveLength(4);
  });

  it("has the headers at once where the client has listed the tools", async () => {
    await using peer = await HttpPeer.start(strict);
    await using relay = new RelayProcess(peer.url);
    relay.say(modern(1, "tools/list", { cursor: "two" }));
    await relay.answer(1);
    relay.say(query(2, "west"));
    expect((await relay.answer(2)).result).toBeDefined();
    expect(peer.of("tools/call")).toHaveLength(1);
  });

  it("is cancelled by closing its response, and has no answer then", async () => {
    await using peer = await HttpPeer.start((asked) => {
      if (asked.message.method === "tools/call") {
        asked.event({ jsonrpc: "2.0", method: "notifications/message", params: {} });
      } else {
        asked.json(done(asked.message.id));
      }
    });
    await using relay = new RelayProcess(peer.url);
    relay.say(modern(1, "tools/call", { name: "long" }));
    await relay.heard(({ method }) => method === "notifications/message");
    relay.say({ method: "notifications/cancelled", params: { requestId: 1 } });
    await expect.poll(() => peer.of("tools/call")[0]?.closed, { timeout: 10_000 }).toBe(true);
    relay.say(modern(2, "server/discover"));
    await relay.answer(2);
    expect(await relay.end()).toBe(0);
    expect(peer.of("notifications/cancelled")).toEqual([]);
    expect(relay.messages.filter(({ id }) => id === 1)).toEqual([]);
  });

  it("may be a subscription, which stays open until the input ends", async () => {
    const changed = { jsonrpc: "2.0", method: "notifications/tools/list_changed", params: {} };
    await using peer = await HttpPeer.start((asked) => asked.event(changed));
    await using relay = new RelayProcess(peer.url);
    relay.say(modern("sub", "subscriptions/listen", { notifications: { toolsListChanged: true } }));
    const asked = await peer.got("subscriptions/listen");
    asked.event(changed);
    await expect.poll(() => relay.messages.length, { timeout: 10_000 }).toBe(2);
    expect(await relay.end()).toBe(0);
    await expect.poll(() => asked.closed, { timeout: 10_000 }).toBe(true);
    expect(relay.lines).toEqual(Array(2).fill(JSON.stringify(changed)));
  });
});

describe("a message", () => {
  it("arrives as it was written, unknown fields, numbers and white space too", async () => {
    const pretty =
      '{\n  "jsonrpc": "2.0",\r\n  "id": 1,\n  "result": { "n": 1.0, "\\u0061": "\\u2028", "new": [] }\n}\n';
    await using peer = await HttpPeer.start(({ json }) => json(pretty));
    await using relay = new RelayProcess(peer.url);
    const sent = `{ "jsonrpc":"2.0","id":1,"method":"vendor/x","params":{"n":1e2,"big":12345678901234567890,"s":"\\u00e9 é"} ,"later":null}`;
    relay.write(`${sent}\r\n`);
    await relay.answer(1);
    expect(peer.asked[0]?.raw).toBe(`${sent}\r`);
    expect(relay.lines).toEqual([pretty.replaceAll(/\r\n|\n/gu, " ")]);
  });

  it("that is too long, or no text, is refused here, and those after it go on", async () => {
    await using peer = await HttpPeer.start(({ message, json }) => json(done(message.id)));
    await using relay = new RelayProcess(peer.url);
    const long = "x".repeat(5 * 1024 * 1024);
    relay.say({ id: 7, method: "tools/call", params: { name: "echo", arguments: { long } } });
    relay.program.child.stdin?.write(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]));
    relay.say(modern(2, "server/discover"));
    await relay.answer(2);
    expect((await relay.answer(7)).error?.code).toBe(-32600);
    expect(relay.messages.some(({ error }) => error?.code === -32700)).toBe(true);
    expect(peer.asked).toHaveLength(1);
  });

  it.each([
    ["a status without JSON", (asked: Asked) => asked.response.writeHead(503).end("away"), 1001],
    [
      "a redirect",
      (asked: Asked) => asked.response.writeHead(307, { location: "http://127.0.0.1:9/" }).end(),
      1003,
    ],
    ["an answer to somebody else", (asked: Asked) => asked.json(done("other")), 1003],
    ["no JSON", (asked: Asked) => asked.json("{ nonsense"), 1003],
    ["nothing", (asked: Asked) => asked.response.writeHead(202).end(), 1003],
    ["an event over the bound", (asked: Asked) => asked.event("x".repeat(17 * 1024 * 1024)), 1003],
    [
      "an error without an id",
      (asked: Asked) => asked.json({ jsonrpc: "2.0", error: { code: -5, message: "m" } }, 400),
      -5,
    ],
  ])(
    "that is answered with %s gets an error with its id, and the next is carried",
    async (_, serve, code) => {
      await using peer = await HttpPeer.start((asked) =>
        asked.message.id === 1 ? serve(asked) : asked.json(done(asked.message.id)),
      );
      await using relay = new RelayProcess(peer.url);
      relay.say(modern(1, "tools/list"));
      expect((await relay.answer(1)).error?.code).toBe(code);
      relay.say(modern(2, "tools/list"));
      expect((await relay.answer(2)).result).toEqual({});
      expect(await relay.end()).toBe(0);
    },
  );

  it("waits at the gateway while the client does not read", async () => {
    const total = 400;
    let sent = 0;
    const said: Message = { method: "notifications/message" };
    await using peer = await HttpPeer.start((asked) => {
      const more = (): void => {
        while (sent < total) {
          sent += 1;
          asked.event({ jsonrpc: "2.0", ...said, params: { data: "x".repeat(100_000) } });
          if (asked.response.writableNeedDrain) {
            asked.response.once("drain", more);
            return;
          }
        }
        asked.event(done(1));
        asked.response.end();
      };
      more();
    });
    await using relay = new RelayProcess(peer.url);
    relay.program.child.stdout?.pause();
    relay.say(modern(1, "tools/call", { name: "much" }));
    await peer.got("tools/call");
    // It stands still: nothing more was sent between two looks.
    let before = -1;
    await expect
      .poll(
        () => {
          const still = sent === before;
          before = sent;
          return still;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(total / 2);
    relay.program.child.stdout?.resume();
    await relay.answer(1);
    expect(relay.lines).toHaveLength(total + 1);
  });
});

describe("a relay whose input ends", () => {
  it("carries no message that was cut off", async () => {
    await using peer = await HttpPeer.start(({ message, json }) => json(done(message.id)));
    await using relay = new RelayProcess(peer.url);
    relay.write('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(await relay.end()).toBe(0);
    expect(peer.asked).toEqual([]);
    expect(relay.program.stderr).toContain("in the middle of a message");
  });
});

describe("a relay that is told to stop", () => {
  it("ends the session and does not wait for a call", async () => {
    const server = legacy((asked) => noStream(asked, () => {}));
    await using peer = await HttpPeer.start(server.serve);
    await using relay = new RelayProcess(peer.url);
    await begin(relay);
    relay.say({ id: 2, method: "tools/call", params: { name: "hang" } });
    await peer.got("tools/call");
    expect(await relay.program.stop("SIGINT")).toBe(0);
    expect(peer.of("DELETE")).toHaveLength(1);
    expect(peer.of("tools/call")[0]?.closed).toBe(true);
  });
});
