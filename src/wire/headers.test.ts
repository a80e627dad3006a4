import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { Frame } from "./frame.ts";
import { checkHeaders } from "./headers.ts";
import { checkParamHeaders, paramHeaders, paramHeadersOf } from "./param-headers.ts";
import { frameOf } from "./read-frame.ts";
import { decodeHeaderValue, encodeHeaderValue } from "./sentinel.ts";

const frame = (method: string, params?: JsonObject, id: Json | undefined = 1): Frame => {
  const value: Record<string, Json> = { jsonrpc: "2.0", method };
  if (id !== null) {
    value["id"] = id;
  }
  if (params !== undefined) {
    value["params"] = params;
  }
  return frameOf(value) as Frame;
};

const MODERN = { era: "modern", revision: "2026-07-28" } as const;
const headers = (version?: string, method?: string, name?: string): Record<string, string[]> => ({
  ...(version === undefined ? {} : { "mcp-protocol-version": [version] }),
  ...(method === undefined ? {} : { "mcp-method": [method] }),
  ...(name === undefined ? {} : { "mcp-name": [name] }),
});

describe("the value encoding", () => {
  it.each([
    ["us-west1", "us-west1"],
    ["Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="],
    [" padded ", "=?base64?IHBhZGRlZCA=?="],
    ["line1\nline2", "=?base64?bGluZTEKbGluZTI=?="],
    ["=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
    ["", "=?base64??="],
  ])("of %j is %j, as the specification's examples have it", (text, value) => {
    expect(encodeHeaderValue(text)).toBe(value);
    expect(decodeHeaderValue(value)).toBe(text);
  });

  it("gives every string back, in a header that every server takes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme-composite" })), (text) => {
        const value = encodeHeaderValue(text);
        expect(value).toMatch(/^[!-~]([\t -~]*[!-~])?$/);
        expect(decodeHeaderValue(value)).toBe(text);
      }),
    );
  });

  it.each(["", "a\nb", "é", " a", "=?base64?YQ?=", "=?base64?YR==?=", "=?base64?Y Q=?=", "=?base64?/w==?="])(
    "has nothing for %j",
    (value) => {
      expect(decodeHeaderValue(value)).toBeUndefined();
    },
  );
});

describe("the headers of a modern request", () => {
  const call = frame("tools/call", { name: "greet" });

  it("match the body", () => {
    expect(checkHeaders(call, headers("2026-07-28", "tools/call", "greet"), MODERN)).toBeUndefined();
    const read = frame("resources/read", { uri: "file:///é" });
    const name = encodeHeaderValue("file:///é");
    expect(checkHeaders(read, headers("2026-07-28", "resources/read", name), MODERN)).toBeUndefined();
    expect(checkHeaders(frame("tools/list"), headers("2026-07-28", "tools/list"), MODERN)).toBeUndefined();
  });

  it.each([
    [headers(undefined, "tools/call", "greet")],
    [headers("2026-07-28", undefined, "greet")],
    [headers("2026-07-28", "tools/call")],
    [headers("2025-11-25", "tools/call", "greet")],
    [headers("2026-07-28", "tools/list", "greet")],
    [headers("2026-07-28", "TOOLS/CALL", "greet")],
    [headers("2026-07-28", "tools/call", "other")],
    [headers("2026-07-28", "tools/call", "=?base64?b3RoZXI=?=")],
    [headers("2026-07-28", "tools/call", "=?base64?greet?=")],
    [{ ...headers("2026-07-28", "tools/call"), "mcp-name": ["greet", "greet"] }],
    [{ ...headers("2026-07-28", undefined, "greet"), "mcp-method": ["tools/call", "tools/list"] }],
    [{ ...headers(undefined, "tools/call", "greet"), "mcp-protocol-version": ["2026-07-28", "2026-07-28"] }],
  ])("are refused as %j", (given) => {
    expect(checkHeaders(call, given, MODERN)).toMatchObject({ code: "header_mismatch" });
  });

  it("may not name what the body does not", () => {
    expect(checkHeaders(frame("tools/list"), headers("2026-07-28", "tools/list", "x"), MODERN)).toBeDefined();
    expect(
      checkHeaders(frame("x/y", { name: "x" }), headers("2026-07-28", "x/y", "x"), MODERN),
    ).toBeUndefined();
  });

  it("are not asked of a notification, and are compared if they are there", () => {
    const cancelled = frame("notifications/cancelled", { requestId: 1 }, null);
    expect(checkHeaders(cancelled, {}, MODERN)).toBeUndefined();
    expect(checkHeaders(cancelled, headers("2026-07-28", "tools/call"), MODERN)).toBeDefined();
  });
});

describe("the headers of a legacy message", () => {
  const call = frame("tools/call", { name: "greet" });
  const legacy = { era: "legacy", revision: "2025-11-25" } as const;

  it("may be left out, and may not say something else", () => {
    expect(checkHeaders(call, {}, legacy)).toBeUndefined();
    expect(checkHeaders(call, headers("2025-11-25", "tools/call", "greet"), legacy)).toBeUndefined();
    expect(checkHeaders(call, headers("2025-06-18"), legacy)).toMatchObject({ code: "header_mismatch" });
    expect(checkHeaders(call, headers(undefined, "tools/list"), legacy)).toMatchObject({
      code: "header_mismatch",
    });
    expect(checkHeaders(call, headers(undefined, undefined, "x"), legacy)).toMatchObject({
      code: "header_mismatch",
    });
    const response = frameOf({ jsonrpc: "2.0", id: 1, result: {} }) as Frame;
    expect(checkHeaders(response, headers("2025-11-25"), legacy)).toBeUndefined();
    expect(checkHeaders(response, headers(undefined, "tools/call"), legacy)).toBeDefined();
  });

  it("may not promise a modern request", () => {
    expect(checkHeaders(call, headers("2026-07-28"), legacy)).toMatchObject({ code: "invalid_params" });
    expect(checkHeaders(call, headers("2026-07-28"), { era: "legacy", revision: undefined })).toMatchObject({
      code: "invalid_params",
    });
  });

  it("say nothing yet for an initialize, and stand once", () => {
    const claim = { era: "legacy", revision: undefined } as const;
    expect(checkHeaders(frame("initialize"), headers("2025-11-25"), claim)).toBeUndefined();
    const twice = { "mcp-protocol-version": ["2025-11-25", "2025-06-18"] };
    expect(checkHeaders(frame("initialize"), twice, claim)).toBeDefined();
  });
});

const SCHEMA = readJson(`{
  "type": "object",
  "properties": {
    "region": { "type": "string", "x-mcp-header": "Region" },
    "deep": { "type": "object", "properties": { "n": { "type": "integer", "x-mcp-header": "N" } } },
    "flag": { "type": "boolean", "x-mcp-header": "Flag" },
    "x-mcp-header": { "type": "string" }
  }
}`);
const args = (text: string): JsonObject => readJson(text) as JsonObject;

describe("the headers that a schema asks for", () => {
  it("are made from the arguments at the exact path", () => {
    expect(paramHeaders(SCHEMA, args('{"region":"é","deep":{"n":42.0},"flag":false,"n":1}'))).toEqual({
      "Mcp-Param-Region": "=?base64?w6k=?=",
      "Mcp-Param-N": "42",
      "Mcp-Param-Flag": "false",
    });
  });

  it("are left out for what is null, missing, no primitive, a fraction or too large", () => {
    expect(paramHeaders(SCHEMA, args('{"region":null,"deep":{"n":1.5},"flag":[]}'))).toEqual({});
    expect(paramHeaders(SCHEMA, args('{"deep":{"n":9007199254740993}}'))).toEqual({});
    expect(paramHeaders(SCHEMA, undefined)).toEqual({});
    expect(paramHeaders(undefined, args('{"region":"x"}'))).toEqual({});
  });

  it.each([
    '{"x-mcp-header":"A","type":"string"}',
    '{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}',
    '{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}',
    '{"properties":{"a":{"x-mcp-header":"A"}}}',
    '{"properties":{"a":{"type":"string","x-mcp-header":""}}}',
    '{"properties":{"a":{"type":"string","x-mcp-header":"A B"}}}',
    '{"properties":{"a":{"type":"string","x-mcp-header":5}}}',
    '{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}',
    '{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}',
    '{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}',
    '{"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}',
    '{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}',
    '{"patternProperties":{"a":{"type":"string","x-mcp-header":"A"}}}',
  ])("make the definition invalid in %s", (text) => {
    expect(paramHeadersOf(readJson(text))).toMatchObject({ kind: "invalid" });
  });

  it("are compared with the body, numbers as numbers", () => {
    const body = args('{"region":"us","deep":{"n":42}}');
    const check = (given: Record<string, string[]>): string | undefined =>
      checkParamHeaders(SCHEMA, body, given);
    expect(check({ "mcp-param-region": ["us"], "mcp-param-n": ["42.0"] })).toBeUndefined();
    expect(check({ "mcp-param-region": ["=?base64?dXM=?="], "mcp-param-n": ["4.2e1"] })).toBeUndefined();
    expect(check({ "mcp-param-region": ["us"], "mcp-param-n": ["43"] })).toContain("Mcp-Param-N");
    expect(check({ "mcp-param-region": ["US"], "mcp-param-n": ["42"] })).toContain("Mcp-Param-Region");
    expect(check({ "mcp-param-n": ["42"] })).toContain("missing");
    expect(check({ "mcp-param-region": ["us", "us"], "mcp-param-n": ["42"] })).toContain("more than once");
    expect(
      check({ "mcp-param-region": ["us"], "mcp-param-n": ["42"], "mcp-param-flag": ["true"] }),
    ).toContain("Flag");
    expect(
      check({ "mcp-param-region": ["us"], "mcp-param-n": ["42"], "mcp-param-other": ["x"] }),
    ).toBeUndefined();
  });
});
