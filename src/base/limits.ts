import { ATTACK_LIMITS } from "./limits-attack.ts";
import { CATALOGUE_LIMITS } from "./limits-catalogue.ts";

/** Every bound of the gate in one place; the unit is the last word of the name. */
export const LIMITS = {
  /** One HTTP request body, one JSON-RPC frame from a client. */
  body_bytes_max: 4 * 1024 * 1024,
  /** One message from an upstream, by default (`resultBytes`). */
  result_bytes_max: 16 * 1024 * 1024,
  /** The id of a message: ids are kept for as long as an answer may come. */
  id_characters_max: 4_096,
  /** A message that outlives its answer: what begins a session, or lasts as long as one. */
  kept_message_characters_max: 64 * 1024,
  /** Nesting of arrays and objects in one message. */
  json_levels_max: 1_000,
  /** Members of one object in one message. */
  object_keys_max: 10_000,
  /** Nesting of a call's arguments (docs/policy.md gate 7). */
  argument_levels_max: 64,
  /** A policy document. */
  policy_bytes_max: 256 * 1024,
  /** A pattern of a policy. */
  pattern_characters_max: 1_000,
  /** Digits after the point of an amount. */
  amount_fraction_digits_max: 9,
  /** An integer window of a limit: a century. */
  window_seconds_max: 3_155_760_000,
  /** A time-out or memory of an approval: a year. */
  approval_ms_max: 366 * 86_400_000,
  /** Names of tools whose rule a policy remembers before it starts anew. */
  resolved_names_max: 4_096,
  /** A rule that the checker proposes in a sentence; a longer one is only in the output for programs. */
  proposal_characters_max: 4_000,
  /** A tool's name in a sentence about a recommended policy. */
  recommended_name_characters_max: 60,
  /** A list of tools on standard input. */
  tools_input_bytes_max: 256 * 1024 * 1024,
  /** A JSON Schema of a tool or a policy, in its RFC 8785 form. */
  schema_bytes_max: 256 * 1024,
  /** Nesting of arrays and objects in a schema. */
  schema_levels_max: 128,
  /** Subschemas tried on one value: recursion through `anyOf` grows exponentially. */
  schema_steps_max: 1_000_000,
  /** Compiled schemas that are kept. */
  schemas_kept: 1_000,
  headers_ms_max: 10_000,
  request_ms_max: 30_000,
  header_bytes_max: 32 * 1024,
  start_ms: 60_000,
  call_ms: 60_000,
  call_ms_max: 300_000,
  idle_ms: 600_000,
  in_flight_calls_max: 64,
  /** Notifications and answers of a grant that its servers have not taken yet. */
  passing_messages_max: 64,
  /** Messages of a client that `connect` carries at a time. */
  relayed_messages_max: 1_000,
  /** … and how long the gateway has to take one that has no answer. */
  relay_take_ms: 10_000,
  drain_ms: 10_000,
  /** Definitions of an upstream's tools are read again after this long without a `ttlMs`. */
  definitions_ms: 300_000,
  /** … and, however short a `ttlMs` is, not more often than this. */
  definitions_ms_min: 1_000,
  /** A server's word on its lists is asked for again so long after it ended, ever later. */
  watch_again_ms: 1_000,
  watch_again_ms_max: 60_000,
  /** Where all servers are one, a server has so long once another has answered. */
  laggard_ms_max: 5_000,
  list_pages_max: 1_000,
  listed_tools_max: 10_000,
  /** … and what all pages of one list may be together. */
  list_bytes_max: 32 * 1024 * 1024,
  /** Names that a server's tools had, whose definitions are compared when they come again. */
  tool_names_kept: 20_000,
  sessions_max: 10_000,
  /** … and of one grant, so that it does not have all of them. */
  grant_sessions_max: 4_096,
  /** … and of those, sessions on one command, each of which is a process of its own. */
  grant_processes_max: 128,
  /** Streams of a grant that stay open: subscriptions, and sessions that are listened to. */
  open_streams_max: 4_096,
  /** Elements of a batch (2025-03-26). */
  batch_elements_max: 100,
  /** … and what its answers may be together. */
  batch_characters_max: 64 * 1024 * 1024,
  /** Questions of servers that one client has not answered yet. */
  asks_max: 1_000,
  /** Different sets of capabilities that clients of one grant declare to one legacy server. */
  capability_sets_max: 16,
  /** Events of a session that are kept for a client that comes back, and how long. */
  replay_characters_max: 1024 * 1024,
  replay_ms_max: 300_000,
  /** … and those of all sessions together, as looked at with each sweep. */
  replay_characters_total_max: 256 * 1024 * 1024,
  /** Messages that wait: for a subscription's acknowledgement, or until somebody listens to a server at all … */
  waiting_messages_max: 1_000,
  /** … and what they may be together. */
  waiting_characters_max: 4 * 1024 * 1024,
  /** Of one grant: states that servers gave for a retry, and tasks that calls began. */
  request_states_max: 10_000,
  tasks_max: 10_000,
  /** An open stream says this often that it is there. */
  keep_alive_ms: 15_000,
  /** A client that takes nothing of what waits for it for this long is gone. */
  stalled_ms_max: 60_000,
  /** … and for this long where others of its grant wait for the same pipe. */
  stalled_pipe_ms_max: 5_000,
  /** How often one call may be sent anew because its server asked the client for something (`input_required`). */
  input_rounds_max: 16,
  /** Questions that one such result may hold. */
  input_requests_max: 64,
  /** All the rounds of one call, the client's answers included. */
  input_ms_max: 600_000,
  /** A server that asks for another round without a question is asked again after this long, doubled each time … */
  input_retry_ms: 100,
  /** … up to this. */
  input_retry_ms_max: 5_000,
  /** Resources whose changes one legacy session follows over a modern server. */
  subscribed_uris_max: 1_000,
  /** A server has this long to acknowledge a subscription. */
  subscription_ms_max: 10_000,
  /** A subscription that ended is opened again after this long, doubled each time … */
  listen_retry_ms: 250,
  /** … up to this; one that held as long begins anew. */
  listen_retry_ms_max: 30_000,
  /** Calls at a legacy server that wait for their modern client, on one channel, and what one such call may ask at a time. */
  held_calls_max: 256,
  held_asks_max: 64,
  /** … what is asked on one channel, together … */
  held_characters_max: 4 * 1024 * 1024,
  /** … and how long a client may take to answer. */
  held_ms_max: 600_000,
  /** Subscriptions of modern clients on one legacy channel, resources of one, and notices that one has not taken yet. */
  listens_max: 4_096,
  listen_resources_max: 256,
  listen_pending_max: 1_000,
  /** … together, where one does not go out at once. */
  listen_pending_characters_max: 1024 * 1024,
  /** How long a legacy server may take to set its log level before the request that wants it goes on without. */
  log_level_ms_max: 5_000,
  stderr_bytes_kept: 16 * 1024,
  /** A process has so long to end by itself after its input was closed, and then after SIGTERM. */
  child_end_ms: 2_000,
  child_term_ms: 2_000,
  /** … what it wrote is still read so long after its exit … */
  child_drain_ms: 500,
  /** … and what it started has so long to end after SIGTERM, once the process itself is gone. */
  child_sweep_ms: 500,
  /** A command that ended sooner than this after its start has failed … */
  settled_ms: 10_000,
  /** … and is started again after this, which doubles with each failure. */
  restart_ms_min: 250,
  restart_ms_max: 30_000,
  /** A stream of a server that ended is asked for again after this at the least, whatever the server says … */
  resume_ms_min: 100,
  /** … doubled, up to this, each time that nothing new came. */
  resume_ms_floor_max: 1_000,
  /** Subscriptions of a session over HTTP that are made again when its server forgot it. */
  session_subscriptions_max: 10_000,
  /** Questions of a server whose answers are waited for, so that an answer goes to the session that asked. */
  open_asks_max: 10_000,
  /** Processes of one server that clients share: one for each revision and set of capabilities. */
  shared_kinds_max: 16,
  /** What waits for one slow client of a shared process. */
  shared_wait_bytes_max: 4 * 1024 * 1024,
  /** Questions of a shared process that its clients have not answered yet. */
  shared_asks_max: 1_000,
  /** Requests that nobody waits for any more are known so many, so that a late answer finds no other request … */
  abandoned_calls_max: 10_000,
  /** … and so long the server may be at work on one: what it asks may be for whoever made it. */
  abandoned_ms_max: 300_000,
  /** Elicitations of a shared process whose end is told to whoever was asked. */
  shared_elicitations_max: 10_000,
  /** Resources that one client of a shared process is subscribed to. */
  shared_subscriptions_max: 10_000,
  token_characters_min: 32,
  /** Values shorter than this are not masked where an upstream echoes them. */
  masked_characters_min: 12,
  /** … or than this, where a name says that they are secrets. */
  masked_named_characters_min: 8,
  server_name_characters_max: 32,
  hold_ms: 55_000,
  counter_ms_max: 5_000,
  audit_ms_max: 15_000,
  /** One line of the journal. No record comes near: its largest part is a call's arguments, which came in one body. */
  record_bytes_max: 64 * 1024 * 1024,
  /** A journal's segment of this length is the last to be written to. */
  segment_bytes_max: 64 * 1024 * 1024,
  /** Lines that wait for a sync: decisions are refused behind so many; outcomes and acts may be twice that. */
  unsynced_lines_max: 20_000,
  unsynced_bytes_max: 32 * 1024 * 1024,
  /** Where no call waits for a sync, one begins in the background after so much. */
  background_sync_bytes: 8 * 1024 * 1024,
  /** The journal looks this often whether its file is there, and whether it can be written again. */
  journal_check_ms: 1_000,
  /** A checkpoint of the counters is written this often while the record grows. */
  checkpoint_ms: 30_000,
  /** The search copy of the record follows the journal this often, so many lines at a time between calls. */
  search_fill_ms: 250,
  search_fill_lines: 400,
  search_rows_max: 10_000,
  /** The thread that fills it: its memory, how long it may end, and the growing wait before one that died starts again. */
  search_heap_mib: 256,
  search_close_ms: 5_000,
  search_restart_ms: 1_000,
  search_restart_max_ms: 60_000,
  /** Of masked arguments this much text is looked at and kept, so deep; the rest is a marker. */
  kept_arguments_characters_max: 32 * 1024,
  kept_arguments_levels_max: 32,
  /** A longer name or URI is a marker in the record. */
  kept_name_characters_max: 4_096,
  /** Looking for secrets may take so long; then only the names of the arguments are kept. */
  redact_ms_max: 10_000,
  /** Longer texts are looked through one after the other. */
  redact_at_once_characters_max: 2_048,
  /** Combinations of grant, server, code and the like whose numbers are remembered while the copy is filled. */
  search_kinds_kept: 20_000,
  /** A search looks so many records back, one after the other, before it asks indexes. */
  search_glance_rows: 2_000,
  /** An export that is resumed stores its place after so many lines. */
  export_batch_lines: 5_000,
  /** Rows of CSV that wait behind a call whose outcome has not come, so that rows stand in the order of the calls. */
  export_waiting_rows: 10_000,
  /** What a search copy that is filled keeps of itself in memory. */
  search_cache_bytes: 32 * 1024 * 1024,
  /** A signed head is written this often while the record grows. */
  head_seconds: 60,
  /** Freezes that there are at a time, and why one was made. */
  freezes_max: 1_000,
  freeze_reason_characters_max: 1_000,
  /** Verdicts on tools that people have overridden, the names of such tools, and why. */
  overrides_max: 1_000,
  override_tool_characters_max: 1_000,
  override_reason_characters_max: 1_000,
  /** An act that takes effect all the same waits so long for the record before it is kept elsewhere. */
  act_record_ms_max: 3_000,
  /** Room set aside in the database of grants, so that its acts need none of a full disk: it is made anew below the lower figure. */
  grants_room_pages: 256,
  grants_room_pages_min: 128,
  /** … and in the journal of its transactions, none of which changes nearly so much. */
  grants_journal_pages: 64,
  /** … and the second place has so long to take one; one that did not is tried again after this. */
  head_post_ms_max: 5_000,
  head_retry_ms: 5_000,
  /** One signed head, as far as the end of a file of them is looked at. */
  head_bytes_max: 4_096,
  /** The data directory's file of signed heads loses its older half when it is larger. */
  heads_bytes_max: 16 * 1024 * 1024,
  /** Records that are too old, or too many, are looked for this often. */
  retention_check_ms: 60_000,
  /** Retention by size keeps at least two segments of the journal. */
  retention_bytes_min: 128 * 1024 * 1024,
  ...ATTACK_LIMITS,
  ...CATALOGUE_LIMITS,
} as const;
