import { describe, expect, it } from "vitest";
import { readJson } from "../../../base/json-read.ts";
import type { JsonObject } from "../../../base/json-value.ts";
import { checkPolicy, compilePolicyValue } from "../../../policy/compile.ts";
import { createSchemaCompiler } from "../../input-schema.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import { argumentOf, HOSTILE_NAMES, serverOf, toolOf } from "../testing/entries.ts";
import { jsonText } from "./json-text.ts";
import { questionsOn } from "./questions.ts";
import { neighboursOf } from "./snippets.ts";

const compileSchema = createSchemaCompiler();

const policiesOn = (server: ServerEntry, tool: ToolEntry): readonly JsonObject[] =>
  questionsOn(tool, [], neighboursOf(server)).flatMap(({ policy }) => (policy === undefined ? [] : [policy]));

const complaints = (text: string): readonly string[] => {
  const { errors, warnings } = checkPolicy(text, { name: "page", compileSchema });
  return [...errors, ...warnings].map(({ message }) => message);
};

const resolve = (policy: JsonObject, name: string) =>
  compilePolicyValue(policy, { name: "page", compileSchema }).rules?.resolve(name);

const KINDS = ["path", "url", "host", "recipient"] as const;

const TELLING = toolOf("move_money", {
  class: "financial",
  risk: "critical",
  arguments: [
    argumentOf("args.amount", ["money"], { types: ["number"] }),
    argumentOf("args.to[*].account", ["recipient"], { required: false }),
    argumentOf('args["odd name"]', ["path"]),
  ],
});
const META = toolOf("run_tool", {
  class: "execute",
  arguments: [argumentOf("args.tool", ["tool"])],
  meta: { runs: "tools", arguments: ["args.tool"], batch: false },
});
const SHELL = toolOf("shell", {
  class: "execute",
  arguments: [argumentOf("args.command", ["command"])],
  meta: { runs: "commands", arguments: ["args.command"], batch: false },
});

describe("the policies of the pages", () => {
  const names = [...HOSTILE_NAMES, "read_file"];
  const bounded = KINDS.map((kind) =>
    toolOf(`by_${kind}`, { arguments: [argumentOf(`args.${kind}`, [kind])] }),
  );
  const server = serverOf("all", [...names.map((name) => toolOf(name)), TELLING, META, SHELL, ...bounded]);

  it("are valid and warn of nothing, whatever a tool is called", () => {
    let count = 0;
    for (const tool of server.tools) {
      for (const policy of policiesOn(server, tool)) {
        const text = jsonText(policy);
        expect([tool.name, complaints(text)]).toEqual([tool.name, []]);
        expect(readJson(text)).toEqual(readJson(JSON.stringify(policy)));
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(server.tools.length * 3);
  });

  it("would be found out: one with a field that is none is not valid", () => {
    expect(complaints(jsonText({ version: "1", default: "deny", hidden: ["x"] }))).not.toEqual([]);
  });

  it("block the tool and every tool that could do the same, and leave the others open", () => {
    const other = toolOf("other");
    const small = serverOf("small", [TELLING, META, SHELL, other]);
    const policy = policiesOn(small, TELLING).find((one) => "hide" in one) ?? {};
    expect(resolve(policy, TELLING.name)?.hidden).toBe("/hide/0");
    expect(resolve(policy, META.name)?.hidden).toBe("/hide/1");
    expect(resolve(policy, SHELL.name)?.hidden).toBe("/hide/2");
    expect(resolve(policy, other.name)).toMatchObject({ hidden: undefined });
  });

  it("block by default where a server has more meta-tools than anybody would list", () => {
    const many = Array.from({ length: 80 }, (_, at) => ({ ...META, name: `run_${String(at)}` }));
    const policy = policiesOn(serverOf("many", [TELLING, ...many]), TELLING).find((one) => "hide" in one);
    expect(policy).toEqual({ version: "1", default: "deny", hide: ["move_money"] });
  });

  it("limit what is spent by the argument that says it", () => {
    const [limiting] = policiesOn(serverOf("one", [TELLING]), TELLING);
    expect(JSON.stringify(limiting)).toContain('"increment_from":"args.amount"');
    const optional = {
      ...TELLING,
      arguments: [argumentOf("args.amount", ["money"], { types: ["number"], required: false })],
    };
    expect(JSON.stringify(policiesOn(serverOf("one", [optional]), optional)[0])).not.toContain(
      "increment_from",
    );
  });

  it("admit by a pattern only what is named so, where the name cannot be written otherwise", () => {
    const [limiting] = policiesOn(serverOf("one", [toolOf("get_?")]), toolOf("get_?"));
    expect(limiting?.["tools"]).toMatchObject({
      "get_?": { require: [{ conditions: [{ path: "tool.name", op: "eq", value: "get_?" }] }] },
    });
  });

  it("close a meta-tool to all but tools that only read", () => {
    const small = serverOf("small", [META, SHELL, TELLING, toolOf("get_a"), toolOf("get_b")]);
    const closing = policiesOn(small, META).at(-1);
    expect(closing?.["tools"]).toEqual({
      run_tool: { require: [{ conditions: [{ path: "args.tool", op: "in", value: ["get_a", "get_b"] }] }] },
    });
    expect(policiesOn(small, SHELL).at(-1)).toMatchObject({ hide: ["shell", "run_tool"] });
  });
});

describe("JSON on a page", () => {
  it("shows what cannot be seen, and is the same document", () => {
    const value = {
      "a\u202E": ["\u2028", "😀", 1, null, true, {}, []],
      long: { deep: { deeper: { deepest: "x" } } },
    };
    const text = jsonText(value);
    expect(text).toContain("\\u202e");
    expect(text).not.toMatch(/[\u202E\u2028]/u);
    expect(JSON.parse(text)).toEqual(value);
  });
});
