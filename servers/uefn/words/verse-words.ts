import type { ToolName } from "../tool-facts.generated.ts";
import { alters, reads, replaces, shows, type Words } from "../tool.ts";

// Devices of the level, and Verse code of the project.

const DEVICES = {
  device_list: reads(
    "List devices",
    "Lists the devices of the level, by a part of their name if wanted. Changes nothing.",
  ),
  device_call_method: alters(
    "Call a device's method",
    "Calls a method on the devices that match; what that changes is up to the method. Without a filter many may match.",
  ),
  device_set_property: replaces(
    "Set a device's property",
    "Sets one property of the devices that match and overwrites the values they had.",
  ),
  device_bulk_set_property: replaces(
    "Set a property of many devices",
    "Sets a yes/no property of the selected devices, or with use_all_devices of all in the level.",
  ),
  device_select_by_name: shows(
    "Select devices by name",
    "Selects the devices with this part in their name instead of what was selected. The level stays as it is.",
  ),
  device_select_by_class: shows(
    "Select devices by class",
    "Selects the devices of a class instead of what was selected. The level stays as it is.",
  ),
  device_export_report: shows(
    "Export a report of devices",
    "Describes the devices of the level with their properties, and may write a report file that replaces the last one. The level stays as it is.",
  ),
  device_crawl_api: shows(
    "Crawl the selection's API",
    "Collects properties and methods of the selected actors, and may write a report file that replaces the last one. The level stays as it is.",
  ),
  device_sim_generate_proxy: shows(
    "Make a proxy of a device",
    "Generates stand-in code for the selected device, with which its logic can be tried outside of a game; an older one may be replaced.",
  ),
  device_sim_trigger_method: alters(
    "Trigger a simulated method",
    "Calls a method of the simulated device; what that changes is up to the method.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const BUILDING = {
  verse_build: shows(
    "Build the Verse code",
    "Compiles the project's Verse code; the results of the last build are replaced. The code stays as it is.",
  ),
  verse_get_build_log: reads("Verse build log", "Returns the log of the last Verse build. Changes nothing."),
  verse_build_status: reads(
    "Verse build status",
    "Tells how the last Verse build ended, and whether that is longer ago than wanted. Changes nothing.",
  ),
  verse_find_project_path: reads(
    "Find the Verse folder",
    "Tells where the project keeps its Verse files. Changes nothing.",
  ),
  verse_patch_errors: alters(
    "Repair Verse errors",
    "Looks at the errors of the last build, for one file or for all, and prepares what is needed to repair them. It may change Verse files.",
  ),
  verse_get_schema: reads(
    "Schema of a Verse class",
    "Returns what is known of a Verse class. Changes nothing.",
  ),
  verse_refresh_schemas: shows(
    "Refresh the Verse schemas",
    "Reads the Verse digests again and replaces what was known of classes. The code stays as it is.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const WRITING = {
  verse_write_file: replaces(
    "Write a Verse file",
    "Writes a Verse file into the project. A file of that name stays as it is unless overwrite is set.",
  ),
  verse_template_list: reads("List Verse templates", "Lists the Verse templates. Changes nothing."),
  verse_template_get: reads(
    "Read a Verse template",
    "Returns the code of a Verse template. Changes nothing.",
  ),
  verse_template_deploy: replaces(
    "Use a Verse template",
    "Writes a template, or the given code instead of it, as a Verse file into the project. A file of that name stays as it is unless overwrite is set.",
  ),
  verse_gen_game_skeleton: replaces(
    "Generate a game manager",
    "Generates Verse code of a game manager device as a file; one of that name may be overwritten.",
  ),
  verse_gen_elimination_handler: replaces(
    "Generate an elimination handler",
    "Generates Verse code that reacts to eliminations as a file; an older one may be overwritten.",
  ),
  verse_gen_scoring_tracker: replaces(
    "Generate a score tracker",
    "Generates Verse code that keeps scores up to a maximum as a file; an older one may be overwritten.",
  ),
  verse_gen_custom: replaces(
    "Write a Verse snippet",
    "Writes the given Verse code as a snippet file. A file of that name stays as it is unless overwrite is set.",
  ),
  verse_list_snippets: reads("List Verse snippets", "Lists the generated Verse files. Changes nothing."),
  verse_gen_device_declarations: replaces(
    "Generate device declarations",
    "Generates Verse declarations of the level's devices as a file; an older one may be overwritten.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

export const VERSE_WORDS = { ...DEVICES, ...BUILDING, ...WRITING };
