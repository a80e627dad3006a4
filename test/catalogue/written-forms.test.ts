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
const flag = { type: "boolean" };
const said = (description: string): JsonObject => ({ type: "string", description });
const list = (description: string): JsonObject => ({ ...words, description });
const sw = (description: string): JsonObject => ({ type: "boolean", description });
const oneOf = (...values: readonly string[]): JsonObject => ({ type: "string", enum: values });
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

/** Programs, in a language that is named by the argument or its text. */
const PROGRAMS: readonly Row[] = [
  ["execute", "code", "godot_inspect", "Inspects a scene", { source: said("GDScript lines") }],
  ["execute", "code", "maya_info", "Info of a scene", { mel: text }],
  ["execute", "code", "get_dom_value", "Gets a value", { fn: said("Function body, run in the page") }],
  [
    "execute",
    "code",
    "read_register",
    "Reads it",
    { expr: said("gdb expression, function calls are allowed") },
  ],
  [
    "execute",
    "code",
    "inspect_frame",
    "Inspects a frame",
    { watch: said("Expression in the debuggee's language") },
  ],
  ["execute", "code", "wait_until", "Waits", { predicate: said("JS returning a boolean") }],
  ["execute", "code", "summarize_dataset", "Summarizes it", { file: text, r: said("R code") }],
  ["execute", "code", "describe_excel", "Describes a workbook", { vba: text }],
  ["execute", "code", "list_objects", "Lists objects", { dynamo: said("IronPython body") }],
  ["execute", "code", "preview_email", "Previews it", { body: said("EJS source, rendered on the server") }],
  ["execute", "code", "format_report", "Formats a report", { erb: text }],
];

/** Queries that write, and questions that become some. */
const QUERIES: readonly Row[] = [
  ["execute", "sql", "fetch_gql", "Fetches", { gql: said("Operation (query/mutation)") }],
  ["execute", "sql", "search_linear", "Searches it", { operation: said("GraphQL operation text") }],
  ["execute", "sql", "mysql_read", "Ask MySQL", { statement: text }],
  ["execute", "sql", "influx_lookup", "Looks up points", { flux: text }],
  ["execute", "sql", "kusto_lookup", "Looks up rows", { kql: said("Query or a control command") }],
  ["execute", "sql", "question_db", "Answers by writing a SQL statement and running it", { question: text }],
  ["execute", "sql", "show_plan", "Shows the plan of it", { sql: text, run: sw("Really run it") }],
];

/** Agents that can do more than answer, argument lines, programs, methods of services. */
const DOERS: readonly Row[] = [
  ["execute", "commands", "consult", "Asks an AI who can use the terminal", { question: text }],
  ["execute", "commands", "get_help", "Gets help of an agent that edits the repository", { question: text }],
  ["execute", "commands", "tell", "Tells the operator bot what is wanted", { message: text }],
  ["execute", "commands", "question_sre", "Asks the SRE bot, which may restart services", { question: text }],
  ["execute", "commands", "grep", "Searches", { pattern: text, more: list("switches for ripgrep") }],
  [
    "execute",
    "commands",
    "git_show",
    "Shows it",
    { ref: text, rest: list("Whatever else goes to git show") },
  ],
  ["execute", "commands", "kubectl_get", "Gets resources", { kind: text, tail: words }],
  ["execute", "commands", "list_dir", "Lists a directory", { path: text, switches: words }],
  ["execute", "commands", "view_image", "Views it", { path: text, viewer: said("Executable that shows it") }],
  ["execute", "commands", "diff_files", "Compares files", { a: text, b: text, difftool: text }],
  ["execute", "tools", "gcp_info", "Info of it", { api: said("as in compute.instances.delete"), body: free }],
];

/** Switches and choices by which a tool that reads takes away or pays. */
const SWITCHES: readonly Row[] = [
  ["financial", "", "preview_swap", "Previews a swap", { go: sw("Perform the swap at once") }],
  ["financial", "", "price_check", "Checks a price", { one_click: sw("Order it if it is cheap") }],
  ["financial", "", "view_basket", "Shows the basket", { finalize: flag }],
  ["financial", "", "get_offer", "Gets an offer", { accept: flag }],
  ["financial", "", "get_fees", "Gets fees. When commit is on the transaction goes out.", { commit: flag }],
  ["destructive", "", "list_keys", "Lists keys", { next: oneOf("none", "revoke", "rotate") }],
  ["destructive", "", "show_queue", "Shows a queue", { drain: sw("Throws away what is in it") }],
  ["destructive", "", "get_events", "Gets events", { ack: sw("Events are gone for good") }],
  ["destructive", "", "list_processes", "Lists processes", { kill_zombies: flag }],
  ["destructive", "", "get_sessions", "Gets sessions", { on_idle: oneOf("keep", "terminate") }],
];

/** Near misses of these, which only read. */
const READS: readonly Row[] = [
  ["read", "", "get_message", "Gets a message.", { body: said("Body of the message") }],
  ["read", "", "calculate", "Computes it.", { expression: said("Arithmetic expression, as in 2 + 3") }],
  ["read", "", "lint_r", "Lints a script.", { script: said("R code to check") }],
  ["read", "", "get_country", "Gets a country.", { code: said("ISO code") }],
  ["read", "", "list_snippets", "Lists snippets.", { language: text, python: flag }],
  ["read", "", "fetch_gql", "Fetches", { gql: said("A query; mutations are rejected") }],
  ["read", "", "mysql_read", "Reads rows, in a read-only transaction.", { statement: text }],
  ["read", "", "search_issues", "Searches issues.", { query: said("Words to look for") }],
  ["read", "", "get_agent", "Gets an agent.", { id: text }],
  ["read", "", "search_agents", "Finds agents that can use a browser.", { query: text }],
  ["read", "", "list_ports", "Lists ports of the network.", { switches: words }],
  ["read", "", "get_story", "Gets a story.", { rest: words }],
  ["read", "", "list_users", "Lists users.", { include_deleted: flag, show_revoked: flag }],
  ["read", "", "list_rows", "Lists rows.", { drop_duplicates: flag, remove_empty: flag }],
  ["read", "", "list_tokens", "Lists tokens.", { state: oneOf("none", "revoked", "active") }],
  ["read", "", "get_terms", "Gets the terms.", { accept: oneOf("text/html", "text/plain") }],
  ["read", "", "get_offer", "Gets an offer", { include_accepted: flag }],
  ["read", "", "preview_swap", "Previews a swap", { dry: sw("Nothing is sent; the swap is only simulated") }],
];

/** Names that ask, before a noun that could be a verb; and verbs at the same place. */
const NOUNS: readonly Row[] = [
  ["read", "", "list_workflow_runs", "Runs of a workflow", { id: text }],
  ["read", "", "get_run", "A run of a pipeline", { id: text }],
  ["read", "", "query_loki_logs", "Log lines of a stream", { query: text }],
  ["read", "", "get_job_logs", "Download logs of a job", { id: text }],
  ["read", "", "get_template", "A message template by its name", { name: text }],
  ["execute", "", "start_run", "Runs of a workflow are started", { id: text }],
  ["write", "", "get_draft", "Commits the draft to the branch", { id: text }],
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
    ["programs in a language", PROGRAMS],
    ["queries that write", QUERIES],
    ["agents, argument lines and methods", DOERS],
    ["switches and choices", SWITCHES],
    ["nouns that could be verbs", NOUNS],
    ["near misses", NO_META],
    ["near misses that only read", READS],
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
