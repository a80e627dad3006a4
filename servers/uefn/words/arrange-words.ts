import type { ToolName } from "../tool-facts.generated.ts";
import { alters, adds, reads, replaces, shows, type Words } from "../tool.ts";

// What arranges actors that are there: in bulk, in folders, by tags; and small helpers.

const BULK_OPS = {
  bulk_align: replaces("Align actors", "Moves the selected actors so that they are in line on one axis."),
  bulk_distribute: replaces("Distribute actors", "Moves the selected actors to equal distances on one axis."),
  bulk_randomize: alters(
    "Randomize actors",
    "Moves, turns and scales the selected actors at random within the given ranges; each time anew.",
  ),
  bulk_snap_to_grid: replaces(
    "Snap actors to a grid",
    "Moves the selected actors to the nearest points of a grid.",
  ),
  bulk_mirror: alters("Mirror actors", "Mirrors the selected actors at a pivot on one axis."),
} satisfies Partial<Record<ToolName, Words>>;

const ORGANIZATION = {
  actor_move_to_folder: replaces(
    "Move actors to a folder",
    "Puts actors into a folder of the outliner. Their place in the level stays as it is.",
  ),
  actor_hide: replaces(
    "Hide actors",
    "Hides the actors with these labels in the editor; they stay in the level.",
  ),
  actor_show: replaces("Show actors", "Shows the actors with these labels in the editor again."),
  actor_lock: replaces("Lock actors", "Locks the actors with these labels against being moved."),
  actor_unlock: replaces("Unlock actors", "Lets the actors with these labels be moved again."),
  select_by_class: shows(
    "Select by class",
    "Selects every actor of a class instead of what was selected. The level stays as it is.",
  ),
  select_by_property: shows(
    "Select by property",
    "Selects every actor with this value of a property instead of what was selected. The level stays as it is.",
  ),
  actor_set_label: replaces("Rename an actor", "Gives an actor another label in the outliner."),
  smart_organize: replaces(
    "Sort into folders",
    "Sorts actors or assets into folders by their kind; the folders they were in before are not kept.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const UTILITY = {
  tag_add: adds("Add a tag", "Adds a tag to an actor; those that it has stay."),
  tag_remove: replaces("Remove a tag", "Takes a tag away from an actor."),
  tag_search: reads("Search by tag", "Lists what has a tag. Changes nothing."),
  measure_distance: reads("Measure a distance", "Tells the distance between two actors. Changes nothing."),
  spline_place_props: adds(
    "Place along a spline",
    "Puts new copies of an asset into the level along a spline, turned at random if wanted.",
  ),
  spline_export_json: shows(
    "Export a spline",
    "Describes the points of a spline as JSON, and may write them to a file that replaces the last one. The level stays as it is.",
  ),
  spline_to_verse_patrol: replaces(
    "Make a patrol path of a spline",
    "Writes a Verse file with the points of a spline as a patrol path; a file of that name may be overwritten.",
  ),
  config_get: reads(
    "Read the tool settings",
    "Returns settings of the editor's tools, one or all. Changes nothing.",
  ),
  config_set: replaces(
    "Change a tool setting",
    "Sets one setting of the editor's tools and overwrites the value it had.",
  ),
  viewport_orbit: shows(
    "Look at an actor",
    "Moves the viewport camera to a distance and angle from an actor. The level stays as it is.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

export const ARRANGE_WORDS = { ...BULK_OPS, ...ORGANIZATION, ...UTILITY };
