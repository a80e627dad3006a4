import { describe, expect, it } from "vitest";
import { writeJson } from "../base/json-write.ts";
import { errorFrame, notificationFrame, requestFrame, resultFrame } from "./make-frame.ts";
import { readFrame } from "./read-frame.ts";

describe("a message of the gate's own", () => {
  it.each([
    ["a request", requestFrame("a", "ping", undefined), '{"jsonrpc":"2.0","id":"a","method":"ping"}'],
    [
      "a request with parameters",
      requestFrame(1, "tools/list", { cursor: "c" }),
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"c"}}',
    ],
    ["a notification", notificationFrame("x/y"), '{"jsonrpc":"2.0","method":"x/y"}'],
    [
      "a notification with parameters",
      notificationFrame("x/y", { z: 1 }),
      '{"jsonrpc":"2.0","method":"x/y","params":{"z":1}}',
    ],
    ["a result", resultFrame(1, { z: 1 }), '{"jsonrpc":"2.0","id":1,"result":{"z":1}}'],
    [
      "an error",
      errorFrame(1, -32601, "no"),
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}',
    ],
    [
      "an error with data",
      errorFrame(1, -32021, "no", { z: 1 }),
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"no","data":{"z":1}}}',
    ],
  ])("%s is what the same text is read as", (_, frame, text) => {
    expect(writeJson(frame.value)).toBe(text);
    expect(readFrame(text)).toEqual(frame);
  });
});
