import type { ToolName } from "../tool-facts.generated.ts";
import { alters, reads, readsWeb, replaces, type Words } from "../tool.ts";

// What concerns a project's assets and state: blueprints, materials, audits, snapshots; and the documentation.

const BLUEPRINTS = {
  blueprint_list: reads("List blueprints", "Lists the blueprints of a content directory. Changes nothing."),
  blueprint_inspect: reads("Inspect a blueprint", "Tells what a blueprint consists of. Changes nothing."),
  blueprint_compile: replaces(
    "Compile blueprints",
    "Compiles the blueprint or the folder of blueprints at a path; what was compiled before is replaced.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const CAPTURE = {
  screenshot_take: replaces(
    "Take a screenshot",
    "Writes a picture of the viewport to a file; one of the same name may be overwritten.",
  ),
  screenshot_focus_selection: replaces(
    "Take a screenshot of the selection",
    "Moves the camera to the selected actors and writes a picture to a file; one of the same name may be overwritten.",
  ),
  snapshot_save: replaces(
    "Save a snapshot",
    "Keeps where the actors of the level are under a name; a snapshot of that name is replaced. The level stays as it is.",
  ),
  snapshot_restore: replaces(
    "Restore a snapshot",
    "Puts actors back to where they were when the snapshot was saved; where they are now is lost.",
  ),
  snapshot_list: reads("List snapshots", "Lists the snapshots that are kept. Changes nothing."),
  snapshot_diff: reads(
    "Compare with a snapshot",
    "Tells what is different in the level since a snapshot was saved. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const MATERIALS = {
  create_material_instance: alters(
    "Create a material instance",
    "Makes a new material instance of a parent material with the given parameters. One at the same path may be replaced.",
  ),
  import_asset: replaces(
    "Import a file",
    "Imports a file from the editor's machine as an asset. Unless replace_existing is false, an asset at that path is replaced; with save it is written to disk.",
  ),
  material_list_presets: reads("List material presets", "Lists the material presets. Changes nothing."),
  material_apply_preset: replaces(
    "Apply a material preset",
    "Gives the selected actors the material of a preset instead of what they had.",
  ),
  material_bulk_swap: replaces("Swap a material", "Replaces one material by another wherever actors use it."),
  material_randomize_colors: alters(
    "Randomize colours",
    "Gives the selected actors materials of random colours instead of what they had; each time anew.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const OPTIMIZATION = {
  memory_scan: reads(
    "Scan memory use",
    "Estimates how much memory the level's assets need. Changes nothing.",
  ),
  memory_top_offenders: reads(
    "Largest memory users",
    "Lists the assets that need most memory. Changes nothing.",
  ),
  nanite_audit: reads("Audit Nanite", "Lists meshes with and without Nanite. Changes nothing."),
  publish_audit: reads(
    "Audit for publishing",
    "Checks whether the project is ready to be published. Changes nothing.",
  ),
  level_health_check: reads("Check the level", "Looks for common problems of the level. Changes nothing."),
  reference_audit: reads(
    "Audit references",
    "Looks for unused, duplicate and broken references among assets. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const DOCS = {
  "query-docs": readsWeb(
    "Search the Verse documentation",
    "Searches the words of a query in the documentation files of the folder that this server was started with; no editor is needed. With fetch_source_urls it also reads the pages that found files name as their source, from allowed hosts only. Changes nothing.",
  ),
  "fetch-doc-source": readsWeb(
    "Read a documentation page",
    "Reads a text page over https, from the hosts that this server was started to allow and from no other; no editor is needed. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

export const PROJECT_WORDS = { ...BLUEPRINTS, ...CAPTURE, ...MATERIALS, ...OPTIMIZATION };
export const DOCS_WORDS = DOCS;
