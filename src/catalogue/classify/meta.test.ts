import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";

const text = { type: "string" };

const tool = (name: string, properties: JsonObject, description = ""): JsonObject => ({
  name,
  description,
  inputSchema: { type: "object", properties },
});

const COMMANDS = {
  type: "array",
  items: { type: "object", properties: { command: text, params: { type: "object" } } },
};

describe("a tool that does what it is told", () => {
  it.each([
    [tool("run_tool", { tool_name: text, kwargs: {} }), "tools", ["args.tool_name"], false],
    [tool("call_tool", { name: text, arguments: { type: "object" } }), "tools", ["args.name"], false],
    [tool("batch_exec", { commands: COMMANDS }), "tools", ["args.commands[*].command"], true],
    [tool("batch_exec", { commands: { type: "array", items: {} } }), "tools", ["args.commands"], true],
    [tool("execute_python", { code: text }), "code", ["args.code"], false],
    [tool("page_evaluate", { function: text }, "Evaluates JavaScript."), "code", ["args.function"], false],
    [tool("get_shell", { command: text }, "Gets the output."), "commands", ["args.command"], false],
    [tool("run", { commands: { type: "array", items: text } }), "commands", ["args.commands"], true],
    [tool("query", { sql: text }), "sql", ["args.sql"], false],
    [tool("apply_migration", { query: text }), "sql", ["args.query"], false],
  ])("is found: $name", (definition, runs, paths, batch) => {
    const { meta, class: is } = profileTool(definition);
    expect(meta).toEqual({ runs, arguments: paths, batch });
    expect(is).toBe("execute");
  });

  it.each([
    tool("control", { command: { enum: ["up", "down"] } }),
    tool("search", { query: text, language: text }, "Searches code."),
    tool("find_place", { zip_code: text, country_code: text }),
    tool("set_status", { status_code: text }),
    tool("describe_tool", { tool_name: text }, "Describes a tool."),
    tool("search_tools", { query: text }),
    tool("review_code", { code: text }, "Reviews code."),
    tool("explain_command", { command: text }, "Explains a command."),
    tool("read_query", { query: text }, "Runs a read-only SQL query."),
    tool("create_file", { code: text }, "Creates a file."),
  ])("is not $name", (definition) => {
    expect(profileTool(definition).meta).toBeUndefined();
  });

  it("keeps SQL as a power where it only reads", () => {
    const profile = profileTool(tool("query", { sql: text }, "Runs a read-only SQL query."));
    expect(profile).toMatchObject({ class: "read", risk: "medium", powers: ["sql"] });
  });

  it("is not made harmless by its text where its name says that it writes", () => {
    expect(profileTool(tool("write_query", { sql: text }, "Read-only.")).class).toBe("execute");
  });
});

const choice = { type: "string", enum: ["list_servers", "delete_server"] };
const free = { type: "object" };
const many = (properties: JsonObject) => ({ type: "array", items: { type: "object", properties } });
const words = { type: "array", items: text };

describe("what names something to call, beside what that is given,", () => {
  it.each([
    [tool("call_tool", { tool_name: choice, arguments: free }, "Calls a tool."), "tools", ["args.tool_name"]],
    [tool("run_tool", { tool: choice }, "Runs one of the tools."), "tools", ["args.tool"]],
    [tool("invoke", { name: text, arguments: free }), "tools", ["args.name"]],
    [tool("mcp-exec", { name: text, arguments: free }), "tools", ["args.name"]],
    [tool("proxy", { tool: text, input: free }), "tools", ["args.tool"]],
    [tool("use_tool", { tool: text, input: free }), "tools", ["args.tool"]],
    [tool("execute", { function_name: text, function_args: free }), "tools", ["args.function_name"]],
    [tool("execute_action", { actionId: text, params: free }), "tools", ["args.actionId"]],
    [tool("call_function", { fn: text, args: free }), "tools", ["args.fn"]],
    [tool("run_action", { action_key: text, input: free }), "tools", ["args.action_key"]],
    [tool("batch", { operations: many({ op: text, params: free }) }), "tools", ["args.operations[*].op"]],
    [tool("batch_exec", { requests: { type: "array", items: free } }), "tools", ["args.requests"]],
    [tool("jsonrpc", { method: text, params: free }), "tools", ["args.method"]],
    [tool("schedule", { cron: text, tool: text, args: free }), "tools", ["args.tool"]],
    [
      tool("multi_tool_use", { tool_uses: many({ recipient_name: text, parameters: free }) }),
      "tools",
      ["args.tool_uses[*].recipient_name"],
    ],
    [tool("execute_tool", {}), "tools", []],
    [tool("runtool", { toolname: text }), "tools", ["args.toolname"]],
    [tool("anything", { payload: text }, "Runs a tool; all is in the payload."), "tools", []],
    [tool("kubectl", { args: words }), "commands", ["args.args"]],
    [tool("git", { args: words }, "Git."), "commands", ["args.args"]],
    [tool("docker", { arguments: text }), "commands", ["args.arguments"]],
  ])("is found in $name", (definition, runs, paths) => {
    const { meta, class: is } = profileTool(definition);
    expect(meta).toMatchObject({ runs, arguments: paths });
    expect(is).toBe("execute");
  });

  it.each([
    tool("slash_help", { command: text }, "Shows the help of a command."),
    tool("rent_tool", { tool_id: text, days: { type: "integer" } }, "Rents a tool to a customer."),
    tool("start_game", { operation_id: text }, "Starts a game."),
    tool("send_command", { device_id: text, command: text }, "Sends a command to a lamp."),
    tool("create_report", { name: text, parameters: free }, "Creates a report."),
    tool("update_operation", { name: text, params: free }, "Updates an operation of a plan."),
    tool(
      "manage_functions",
      { operation: choice, functionName: text, parameters: text },
      "Manages functions.",
    ),
    tool("http_request", { method: text, url: text, body: text }, "Sends a request."),
    tool("search_notes", { query: text }, "Use this tool to find notes."),
    tool("run_report", { name: text, year: text }, "Runs a report."),
    tool("describe_tools", { tool: text, detail: text }, "Describes a tool."),
  ])("is not found in $name", (definition) => {
    expect(profileTool(definition).meta).toBeUndefined();
  });
});

describe("what is put where it is run later", () => {
  it.each([
    [
      tool("kubectl_create", { name: text, command: words }, "Creates a resource."),
      "commands",
      "args.command",
    ],
    [tool("write_to_terminal", { command: text }, "Writes to the terminal."), "commands", "args.command"],
    [tool("create_cron_job", { schedule: text, command: text }), "commands", "args.command"],
    [tool("add_mcp_server", { name: text, command: text }, "Adds a server."), "commands", "args.command"],
    [tool("create_tool", { name: text, code: text }, "Creates a tool."), "code", "args.code"],
    [tool("use_figma", { code: text }), "code", "args.code"],
    [tool("update_function", { name: text, code: text }, "Updates a function."), "code", "args.code"],
    [tool("create_hook", { event: text, script: text }, "Creates a hook."), "code", "args.script"],
  ])("counts as run: $name", (definition, runs, path) => {
    const { meta, class: is } = profileTool(definition);
    expect(meta?.runs).toBe(runs);
    expect(meta?.arguments).toContain(path);
    expect(is).toBe("execute");
  });

  it.each([
    tool("write_file", { path: text, content: text }, "Writes a file."),
    tool("create_gist", { code: text }, "Creates a gist."),
    tool("write_apex", { code: text }, "Writes a class."),
    tool("save_command", { command: text }, "Saves a command for later reading."),
    tool("search_docs", { command: text }, "Searches the documentation of a command."),
  ])("is only kept by $name", (definition) => {
    expect(profileTool(definition).meta).toBeUndefined();
  });
});

const told = (description: string) => ({ type: "string", description });

describe("what is run, though the tool is about something else,", () => {
  it.each([
    [tool("format_code", { code: text, formatter_command: text }), "commands", ["args.formatter_command"]],
    [tool("list_things", { shell_command: text }, "Lists things."), "commands", ["args.shell_command"]],
    [tool("find_rows", { python_code: text }, "Finds rows."), "code", ["args.python_code"]],
    [tool("curl", { args: text }, "Gets a page."), "commands", ["args.args"]],
    [tool("run_sql", { sql: text }, "This tool is read-only."), "sql", ["args.sql"]],
    [tool("find_files", { each: told("Program to run on each.") }), "commands", ["args.each"]],
    [tool("sort", { by: told("JavaScript function that is called with two.") }), "code", ["args.by"]],
    [tool("describe_tool", { tool: text, args: free }), "tools", ["args.tool"]],
    [tool("terminal", { input: text, path: text }), "commands", ["args.input"]],
    [tool("run_workflow", { steps: words, owner: text }), "commands", ["args.steps"]],
    [tool("run", { workflow: text }), "commands", ["args.workflow"]],
    [tool("go", { goal: text }, "An agent carries the goal out."), "commands", ["args.goal"]],
  ])("is found in $name", (definition, runs, paths) => {
    const { meta, class: is } = profileTool(definition);
    expect(meta).toMatchObject({ runs, arguments: paths });
    expect(is).toBe("execute");
  });

  it.each([
    tool("run_workflow", { workflow: text, owner: text }, "Runs a workflow of a repository."),
    tool("go", { goal: text }, "An agent ponders the goal and does not carry it out."),
    tool("country", { code: text }),
    tool("run_lookup", { code: text, country: text }, "Runs a lookup of a country code."),
    tool("qr_code", { text }),
    tool("evaluate_postal_code", { text }),
    tool("find_rows", { where: told("Condition, as in SQL.") }),
    tool("lint", { code: told("Python code; it is never executed.") }, "Lints code."),
    tool("save_alias", { alias: text, command: text }, "Saves an alias."),
    tool("send_keys", { selector: text, keys: text }, "Sends keys to a field."),
    tool("find_processes", { command: told("Part of the command line.") }, "Finds processes."),
    tool("filter_logs", { source: told("Name of the program that is run there.") }, "Filters logs."),
    tool("forecast", { method: text, params: free }, "Forecasts a series by a method."),
  ])("is not found in $name", (definition) => {
    expect(profileTool(definition).meta).toBeUndefined();
  });

  it("says why", () => {
    const { evidence } = profileTool(tool("ask_agent", { task: text }, "Asks an agent to do a task."));
    expect(evidence).toContainEqual({
      from: "argument",
      found: "args.task",
      says: "It has an agent do what its caller says, so it runs or operates something.",
    });
  });

  it("carries several in one call where it takes a list", () => {
    expect(profileTool(tool("run_steps", { steps: words })).meta?.batch).toBe(true);
    expect(profileTool(tool("run_macro", { macro: text })).meta?.batch).toBe(false);
  });
});

describe("an argument that chooses what is done", () => {
  const choosing = (values: readonly string[], name = "manage_notes") =>
    profileTool(tool(name, { action: { type: "string", enum: values } }, "Does things with notes.")).class;

  it("makes a tool as bad as the worst choice", () => {
    expect(choosing(["list", "get"], "notes")).toBe("read");
    expect(choosing(["list", "create"])).toBe("write");
    expect(choosing(["list", "create", "delete"])).toBe("destructive");
    expect(choosing(["refund", "list"])).toBe("financial");
    expect(choosing(["build_failed", "assigned"], "list_notes")).toBe("read");
    expect(choosing(["list", "get"], "delete_notes")).toBe("destructive");
  });

  it("of HTTP makes it run requests", () => {
    const http = (values: readonly string[]) =>
      profileTool(tool("http_request", { url: text, method: { enum: values } }, "Sends a request.")).class;
    expect(http(["GET", "POST"])).toBe("execute");
  });
});

describe("a switch", () => {
  it("that deletes first makes a tool destructive", () => {
    const definition = tool("import_rows", { truncateTarget: { type: "boolean" } }, "Imports rows.");
    expect(profileTool(definition).class).toBe("destructive");
  });
});

describe("where it puts what it reads", () => {
  it("makes a tool write, and an option of it at least raises doubt", () => {
    const inputs = { type: "object", properties: { output_path: text }, required: ["output_path"] };
    expect(profileTool({ name: "fetch_page", inputSchema: inputs }).class).toBe("write");
  });
});
