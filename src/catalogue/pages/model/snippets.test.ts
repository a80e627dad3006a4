import { describe, expect, it } from "vitest";
import { readJson } from "../../../base/json-read.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../base/json-value.ts";
import { checkPolicy, compilePolicyValue } from "../../../policy/compile.ts";
import { createSchemaCompiler } from "../../input-schema.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import { argumentOf, HOSTILE_NAMES, serverOf, toolOf } from "../testing/entries.ts";
import { type Control, controlFinder } from "./control.ts";
import { jsonText } from "./json-text.ts";
import { questionsOn } from "./questions.ts";
import { recommendedPolicy } from "./recommended-policy.ts";
import { neighboursOf, type Snippet } from "./snippets.ts";

const compileSchema = createSchemaCompiler();

const controlOf = (server: ServerEntry, tool: ToolEntry): Control =>
  controlFinder(recommendedPolicy(server).policy)(tool.name);

const snippetsOn = (server: ServerEntry, tool: ToolEntry, asked = ""): readonly Snippet[] =>
  questionsOn(tool, [], controlOf(server, tool), neighboursOf(server))
    .filter(({ question }) => JSON.stringify(question).includes(asked))
    .flatMap(({ snippets }) => snippets);

/** As it stands; an excerpt in the least that it can be put into. */
const wholeOf = ({ is, document }: Snippet): JsonObject =>
  is === "policy" ? document : { version: "1", default: "deny", ...document };

const ruleOn = (server: ServerEntry, tool: ToolEntry, asked: string): Json | undefined => {
  const tools = snippetsOn(server, tool, asked)[0]?.document["tools"];
  return isJsonObject(tools) ? tools[tool.name] : undefined;
};

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

const SMALL = serverOf("small", [META, SHELL, TELLING, toolOf("get_a"), toolOf("get_b")]);

describe("the policies of the pages", () => {
  const names = [...HOSTILE_NAMES, "read_file"];
  const bounded = KINDS.map((kind) =>
    toolOf(`by_${kind}`, { arguments: [argumentOf(`args.${kind}`, [kind])] }),
  );
  const server = serverOf("all", [...names.map((name) => toolOf(name)), TELLING, META, SHELL, ...bounded]);

  it("are valid and warn of nothing, whatever a tool is called", () => {
    let count = 0;
    for (const tool of server.tools) {
      for (const snippet of snippetsOn(server, tool)) {
        const { is, document } = snippet;
        expect([tool.name, complaints(jsonText(wholeOf(snippet)))]).toEqual([tool.name, []]);
        expect([tool.name, "version" in document]).toEqual([tool.name, is === "policy"]);
        expect(readJson(jsonText(document))).toEqual(readJson(JSON.stringify(document)));
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(server.tools.length * 3);
  });

  it("would be found out: one with a field that is none is not valid", () => {
    expect(complaints(jsonText({ version: "1", default: "deny", hidden: ["x"] }))).not.toEqual([]);
  });

  it("block the tool and every tool that could do the same, first without opening another", () => {
    const other = toolOf("other");
    const small = serverOf("small", [TELLING, META, SHELL, other]);
    const [excerpt, whole] = snippetsOn(small, TELLING, "block");
    expect(excerpt).toMatchObject({
      is: "excerpt",
      document: { hide: [TELLING.name, META.name, SHELL.name] },
    });
    expect(Object.keys(excerpt?.document ?? {})).toEqual(["hide"]);
    expect(whole?.is).toBe("policy");
    expect(JSON.stringify(whole?.caption)).toContain("opens every tool");
    const policy = whole?.document ?? {};
    expect(resolve(policy, TELLING.name)?.hidden).toBe("/hide/0");
    expect(resolve(policy, META.name)?.hidden).toBe("/hide/1");
    expect(resolve(policy, SHELL.name)?.hidden).toBe("/hide/2");
    expect(resolve(policy, other.name)).toMatchObject({ hidden: undefined });
  });

  it("block by default where a server has more meta-tools than anybody would list", () => {
    const many = Array.from({ length: 80 }, (_, at) => ({ ...META, name: `run_${String(at)}` }));
    const blocking = snippetsOn(serverOf("many", [TELLING, ...many]), TELLING, "block");
    expect(blocking.map(({ document }) => document)).toEqual([
      { default: "deny", hide: ["move_money"] },
      { version: "1", default: "deny", hide: ["move_money"] },
    ]);
    expect(JSON.stringify(blocking)).not.toContain("opens every tool");
  });

  it("limit what is spent by the argument that says it", () => {
    const limit = (tool: ToolEntry) => JSON.stringify(snippetsOn(serverOf("one", [tool]), tool, "limit"));
    expect(limit(TELLING)).toContain('"increment_from":"args.amount"');
    const optional = {
      ...TELLING,
      arguments: [argumentOf("args.amount", ["money"], { types: ["number"], required: false })],
    };
    expect(limit(optional)).not.toContain("increment_from");
  });

  it("admit by a pattern only what is named so, where the name cannot be written otherwise", () => {
    const odd = toolOf("get_?");
    const [limiting] = snippetsOn(serverOf("one", [odd]), odd, "limit");
    expect(limiting?.document["tools"]).toMatchObject({
      "get_?": { require: [{ conditions: [{ path: "tool.name", op: "eq", value: "get_?" }] }] },
    });
  });

  it("close a meta-tool by the very rule of the recommended policy", () => {
    for (const tool of [META, SHELL]) {
      const closing = snippetsOn(SMALL, tool, "What can").at(-1);
      expect(closing).toMatchObject({ is: "excerpt", document: controlOf(SMALL, tool).excerpt });
    }
    expect(JSON.stringify(ruleOn(SMALL, META, "What can"))).toContain('"get_a","get_b"');
    expect(ruleOn(SMALL, SHELL, "What can")).toMatchObject({ action: "require_approval" });
  });

  it("never limit or bound a meta-tool without closing it", () => {
    const fetching = { ...SHELL, arguments: [...SHELL.arguments, argumentOf("args.cwd", ["path"])] };
    const wiping = { ...META, class: "destructive", risk: "critical" } as const;
    const odd = { ...SHELL, name: "shell_*" };
    const power = toolOf("evaluate", { class: "execute", powers: ["code"] });
    const server = serverOf("small", [fetching, wiping, odd, power, toolOf("get_a")]);
    for (const tool of [META, SHELL]) {
      expect(ruleOn(SMALL, tool, "limit")).toMatchObject({
        ...controlOf(SMALL, tool).rule,
        rate_limit: { max: 10, window: "minute" },
      });
    }
    for (const [tool, asked] of [
      [fetching, "limit"],
      [fetching, "restrict"],
      [wiping, "limit"],
      [odd, "limit"],
      [power, "limit"],
    ] as const) {
      const [snippet] = snippetsOn(server, tool, asked);
      expect([tool.name, snippet?.is]).toEqual([tool.name, "excerpt"]);
      expect(JSON.stringify(snippet?.document)).toContain('"action":"require_approval"');
    }
    const said = questionsOn(META, [], controlOf(SMALL, META), neighboursOf(SMALL));
    expect(JSON.stringify(said)).toContain("A limit alone closes nothing");
    expect(JSON.stringify(said.filter(({ question }) => question[0] === "How do I limit "))).not.toContain(
      "no other",
    );
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
