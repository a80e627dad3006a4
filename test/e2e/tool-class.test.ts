import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, journalOf, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";

// `tool.class` in a policy, through a real gateway: what is denied by its class does not reach the server.

const POLICY = {
  version: "1",
  default: "allow",
  all_tools: {
    arguments: "any",
    deny_if: [{ conditions: [{ path: "tool.class", op: "in", value: ["destructive", "financial"] }] }],
  },
};

const directory = temporaryDirectory();
const journal = join(directory, "journal.jsonl");
const tools = join(directory, "tools.json");
let gateway: Gateway;

const inputSchema = { type: "object" };
const TOOLS = [
  { name: "list_items", inputSchema },
  // What a server says of itself makes it no safer.
  {
    name: "delete_items",
    description: "",
    annotations: { title: "List items", readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    inputSchema,
  },
  { name: "refund_payment", annotations: { readOnlyHint: true }, inputSchema },
];

beforeAll(async () => {
  writeFileSync(tools, JSON.stringify(TOOLS));
  const args = [WITNESS, "--journal", journal, "--tools", tools];
  gateway = await Gateway.start(
    {
      mcpServers: { s: { command: process.execPath, args } },
      policies: { p: POLICY },
      identities: { a: {} },
      grants: { g: { identity: "a", server: "s", policy: "p", token: tokenOf("g") } },
    },
    directory,
  );
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe("a policy on tool.class", () => {
  it("denies what is destructive or financial, whatever its server says of it", async () => {
    const answers = [];
    for (const { name } of TOOLS) {
      answers.push((await gateway.call("s", "g", name)).message.result);
    }
    expect(answers.map((result) => result?.isError)).toEqual([false, true, true]);
    for (const denied of answers.slice(1)) {
      expect(denied?.["_meta"]).toMatchObject({
        "tollgate/decision": { code: "deny_if_matched", rule: "/all_tools/deny_if/0" },
      });
    }
    expect(journalOf(journal).map(({ name }) => name)).toEqual(["list_items"]);
    const lines = (await gateway.records()).filter((line) => "decision" in line);
    expect(lines.map(({ tool, code }) => [tool, code])).toEqual([
      ["list_items", "allowed"],
      ["delete_items", "deny_if_matched"],
      ["refund_payment", "deny_if_matched"],
    ]);
  });
});
