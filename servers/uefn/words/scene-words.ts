import type { ToolName } from "../tool-facts.generated.ts";
import { adds, alters, reads, replaces, shows, type Words } from "../tool.ts";

// What is placed into a level: sounds, lights, landscapes, effects, patterns, signs.

const AUDIO = {
  audio_place: adds("Place a sound", "Puts a new actor that plays a sound asset into the level."),
  audio_set: replaces(
    "Set a sound",
    "Sets volume and radius of a sound actor; what is not given stays as it is. Takes one command for each, so one may be set and the other not: the answer tells.",
  ),
  audio_list: reads("List sounds", "Lists the sound actors of the level. Changes nothing."),
} satisfies Partial<Record<ToolName, Words>>;

const LANDSCAPE = {
  landscape_info: reads(
    "About the landscape",
    "Tells size and components of the landscape. Changes nothing.",
  ),
  landscape_list: reads("List landscapes", "Lists the landscapes of the level. Changes nothing."),
  landscape_set_material: replaces(
    "Set the landscape's material",
    "Gives a landscape another material instead of the one it had.",
  ),
  landscape_create: adds(
    "Create a landscape",
    "Puts a new landscape into the level. The placeholder that it is made from is removed unless keep_placeholder is set.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const LIGHTING = {
  light_place: adds(
    "Place a light",
    "Puts a new light of a kind (point, spot, rect, directional) into the level.",
  ),
  light_set: replaces(
    "Set a light",
    "Sets intensity, colour, radius or temperature of one light; what is not given stays as it is.",
  ),
  light_list: reads("List lights", "Lists the lights of the level. Changes nothing."),
  light_bulk_adjust: replaces(
    "Set many lights",
    "Sets intensity, radius or temperature of every light, or of those of one kind, to a value. Takes one command for each light, so some may be set and others not: the answer tells which.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const POSTPROCESS = {
  postprocess_spawn: adds(
    "Add a post-process volume",
    "Puts a new post-process volume into the level; with infinite_extent it changes the look of all of it.",
  ),
  postprocess_set: replaces(
    "Set a post-process volume",
    "Sets bloom, exposure, saturation, contrast or vignette of a volume; what is not given stays as it is.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const PROCEDURAL = {
  pattern_grid: adds("Place in a grid", "Puts new copies of an asset into the level in rows and columns."),
  pattern_circle: adds("Place in a circle", "Puts new copies of an asset into the level around a centre."),
  pattern_line: adds("Place in a line", "Puts new copies of an asset into the level between two points."),
  scatter_props: adds(
    "Scatter props",
    "Puts new copies of an asset at random places around a centre, turned and scaled at random if wanted.",
  ),
  scatter_along_spline: adds(
    "Scatter along a spline",
    "Puts new copies of an asset into the level along the spline of an actor.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const SEQUENCER = {
  seq_batch_keyframe: alters(
    "Set keyframes",
    "Writes keyframes for an actor into the open sequence; those at the same times are overwritten.",
  ),
  seq_actor_to_spline: alters(
    "Animate along a spline",
    "Makes an actor of the open sequence follow a spline, over the movement it had.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const TEXT = {
  sign_list: reads("List signs", "Lists the text actors of the level. Changes nothing."),
  sign_set_text: replaces("Set a sign's text", "Gives a text actor another text instead of the one it had."),
  sign_spawn_bulk: adds(
    "Place signs",
    "Puts a new text actor into the level for each text, one beside the other.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const VFX = {
  niagara_spawn_system: adds("Place an effect", "Puts a new Niagara effect into the level."),
  niagara_list_systems: reads(
    "List effects",
    "Lists the Niagara systems of a content directory. Changes nothing.",
  ),
  niagara_set_parameter: replaces(
    "Set an effect's parameter",
    "Sets one number parameter of a Niagara effect and overwrites the value it had.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

const WORLD = {
  world_state_export: shows(
    "Export the level's state",
    "Describes actors and settings of the level, and may write them to a report file that replaces the last one. The level stays as it is.",
  ),
  zone_spawn: adds("Add a zone", "Puts a new zone (a marked volume) into the level."),
  zone_list: reads("List zones", "Lists the zones of the level. Changes nothing."),
  zone_select_contents: shows(
    "Select what is in a zone",
    "Selects the actors inside a zone instead of what was selected. The level stays as it is.",
  ),
  proximity_find: reads(
    "Find actors nearby",
    "Lists the actors within a radius of an actor, of one class if wanted. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

export const SCENE_WORDS = {
  ...AUDIO,
  ...LANDSCAPE,
  ...LIGHTING,
  ...POSTPROCESS,
  ...PROCEDURAL,
  ...SEQUENCER,
  ...TEXT,
  ...VFX,
  ...WORLD,
};
