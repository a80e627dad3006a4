import { describe, expect, it } from "vitest";
import { profileTool } from "../profile.ts";
import type { ToolClass } from "../verdict.ts";

// Tools that act and look as if they read, by family, and beside them what looks the same and only reads.

const classOf = (name: string, description: string, args: string): ToolClass =>
  profileTool({
    name,
    description,
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(
        args
          .split(" ")
          .filter((arg) => arg !== "")
          .map((arg) => {
            const [key = "", values] = arg.split("=");
            return [key, values === undefined ? {} : { type: "string", enum: values.split("/") }];
          }),
      ),
    },
  }).class;

describe("a tool that acts is not taken for one that reads", () => {
  it.each([
    // Query languages that can write.
    ["query_shop", "Runs a GraphQL query or mutation against the admin API.", "query variables", "execute"],
    ["graphql", "GraphQL endpoint. Supports queries and mutations.", "query", "execute"],
    ["aggregate_docs", "Runs a pipeline, with stages such as $out and $merge.", "pipeline", "execute"],
    ["aggregate", "Runs an aggregation on a collection.", "pipeline collection", "execute"],
    ["gql", "Runs GraphQL that you write.", "query variables", "execute"],
    ["change_rows", "Executes an INSERT, UPDATE or DELETE statement.", "query", "execute"],
    ["make_api_request", "Any call of the Square API.", "service method request", "financial"],
    ["build_pay_page", "Generates a payment link.", "amount", "financial"],
    ["sparql", "Sends SPARQL to the store, including INSERT and DELETE updates.", "query", "execute"],
    ["query", "Executes a statement.", "statement", "execute"],
    ["eval_lua", "Evaluates a Lua script in Redis.", "script", "execute"],
    // Requests that their caller writes.
    ["get_data", "Fetches data of an API.", "url method=GET/POST/DELETE", "destructive"],
    ["get_data", "Fetches data of an API.", "url method=GET/POST", "execute"],
    ["api_call", "Generic call of the API.", "path body", "execute"],
    ["stripe_api_request", "Generic call of the API.", "path body", "financial"],
    // Programs.
    ["calculate", "Evaluates a Python expression.", "python", "execute"],
    ["data_analysis", "Analyses data by running the given Python.", "code", "execute"],
    ["validate_script", "Validates a script by running it in a sandbox.", "script", "execute"],
    ["inspect_process", "Attaches a debugger and evaluates an expression.", "pid expression", "execute"],
    // Browsers and devices.
    ["lighthouse_audit", "Audits the open page with Lighthouse.", "", "execute"],
    ["profile_memory", "Profiles the memory of the running app.", "", "execute"],
    ["emulate_device", "Emulates a phone.", "device", "execute"],
    ["show_note", "Shows an alert in the browser.", "text", "execute"],
    ["runAcmeAudit", "Runs an accessibility audit of the open page.", "", "execute"],
    ["attach_file", "Uploads a file through a file chooser.", "file", "execute"],
    ["trace_stop", "Stops the performance trace recording.", "", "execute"],
    ["agent_task", "Utilizes a model to autonomously execute tasks in a browser.", "task", "execute"],
    ["reconnect_cluster", "Reconnects to the cluster.", "", "execute"],
    ["install_guide", "Reads a guide and installs what it names.", "name", "execute"],
    ["order_book", "", "id", "financial"],
    ["evaluate_math", "Evaluates a mathematical expression in Python.", "expression", "execute"],
    ["simulate_tap", "Simulates a tap.", "x y", "execute"],
    ["render_scene", "Renders the scene.", "", "execute"],
    // Two things in one.
    ["check_and_fix", "Checks a project and fixes what is wrong.", "path", "write"],
    ["list_and_purge", "Lists stale caches and purges them.", "", "destructive"],
    ["lookup_and_charge", "Looks a card up and charges it.", "card", "financial"],
    ["check_and_restart", "Checks a service and restarts it when it is down.", "name", "execute"],
    ["get_or_create_user", "Gets a user, or creates it.", "email", "write"],
    // Queues.
    ["get_message", "Gets a message from the queue. Removes it afterwards.", "queue", "destructive"],
    ["pop_message", "Returns the oldest message and takes it off the queue.", "queue", "destructive"],
    ["claim_task", "Claims a task.", "task", "write"],
    ["worktree", "Works with trees.", "mode=list/add/remove", "destructive"],
    // Small words that turn a verb.
    ["visitor", "Checks a visitor in.", "visitor", "write"],
    ["services", "Brings the services down.", "file", "destructive"],
    ["sort_range", "Sorts a range of the sheet in place.", "range", "write"],
    // Verbs that no table knows.
    ["zorch_items", "Zorches the items.", "ids", "execute"],
    ["frobnicate", "Frobnicates the device. Returns the status.", "id", "execute"],
    // Money.
    ["issue_gift_card", "Issues a gift card with a balance.", "amount", "financial"],
    ["set_campaign_budget", "Sets the daily budget of a campaign.", "campaign amount", "financial"],
  ] as const)("%s: %s", (name, description, args, is) => {
    expect(classOf(name, description, args)).toBe(is);
  });
});

describe("a tool that reads is taken for one", () => {
  it.each([
    ["union_tool", "Merges two polygons into one. Returns the result.", "polygons"],
    ["minify_css", "Minifies CSS and returns it.", "css"],
    ["shuffle_list", "Shuffles the given elements and returns them.", "items"],
    ["buffer_tool", "Creates a zone around a point. Works offline, without API calls.", "point distance"],
    ["aggregate", "Runs an aggregation. Only reads: read-only.", "pipeline"],
    ["find_products", "Searches products by way of GraphQL.", "query"],
    ["generate_pin_map", "Generates a map for showing where shops are.", "data width"],
    ["generate_radar", "Generates a radar chart, such as, evaluate two cars.", "data"],
    ["generate_flow", "Generates a flowchart of the steps.", "steps"],
    ["get_file", "Downloads a file. Returns base64-encoded bytes that can be saved.", "fileId"],
    ["get_tables", "Connects to the server and lists its tables.", ""],
    ["pick_library", "Gets the id of a library. Select the best match before you go on.", "query"],
    ["check_page", "Checks a page and reports problems.", "text"],
    ["get_load", "Tells the state for monitoring and load balancing.", ""],
    ["dbsize", "Gets the number of keys.", ""],
    ["make_manifest", "Generates a manifest. This does not create the app.", "name"],
    ["release_notes", "Gets the notes of a release.", "version"],
    ["order_book", "Fetches the bids of a market.", "symbol"],
    ["evaluate_math", "Evaluates a mathematical expression.", "expression"],
    ["convex_tool", "Hull of points. Nothing is stored.", "points"],
    ["conversations_history", "Messages of a channel, newest first.", "channel"],
    ["get_build_log", "Log of a build.", "job"],
    ["get_flaky_tests", "Tests that fail now and then.", "project"],
    ["list_running_queries", "Running queries with their duration.", ""],
    ["option_chain", "Option chain of a stock.", "symbol"],
    ["points_tool", "Tests points against a polygon.", "points polygon"],
    ["search_docs", "This tool takes in a prompt, searches the site and returns what it finds.", "prompt"],
    ["enabled_sets", "IMPORTANT: Run this tool first. Returns the sets that are enabled.", ""],
    ["tagged", "Requires a plan. Tagging is only for teams. Gets what has a tag.", "slug"],
    ["guidance", "Advice for building with a framework.", ""],
    ["load_skill", "Loads the instructions of a skill.", "name"],
    ["peek", "Looks at the next message without removing it.", "queue"],
    ["read_sql", "Runs a SELECT.", "sql"],
    ["place_details_tool", "", "id"],
    ["tax_rate_lookup", "Looks up the sales tax of a place.", "zip"],
    ["evaluate_flag", "Tells the value of a flag for a user.", "key user"],
    ["salesforce_query", "Runs a SOQL query.", "query"],
  ])("%s: %s", (name, description, args) => {
    expect(classOf(name, description, args)).toBe("read");
  });
});

describe("what can be undone is written", () => {
  it.each([
    ["trash_message", "Moves a message to the trash, from which it can be restored.", "write"],
    ["delete_doc", "Deletes a document; it can be restored within thirty days.", "write"],
    ["delete_forever", "Permanently deletes a document from the trash.", "destructive"],
    ["empty_trash", "Empties the trash.", "destructive"],
    ["unapprove_change", "Unapproves a change.", "write"],
    ["unpublish_entry", "Unpublishes an entry.", "write"],
    ["remove_member_from_card", "Removes a member from a card.", "write"],
    ["sprint_without", "Removes a task from the current sprint.", "write"],
    ["take_out", "Removes a page from a group. The page will still exist.", "write"],
    ["remove_user_from_organization", "Removes a user from an organization.", "destructive"],
    ["set_nickname", "Sets or clears a nickname.", "write"],
    ["clear_setting", "Clears the working directory setting of the session.", "write"],
    ["expire", "Sets an expiration time on a key.", "write"],
    ["unfollow_topic", "Stops following a topic.", "write"],
    ["snapshot_by_tag", "Takes a snapshot of volumes by their tag.", "write"],
  ] as const)("%s: %s", (name, description, is) => {
    expect(classOf(name, description, "id")).toBe(is);
  });
});
