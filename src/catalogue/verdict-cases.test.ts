import { describe, expect, it } from "vitest";
import type { JsonObject } from "../base/json-value.ts";
import { profileTool } from "./profile.ts";
import { treatmentOf } from "./recommend/treatment.ts";
import type { ArgumentKind, Risk, ToolClass } from "./verdict.ts";

// Verdicts that are easily got wrong, each with what is nearly the same and is none.

type Given = Readonly<Record<string, string | readonly string[] | JsonObject>>;

const schemaOf = (given: string | readonly string[] | JsonObject): JsonObject =>
  typeof given === "string"
    ? { type: given }
    : Array.isArray(given)
      ? { type: "string", enum: [...(given as readonly string[])] }
      : (given as JsonObject);

const tool = (name: string, description: string, given: Given = {}): JsonObject => ({
  name,
  description,
  inputSchema: {
    type: "object",
    properties: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, schemaOf(value)])),
  },
});

type Case = readonly [name: string, description: string, given: Given, expected: `${ToolClass} ${Risk}`];

const verdict = (name: string, description: string, given: Given): string => {
  const { class: is, risk } = profileTool(tool(name, description, given));
  return `${is} ${risk}`;
};

const S = "string";
const B = "boolean";

const TABLES: readonly (readonly [title: string, cases: readonly Case[]])[] = [
  [
    "what is typed into a terminal",
    [
      ["pty_send", "Sends keys to a pseudo-terminal.", { id: S, keys: S }, "execute critical"],
      [
        "session_write",
        "Writes data to an interactive shell session.",
        { session: S, data: S },
        "execute critical",
      ],
      ["repl_send", "Sends a line to a running REPL.", { id: S, line: S }, "execute critical"],
      ["process_stdin", "Writes to a process that runs.", { pid: "number", data: S }, "execute critical"],
      ["pty_read", "Reads what stands on a pseudo-terminal.", { id: S }, "read low"],
      ["pty_list", "Lists pseudo-terminals.", {}, "read low"],
    ],
  ],

  [
    "a way into a machine",
    [
      ["open_tunnel", "Opens a tunnel to a local port.", { port: "number" }, "execute high"],
      ["start_ngrok_tunnel", "Starts a tunnel.", { port: "number" }, "execute high"],
      [
        "create_share_link",
        "Makes a link with which anybody can use the sandbox.",
        { sandbox: S },
        "execute high",
      ],
      ["start_remote_session", "Starts a remote session on a machine.", { machine: S }, "execute critical"],
      ["get_terminal_url", "Gets an address that opens a machine's terminal.", { vm: S }, "execute critical"],
      ["get_vnc_url", "Gets the VNC address of a machine.", { id: S }, "execute critical"],
      [
        "vm_terminal_session",
        "Generates a link to a terminal in the browser.",
        { vm: S },
        "execute critical",
      ],
      ["list_tunnels", "Lists open tunnels.", {}, "read low"],
      ["get_terminal_output", "Gets what a terminal shows.", { id: S }, "read low"],
      ["get_remote_url", "Gets the address of a remote.", { name: S }, "read low"],
      ["get_share_link", "Gets the link of a document.", { id: S }, "read low"],
      ["list_terminals", "Lists terminals.", {}, "read low"],
    ],
  ],

  [
    "what a server keeps its callers from",
    [
      ["set_config", "Sets an option, such as allowedDirectories.", { key: S, value: S }, "write critical"],
      [
        "update_settings",
        "Changes settings.",
        { key: ["theme", "blockedCommands"], value: S },
        "write critical",
      ],
      ["set_mode", "Sets the mode.", { mode: ["safe-mode", "normal"] }, "write critical"],
      ["set_permission_mode", "Sets how much is asked.", { mode: S }, "write critical"],
      ["toggle_auto_approve", "Turns the asking off or on.", { on: B }, "write critical"],
      ["configure_security", "Changes the server's security settings.", { level: S }, "write critical"],
      ["set_config", "Sets an option, such as the theme.", { key: S, value: S }, "write medium"],
      ["set_mode", "Sets the mode.", { mode: ["dark", "light"] }, "write medium"],
      ["update_preferences", "Changes preferences of the editor.", { fontSize: "number" }, "write medium"],
      ["get_config", "Gets options, such as allowedDirectories.", {}, "read low"],
      ["list_allowed_directories", "Lists the folders that may be used.", {}, "read low"],
    ],
  ],

  [
    "who may do what",
    [
      ["add_admin", "Adds an administrator.", { user: S }, "write high"],
      ["grant_access", "Grants access to a folder.", { user: S, folder: S }, "write high"],
      ["share_file", "Shares a file with somebody.", { file: S, email: S }, "write high"],
      [
        "set_visibility",
        "Sets who sees a repository.",
        { repo: S, visibility: ["private", "public"] },
        "write high",
      ],
      ["update_project", "Updates a project.", { id: S, visibility: ["private", "public"] }, "write high"],
      ["rotate_api_key", "Replaces an API key.", { id: S }, "destructive high"],
      ["domain_nameservers", "Updates the nameservers of a domain.", { domain: S, ns: S }, "write high"],
      ["approve_merge_request", "Approves a merge request.", { iid: S }, "write high"],
      ["approve_timesheet", "Approves a timesheet.", { id: S }, "write medium"],
      ["update_project", "Updates a project.", { id: S, title: S }, "write medium"],
      ["update_layer", "Updates a layer.", { id: S, visible: B }, "write medium"],
    ],
  ],

  [
    "where mail goes",
    [
      ["create_filter", "Makes a mail filter.", { criteria: S, forward: S }, "write high"],
      [
        "update_auto_forwarding",
        "Changes automatic forwarding.",
        { enabled: B, emailAddress: S },
        "write high",
      ],
      ["create_filter", "Makes a filter of a board.", { board: S, label: S }, "write medium"],
      ["get_auto_forwarding", "Gets the settings of forwarding.", {}, "read low"],
    ],
  ],

  [
    "how much is lost",
    [
      ["delete_sandbox", "Deletes a sandbox.", { id: S }, "destructive critical"],
      ["vm_delete", "Deletes a machine.", { id: S }, "destructive critical"],
      ["delete_cluster", "Deletes a cluster.", { id: S }, "destructive critical"],
      ["empty_trash", "Permanently deletes what is in the trash.", {}, "destructive critical"],
      [
        "purge_folder",
        "Permanently deletes all messages of a folder.",
        { folder: S },
        "destructive critical",
      ],
      [
        "kubectl_delete",
        "Deletes resources.",
        { kind: S, name: S, labelSelector: S },
        "destructive critical",
      ],
      ["kubectl_delete", "Deletes resources.", { kind: S, name: S, force: B }, "destructive critical"],
      ["delete_objects", "Deletes objects.", { ids: S, all: B }, "destructive critical"],
      ["delete_objects", "Deletes objects.", { ids: S, all: B, page: "number" }, "destructive high"],
      ["delete_status", "Deletes one status.", { id: S }, "destructive high"],
      ["delete_project_update", "Deletes an update of a project.", { id: S }, "destructive high"],
      ["delete-planner-bucket", "Deletes a bucket of a plan.", { id: S }, "destructive high"],
      [
        "domain_dns_delete",
        "Deletes a DNS record of a domain.",
        { domain: S, record: S },
        "destructive high",
      ],
      ["delete_multiple_nodes", "Deletes nodes of a Figma file.", { ids: "array" }, "destructive high"],
      ["delete_repository_webhook", "Deletes a webhook of a repository.", { id: S }, "destructive high"],
      ["delete_repository", "Deletes a repository.", { id: S }, "destructive critical"],
      ["delete_cluster_nodes", "Deletes all nodes.", { cluster: S }, "destructive critical"],
    ],
  ],

  [
    "a value that is a thing",
    [
      ["search", "Searches a repository.", { operation: ["text", "commit", "file"], query: S }, "read low"],
      ["find", "Finds things.", { operation: ["issue", "branch", "tag", "message"], query: S }, "read low"],
      ["inspect", "Shows the state.", { operation: ["status", "commit", "push"] }, "write medium"],
      ["lookup", "Looks something up.", { operation: ["file", "delete"] }, "destructive high"],
    ],
  ],

  [
    "what comes later",
    [
      ["fetch_record", "Fetches a record. Afterwards the record is purged.", { id: S }, "destructive high"],
      ["read_queue", "Reads a message. The message is deleted afterwards.", { q: S }, "destructive high"],
      [
        "get_report",
        "Gets a report. The fee will be paid automatically from the wallet.",
        {},
        "financial high",
      ],
      [
        "check_script",
        "Checks a text. It sends the given script to bash.",
        { script: S },
        "execute critical",
      ],
      ["get_summary", "Gets a summary. Afterwards it is sent to all customers.", { id: S }, "write high"],
      ["get_page", "Gets a page. Use another tool if it is to be deleted.", { id: S }, "read low"],
      ["get_page", "Gets a page. Pages can be deleted in the settings.", { id: S }, "read low"],
      ["get_page", "Gets a page. The page is not deleted afterwards.", { id: S }, "read low"],
      ["get_page", "Gets a page. If it is old, the page is deleted automatically.", { id: S }, "read low"],
      ["get_upload", "Gets an upload. The file is deleted automatically after 24 hours.", {}, "read low"],
      ["check_script", "Checks a text. It never sends the script to bash.", { text: S }, "read low"],
      ["get_invoice", "Gets an invoice. Returns which invoices are paid.", { id: S }, "read low"],
    ],
  ],

  [
    "a name with a dangerous word that nothing explains",
    [
      ["wallet_trade", "Gets an unsigned transaction of a pool.", { pair: S }, "financial high"],
      ["trade_history", "Gets past trades.", { pair: S }, "read low"],
      ["command_history", "Gets what was typed.", {}, "read low"],
      ["network_request", "Returns details of one request.", { index: "number" }, "read low"],
    ],
  ],
];

describe.each(TABLES)("%s", (_title, list) => {
  it.each(list)("%s: %s", (name, description, given, expected) => {
    expect(verdict(name, description, given)).toBe(expected);
  });
});

describe("a recommended policy", () => {
  const treated = (name: string, description: string, given: Given = {}) =>
    treatmentOf(profileTool(tool(name, description, given)), "recommended");

  it("asks before permissions and restrictions are changed, and limits other changes", () => {
    expect(treated("add_admin", "Adds an administrator.", { user: S })).toBe("approve");
    expect(treated("set_config", "Sets allowedDirectories.", { key: S, value: S })).toBe("approve");
    expect(treated("create_filter", "Makes a filter.", { forward: S })).toBe("approve");
    expect(treated("update_auto_forwarding", "Changes forwarding.", { to: S })).toBe("approve");
    expect(treated("open_tunnel", "Opens a tunnel.", { port: "number" })).toBe("approve");
    expect(treated("merge_pull_request", "Merges a pull request.", { id: S })).toBe("limit");
    expect(treated("send_email", "Sends a mail.", { to: S })).toBe("limit");
    expect(treated("run_tests", "Runs the tests of a project.")).toBe("limit");
  });
});

describe("the ends of what is moved", () => {
  const kindsOf = (given: JsonObject, name: string): readonly ArgumentKind[] =>
    profileTool(given).arguments.find(({ path }) => path === `args.${name}`)?.kinds ?? [];

  it.each([
    ["move_file", "Moves a file.", "source", "destination"],
    ["copy_directory", "Copies a folder.", "src", "dst"],
    ["sync_folders", "Syncs two folders.", "from", "to"],
    ["rename", "Renames a file.", "old_path", "new_path"],
    ["create_symlink", "Links one file to another.", "source", "target"],
  ])("are paths: %s", (name, description, first, second) => {
    const given = tool(name, description, { [first]: S, [second]: S });
    expect([kindsOf(given, first), kindsOf(given, second)]).toEqual([["path"], ["path"]]);
    expect(profileTool(given).powers).toContain("files");
  });

  it.each([
    ["move_card", "Moves a card to another list.", "source"],
    ["copy_drive_file", "Copies a file of a drive.", "source"],
    ["translate_file", "Translates a file.", "target"],
  ])("are none: %s", (name, description, argument) => {
    expect(kindsOf(tool(name, description, { [argument]: S }), argument)).toEqual([]);
  });

  it("may be an address where something says so", () => {
    const read = tool("read_file", "Reads a file.", { path: S, isUrl: B });
    expect(kindsOf(read, "path")).toEqual(["path", "url"]);
    expect(profileTool(read).powers).toContain("network");
    const told = tool("load", "Loads.", { path: { type: S, description: "A local file or a URL." } });
    expect(kindsOf(told, "path")).toEqual(["path", "url"]);
    const only = tool("load", "Loads.", { path: { type: S, description: "A file of the project." } });
    expect(kindsOf(only, "path")).toEqual(["path"]);
  });

  it("of a rule that forwards is a recipient", () => {
    expect(kindsOf(tool("create_filter", "Makes a filter.", { forward: S }), "forward")).toEqual([
      "recipient",
    ]);
    expect(kindsOf(tool("navigate", "Navigates.", { forward: B }), "forward")).toEqual([]);
  });
});
