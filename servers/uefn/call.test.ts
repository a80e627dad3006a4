import { afterEach, expect, it } from "vitest";
import { callTool, type World } from "./call.ts";
import { Docs } from "./docs/docs.ts";
import { INTERNET } from "./docs/pages.ts";
import { Editor } from "./editor/editor.ts";
import { done, FakeListener } from "./testing/fake-listener.ts";

const NEVER = new AbortController().signal;
let fake: FakeListener;

afterEach(() => fake.stop());

const worldOf = (): World => ({
  editor: new Editor({ kind: "port", port: fake.port }, { kind: "none" }),
  docs: new Docs(undefined, { hosts: new Set(), net: INTERNET }),
  timeoutMs: 30_000,
});

it("sends nothing for a call that was cancelled before it began", async () => {
  fake = await FakeListener.start();
  const result = await callTool("undo", {}, worldOf(), AbortSignal.abort());
  expect(result.isError).toBe(true);
  expect([fake.told, fake.received]).toEqual([[], []]);
});

it("gives up the rest of a call in steps when it is cancelled, and says what may have run", async () => {
  const cancel = new AbortController();
  fake = await FakeListener.start({
    reply: () => {
      cancel.abort();
      return { kind: "hang" };
    },
  });
  const args = { actor_label: "A", volume: 1, radius: 2 };
  const result = await callTool("audio_set", args, worldOf(), cancel.signal);
  expect(result.structuredContent).toMatchObject({
    complete: false,
    steps: [
      { step: "volume", state: "unknown" },
      { step: "radius", state: "not_run" },
    ],
  });
  expect(fake.received).toHaveLength(1);
});

it("passes on arguments that are named as what all objects have", async () => {
  fake = await FakeListener.start({ reply: () => done(1) });
  const kwargs = '{"__proto__":{"a":1},"constructor":2}';
  await callTool("run_tool", { tool_name: "config_set", kwargs }, worldOf(), NEVER);
  expect(JSON.stringify(fake.received[0]?.params)).toBe(`{"tool_name":"config_set","kwargs":${kwargs}}`);
});
