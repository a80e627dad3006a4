import { describe, expect, it } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { JsonNumber } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame, Unreadable } from "./frame.ts";
import { readBatch, readFrame } from "./read-frame.ts";

const call = (params: string, envelope = ""): string =>
  `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":${params}${envelope}}`;

const refusal = (text: string): Unreadable => {
  const frame = readFrame(text);
  expect(frame.kind).toBe("unreadable");
  return frame as Unreadable;
};

const good = (text: string): Frame => {
  const frame = readFrame(text);
  expect(frame).not.toHaveProperty("reason");
  return frame as Frame;
};

describe("a message that is read", () => {
  it("is a request with the id, the method and the params it was sent with", () => {
    const frame = good(call('{"name":"greet","arguments":{"n":1.0}}'));
    expect(frame).toMatchObject({ kind: "request", id: 7, method: "tools/call" });
    expect(writeJson(frame.value)).toBe(call('{"name":"greet","arguments":{"n":1.0}}'));
  });

  it("is a notification if it has no id", () => {
    const frame = good('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    expect(frame).toMatchObject({ kind: "notification", params: undefined });
  });

  it("is a response if it has a result or an error", () => {
    expect(good('{"jsonrpc":"2.0","id":"a","result":{}}')).toMatchObject({ kind: "response", id: "a" });
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no","data":[1]}}';
    expect(good(error)).toMatchObject({ kind: "response", result: undefined, error: { code: -32601 } });
  });

  it("may be an error without an id, or with the id null", () => {
    for (const id of ["", '"id":null,']) {
      const frame = good(`{"jsonrpc":"2.0",${id}"error":{"code":-32700,"message":"no"}}`);
      expect(frame).toMatchObject({ kind: "response", id: undefined });
    }
  });

  it("keeps a large id as it was written", () => {
    const frame = good('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');
    expect(frame.kind === "request" && frame.id instanceof JsonNumber && frame.id.text).toBe(
      "9007199254740993",
    );
  });

  it("keeps members that nobody knows", () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"__proto__":{"a":1},"constructor":2},"extra":3}';
    expect(writeJson(good(text).value)).toBe(text);
  });
});

describe("text that is not one message", () => {
  it.each([
    ["", "parse_error"],
    ["{", "parse_error"],
    ["\uFEFF{}", "parse_error"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"} {}', "parse_error"],
    ["[]", "invalid_request"],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', "invalid_request"],
    ["null", "invalid_request"],
    ['"ping"', "invalid_request"],
    ["{}", "invalid_request"],
    ['{"id":1,"method":"ping"}', "invalid_request"],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', "invalid_request"],
    ['{"jsonrpc":2.0,"id":1,"method":"ping"}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"method":5}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"method":null,"result":{}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"result":[]}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":null,"result":{}}', "invalid_request"],
    ['{"jsonrpc":"2.0","result":{}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"error":"x"}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"x"}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1}}', "invalid_request"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', "invalid_params"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', "invalid_params"],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":[]}}', "invalid_params"],
  ])("%j is %s", (text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  it.each(["null", "1.5", "true", "{}", "[]"])("an id %s is refused", (id) => {
    expect(refusal(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)).toMatchObject({
      code: "invalid_request",
      id: undefined,
      method: "ping",
    });
  });
});

describe("a message that two readers could take for two things", () => {
  it.each([
    call('{"name":"a","name":"b"}'),
    call('{"name":"a","arguments":{"x":{"y":1,"y":2}}}'),
    call('{"name":"a","arguments":{"x":"\\ud800"}}'),
    call('{"name":"a","arguments":{"x":1e999}}'),
    call(`{"name":"a","arguments":{"x":${"[".repeat(1_001)}${"]".repeat(1_001)}}}`),
  ])("is refused with the id of its request", (text) => {
    expect(refusal(text)).toMatchObject({ code: "invalid_request", id: 7, method: "tools/call" });
  });

  it("is refused for more than 10,000 members of one object", () => {
    const members = Array.from({ length: LIMITS.object_keys_max + 1 }, (_, index) => `"k${index}":0`);
    expect(refusal(call(`{"name":"a","arguments":{${members.join(",")}}}`)).code).toBe("invalid_request");
  });

  it.each([
    "Id",
    "ID",
    "METHOD",
    "method\\u0000",
    "method\\u0000x",
    "\uFF4Dethod",
    "Params",
    "re\u017Fult",
    "JSONRPC",
  ])("is refused for the name %j in the envelope", (name) => {
    const text = `{"jsonrpc":"2.0","id":7,"method":"ping","${name}":"x"}`;
    expect(refusal(text)).toMatchObject({ code: "invalid_request", id: 7, method: "ping" });
  });

  it.each([
    "Name",
    "NAME",
    "name\\u0000",
    "Name\\u0000x",
    "\uFF4E\uFF41\uFF4D\uFF45",
    "\u{1D427}ame",
    "\u{1D429}\u{1D42B}\u{1D428}\u{1D42D}\u{1D428}\u{1D41C}\u{1D428}\u{1D425}\u{1D415}\u{1D41E}\u{1D42B}\u{1D42C}\u{1D422}\u{1D428}\u{1D427}",
    "ARGUMENTS",
    "argument\u017F",
    "_Meta",
    "_META",
    "URI",
    "Cursor",
    "requeststate",
    "InputResponses",
    "task\\u0000",
  ])("is refused for the name %j in params", (name) => {
    expect(refusal(call(`{"name":"a","${name}":"b"}`))).toMatchObject({ code: "invalid_request", id: 7 });
  });

  it("is refused for a name in a completion's reference or a subscription's filter that is nearly a known one", () => {
    const complete =
      '{"ref":{"type":"ref/resource","uri":"a:b","URI":"c:d"},"argument":{"name":"n","value":""}}';
    expect(refusal(`{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":${complete}}`).code).toBe(
      "invalid_request",
    );
    const filter = '{"notifications":{"ResourceSubscriptions":["a:b"]}}';
    expect(refusal(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":${filter}}`).code).toBe(
      "invalid_request",
    );
  });

  it("may have names in the arguments that look like known ones", () => {
    good(call('{"name":"a","arguments":{"Name":1,"name":2,"ID":3,"name\\u0000":4}}'));
  });

  it.each([
    "Tools/Call",
    "tools/call ",
    " tools/call",
    "tools/call\\n",
    "tools/call\\u0000",
    "tools/call\\u0000x",
    "tools/\u200Bcall",
    "\uFEFFtools/call",
    "\uFF54ools/call",
    "tool\u017F/call",
    "TOOLS/LIST",
    "notifications/Initialized",
  ])("is refused for the method %j", (method) => {
    expect(refusal(`{"jsonrpc":"2.0","id":7,"method":"${method}","params":{}}`)).toMatchObject({
      code: "invalid_request",
      id: 7,
    });
  });

  it("may have a method of its own", () => {
    good('{"jsonrpc":"2.0","id":7,"method":"com.example/Tools Call"}');
  });
});

describe("the params of known methods", () => {
  it.each(["{}", '{"name":5}', '{"name":null}', '{"name":["a"]}', '{"name":"a","arguments":[]}'])(
    "of a call are refused as %s",
    (params) => {
      expect(refusal(call(params))).toMatchObject({ code: "invalid_params", id: 7, method: "tools/call" });
    },
  );

  it.each(['{"name":"a","arguments":null}', '{"name":"a","arguments":"{}"}'])(
    "of a call are refused as %s",
    (params) => {
      expect(refusal(call(params)).code).toBe("invalid_params");
    },
  );

  it("of a call may leave the arguments out", () => {
    good(call('{"name":"a"}'));
  });

  it("of a read need a URI, and of a prompt a name", () => {
    for (const method of ["resources/read", "resources/subscribe", "prompts/get", "tasks/get"]) {
      expect(refusal(`{"jsonrpc":"2.0","id":1,"method":"${method}"}`).code).toBe("invalid_params");
    }
  });

  it("do not help a request that has no id", () => {
    for (const method of ["tools/call", "resources/read", "tools/list"]) {
      const text = `{"jsonrpc":"2.0","method":"${method}","params":{"name":"a","uri":"b:c"}}`;
      expect(refusal(text)).toMatchObject({ code: "invalid_request", id: undefined, method });
    }
  });

  it("do not help a notification that has an id", () => {
    expect(refusal('{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled"}').code).toBe(
      "invalid_request",
    );
  });
});

describe("a refusal", () => {
  it("says where a syntax error is, and repeats nothing of the text", () => {
    const { reason } = refusal('{"jsonrpc":"2.0",\n"secret-value" 1}');
    expect(reason).toContain("line 2");
    expect(reason).not.toContain("secret-value");
  });

  it("does not repeat an endless method", () => {
    expect(refusal(`{"jsonrpc":"1","id":1,"method":"${"x".repeat(1000)}"}`).method).toBeUndefined();
  });
});

describe("a batch", () => {
  it("is read element by element", () => {
    const frames = readBatch('[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2},5]');
    expect(frames).toMatchObject([
      { kind: "request" },
      { kind: "unreadable", id: 2 },
      { kind: "unreadable" },
    ]);
  });

  it("is refused if it is empty", () => {
    expect(readBatch("[]")).toMatchObject({ kind: "unreadable", code: "invalid_request" });
  });
});
