import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";
import type { ToolClass } from "../verdict.ts";

const classOf = (name: string, description: string): ToolClass =>
  profileTool({ name, description, inputSchema: { type: "object" } }).class;

/** Wordings that many servers share: what a word before, behind or beside a verb makes of it. */
const FAMILIES: Readonly<Record<string, readonly (readonly [string, string, ToolClass])[]>> = {
  "a noun of a name that looks like a verb": [
    ["stream_result", "Fetch the chunks of a result.", "read"],
    ["rainfall_archive", "Get the rainfall of past years.", "read"],
    ["redo_history", "List what can be redone.", "read"],
    ["run_complete", "Mark a run as complete.", "write"],
    ["run_query", "Gets rows by a statement.", "execute"],
    ["schedule_letter", "Schedules a letter.", "write"],
  ],
  "a relation that is ended": [
    ["detach_note", "Remove a note from a lamp.", "write"],
    ["unapprove_draft", "Remove the approval of a draft.", "write"],
    ["delete_sprint_task", "Remove a task from a sprint.", "write"],
    ["delete_feature_flag", "Removes a feature flag.", "destructive"],
    ["delete_lamp", "Remove a lamp.", "destructive"],
  ],
  "what is done to what was read": [
    ["inspect_archive", "Read, decompress and parse an archive.", "read"],
    ["inspect_archive", "Read an archive and delete it.", "destructive"],
  ],
  "what is followed, tested or navigated": [
    ["lamp_news", "Track updates of lamps.", "read"],
    ["lamp_track", "Track an event.", "write"],
    ["check_rights", "Tests the permissions of a user.", "read"],
    ["symbols", "Search and navigate the hierarchy of symbols.", "read"],
    ["go", "Navigate to an address.", "execute"],
  ],
  "tabs of documents and of browsers": [
    ["addDocumentTab", "Add a tab in a document.", "write"],
    ["add_tab", "Add a tab in the browser.", "execute"],
  ],
  "a colon, and what is done": [
    ["ci_report", "Report a run: creates the record and completes it.", "write"],
    ["find_lamps", "Find lamps: all of them.", "read"],
  ],
  "what is converted into something else that is kept": [
    ["convert_lead", "Convert a lead to a contact.", "write"],
    ["convert_units", "Convert metres to feet.", "read"],
  ],
  "records of tests, and tests": [
    ["test_run_upsert", "Create or update a test run.", "write"],
    ["start_test", "Start a test of a lamp.", "execute"],
  ],
  "sums that a trade changes": [
    ["set_stop", "Set a stop loss of a position.", "financial"],
    ["swap_side", "Bridge tokens to another chain.", "financial"],
    ["bridge_state", "Get the state of a bridge.", "read"],
    ["stock", "Invest in a fund.", "financial"],
  ],
  "verbs that only compute or wait": [
    ["wait", "Sleep for some seconds.", "read"],
    ["sleep_device", "Put a device to sleep.", "execute"],
    ["hypothesize", "Theorize about the cause of a fault.", "read"],
    ["typecheck", "Typecheck a text.", "read"],
  ],
  "a name behind another": [
    ["mail__show_letter", "", "read"],
    ["delete__file", "", "destructive"],
    ["mail__delete_letter", "", "destructive"],
    ["browser__resize", "", "execute"],
  ],
  "verbs that change": [
    ["zork", "Re-invite a person.", "write"],
    ["zork", "Mutates the fields of a lamp.", "write"],
    ["protect_range", "Protect a range.", "write"],
    ["style_shape", "Style a shape.", "write"],
    ["personalize_lamp", "Personalise a lamp.", "write"],
  ],
  "a beginning that is not the verb": [
    ["zork", "For a given city, get the temperature.", "read"],
    ["zork", "Given the number of a lamp, delete it.", "destructive"],
    ["zork", "Used for creating lamps.", "write"],
    ["zork", "Step 1: Find lamps.", "read"],
    ["zork", "How many lamps are there?", "read"],
    ["zork", "Bulk delete lamps.", "destructive"],
    ["zork", "Batch create lamps.", "write"],
    ["zork", "Hard delete a lamp.", "destructive"],
    ["zork", "Lamp purchase.", "financial"],
    ["zork", "Lamp deletion.", "destructive"],
    ["zork", "Zorks lamps.", "execute"],
  ],
  "a name that has no verb": [
    ["my_lamps", "", "read"],
    ["lamp_by_number", "", "read"],
    ["my_scripts", "", "execute"],
    ["lamp", "", "execute"],
  ],
  "things that are named after doings": [
    ["payment_methods", "List ways to pay.", "read"],
    ["terminal_output", "Get what a terminal showed.", "read"],
    ["payment_methods", "", "financial"],
    ["run_script", "Get what a script prints.", "execute"],
  ],
  "verbs of asking that act, and the reverse": [
    ["answer_call", "Answer a call.", "execute"],
    ["answer_question", "Answer a question.", "read"],
    ["solve_captcha", "Solve a captcha.", "execute"],
    ["extract_archive", "Extract an archive.", "write"],
    ["extract_words", "Extract the words of a text.", "read"],
    ["sort_range", "Sort a range.", "write"],
    ["sort_words", "Sort words.", "read"],
    ["clean_text", "Clean a text.", "read"],
    ["clean_disk", "Clean a disk.", "destructive"],
    ["collect_payment", "Collect a payment.", "financial"],
  ],
  "a product that is called like a verb": [
    ["resolve_list_clips", "", "read"],
    ["protect_get_camera", "", "read"],
    ["protect_delete_camera", "Delete a camera.", "destructive"],
    ["disable_delete_protection", "", "write"],
    ["delete_list_item", "", "destructive"],
    ["stop_get_lamp", "", "destructive"],
    ["zork", "Spotify songs of a person.", "read"],
  ],
  "what begins like a verb and is none": [
    ["zork", "Build status of a branch.", "read"],
    ["zork", "Stack operations: read, write", "write"],
    ["server_domains", "Domains on a server", "read"],
    ["server_domain", "Zorks on a server", "execute"],
    ["get_song_status", "What is being made, and whether it is ready to download.", "read"],
  ],
  "a text that says less than the name": [
    ["git_reset", "Unstages all changes.", "write"],
    ["git_reset", "Resets a branch.", "destructive"],
    ["test_notice", "Send a notice.", "write"],
    ["close_session", "Closes the browser session.", "execute"],
    ["close_session", "Closes the session.", "destructive"],
    ["get_thread", "Reconstruct a thread of letters.", "read"],
    ["save_thread", "Reconstruct a thread of letters.", "write"],
  ],
  "a relation that is gone for good": [
    ["delete_relation", "Delete a relation.", "write"],
    ["delete_relation", "Delete a relation. This cannot be undone.", "destructive"],
    ["send_draft", "Send a draft and remove it from the drafts.", "write"],
    ["send_draft", "Send a draft and delete the drafts.", "destructive"],
  ],
  "what runs a model or a debugger": [
    ["create_prediction", "Create a prediction.", "execute"],
    ["create_debug_session", "Create a debug session.", "execute"],
    ["attach_file", "Attach a file.", "write"],
  ],
  "two verbs in one": [
    ["zork", "Copy/duplicate a card.", "write"],
    ["zork", "View/edit a card.", "write"],
    ["zork", "Get read/write speeds and/or sizes.", "read"],
  ],
  "a doing in the middle of a phrase": [
    ["zork", "Deep cleanup of all data.", "destructive"],
    ["zork", "Bulk removal of members.", "destructive"],
    ["zork", "Allow an address to access a cluster.", "execute"],
  ],
  "what only looks like a doing, and what is one": [
    ["hover", "Get hover information.", "read"],
    ["zork", "Go to the definition of a symbol.", "read"],
    ["zork", "Go to an address.", "execute"],
    ["zork", "Run a read-only query.", "read"],
    ["zork", "Change status of a letter.", "write"],
    ["zork", "Patch metadata of a song.", "write"],
    ["zork", "Payment status of a bill.", "read"],
  ],
  "what is checked, and who is checked in": [
    ["check_in_guest", "Check in a guest.", "write"],
    ["zork", "Check in the list whether a guest is there.", "read"],
  ],
  "what is pointed out, and what is made of something": [
    ["compare_texts", "Compare texts and highlight the differences.", "read"],
    ["find_texts", "Find texts and highlight the words.", "write"],
    ["speech_to_text", "Transcribe speech.", "read"],
    ["remove_link", "Remove a dependency between tasks.", "write"],
    ["remove_wall", "Remove a wall between rooms.", "destructive"],
    ["download_bill", "Download a bill as base64.", "read"],
    ["download_bill", "Download a bill.", "write"],
  ],
  "a text that speaks to its reader": [
    ["zork", "Call this to get lamps.", "read"],
    ["zork", "Call this when you need lamps. Deletes a lamp.", "destructive"],
    ["zork", "Run this to start a lamp.", "execute"],
    ["zork", "Call a person.", "execute"],
  ],
  "a list of what is done": [
    ["zork", "Manage lamps (create, update, delete).", "destructive"],
    ["zork", "Manage lamps (list, get).", "read"],
    ["zork", "Manage lamps. Supports creating, updating and deleting lamps.", "destructive"],
    ["zork", "Perform operations on lamps such as create, update and delete.", "destructive"],
    ["zork", "Manage lamps (the big ones).", "write"],
    ["zork", "CRUD operations for lamps.", "destructive"],
  ],
  "what is asked, and for what": [
    ["zork", "Makes a request to the service to retrieve lamps.", "read"],
    ["zork", "Sends a request to delete a lamp.", "destructive"],
    ["zork", "Sends a request to get access.", "write"],
    ["zork", "Interact with the board to list lamps.", "read"],
    ["zork", "Interact with the board.", "execute"],
  ],
  "what is done besides": [
    ["zork", "Get a lamp, creating it if there is none.", "write"],
    ["zork", "Get a lamp, deleting it.", "destructive"],
    ["zork", "Get a lamp, making it easy to read.", "read"],
    ["zork", "Opens a file and reads its lines.", "read"],
    ["zork", "Compile a list of lamps.", "read"],
    ["zork", "Compile a program.", "execute"],
  ],
  "alerts, answers and options": [
    ["dismiss_alert", "Dismiss an alert.", "write"],
    ["dismiss_dialog", "Dismiss a dialog.", "execute"],
    ["submit_quiz", "Submit answers of a quiz.", "write"],
    ["zork", "Exercise an option.", "financial"],
    ["zork", "Screen stocks by price.", "read"],
    ["tap_screen", "Tap on the screen.", "execute"],
    ["zork", "Remove a stock from a watchlist.", "write"],
  ],
  "verbs that end": [
    ["expel_member", "Expel a member.", "destructive"],
    ["undefine_domain", "Undefine a domain.", "destructive"],
  ],
};

describe.each(Object.entries(FAMILIES))("%s", (_family, tools) => {
  it.each(tools)("%s: %s", (name, description, is) => {
    expect(classOf(name, description)).toBe(is);
  });
});

const withArguments = (name: string, description: string, properties: JsonObject): ToolClass =>
  profileTool({ name, description, inputSchema: { type: "object", properties } }).class;

describe("an argument that says how much is paid", () => {
  it.each([
    ["post_task", "Post a task for workers.", "Payment in USD for each worker", "financial"],
    ["ask_worker", "Ask a worker.", "Payment in USD for an answer", "financial"],
    ["post_task", "Post a task for workers.", "How many workers", "write"],
    ["draft_task", "Draft a task for workers.", "Payment in USD for each worker", "write"],
    ["get_task", "Get a task.", "Payment in USD for each worker", "read"],
  ] as const)("%s: %s (%s)", (name, text, description, is) => {
    expect(withArguments(name, text, { sum: { type: "number", description } })).toBe(is);
  });
});

describe("actions", () => {
  it("tell what a tool does that only manages something", () => {
    const actions = (...values: readonly string[]) => ({ action: { type: "string", enum: [...values] } });
    expect(withArguments("teams", "Manage teams.", actions("list", "get_member"))).toBe("read");
    expect(withArguments("teams", "Manage teams.", actions("list", "add_member"))).toBe("write");
    expect(withArguments("teams", "Manage teams.", {})).toBe("write");
  });

  it("count where they stand in each of several shapes", () => {
    const shape = (action: string) => ({ type: "object", properties: { action: { const: action } } });
    const properties = { action: { anyOf: [shape("list"), shape("close_handle"), shape("delete_handle")] } };
    expect(withArguments("handles", "Write handles.", properties)).toBe("destructive");
  });
});

describe("a third person that is a noun", () => {
  it("admits to nothing", () => {
    expect(classOf("get_lamp", "Get a lamp. Updates and deletes remain with its owner.")).toBe("read");
    expect(classOf("get_lamp", "Get a lamp. This deletes the lamp.")).toBe("destructive");
  });
});
