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
