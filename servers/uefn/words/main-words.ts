import type { ToolName } from "../tool-facts.generated.ts";
import { adds, alters, reads, replaces, runsAnything, shows, type Words } from "../tool.ts";

// The commands of the listener itself.

export const MAIN_WORDS = {
  ping: reads("Ping the editor", "Asks the listener inside the editor whether it answers. Changes nothing."),
  get_status: reads(
    "Listener status",
    "Tells how the listener inside the editor is doing: its port, how it runs, what it has done. Changes nothing.",
  ),
  execute_python: runsAnything(
    "Run Python in the editor",
    "Runs Python code inside the editor with everything the editor's user may do: it can change or delete actors, assets and files, start programs, and stop the listener.",
  ),
  get_log: reads(
    "Listener log",
    "Returns the last lines of the listener's log (it keeps 200). Changes nothing.",
  ),
  shutdown: replaces(
    "Stop the listener",
    "Stops the listener inside the editor. Every later call fails until a person starts it again inside the editor; no tool can. The editor may be frozen for half a minute, and the answer may be a time-out although it stopped.",
  ),
  get_all_actors: reads("All actors", "Lists the actors of the open level. Changes nothing."),
  get_selected_actors: reads(
    "Selected actors",
    "Lists the actors that are selected in the editor. Changes nothing.",
  ),
  smart_spawn: adds(
    "Spawn by a plain name",
    "Finds a device or asset by a plain name or alias and puts it into the level as a new actor. With dry_run it only tells what it would spawn.",
  ),
  search_content_browser: reads(
    "Search the content browser",
    "Searches the names of assets in the content browser. Changes nothing.",
  ),
  list_device_aliases: reads(
    "Device aliases",
    "Lists the plain names that smart_spawn knows for devices. Changes nothing.",
  ),
  spawn_actor: adds(
    "Spawn an actor",
    "Puts a new actor of a class or asset into the level, at a location and rotation if given.",
  ),
  delete_actors: replaces("Delete actors", "Removes the actors with these labels from the level."),
  set_actor_transform: replaces(
    "Move, turn or scale an actor",
    "Sets location, rotation or scale of one actor; what is not given stays as it is.",
  ),
  get_actor_properties: reads(
    "Properties of an actor",
    "Returns the properties of one actor. Changes nothing.",
  ),
  set_actor_properties: replaces(
    "Set properties of an actor",
    "Sets the given properties of one actor and overwrites the values they had.",
  ),
  select_actors: shows(
    "Select actors",
    "Selects the actors with these labels in the editor instead of what was selected. The level stays as it is.",
  ),
  focus_selected: shows(
    "Look at the selection",
    "Moves the viewport camera so that the selected actors are in view. The level stays as it is.",
  ),
  list_assets: reads(
    "List assets",
    "Lists the assets of a content directory, of one class if wanted. Changes nothing.",
  ),
  get_asset_info: reads("About an asset", "Tells the class and the details of one asset. Changes nothing."),
  get_selected_assets: reads(
    "Selected assets",
    "Lists the assets that are selected in the content browser. Changes nothing.",
  ),
  rename_asset: alters(
    "Rename or move an asset",
    "Gives an asset another path. What refers to the old path may need the redirector that the editor leaves there.",
  ),
  delete_asset: replaces(
    "Delete an asset",
    "Deletes one asset from the project. This may be impossible to undo.",
  ),
  duplicate_asset: adds(
    "Duplicate an asset",
    "Copies an asset to another path; the original stays as it is.",
  ),
  does_asset_exist: reads(
    "Does an asset exist",
    "Tells whether there is an asset at a path. Changes nothing.",
  ),
  save_asset: replaces("Save an asset", "Writes one asset to disk, over the version that was saved before."),
  search_assets: reads(
    "Search assets",
    "Finds assets by class and directory in the asset registry. Changes nothing.",
  ),
  get_project_info: reads(
    "About the project",
    "Tells the name and the directories of the open project. Changes nothing.",
  ),
  save_current_level: replaces(
    "Save the level",
    "Writes the open level to disk, over the version that was saved before.",
  ),
  get_level_info: reads("About the level", "Tells the name and the size of the open level. Changes nothing."),
  get_viewport_camera: reads(
    "Viewport camera",
    "Returns where the viewport camera is and where it looks. Changes nothing.",
  ),
  set_viewport_camera: shows(
    "Move the viewport camera",
    "Puts the viewport camera at a location and rotation. The level stays as it is.",
  ),
  run_tool: runsAnything(
    "Run a tool of the editor's registry",
    "Runs one of the several hundred further tools that are registered inside the editor, by name with its arguments (an object, or JSON text of one). Some read, some change or delete much, some reach the network, and some stop the listener: look at list_tools and describe_tool first.",
  ),
  list_tools: reads(
    "List the editor's registry",
    "Lists the tools that run_tool reaches, of one category if wanted. Changes nothing.",
  ),
  describe_tool: reads(
    "Describe a registered tool",
    "Tells what one tool of the editor's registry does and which arguments it takes. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;

export const CONTROL_WORDS = {
  undo: alters("Undo", "Takes back the last change in the editor."),
  redo: alters("Redo", "Makes the change again that was taken back last."),
  batch_exec: runsAnything(
    "Run several commands",
    "Runs a list of listener commands ({ command, params }) one after the other. Any command may be in it, also deleting, Python and stopping the listener; those before a failure stay done.",
  ),
  command_history: reads(
    "Command history",
    "Lists the commands that the listener ran last. Changes nothing.",
  ),
} satisfies Partial<Record<ToolName, Words>>;
