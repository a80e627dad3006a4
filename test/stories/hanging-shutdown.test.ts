import { afterEach, describe, expect, it } from "vitest";
import type { Gateway } from "../support/gateway.ts";
import { Editor } from "./editor.ts";

// The editor whose `shutdown` never answers: the listener is stopped all the same, and nobody can know.

const ONCE = {
  version: "1",
  default: "allow",
  tools: { shutdown: { limits: [{ counter: "shutdowns", window: "hour", max: 1, scope: "grant" }] } },
};

const open: (Editor | Gateway)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) {
    await each[Symbol.asyncDispose]();
  }
});

const shutDown = async (settings: Parameters<Editor["gate"]>[1]) => {
  const editor = new Editor();
  open.push(editor);
  await editor.open("--shutdown", "hanging", "--timeout-ms", "60000");
  const gateway = await editor.gate({ once: ONCE }, settings);
  open.push(gateway);
  const first = await gateway.call("uefn", "once", "shutdown");
  const second = await gateway.call("uefn", "once", "shutdown");
  const records = await gateway.records();
  return { editor, first, second, records };
};

describe("a shutdown that hangs its caller", () => {
  it("is told by the gate as timed out, with an outcome that nobody knows, is charged, and is recorded so", async () => {
    const { editor, first, second, records } = await shutDown({
      options: { callMs: 2_000, callMaxMs: 2_000 },
    });
    expect(first.message.error).toMatchObject({ code: 1002 });
    expect(first.message.error?.message).toContain("Whether it acted is not known");
    expect(editor.ran.map(({ command }) => command)).toEqual(["shutdown"]);
    expect(second.message.result?.content?.[0]?.text).toMatch(/^\[POLICY DENIED\]/u);
    const call = records.find(({ method }) => method === "tools/call");
    expect(call).toMatchObject({ tool: "shutdown", decision: "allow" });
    const outcome = records.find((line) => "outcome" in line && line["id"] === call?.["id"]);
    expect(outcome).toMatchObject({ outcome: "timeout" });
  });

  it("is told by the bridge where its own time is up first, as not known too", async () => {
    const { editor, first, second, records } = await shutDown({ bridge: ["--timeout", "1"] });
    expect(first.message.result?.isError).toBe(true);
    expect(first.message.result?.content?.[0]?.text).toMatch(/^It is not known whether shutdown ran/u);
    expect(editor.ran.map(({ command }) => command)).toEqual(["shutdown"]);
    expect(second.message.result?.content?.[0]?.text).toMatch(/^\[POLICY DENIED\]/u);
    const call = records.find(({ method }) => method === "tools/call");
    const outcome = records.find((line) => "outcome" in line && line["id"] === call?.["id"]);
    expect(outcome).toMatchObject({ outcome: "tool_error" });
  });
});
