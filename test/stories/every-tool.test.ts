import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOL_FACTS, type ToolName } from "../../servers/uefn/tool-facts.generated.ts";
import type { Gateway } from "../support/gateway.ts";
import { ARGUMENTS } from "./arguments.ts";
import { Editor, examplePolicy } from "./editor.ts";

// Each of the bridge's tools, called through the gate; what the editor ran of it is in the editor's own journal.

const editor = new Editor();
let gateway: Gateway;

beforeAll(async () => {
  const docs = join(editor.folder, "docs");
  mkdirSync(docs);
  writeFileSync(join(docs, "devices.md"), "# Devices\n\nA creative_device has OnBegin.\n");
  await editor.open();
  gateway = await editor.gate(
    { open: { version: "1", default: "allow" }, hide: examplePolicy("uefn/hide.policy.json") },
    { bridge: ["--docs", docs] },
  );
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await editor[Symbol.asyncDispose]();
});

/** Commands that the editor must run for a tool, in order, by the bridge's table; none for the documentation. */
const commandsOf = (name: ToolName): readonly string[] => {
  const { backend } = TOOL_FACTS[name];
  const special: Partial<Record<ToolName, readonly string[]>> = {
    run_tool: ["run_tool", "tag_search"],
    batch_exec: ["batch_exec", "ping"],
    audio_set: ["run_tool", "audio_set_volume", "run_tool", "audio_set_radius"],
    // There is one sun.
    light_bulk_adjust: ["run_tool", "light_list", "run_tool", "light_set"],
    "query-docs": [],
    "fetch-doc-source": [],
  };
  const tool = /^run_tool:(.*)$/u.exec(backend)?.[1];
  return special[name] ?? (tool === undefined ? [backend] : ["run_tool", tool]);
};

/** The last, as nothing answers after it. */
const NAMES = (Object.keys(TOOL_FACTS) as ToolName[]).toSorted(
  (one, other) => Number(one === "shutdown") - Number(other === "shutdown"),
);

/** A policy that hides `shutdown` leaves every other one to be called. */
const grantFor = (name: ToolName): string => (name === "shutdown" ? "open" : "hide");

describe("the tools of the bridge, through the gate", () => {
  it("are 143", () => {
    expect(NAMES).toHaveLength(143);
  });

  it.each(NAMES)("%s", async (name) => {
    const before = editor.ran.length;
    const { message } = await gateway.call("uefn", grantFor(name), name, ARGUMENTS[name] ?? {});
    expect(editor.ran.slice(before).map(({ command }) => command)).toEqual(commandsOf(name));
    if (name === "fetch-doc-source") {
      // No host is named that it may read.
      expect(message.result).toMatchObject({ isError: true });
      expect(message.result?.content?.[0]?.text).toContain("--docs-hosts");
      return;
    }
    expect(message.error).toBeUndefined();
    expect([message.result?.isError ?? false, message.result?.content]).toEqual([false, expect.any(Array)]);
    expect(message.result?.["structuredContent"]).toBeTypeOf("object");
  });
});
