/** The part of `LIMITS` that is about what tools are. */
export const CATALOGUE_LIMITS = {
  /** A file of the catalogue: its snapshot, or the scan of one server. */
  catalogue_file_bytes_max: 64 * 1024 * 1024,
  /** Scans that are kept, and with them servers that the catalogue has. */
  catalogue_servers_max: 10_000,
  /** One text of an entry: a sentence, an argument's path, a server's word on itself … */
  catalogue_text_characters_max: 512,
  /** … and a word of a server's text that a verdict rests on. */
  catalogue_found_characters_max: 80,
  /** Arguments of one tool that are kept, and reasons for its verdict. */
  catalogue_arguments_max: 256,
  catalogue_evidence_max: 32,
  /** What a definition's size is held against: the context of a model. */
  context_tokens: 200_000,
  /** A command that is scanned may be given so long to start. */
  scan_start_ms_max: 3_600_000,
  /** A server that is scanned and prints what is no message is told of after so long, given up after so long … */
  garbage_told_ms: 1_000,
  garbage_ms: 15_000,
  /** … and its output is looked at so often. */
  garbage_look_ms: 250,
  /** What a server says of itself in a sentence about a scan that failed. */
  scan_detail_characters_max: 400,
  /** A server of the snapshot has so long to start, and so many are started at a time. */
  catalogue_start_ms: 60_000,
  catalogue_starts_max: 2,
  /** A name on a page of the catalogue. */
  page_name_characters_max: 300,
  /** Arguments, and reasons for a verdict, that the page of a tool lists. */
  page_arguments_max: 200,
  page_reasons_max: 100,
  /** Tools of one kind that the page of a server names before it lists them all. */
  page_watched_max: 24,
  /** Tools of one class that it lists before the rest of them is folded away. */
  page_listed_max: 25,
  /** Related tools of one kind that the page of a tool names, of so many that are looked at. */
  page_related_max: 8,
  page_related_looked_at_max: 64,
  /** Tools that enable an attack which its page names, and attacks that the page of a tool names. */
  page_attack_tools_max: 24,
  page_attacks_max: 40,
  /** Messages of an attack that got through which its report shows, and refusals of one that was held. */
  report_proofs_max: 6,
  report_refusals_max: 8,
  /** Meta-tools that a policy which blocks a tool hides beside it. */
  page_meta_tools_max: 50,
  /** What the catalogue reads of one tool's definition: of its name and of one argument's description … */
  classified_name_characters_max: 1_000,
  /** … of the name of an argument … */
  classified_argument_name_characters_max: 100,
  /** … of its own description … */
  classified_description_characters_max: 4_000,
  /** … of the sentences with which it may begin before it says what the tool does … */
  classified_opening_sentences_max: 4,
  /** … of the sentences that may say what comes to pass later … */
  classified_later_sentences_max: 40,
  /** … of each text that may say what can be set … */
  classified_settings_characters_max: 4_000,
  /** … of its schema: arguments so deep, those of parts that were read before, and so many arguments … */
  classified_argument_levels_max: 8,
  classified_repeated_levels_max: 4,
  classified_arguments_max: 500,
  /** … so much of all that stands in it, parts of one argument, and values of one list. */
  classified_schema_steps_max: 20_000,
  classified_alternatives_max: 64,
  classified_values_max: 600,
  /** Schemas that one place of a schema is made of, which the checker looks at. */
  checked_schema_parts_max: 2_000,
  /** What the checker tries on a tool that runs others: so many calls in all … */
  tried_calls_max: 500_000,
  /** … with names of so many tools, and so many texts of the policy's own … */
  tried_names_max: 200,
  tried_texts_max: 200,
  /** … in so many arguments that may say what to run: more are not tried at all … */
  tried_routes_max: 64,
  /** … in so many arguments of one object, and elements of a list that stand before the one that is named … */
  tried_arguments_max: 16,
  tried_elements_max: 100,
  /** … with places of one schema that are remembered, rather than looked up again … */
  tried_shapes_max: 1_000,
  /** … and so much of one that gets through is shown. */
  tried_shown_characters_max: 200,
} as const;
