import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { definitionDigest } from "../digest.ts";
import type { ServerEntry } from "../entry.ts";
import { entryOf } from "./entry-of.ts";
import { readEntries } from "./read-entries.ts";
import { writeEntries } from "./write-entries.ts";

const entry = (...definitions: readonly JsonObject[]): ServerEntry =>
  entryOf({
    name: "billing",
    origin: { from: "package", package: "@acme/billing-mcp", version: "1.2.3" },
    product: { name: "Billing", version: "1.2.3" },
    revision: "2025-11-25",
    tools: definitions.map((definition) => ({ definition, digest: definitionDigest(definition) })),
  });

const REFUND: JsonObject = {
  name: "refund_payment",
  description: "PROSE of the server that nobody may find again, in several words.",
  inputSchema: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
  annotations: { destructiveHint: true, title: "PROSE", odd: "PROSE", readOnlyHint: "yes" },
};

describe("an entry", () => {
  it("has the tools by name, with size, digest and hints, and nothing of the server's prose", () => {
    const { tools } = entry(REFUND, { name: "get_payment" });
    expect(tools.map(({ name }) => name)).toEqual(["get_payment", "refund_payment"]);
    const refund = tools[1];
    expect(refund?.digest).toBe(definitionDigest(REFUND));
    expect(refund?.annotations).toEqual({ destructiveHint: true });
    expect(refund?.tokens).toBeGreaterThan(tools[0]?.tokens ?? 0);
    expect(writeEntries([entry(REFUND)])).not.toContain("PROSE");
  });

  it("is the same bytes whatever the order in which the server lists its tools", () => {
    const [a, b] = [{ name: "a" }, { name: "b" }];
    expect(writeEntries([entry(a, b)])).toBe(writeEntries([entry(b, a)]));
  });

  it("has what a server says of itself in so many characters, none of them half of one", () => {
    const product = {
      name: `${"x".repeat(LIMITS.catalogue_text_characters_max - 1)}\u{1f600}`,
      version: "1\n2",
    };
    const made = entryOf({
      name: "a",
      origin: { from: "scan", at: 0 },
      product,
      revision: "2025-11-25",
      tools: [],
    });
    expect(made.product?.version).toBe("1 2");
    expect(made.product?.name).toBe("x".repeat(LIMITS.catalogue_text_characters_max - 1));
    expect(readEntries(writeEntries([made]))).toEqual({ ok: true, servers: [made] });
  });

  it("shows what cannot be seen in what a server says of itself", () => {
    const made = entryOf({
      name: "a",
      origin: { from: "scan", at: 0 },
      product: { name: "Files\u0007\u202E", version: "1\u200b.2\\" },
      revision: "2025-11-25\u0000",
      tools: [],
    });
    expect(made.product).toEqual({ name: "Files\\u0007\\u202e", version: "1\\u200b.2\\" });
    expect(made.revision).toBe("2025-11-25\\u0000");
    expect(readEntries(writeEntries([made]))).toEqual({ ok: true, servers: [made] });
  });

  it("is read as it was written, whatever the server's definitions are", () => {
    const definition = fc
      .record(
        {
          name: fc.oneof(
            fc.string({ unit: "binary" }),
            fc.constantFrom("delete_\ud83d\ude00".repeat(40), "x".repeat(500)),
          ),
          description: fc.string({ unit: "binary" }),
          inputSchema: fc.record({
            type: fc.constant("object"),
            properties: fc.dictionary(
              fc.string({ unit: "binary", maxLength: 600 }),
              fc.record({ type: fc.oneof(fc.string(), fc.constant("string")) }),
            ),
          }),
          annotations: fc.dictionary(
            fc.constantFrom("readOnlyHint", "x"),
            fc.oneof(fc.boolean(), fc.string()),
          ),
        },
        { requiredKeys: ["name"] },
      )
      // Names that the gate does not show are no tools of it.
      .filter(({ name }) => name !== "" && !/[\p{C}\s]/u.test(name))
      .map((value) => fromPlain(value))
      .filter(isJsonObject);
    fc.assert(
      fc.property(definition, (tool) => {
        const made = entry(tool);
        expect(readEntries(writeEntries([made]))).toEqual({ ok: true, servers: [made] });
      }),
    );
  });
});

const good = (): { catalogue: unknown; servers: Record<string, unknown>[] } =>
  JSON.parse(writeEntries([entry(REFUND)])) as { catalogue: unknown; servers: Record<string, unknown>[] };

const refused = (change: (file: ReturnType<typeof good>, tool: Record<string, unknown>) => void): string => {
  const file = good();
  const tools = file.servers[0]?.["tools"] as Record<string, unknown>[];
  change(file, tools[0] ?? {});
  const read = readEntries(JSON.stringify(file));
  return read.ok ? "read" : `${read.problem.pointer ?? ""}: ${read.problem.message}`;
};

describe("a file of entries", () => {
  it("is read where nothing is changed", () => {
    expect(refused(() => {})).toBe("read");
  });

  it.each<readonly [string, Parameters<typeof refused>[0]]>([
    ["/catalogue: only version", (file) => (file.catalogue = 2)],
    ["/servers: this must be a list", (file) => Object.assign(file, { servers: {} })],
    ["/more: nothing of this name", (file) => Object.assign(file, { more: 1 })],
    ["/servers/1/name: this name is here twice", (file) => file.servers.push(file.servers[0] ?? {})],
    ["/servers/0/name: ", (file) => Object.assign(file.servers[0] ?? {}, { name: "../up" })],
    ["/servers/0/origin: this must be an object", (file) => delete file.servers[0]?.["origin"]],
    [
      "/servers/0/origin/at: nothing of this name",
      (file) => Object.assign(file.servers[0]?.["origin"] ?? {}, { at: 1 }),
    ],
    [
      "/servers/0/origin/at: ",
      (file) => Object.assign(file.servers[0] ?? {}, { origin: { from: "scan", at: 9e15 } }),
    ],
    ["/servers/0/tools/0/class: this must be one of", (_, tool) => (tool["class"] = "harmless")],
    ["/servers/0/tools/0/risk: this must be one of", (_, tool) => (tool["risk"] = "__proto__")],
    ["/servers/0/tools/0/confidence: ", (_, tool) => (tool["confidence"] = 1.5)],
    ["/servers/0/tools/0/tokens: ", (_, tool) => (tool["tokens"] = -1)],
    ["/servers/0/tools/0/digest: ", (_, tool) => (tool["digest"] = "00")],
    ["/servers/0/tools/0/name: ", (_, tool) => (tool["name"] = "a\u001b[2Jb")],
    [
      "/servers/0/tools/0/evidence: ",
      (_, tool) => (tool["evidence"] = Array.from({ length: 33 }, () => ({}))),
    ],
    [
      "/servers/0/tools/0/evidence/0/says: ",
      (_, tool) => (tool["evidence"] = [{ from: "name", found: "", says: "x".repeat(513) }]),
    ],
    [
      "/servers/0/tools/0/evidence/0/found: ",
      (_, tool) => (tool["evidence"] = [{ from: "name", found: "x".repeat(81), says: "" }]),
    ],
    [
      "/servers/0/tools/0/arguments/0/kinds/0: ",
      (_, tool) => (tool["arguments"] = [{ path: "args.a", kinds: ["cash"] }]),
    ],
    ["/servers/0/tools/0/powers/0: ", (_, tool) => (tool["powers"] = [{}])],
    ["/servers/0/tools/0/meta/batch: ", (_, tool) => (tool["meta"] = { runs: "code", arguments: [] })],
    [
      "/servers/0/tools/0/annotations/odd: nothing of this name",
      (_, tool) => (tool["annotations"] = { odd: true }),
    ],
    ["/servers/0/tools/0/description: nothing of this name", (_, tool) => (tool["description"] = "prose")],
  ])("is refused as a whole: %s", (what, change) => {
    expect(refused(change)).toContain(what);
  });

  it.each([
    ["", "value"],
    ["[]", "this must be an object"],
    ['{"catalogue":1,"servers":[]', "ends"],
    ['{"catalogue":1,"catalogue":1,"servers":[]}', "twice"],
    ["[".repeat(5_000), "levels"],
  ])("is refused where it is no such JSON at all: %s", (text, message) => {
    expect(readEntries(text)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining(message) },
    });
  });

  it("is read in any layout, and its faults are told at their place", () => {
    const product = { name: String.raw`a "quoted" \" {[ \\" ]} text`, version: "1" };
    const made = { ...entry(REFUND), product };
    const text = JSON.stringify(JSON.parse(writeEntries([made])), undefined, 2);
    expect(readEntries(text)).toEqual({ ok: true, servers: [made] });
    const twice = text.replace('"revision"', '"name": "x",\n"revision"');
    expect(readEntries(twice)).toMatchObject({ ok: false, problem: { line: 15, column: 7 } });
    const behind = `${text}\n,`;
    expect(readEntries(behind)).toMatchObject({ ok: false, problem: { line: text.split("\n").length + 1 } });
  });

  it("is JSON or is refused, whatever is cut out of it or put into it", () => {
    const text = writeEntries([entry(REFUND), { ...entry({ name: "a" }), name: "other" }]);
    const isJson = (changed: string): boolean => {
      try {
        return JSON.parse(changed) !== undefined;
      } catch {
        return false;
      }
    };
    const odd = fc.constantFrom(
      "",
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      ",",
      "null",
      "{}",
      "[]",
      '"x":{}',
      ":",
      "1",
    );
    const place = fc.nat(text.length);
    fc.assert(
      fc.property(place, fc.nat(3), odd, (at, cut, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + cut);
        expect(!readEntries(changed).ok || isJson(changed)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("holds no more of a tool than is kept", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, at) => [`argument_${String(at)}`, {}]),
    );
    const [tool] = entry({ name: "create_many", inputSchema: { type: "object", properties } }).tools;
    expect(tool?.arguments.length).toBeLessThanOrEqual(LIMITS.catalogue_arguments_max);
  });
});
