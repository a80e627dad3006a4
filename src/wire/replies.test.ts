import { describe, expect, it } from "vitest";
import { denialReply, errorReply, resultReply, unknownToolReply } from "./replies.ts";
import { readFrame } from "./read-frame.ts";

const decision = {
  decision: "deny",
  code: "deny_if_matched",
  rule: "/tools/a/deny_if/0",
  name: "n",
  message: 'Not "that".',
} as const;

describe("replies", () => {
  it("of a denial are a result with one text and the decision without its message", () => {
    expect(JSON.parse(denialReply(3, decision, false))).toEqual({
      jsonrpc: "2.0",
      id: 3,
      result: {
        content: [{ type: "text", text: '[POLICY DENIED] Not "that".' }],
        isError: true,
        _meta: {
          "tollgate/decision": {
            decision: "deny",
            code: "deny_if_matched",
            rule: "/tools/a/deny_if/0",
            name: "n",
          },
        },
      },
    });
  });

  it("of a denial say that they are complete to a modern client", () => {
    expect(JSON.parse(denialReply("x", { ...decision, retry_after_ms: 5 }, true))).toMatchObject({
      id: "x",
      result: { resultType: "complete", _meta: { "tollgate/decision": { retry_after_ms: 5 } } },
    });
  });

  it("to an unknown tool are one text but for the name", () => {
    expect(unknownToolReply(1, 'a"b')).toBe(
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: a\\"b"}}',
    );
  });

  it("without a known request have no id", () => {
    expect(errorReply(undefined, -32700, "no")).toBe(
      '{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}',
    );
    expect(errorReply("a", 1001, "no", { server: "s" })).toContain('"data":{"server":"s"}');
  });

  it("repeat an id as it was written", () => {
    const frame = readFrame('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');
    expect(frame.kind === "request" && resultReply(frame.id, {})).toBe(
      '{"jsonrpc":"2.0","id":9007199254740993,"result":{}}',
    );
  });
});
