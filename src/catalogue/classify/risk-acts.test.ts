import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";
import { UNSURE_BELOW, type Risk } from "../verdict.ts";

const text = { type: "string" };
const object = { type: "object" };

const profile = (name: string, description = "", properties: JsonObject = {}, hints: JsonObject = {}) =>
  profileTool({ name, description, inputSchema: { type: "object", properties }, annotations: hints });

type Case = readonly [name: string, description: string, risk: Risk, properties?: JsonObject];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  "reading what opens other doors": [
    ["get_env", "Prints the variables of the process.", "high"],
    ["dump_state", "Returns all environment variables.", "high"],
    ["list_env_vars", "Lists variables.", "high"],
    ["get_secret", "Reads a secret.", "high"],
    ["list_api_keys", "Lists the keys.", "high"],
    ["get_connection_string", "Returns how to connect.", "high"],
    ["show_settings", "Shows the configuration with all credentials.", "high"],
    ["list_environments", "Lists environments.", "low"],
    ["count_tokens", "Counts the tokens of a text.", "low"],
    ["search_docs", "Searches the pages about credentials.", "low"],
    ["get_forecast", "Gets a forecast without credentials.", "low"],
  ],
  "an agent with a free task": [
    ["browser_use_agent", "A clever helper.", "critical", { task: text }],
    ["computer_use_agent", "Specializes in long work.", "critical", { task: text }],
    ["stagehand_act", "Performs an action on the page.", "critical", { action: text }],
  ],
  "uploading a file of the machine": [
    ["page_upload_file", "Uploads a file.", "high", { filePath: text }],
    ["upload_text", "Uploads a text.", "medium", { content: text }],
  ],
  installing: [
    ["install_package", "Installs a package.", "critical", { name: text }],
    ["install_mcp_server", "Installs a server.", "critical", { name: text, args: { type: "array" } }],
    ["install_browser", "Installs the browser.", "high"],
  ],
  "free SQL and code": [
    ["pg_execute_sql", "Executes SQL.", "critical", { sql: text }],
    ["run_python", "Runs Python.", "critical", { code: text }],
    ["query_rows", "Runs a read-only SQL query.", "medium", { sql: text }],
  ],
  "what others build on": [
    ["git_rebase", "Rebases a branch.", "high"],
    ["merge_pull_request", "Merges a pull request.", "high"],
    ["push_files", "Pushes files to a branch.", "high"],
    ["create_merge_request_note", "Adds a note.", "medium"],
    ["merge_cells", "Merges cells.", "medium"],
  ],
  "what costs money": [
    ["create_droplet", "Creates a droplet.", "high"],
    ["cluster-resize", "Resizes a cluster.", "high"],
    ["create_incoming_phone_number", "Adds a number.", "high"],
    ["create_material_instance", "Creates an instance of a material.", "medium"],
    ["create_note", "Creates a note.", "medium"],
  ],
  "who may do what, and how it gets out": [
    ["set_proxy_config", "Sets the proxy.", "high"],
    ["update_permissions", "Updates permissions.", "high"],
    ["set_credentials", "Sets credentials.", "high"],
  ],
  "what is said to people": [
    ["create_call", "Makes a phone call.", "high", { to: text }],
    ["send_message", "Sends a message.", "high"],
    ["push_text_message", "Pushes a text to a user.", "high"],
    ["create_call_recording", "Creates a recording of a call.", "medium"],
  ],
  "what a session has begun itself": [
    ["stop_recording", "Stops the recording.", "medium"],
    ["stop_search", "Stops a search.", "medium"],
    ["stop_port_forward", "Stops forwarding.", "medium"],
    ["clear_cache", "Clears the cache.", "medium"],
    ["delete_relations", "Deletes relations.", "medium"],
    ["delete_issue_link", "Deletes a link between issues.", "medium"],
    ["delete_link", "Deletes a short link.", "high"],
    ["flush_database", "Flushes a database.", "critical"],
  ],
  "what was started for developing": [
    ["stop_server", "Stops a server.", "high"],
    ["stop_project", "Stops the project.", "high"],
    ["stop_all_servers", "Stops all servers.", "critical"],
    ["delete_project", "Deletes a project.", "critical"],
    ["start_server", "Starts a server.", "high"],
    ["start_all_servers", "Starts all servers.", "high"],
  ],
  "a screen": [
    ["click", "Clicks an element.", "medium"],
    ["hover", "Hovers over an element.", "medium"],
    ["press_key", "Presses a key.", "medium"],
    ["type_text", "Types a text.", "medium"],
    ["browser_go_forward", "Goes forward.", "medium"],
    ["browser_custom_user_agent", "Sets the user agent.", "medium"],
  ],
};

describe("a risk of an act", () => {
  for (const [family, cases] of Object.entries(CASES)) {
    for (const [name, description, risk, properties] of cases) {
      it(`${family}: ${name}: ${description} is ${risk}`, () => {
        expect(profile(name, description, properties).risk).toBe(risk);
      });
    }
  }

  it("that is settled is not raised by a hint, but by a text that says more", () => {
    const hints = { destructiveHint: true };
    expect(profile("delete_relations", "Deletes relations.", {}, hints).risk).toBe("medium");
    expect(profile("delete_relations", "Permanently deletes relations.").risk).toBe("high");
  });
});

describe("a tool that may write what it reads", () => {
  it.each([
    ["take_screenshot", { filePath: { type: "string", description: "Where to save it instead." } }],
    ["get_request", { responseFilePath: text }],
    ["get_logs", { outputDirPath: text }],
  ] as const)("%s can write a file", (name, properties) => {
    const { risk, powers, evidence } = profile(name, "Gets what was asked for.", properties);
    expect(risk).toBe("medium");
    expect(powers).toContain("files");
    expect(evidence.at(-1)).toMatchObject({
      from: "argument",
      says: expect.stringContaining("can write a file"),
    });
  });

  it("is not one that reads a file", () => {
    const properties = { filePath: { type: "string", description: "The file to read." } };
    expect(profile("count_lines", "Counts lines.", properties).risk).toBe("low");
  });
});

describe("what may be called", () => {
  it.each([
    ["make_api_request", { service: text, method: text, request: object }, ["args.method", "args.service"]],
    ["call_api", { endpoint: text, method: { enum: ["GET", "POST"] }, body: object }, ["args.endpoint"]],
    ["invoke", { action: text, params: object }, ["args.action"]],
    ["execute_some_tool", { name: text, arguments: object }, ["args.name"]],
  ] as const)("%s runs what it is told", (name, properties, paths) => {
    const { meta, class: is, risk, arguments: args } = profile(name, "Calls any operation.", properties);
    expect(meta).toMatchObject({ runs: "tools", arguments: paths });
    expect([is, risk]).toEqual(["execute", "critical"]);
    expect(args.find(({ path }) => path === paths[0])?.kinds).toContain("tool");
  });

  it.each([
    ["call_api", "Fetches a page.", { endpoint: text, method: { enum: ["GET"] }, body: object }],
    ["get_method_docs", "Looks up an endpoint.", { service: text, method: text }],
    ["create_widget", "Creates a widget.", { name: text, arguments: object }],
    ["create_rule", "Creates a rule.", { action: text, params: object }],
  ] as const)("%s is none: %s", (name, description, properties) => {
    expect(profile(name, description, properties).meta).toBeUndefined();
  });

  it("carries program text where it is run, whatever its name", () => {
    const { meta, arguments: args } = profile("evaluate_script", "Evaluates a function.", { function: text });
    expect(meta?.runs).toBe("code");
    expect(args[0]?.kinds).toEqual(["code"]);
  });
});

describe("arguments that carry nothing of the kind", () => {
  const kinds = (name: string, description: string, properties: JsonObject) =>
    profile(name, description, properties).arguments.flatMap((argument) => argument.kinds);

  it.each([
    ["git_commit", "Commits.", { author: { type: "object", properties: { email: text } } }],
    ["git_commit", "Commits.", { committer_email: text }],
    ["compare", "Compares two branches.", { from: text, to: text }],
    ["resolve_library", "Finds a library. Select the best one.", { query: text }],
    ["search_docs", "Searches the documentation of sqlite.", { query: text, lib: text, limit: text }],
    ["make_chart", "Makes a chart.", { data: { type: "array" } }],
  ] as const)("%s: %s", (name, description, properties) => {
    expect(kinds(name, description, properties)).toEqual([]);
  });

  it("but who is written to is a recipient, and a query of a database is SQL", () => {
    expect(kinds("send", "Sends mail.", { from: text, to: text, subject: text })).toEqual(["recipient"]);
    expect(kinds("query", "Runs a SELECT statement.", { query: text })).toEqual(["sql"]);
  });
});

describe("a doubt", () => {
  it("is on the safe side, or there is none", () => {
    const doubtful = profile("start_report", "Deletes a report.");
    expect(doubtful.confidence).toBeLessThan(UNSURE_BELOW);
    expect(doubtful.class).toBe("destructive");
    const read = profile("git_backup_policy", "Gets the policy.");
    expect(read.class).toBe("read");
    expect(read.confidence).toBeGreaterThanOrEqual(UNSURE_BELOW);
    expect(read.evidence.some(({ from }) => from === "doubt")).toBe(false);
  });

  it("is none of a `show` that prints, and a word that may be a noun only may say something", () => {
    expect(profile("git_show", "Shows a commit.").evidence).not.toContainEqual(
      expect.objectContaining({ says: expect.stringContaining("changes") }),
    );
    expect(profile("backup", "").evidence[0]?.says).toContain("may say");
  });

  it("does not hide what has to be written: a file that every call names is made", () => {
    const filePath = { type: "string", description: "The file to save it to." };
    const definition = { type: "object", properties: { filePath }, required: ["filePath"] };
    expect(profileTool({ name: "take_heapsnapshot", inputSchema: definition }).class).toBe("write");
  });
});
