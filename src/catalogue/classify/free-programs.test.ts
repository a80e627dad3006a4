import { describe, expect, it } from "vitest";
import type { Json } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";

const classOf = (name: string, description: string, properties: Record<string, Json>) =>
  profileTool({ name, description, inputSchema: { type: "object", properties } }).class;

const text: Json = { type: "string" };

describe("a program or a request that its caller writes", () => {
  it.each([
    ["list_notes", "Lists notes.", { shell_command: text }],
    ["find_notes", "Finds notes.", { bash: text }],
    ["search_notes", "Searches notes.", { python_code: text }],
    ["get_notes", "Gets notes.", { options: { type: "object", properties: { command_line: text } } }],
    ["search", "Searches an index. Write JavaScript code that picks the entries.", { code: text }],
    ["lint", "Lints by running the given command.", { command: text }],
    ["curl", "Gets a page.", { args: text }],
    ["get_page", "Gets a page.", { url: text, method: text, body: text }],
    ["get", "Gets from an API.", { path: text, method: text }],
    ["fetch", "Fetches a page, with a method and headers.", { url: text, options: { type: "object" } }],
    ["execute_sql", "Runs SQL. This tool is read-only.", { sql: text }],
    ["run_sql", "This tool is read-only.", { sql: text }],
  ])("is executed: %s: %s", (name, description, properties) => {
    expect(classOf(name, description, properties)).toBe("execute");
  });

  it.each([
    ["get_help", "Looks up the manual of a command.", { command_name: text }],
    ["format_code", "Formats code and returns it.", { code: text }],
    ["explain_script", "Explains a script.", { bash_script: text }],
    ["get_page", "Gets a page.", { url: text, method: { enum: ["GET", "HEAD"] } }],
    ["get_page", "Gets a page.", { url: text, options: { type: "object" } }],
    ["execute_query", "Executes a read-only SQL query.", { sql: text }],
    ["list_methods", "Lists methods of a class.", { path: text }],
  ])("is only looked at or asked: %s: %s", (name, description, properties) => {
    expect(classOf(name, description, properties)).toBe("read");
  });
});
