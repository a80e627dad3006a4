import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json-value.ts";
import { profileTool } from "../../src/catalogue/profile.ts";
import type { MetaTool, ToolClass } from "../../src/catalogue/verdict.ts";

// Tools of our own that are known by the form of what they say, whatever their arguments are called; and near misses.

type Row = readonly [
  is: ToolClass,
  runs: MetaTool["runs"] | "",
  name: string,
  description: string,
  properties: JsonObject,
];

const text = { type: "string" };
const free = { type: "object" };
const words = { type: "array", items: text };
const objects = { type: "array", items: free };

/** What is said to run programs runs whatever it is given. */
const PLAIN_SHELLS: readonly Row[] = [
  ["execute", "commands", "m", "Runs a shell command", { line: { ...text, description: "Shell line" } }],
  ["execute", "commands", "m2", "Executes shell commands", { lines: words }],
  [
    "execute",
    "commands",
    "q",
    "Executes a command in the terminal.",
    { z: text, timeout: { type: "integer" } },
  ],
  ["execute", "code", "m3", "Runs Python code", { x: text }],
  ["execute", "code", "m4", "Evaluates a JavaScript snippet.", { w: text }],
  ["execute", "sql", "m5", "Execute SQL", { s: text }],
  ["execute", "commands", "sh", "", { s: text }],
];

/** Other tools, by other words. */
const OTHER_TOOLS: readonly Row[] = [
  ["execute", "tools", "choose", "Looks for a fitting tool and does what it does", { wish: text }],
  [
    "execute",
    "tools",
    "find_one",
    "Finds the tool that fits and gives back what it returned",
    { wish: text },
  ],
  ["execute", "tools", "box", "A box of abilities", { pick: text, values: free }],
  ["execute", "tools", "by_title", "Starts whichever function of this server is meant", { title: text }],
  ["execute", "tools", "dispatch", "Hands a wish to the tool that fits", { wish: text }],
  ["execute", "tools", "helper", "Starts a helper that has every tool", { brief: text }],
  ["execute", "tools", "remote", "Passes a call to the hub", { call: free }],
  ["execute", "tools", "tool_call", "", { t: text, a: free }],
  ["execute", "tools", "invoke_capability", "Invokes a capability", { id: text, data: free }],
];

/** What is put where it is run, or carried out. */
const PLACED: readonly Row[] = [
  ["execute", "commands", "do_plan", "Carries out a plan that is base64", { what: text }],
  ["execute", "commands", "many", "Does many things at once", { steps: objects }],
  ["execute", "commands", "import_flow", "Imports a flow and starts it", { flow: text }],
  ["execute", "commands", "os", "Access to the operating system", { what: text }],
  ["execute", "commands", "add_job", "Adds a line to the crontab", { entry: text }],
  ["execute", "commands", "put_unit", "Puts a systemd unit in place", { name: text, unit: text }],
  ["execute", "code", "add_extension", "Loads a shared library", { path: text }],
  ["execute", "commands", "unpickle", "Unpickles an object", { data: text }],
  ["execute", "commands", "set_editor", "Sets the editor", { value: text }],
  ["execute", "commands", "add_target", "Adds a target to the makefile and makes it", { recipe: text }],
  ["execute", "commands", "watch", "Watches a file", { path: text, on_change: text }],
];

/** Near misses of these: nothing here takes a program, a tool or a plan. */
const NO_META: readonly Row[] = [
  ["read", "", "run_code_search", "Run code search over a project.", { q: text }],
  ["execute", "", "run_script", "Runs a saved script.", { script_id: text }],
  [
    "execute",
    "",
    "run_npm",
    "Runs a script of package.json.",
    { script: { ...text, enum: ["build", "test"] } },
  ],
  ["read", "", "suggest_tool", "Suggests the tool that fits.", { wish: text }],
  ["read", "", "list_cron_jobs", "Lists the lines of the crontab.", { user: text }],
  ["read", "", "explain_crontab", "Explains a line of a crontab.", { line: text }],
  ["write", "", "set_editor_theme", "Sets the theme of the editor.", { theme: text }],
  ["read", "", "get_library", "Gets a shared library of the team.", { id: text }],
  ["read", "", "watch_prices", "Watches prices.", { symbol: text }],
  ["read", "", "get_call", "Gets a call.", { id: text }],
  ["read", "", "list_capabilities", "Lists what the server can do.", { kind: text, options: free }],
];

const definitionOf = ([, , name, description, properties]: Row): JsonObject => ({
  name,
  description,
  inputSchema: { type: "object", properties },
});

const missesOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => {
    const [is, runs, name, description] = row;
    const got = profileTool(definitionOf(row));
    const found = got.meta?.runs ?? "";
    return got.class === is && found === runs
      ? []
      : [`${name} (${description}): ${is} ${runs}, not ${got.class} ${found}`];
  });

describe("what is run is known by what a tool says, not by how its arguments are called", () => {
  it.each([
    ["plain shells", PLAIN_SHELLS],
    ["other tools", OTHER_TOOLS],
    ["what is put where it is run", PLACED],
    ["near misses", NO_META],
  ])("%s", (_what, rows) => {
    expect(missesOf(rows)).toEqual([]);
  });

  it("names every argument that may be what is run, and none that says how", () => {
    const properties = { a: text, b: words, timeout: { type: "integer" }, cwd: text, language: text };
    const { meta } = profileTool(
      definitionOf(["execute", "commands", "m", "Runs a shell command", properties]),
    );
    expect(meta).toEqual({ runs: "commands", arguments: ["args.a", "args.b"], batch: true });
  });
});
