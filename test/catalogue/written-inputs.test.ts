import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json-value.ts";
import { profileTool } from "../../src/catalogue/profile.ts";
import type { MetaTool, ToolClass } from "../../src/catalogue/verdict.ts";

// Tools of our own whose names say that they look, and whose arguments or texts say more; and those that only seem so.

type Row = readonly [
  is: ToolClass,
  runs: MetaTool["runs"] | "",
  name: string,
  description: string,
  properties: JsonObject,
];

const text = { type: "string" };
const free = { type: "object" };
const flag = { type: "boolean" };
const whole = { type: "integer" };
const words = { type: "array", items: text };
const said = (description: string): JsonObject => ({ type: "string", description });
const sw = (description: string): JsonObject => ({ type: "boolean", description });
const oneOf = (...values: readonly string[]): JsonObject => ({ type: "string", enum: values });

const PROGRAMS: readonly Row[] = [
  ["execute", "code", "calculate", "Calculates a result.", { code: text }],
  ["execute", "code", "scene_query", "Asks the scene.", { csharp: said("Snippet of C#") }],
  ["execute", "code", "mesh_info", "Tells of a mesh by way of bpy.", { snippet: text }],
  ["execute", "code", "read_state", "Reads a state with Runtime.evaluate.", { expression: text }],
  ["execute", "code", "peek_variable", "Shows a variable.", { expr: said("Evaluated in the current frame") }],
  ["execute", "code", "await_page", "Waits for the page.", { condition: said("A JavaScript expression") }],
  [
    "execute",
    "code",
    "count_rows",
    "Counts rows.",
    { predicate: said("Python lambda for a row"), file: text },
  ],
  ["execute", "code", "dataframe_stats", "Statistics of a dataframe.", { file: text, lambda: text }],
  ["execute", "code", "pandas_filter", "Filters a frame.", { expression: text }],
  ["execute", "code", "summarize_sheet", "Summarizes a sheet.", { file: text, code: said("polars code") }],
  [
    "execute",
    "code",
    "check_totals",
    "Checks totals by a Python expression.",
    { file: text, expression: text },
  ],
  ["execute", "code", "inspect_page", "Inspects a page with your own script.", { url: text, script: text }],
  ["execute", "code", "render_mail", "Renders a mail.", { template: said("Source in Jinja2"), data: free }],
  ["execute", "code", "preview_erb", "Previews a page.", { template: text, locals: free }],
  ["execute", "code", "load_extension", "Loads an extension.", { path: text }],
  ["execute", "code", "load_pickle", "Loads an object.", { file: text }],
];

const QUERIES: readonly Row[] = [
  ["execute", "sql", "mysql_query", "Asks MySQL.", { text, values: words }],
  ["execute", "sql", "memgraph_query", "Asks the graph.", { query: text }],
  ["execute", "sql", "query_db", "Asks the database.", { statement: text }],
  ["execute", "sql", "gremlin_query", "Asks the graph.", { traversal: text }],
  ["execute", "sql", "arangodb_query", "Asks ArangoDB.", { query: text, binds: free }],
  ["execute", "sql", "surrealdb", "Asks SurrealDB.", { query: text }],
  ["execute", "sql", "sparql", "Asks the triple store.", { update: text }],
  ["execute", "sql", "explain_plan", "Explains a plan.", { sql: text, analyze: flag }],
  ["execute", "sql", "ask_data", "Generates SQL for a question and runs it.", { question: text }],
  ["execute", "", "graphql", "Asks the API by GraphQL.", { query: text, variables: free }],
  ["execute", "", "shop_graphql", "Asks the shop.", { query: said("A query or a mutation in GraphQL") }],
  [
    "destructive",
    "",
    "mongo_find",
    "Finds.",
    { operation: said("findOne, updateMany or deleteOne"), filter: free },
  ],
];

const AGENTS: readonly Row[] = [
  ["execute", "commands", "ask_agent", "Asks the agent.", { request: text }],
  ["execute", "commands", "get_reply", "Gets a reply of an autonomous agent.", { task: text }],
  ["execute", "commands", "browse_web", "Browses the web.", { objective: text }],
  ["execute", "commands", "look", "Looks at the screen and acts on it.", { instruction: text }],
  ["execute", "commands", "surf", "Surfs to get a thing done.", { question: text }],
  ["execute", "commands", "ask_codex", "Asks Codex.", { prompt: text, cwd: text }],
  ["execute", "commands", "ask_helper", "Asks a helper.", { message: said("What it should do") }],
  ["execute", "commands", "ask_admin", "Asks an admin, for example restart a host.", { request: text }],
  ["execute", "commands", "speak", "Does whatever you say.", { text }],
  ["execute", "tools", "reply", "Replies by using any available tools.", { question: text }],
  ["execute", "tools", "ask_any_tool", "Answers by picking the best tool.", { request: text }],
  ["execute", "tools", "find_tool_for", "Finds a tool for a wish and calls it.", { query: text }],
];

const SWITCHES: readonly Row[] = [
  ["financial", "", "simulate_swap", "Simulates a swap. With broadcast=true sends it.", { broadcast: flag }],
  ["financial", "", "order_estimate", "Estimates an order.", { submit: sw("Submit it at once") }],
  [
    "financial",
    "",
    "get_price_quote",
    "Gets a quote. Use confirm=yes to place the order.",
    { confirm: text },
  ],
  ["financial", "", "view_basket", "Shows the basket.", { checkout: flag }],
  ["financial", "", "get_trade_quote", "Gets a quote of a trade.", { execute: flag }],
  ["financial", "", "show_bill", "Shows a bill.", { pay_now: sw("Pay the bill from the account") }],
  ["destructive", "", "find_rows", "Finds rows. Use mode=purge to delete what was found.", { mode: text }],
  ["destructive", "", "find_notes", "Finds notes.", { after: oneOf("keep", "delete") }],
  ["destructive", "", "read_log", "Reads a log.", { clear: sw("Empty the log afterwards") }],
  ["destructive", "", "list_temp", "Lists files. Set cleanup to delete the old ones.", { cleanup: flag }],
  ["destructive", "", "read_queue", "Reads a queue.", { purge: flag }],
  ["destructive", "", "get_mail", "Gets mail. If wipe is set, the mails are deleted.", { wipe: flag }],
  ["destructive", "", "get_mail", "Gets mail.", { drop: sw("Whether to delete the mail from the server") }],
  ["destructive", "", "find_dupes", "Finds doubles.", { on_match: oneOf("report", "delete") }],
  ["execute", "", "check_host", "Checks a host.", { afterwards: oneOf("nothing", "restart") }],
];

const LINES: readonly Row[] = [
  ["execute", "commands", "show_logs", "Shows logs.", { args: text }],
  ["execute", "commands", "look_for", "Looks for text with ripgrep.", { flags: words }],
  ["execute", "commands", "git_show", "Shows a commit.", { extra_args: words }],
  ["execute", "commands", "docker_ps", "Lists containers.", { options: text }],
  ["execute", "commands", "read_output", "Reads the output of a process.", { cmdline: text }],
  ["execute", "commands", "locate", "Locates files.", { expression: said("Such as -name x -exec rm") }],
  [
    "execute",
    "commands",
    "get_document",
    "Gets a document.",
    { path: text, viewer: said("Program used to render it") },
  ],
  ["execute", "commands", "open_document", "Opens a document.", { path: text, app: text }],
  [
    "execute",
    "commands",
    "probe_video",
    "Probes a video.",
    { file: text, opts: said("Command line options of the program") },
  ],
  ["execute", "commands", "execute_process", "Executes a program.", { command: text, args: words }],
  ["execute", "commands", "start", "Starts a program.", { cmd: text, arguments: words }],
  ["execute", "commands", "set_crontab", "Sets the table of a user.", { content: text }],
  ["execute", "commands", "add_cron", "Adds a line.", { line: text }],
  ["execute", "commands", "import_playbook", "Imports a playbook and runs it.", { yaml: text }],
];

const OTHERS: readonly Row[] = [
  ["execute", "tools", "do", "", { what: text }],
  ["execute", "tools", "use", "", { what: text, with: free }],
  ["execute", "tools", "verb_noun", "", { verb: text, noun: text }],
  ["execute", "tools", "toolbox", "", { choice: text, parameters: free }],
  ["execute", "tools", "batch", "", { ops: { type: "array", items: free } }],
  ["execute", "tools", "mcp_raw", "Raw access.", { request: free }],
  ["execute", "tools", "by_name", "Runs anything there is.", { name: text, args: free }],
  ["execute", "tools", "get_tool_output", "Gets the output of a tool.", { id: text, input: free }],
  ["execute", "tools", "retry_call", "Retries a call.", { call_id: text }],
  ["execute", "tools", "cloud_describe", "Describes.", { service: text, operation: text, parameters: free }],
  ["execute", "tools", "relay", "Relays a JSON-RPC message.", { message: free }],
  ["execute", "tools", "plan_later", "Plans.", { job: said("Name of the tool"), params: free }],
];

/** The same principles once more, in other words. */
const OTHERWISE: readonly Row[] = [
  ["execute", "code", "get_value", "Gets a value by evaluating it in the page", { js: text }],
  [
    "execute",
    "code",
    "measure_element",
    "Measures an element",
    { selector: text, fn: said("Function body run in the page for the element") },
  ],
  [
    "execute",
    "code",
    "validate_rows",
    "Validates rows",
    { rows: free, rule: said("Python expression; row is in scope") },
  ],
  [
    "execute",
    "code",
    "search_nodes",
    "Searches nodes of the scene",
    { filter: said("GDScript expression, evaluated for each node") },
  ],
  ["execute", "code", "watch", "Watches an expression in the debugger", { expression: text }],
  [
    "execute",
    "code",
    "debug_evaluate",
    "Evaluates an expression while paused",
    { expression: text, frameId: whole },
  ],
  ["execute", "code", "get_document_text", "Reads the document with a custom macro", { macro: text }],
  ["execute", "code", "group_by", "Groups rows", { data: free, key_fn: said("lambda in Python") }],
  [
    "execute",
    "code",
    "find_elements",
    "Finds elements",
    { selector: text, predicate: said("JS arrow function") },
  ],
  ["execute", "code", "read_notebook", "Reads a notebook and then executes code in it", { code: text }],
  ["execute", "code", "test_template", "Tests a template", { template: said("A Twig template") }],
  ["execute", "code", "latex_preview", "Previews", { template: said("ERB source") }],
  ["execute", "sql", "sqlite_lookup", "Looks up rows", { statement: said("SQL statement") }],
  ["execute", "sql", "get_rows", "Gets rows", { sql: text }],
  ["execute", "sql", "lookup", "Looks up rows in Postgres", { query: said("SQL text"), params: words }],
  ["execute", "sql", "graph_search", "Searches the Neo4j graph", { cypher: text }],
  ["execute", "sql", "report", "Makes a report from the warehouse", { statement: said("SQL") }],
  ["execute", "commands", "explore", "Explores the app until the goal is reached", { goal: text }],
  ["execute", "commands", "consult", "Consults an AI agent that edits files", { prompt: text }],
  ["execute", "commands", "research", "Autonomous agent researches and acts", { goal: text }],
  [
    "execute",
    "commands",
    "get_help",
    "Gets help from an agent, which carries out what is needed",
    { task: text },
  ],
  ["execute", "tools", "smart_search", "Searches by calling whichever tools fit", { query: text }],
  ["execute", "tools", "assist", "Picks a tool for your request and runs it", { request: text }],
  ["execute", "tools", "ask", "Answers with the help of any of its tools", { question: text }],
  ["financial", "", "get_rate", "Gets a rate. Set book to true to purchase the room.", { book: flag }],
  ["financial", "", "check_price", "Checks a price", { buy: sw("Buy if it is below the limit") }],
  ["financial", "", "preview_payment", "Previews a payment", { send: flag }],
  ["financial", "", "calculate_fees", "Calculates fees for a transfer", { submit: flag }],
  [
    "destructive",
    "",
    "search_emails",
    "Searches emails. With action=trash deletes what it finds.",
    { action: text },
  ],
  ["destructive", "", "get_message", "Gets a message", { delete_after_read: flag }],
  ["destructive", "", "list_sessions", "Lists sessions", { kill: sw("Kill the sessions that are listed") }],
  ["destructive", "", "count_files", "Counts files", { disposition: oneOf("keep", "remove") }],
  [
    "destructive",
    "",
    "check_disk",
    "Checks the disk. When purge=true old files are removed.",
    { purge: flag },
  ],
  ["destructive", "", "scan", "Scans for temporary files and, if fix=true, deletes them", { fix: flag }],
  ["execute", "", "check_service", "Checks a service. With heal=true restarts it.", { heal: flag }],
  ["execute", "commands", "tail_logs", "Tails logs", { extraFlags: text }],
  ["execute", "commands", "lookup_host", "Looks up a host with nmap", { flags: text }],
  ["execute", "commands", "image_info", "Information of an image by ImageMagick", { args: words }],
  [
    "execute",
    "commands",
    "test_connection",
    "Tests a connection",
    { ssh_options: said("Command line flags, e.g. -o ProxyCommand=x") },
  ],
  [
    "execute",
    "commands",
    "view_file",
    "Views a file",
    { path: text, pager: said("Command to use for paging") },
  ],
  ["execute", "commands", "launch", "Launches", { executable: text, args: words }],
  ["execute", "tools", "perform", "", { action: text, params: free }],
  ["execute", "tools", "anything", "", { what: text }],
  ["execute", "tools", "rerun_call", "Runs a recorded tool call again", { id: text }],
  ["execute", "tools", "defer", "Defers a call", { tool: said("tool to call"), args: free }],
  ["execute", "tools", "forward", "Forwards an MCP request", { request: free }],
  ["execute", "code", "query_page", "Queries a page", { script: said("Script executed in the tab") }],
  ["execute", "code", "find_in_scene", "", { python: text }],
  ["execute", "code", "list_actors", "Lists actors", { filter: said("Python lambda") }],
  [
    "execute",
    "code",
    "transform_json",
    "Transforms JSON with a JavaScript function",
    { data: free, fn: text },
  ],
  ["execute", "sql", "fetch_rows", "Fetches rows of the MySQL database", { statement: text }],
  ["execute", "", "hasura", "Queries Hasura", { query: said("GraphQL document"), variables: free }],
  ["execute", "commands", "delegate", "Delegates work", { task: text }],
  [
    "execute",
    "commands",
    "investigate",
    "Has an agent look into it and fix it",
    { issue: text, instruction: text },
  ],
  ["execute", "commands", "chat", "Chats with an agent that can use tools", { message: text }],
  ["execute", "commands", "get_answer", "Gets an answer; the agent may edit files", { prompt: text }],
  ["execute", "tools", "get_answer", "Routes the question to the right tool", { question: text }],
  ["execute", "tools", "dispatch", "Dispatches the request to one of the tools", { request: text }],
  ["financial", "", "validate_order", "Validates an order. Pass place=true to place it.", { place: flag }],
  ["financial", "", "check_balance", "Checks the balance", { withdraw: sw("Withdraw everything") }],
  ["destructive", "", "export_table", "Exports a table", { truncate: flag }],
  ["destructive", "", "audit_users", "Audits users", { remediation: oneOf("none", "disable", "delete") }],
  ["destructive", "", "get_queue", "Gets messages; with ack set to true they are deleted", { ack: flag }],
  [
    "destructive",
    "",
    "list_branches",
    "Lists branches; pass prune=true to delete merged ones",
    { prune: flag },
  ],
  ["destructive", "", "check_processes", "Lists processes", { kill: flag }],
  ["execute", "", "get_status", "Gets status. If restart is true, restarts the service.", { restart: flag }],
  ["execute", "commands", "list_dir", "Lists a folder with ls", { flags: text }],
  ["execute", "tools", "act", "", { what: text }],
];

const HARMLESS: readonly Row[] = [
  // What is searched for, and languages that only pick out.
  ["read", "", "search_docs", "Searches the documentation of Postgres.", { query: text }],
  ["read", "", "search_issues", "Searches issues.", { query: said("Search terms") }],
  ["read", "", "web_search", "Searches the web.", { query: text }],
  [
    "read",
    "",
    "query_database",
    "Asks a database of pages.",
    { database_id: text, filter: free, sorts: words },
  ],
  [
    "read",
    "",
    "find_similar",
    "Finds similar rows of the database.",
    { query: said("Natural-language question") },
  ],
  ["read", "", "neo4j_query", "Runs a read-only query of the graph.", { query: text }],
  ["read", "", "postgres_schema", "Shows the schema.", { table: text }],
  ["read", "", "query_wikidata", "Asks Wikidata by SPARQL.", { query: text }],
  ["read", "", "list_orders", "Lists orders.", { filter: said("Filter expression, such as status:open") }],
  [
    "read",
    "",
    "extract_values",
    "Extracts values.",
    { expression: said("JSONPath evaluated on the document") },
  ],
  ["read", "", "get_values", "Gets values of JSON.", { query: said("JMESPath expression") }],
  ["read", "", "find_text", "Finds text.", { pattern: said("JavaScript regular expression") }],
  ["read", "", "find_nodes", "Finds nodes.", { expression: said("XPath evaluated in the document") }],
  ["read", "", "list_times", "Lists times of a schedule.", { expression: said("Cron expression") }],
  ["read", "", "explain_query", "Explains a query.", { sql: text }],
  // Programs that are only looked at.
  ["read", "", "analyze_code", "Analyzes code.", { code: said("Python code to analyze"), language: text }],
  ["read", "", "lint_script", "Lints a script.", { script: text, file: text }],
  ["read", "", "explain_snippet", "Explains a snippet.", { snippet: said("JavaScript code") }],
  [
    "read",
    "",
    "count_tokens",
    "Counts tokens.",
    { content: said("Source to analyze, a Python function or so") },
  ],
  ["read", "", "get_lambda_logs", "Gets logs of a function.", { lambda: said("Name of the function") }],
  ["read", "", "search_pandas_docs", "Searches the documentation of pandas.", { query: text }],
  ["read", "", "get_country", "Gets a country by its code.", { code: text }],
  ["read", "", "format_date", "Formats a date.", { date: text, format: said("Template such as YYYY-MM-DD") }],
  [
    "read",
    "",
    "render_template",
    "Renders a template.",
    { template: said("Text with {name} in it"), values: free },
  ],
  ["read", "", "preview_template", "Previews.", { template: said("Name of the Jinja2 template") }],
  // Agents and tools that are only asked about.
  ["read", "", "get_agent", "Gets an agent.", { agent_id: text }],
  ["read", "", "get_task", "Gets a task of a list.", { task_id: text }],
  ["read", "", "ask_question", "Answers a question from the manual.", { question: text }],
  ["read", "", "suggest_tool", "Suggests the best tool for a task.", { task: text }],
  ["read", "", "find_tools", "Finds tools by words.", { query: text }],
  ["read", "", "get_tool_result", "Gets the result of a tool.", { ref: text }],
  ["read", "", "list_tool_calls", "Lists calls of tools.", { tool: text }],
  ["read", "", "get_call", "Gets a call.", { call_id: text }],
  ["read", "", "browse_catalog", "Browses the catalog.", { category: text }],
  ["read", "", "observe_metrics", "Observes metrics.", { query: said("PromQL query") }],
  // Switches of what is given back.
  ["read", "", "list_mails", "Lists mails.", { include_deleted: sw("Include deleted mails") }],
  ["read", "", "list_events", "Lists events.", { status: oneOf("confirmed", "cancelled", "deleted") }],
  ["read", "", "list_trades", "Lists trades.", { side: oneOf("buy", "sell") }],
  ["read", "", "search_records", "Searches records.", { type: oneOf("order", "refund", "payment") }],
  ["read", "", "list_items", "Lists items.", { order: oneOf("asc", "desc"), sort: text }],
  ["read", "", "get_page_text", "Gets the text of a page.", { clean: sw("Remove tags from the text") }],
  ["read", "", "extract_text", "Extracts text.", { strip: sw("Remove whitespace and duplicates") }],
  ["read", "", "list_changes", "Lists changes.", { event: oneOf("create", "update", "delete") }],
  ["read", "", "get_order", "Gets an order.", { with_payments: sw("Include payments of the order") }],
  ["read", "", "get_logs", "Gets logs. With verbose=true returns more of them.", { verbose: flag }],
  ["read", "", "list_files", "Lists files. Set deep to list folders in folders.", { deep: flag }],
  ["read", "", "get_rows", "Gets rows. With keep=true nothing is deleted.", { keep: flag }],
  [
    "read",
    "",
    "console_messages",
    "Messages of the browser's console.",
    { clear: sw("Clear after reading") },
  ],
  ["read", "", "get_weather", "Gets the weather.", { refresh: sw("Clear cached values first") }],
  ["read", "", "preview_import", "Previews an import.", { dry_run: flag }],
  ["read", "", "find_rows", "Finds rows.", { after: oneOf("sort", "count") }],
  // Arguments of no program.
  ["read", "", "read_contract", "Reads a contract.", { address: text, function: text, args: words }],
  ["read", "", "translate_key", "Translates a key.", { key: text, args: words }],
  ["read", "", "get_prompt", "Gets a prompt.", { name: text, arguments: free }],
  ["read", "", "git_log", "Shows the log.", { path: text, limit: whole }],
  ["read", "", "list_pods", "Lists pods.", { options: free }],
  [
    "read",
    "",
    "get_process",
    "Gets a process.",
    { program: said("Name of the program which wrote the line") },
  ],
  ["read", "", "explain_command", "Explains a command line.", { cmdline: text }],
  ["read", "", "get_crontab", "Gets the table of a user.", { user: text }],
  ["read", "", "list_plugins", "Lists plugins.", { path: text }],
  ["read", "", "describe_service", "Describes a service.", { service: text }],
  // What an editor is asked, papers and things that are given back.
  ["read", "", "goto_definition", "", { file: text, line: whole }],
  ["read", "", "go_to_implementation", "Goes to the implementation.", { uri: text, position: free }],
  ["read", "", "hover", "Tells of a symbol.", { uri: text, line: whole, character: whole }],
  ["read", "", "invoice_pdf", "", { invoice_id: text }],
  ["read", "", "receipt_pdf", "The receipt as a file.", { id: text }],
  ["read", "", "preview_delete", "Shows what would go. Deletes nothing.", { path: text }],
  ["read", "", "current_user", "", {}],
  ["read", "", "faq", "", {}],
  ["read", "", "similarity", "", { a: text, b: text }],
];

const HARMLESS_OTHERWISE: readonly Row[] = [
  ["read", "", "get_function", "Gets a function by its name", { function: text }],
  ["read", "", "search_code", "Searches code", { query: said("Code snippet or words") }],
  ["read", "", "get_script", "Gets a script", { script: said("Name of the script") }],
  ["read", "", "list_scripts", "Lists scripts in Python", { language: text }],
  ["read", "", "convert_code", "Converts code", { code: text, to: text }],
  ["read", "", "regex_test", "Tests a regex", { expression: text, text: text }],
  ["read", "", "calculate", "Calculates a mathematical expression", { expression: said("e.g. 2 + 2") }],
  ["read", "", "solve", "Solves an equation", { expression: text }],
  ["read", "", "filter_list", "Filters a list", { condition: said("such as price > 5") }],
  ["read", "", "get_alerts", "Gets alerts", { condition: oneOf("open", "closed") }],
  ["read", "", "find_function", "Finds a function in Python code", { name: text, path: text }],
  ["read", "", "list_databases", "Lists databases", {}],
  ["read", "", "search_database", "Searches a database of molecules", { query: text }],
  ["read", "", "query_knowledge_base", "Queries a knowledge base", { query: text }],
  ["read", "", "query_logs", "Queries logs", { query: said("LogQL query") }],
  ["read", "", "query_metrics", "Queries metrics", { query: said("PromQL") }],
  ["read", "", "jira_search", "Searches by JQL", { query: said("JQL query") }],
  ["read", "", "query", "Answers a question about the docs", { query: text }],
  ["read", "", "graphql_schema", "Shows the GraphQL schema", {}],
  ["read", "", "search_products", "Searches products of a shop by way of GraphQL", { query: text }],
  ["read", "", "get_agent_tasks", "Lists tasks of an agent", { agent_id: text }],
  ["read", "", "ask_docs", "Asks the docs", { question: text }],
  ["read", "", "ask_wiki", "Ask a question about a repository", { question: text, repo: text }],
  ["read", "", "get_instructions", "Gets instructions for a task", { task: text }],
  ["read", "", "plan_task", "Plans a task", { task: text }],
  ["read", "", "recommend_tools", "Recommends tools for a goal", { goal: text }],
  ["read", "", "list_prompts", "Lists prompts", {}],
  [
    "read",
    "",
    "search_tools",
    "Finds the right tool for a query; call it afterwards yourself",
    { query: text },
  ],
  ["read", "", "get_quote", "Gets a stock quote", { symbol: text, extended: flag }],
  ["read", "", "get_transaction", "Gets a transaction", { hash: text, confirmed: flag }],
  ["read", "", "list_invoices", "Lists invoices", { paid: flag }],
  ["read", "", "get_booking", "Gets a booking", { include_cancelled: flag }],
  ["read", "", "list_users", "Lists users", { deleted: sw("Only deleted users") }],
  ["read", "", "list_users", "Lists users", { show_removed: flag }],
  ["read", "", "search_mail", "Searches mail", { sent: flag, draft: flag }],
  ["read", "", "get_diff", "Gets a diff", { options: free }],
  ["read", "", "get_image", "Gets an image", { options: said("Options such as width=100") }],
  ["read", "", "list_containers", "Lists containers", { all: flag, filters: text }],
  ["read", "", "get_flags", "Gets feature flags", { flags: words }],
  ["read", "", "evaluate_flags", "Evaluates feature flags", { flags: words, context: free }],
  ["read", "", "format_message", "Formats a message", { message: text, args: words }],
  ["read", "", "list_services", "Lists services", { service: text, action: text }],
  ["read", "", "list_commands", "Lists commands", {}],
  ["read", "", "get_cron", "Gets a cron job", { id: text }],
  ["read", "", "get_extension", "Gets an extension", { path: text }],
  ["write", "", "schedule_meeting", "Schedules a meeting", { when: text, what: said("What it is about") }],
  ["write", "", "create_template", "Creates a template", { template: said("Jinja2 template") }],
  ["write", "", "add_comment", "Adds a comment", { text: text, params: free }],
  ["write", "", "create_issue", "Creates an issue", { title: text, body: text, instruction: text }],
  ["read", "", "query_docs", "Query Supabase docs", { query: text }],
  ["read", "", "search_postgres_docs", "Search Postgres docs", { query: text }],
  ["read", "", "search_nodes", "Searches nodes in the Neo4j memory graph", { query: said("Search query") }],
  ["read", "", "query", "Semantic search of a collection", { query: text, collection: text }],
  ["read", "", "query_vectors", "Queries vectors in a database", { query: text, top_k: whole }],
  ["read", "", "query_notes_db", "Queries the notes", { query: said("Words to search") }],
  ["read", "", "get_schema", "Schema of the GraphQL API", { variables: flag }],
  ["read", "", "get_help", "Gets help", { topic: text, args: text }],
  ["read", "", "git_grep", "Searches files", { pattern: text, path: text }],
  ["read", "", "find_files", "Finds files", { pattern: text, path: text }],
  [
    "read",
    "",
    "extract",
    "Extracts data from a page according to an instruction",
    { url: text, instruction: text },
  ],
  ["read", "", "scrape", "Scrapes a page and extracts data with a prompt", { url: text, prompt: text }],
  ["read", "", "ask_image", "Asks a question about an image", { image: text, question: text }],
  ["read", "", "summarize", "Summarizes a text", { text: text, instruction: text }],
  ["read", "", "deep_research", "Researches a topic in many sources", { query: text }],
  ["read", "", "render_mermaid", "Renders a diagram", { code: said("Mermaid code") }],
  ["read", "", "preview_mail", "Previews a mail", { template: said("Handlebars template") }],
  ["read", "", "validate_template", "Validates a Jinja template", { template: text }],
  ["read", "", "compute_hash", "Computes a hash", { text: text, code: text }],
  ["read", "", "get_order_status", "Gets the status of an order", { order_id: text, live: flag }],
  ["read", "", "get_ticker", "Gets a ticker of a trading pair", { symbol: text, live: flag }],
  ["read", "", "estimate_gas", "Estimates gas of a transaction", { tx: free, commit: flag }],
  ["read", "", "get_logs", "Gets logs", { follow: flag, tail: whole, previous: flag }],
  ["read", "", "search", "Search. Set exclude to remove words from the results.", { exclude: text }],
  ["read", "", "get_tools", "Gets tools", { name: text, args: flag }],
  [
    "read",
    "",
    "wait_for_element",
    "Waits for an element",
    { selector: text, condition: oneOf("visible", "hidden") },
  ],
  ["read", "", "check_status", "Checks status", { service: text, method: text }],
  ["write", "", "set_variable", "Sets a variable", { name: text, expression: text }],
  ["write", "", "add_rule", "Adds a rule", { condition: said("CEL expression") }],
  [
    "write",
    "",
    "update_formula",
    "Updates a formula field",
    { expression: said("Formula, e.g. {price} * 2") },
  ],
  ["write", "", "send_message", "Sends a message", { text: text, args: words }],
  ["write", "", "log_call", "Logs a phone call", { id: text }],
  ["write", "", "save_prompt", "Saves a prompt", { name: text, template: said("Jinja2 template") }],
  ["write", "", "update_agent", "Updates an agent", { agent_id: text, instructions: text }],
  ["write", "", "create_script", "Creates a script", { name: text, content: said("Python script") }],
];

/** Acts that are as before, whatever is beside: nothing of this makes them more. */
const AS_BEFORE: readonly Row[] = [
  ["execute", "", "hover", "Hovers over an element.", { selector: text }],
  ["execute", "", "goto", "Goes to a page.", { url: text }],
  ["write", "", "update_note", "Updates a note.", { id: text, clear: sw("Clear the text first") }],
  ["write", "", "create_order_note", "Creates a note.", { order_id: text, text }],
  ["destructive", "", "delete_row", "Deletes a row.", { id: text, confirm: flag }],
  ["execute", "tools", "call_tool", "Calls a tool.", { command: text, params: free }],
  ["execute", "tools", "run_tool", "Runs a tool.", { command: text, args: words }],
  ["write", "", "create_task", "Creates a task.", { title: text, task: text, due_date: text }],
  ["write", "", "save_snippet", "Saves a snippet.", { title: text, snippet: text }],
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

describe("what arguments carry outweighs a name that reads", () => {
  it.each([
    ["programs", PROGRAMS],
    ["queries that may write", QUERIES],
    ["tasks of agents", AGENTS],
    ["switches and values", SWITCHES],
    ["argument lines", LINES],
    ["tools by other words", OTHERS],
    ["all of these in other words", OTHERWISE],
  ])("%s", (_what, rows) => {
    expect(missesOf(rows)).toEqual([]);
  });

  it("and what only seems to carry more stays harmless", () => {
    expect(HARMLESS.length).toBeGreaterThan(60);
    expect(missesOf([...HARMLESS, ...HARMLESS_OTHERWISE])).toEqual([]);
    expect(missesOf(AS_BEFORE)).toEqual([]);
  });
});

describe("a program that is given its arguments", () => {
  it("is a command line with both of them", () => {
    const { meta } = profileTool(
      definitionOf(["execute", "commands", "run_program", "Runs it.", { command: text, args: words }]),
    );
    expect(meta).toEqual({ runs: "commands", arguments: ["args.command", "args.args"], batch: true });
  });
});
