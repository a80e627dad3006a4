import type { ToolFact } from "./tool.ts";

// What known bridges offer: names, groups, what is behind each, and input schemas, as they are.

export type ToolName =
  | "ping"
  | "get_status"
  | "execute_python"
  | "get_log"
  | "shutdown"
  | "get_all_actors"
  | "get_selected_actors"
  | "smart_spawn"
  | "search_content_browser"
  | "list_device_aliases"
  | "spawn_actor"
  | "delete_actors"
  | "set_actor_transform"
  | "get_actor_properties"
  | "set_actor_properties"
  | "select_actors"
  | "focus_selected"
  | "list_assets"
  | "get_asset_info"
  | "get_selected_assets"
  | "rename_asset"
  | "delete_asset"
  | "duplicate_asset"
  | "does_asset_exist"
  | "save_asset"
  | "search_assets"
  | "get_project_info"
  | "save_current_level"
  | "get_level_info"
  | "get_viewport_camera"
  | "set_viewport_camera"
  | "run_tool"
  | "list_tools"
  | "describe_tool"
  | "audio_place"
  | "audio_set"
  | "audio_list"
  | "blueprint_list"
  | "blueprint_inspect"
  | "blueprint_compile"
  | "bulk_align"
  | "bulk_distribute"
  | "bulk_randomize"
  | "bulk_snap_to_grid"
  | "bulk_mirror"
  | "screenshot_take"
  | "screenshot_focus_selection"
  | "snapshot_save"
  | "snapshot_restore"
  | "snapshot_list"
  | "snapshot_diff"
  | "device_list"
  | "device_call_method"
  | "device_set_property"
  | "device_bulk_set_property"
  | "device_select_by_name"
  | "device_select_by_class"
  | "device_export_report"
  | "device_crawl_api"
  | "device_sim_generate_proxy"
  | "device_sim_trigger_method"
  | "undo"
  | "redo"
  | "batch_exec"
  | "command_history"
  | "landscape_info"
  | "landscape_list"
  | "landscape_set_material"
  | "landscape_create"
  | "light_place"
  | "light_set"
  | "light_list"
  | "light_bulk_adjust"
  | "create_material_instance"
  | "import_asset"
  | "material_list_presets"
  | "material_apply_preset"
  | "material_bulk_swap"
  | "material_randomize_colors"
  | "memory_scan"
  | "memory_top_offenders"
  | "nanite_audit"
  | "publish_audit"
  | "level_health_check"
  | "reference_audit"
  | "actor_move_to_folder"
  | "actor_hide"
  | "actor_show"
  | "actor_lock"
  | "actor_unlock"
  | "select_by_class"
  | "select_by_property"
  | "actor_set_label"
  | "smart_organize"
  | "postprocess_spawn"
  | "postprocess_set"
  | "pattern_grid"
  | "pattern_circle"
  | "pattern_line"
  | "scatter_props"
  | "scatter_along_spline"
  | "seq_batch_keyframe"
  | "seq_actor_to_spline"
  | "sign_list"
  | "sign_set_text"
  | "sign_spawn_bulk"
  | "tag_add"
  | "tag_remove"
  | "tag_search"
  | "measure_distance"
  | "spline_place_props"
  | "spline_export_json"
  | "spline_to_verse_patrol"
  | "config_get"
  | "config_set"
  | "viewport_orbit"
  | "verse_build"
  | "verse_get_build_log"
  | "verse_build_status"
  | "verse_write_file"
  | "verse_find_project_path"
  | "verse_patch_errors"
  | "verse_template_list"
  | "verse_template_get"
  | "verse_template_deploy"
  | "verse_gen_game_skeleton"
  | "verse_gen_elimination_handler"
  | "verse_gen_scoring_tracker"
  | "verse_gen_custom"
  | "verse_list_snippets"
  | "verse_gen_device_declarations"
  | "verse_get_schema"
  | "verse_refresh_schemas"
  | "niagara_spawn_system"
  | "niagara_list_systems"
  | "niagara_set_parameter"
  | "world_state_export"
  | "zone_spawn"
  | "zone_list"
  | "zone_select_contents"
  | "proximity_find"
  | "query-docs"
  | "fetch-doc-source";

export const TOOL_FACTS: Readonly<Record<ToolName, ToolFact>> = {
  ping: {"group":"main","backend":"ping","inputSchema":{"properties":{},"title":"pingArguments","type":"object"}},
  get_status: {"group":"main","backend":"mcp_status","inputSchema":{"properties":{},"title":"get_statusArguments","type":"object"}},
  execute_python: {"group":"main","backend":"execute_python","inputSchema":{"properties":{"code":{"title":"Code","type":"string"}},"required":["code"],"title":"execute_pythonArguments","type":"object"}},
  get_log: {"group":"main","backend":"get_log","inputSchema":{"properties":{"lines":{"default":50,"title":"Lines","type":"integer"}},"title":"get_logArguments","type":"object"}},
  shutdown: {"group":"main","backend":"shutdown","inputSchema":{"properties":{},"title":"shutdownArguments","type":"object"}},
  get_all_actors: {"group":"main","backend":"get_all_actors","inputSchema":{"properties":{},"title":"get_all_actorsArguments","type":"object"}},
  get_selected_actors: {"group":"main","backend":"get_selected_actors","inputSchema":{"properties":{},"title":"get_selected_actorsArguments","type":"object"}},
  smart_spawn: {"group":"main","backend":"smart_spawn","inputSchema":{"properties":{"name":{"title":"Name","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"},"label":{"default":"","title":"Label","type":"string"},"dry_run":{"default":false,"title":"Dry Run","type":"boolean"}},"required":["name"],"title":"smart_spawnArguments","type":"object"}},
  search_content_browser: {"group":"main","backend":"search_content_browser","inputSchema":{"properties":{"query":{"title":"Query","type":"string"},"limit":{"default":20,"title":"Limit","type":"integer"}},"required":["query"],"title":"search_content_browserArguments","type":"object"}},
  list_device_aliases: {"group":"main","backend":"list_device_aliases","inputSchema":{"properties":{},"title":"list_device_aliasesArguments","type":"object"}},
  spawn_actor: {"group":"main","backend":"spawn_actor","inputSchema":{"properties":{"class_path":{"title":"Class Path","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"}},"required":["class_path"],"title":"spawn_actorArguments","type":"object"}},
  delete_actors: {"group":"main","backend":"delete_actors","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"delete_actorsArguments","type":"object"}},
  set_actor_transform: {"group":"main","backend":"set_actor_transform","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"},"scale":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Scale"}},"required":["actor_label"],"title":"set_actor_transformArguments","type":"object"}},
  get_actor_properties: {"group":"main","backend":"get_actor_properties","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"}},"required":["actor_label"],"title":"get_actor_propertiesArguments","type":"object"}},
  set_actor_properties: {"group":"main","backend":"set_actor_properties","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"properties":{"type":"object","additionalProperties":true,"description":"Property names and values to set on the actor (engine-specific keys).","title":"Properties"}},"required":["actor_label","properties"],"title":"set_actor_propertiesArguments","type":"object"}},
  select_actors: {"group":"main","backend":"select_actors","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"select_actorsArguments","type":"object"}},
  focus_selected: {"group":"main","backend":"focus_selected","inputSchema":{"properties":{},"title":"focus_selectedArguments","type":"object"}},
  list_assets: {"group":"main","backend":"list_assets","inputSchema":{"properties":{"directory":{"default":"/","title":"Directory","type":"string"},"recursive":{"default":true,"title":"Recursive","type":"boolean"},"class_filter":{"default":"","title":"Class Filter","type":"string"}},"title":"list_assetsArguments","type":"object"}},
  get_asset_info: {"group":"main","backend":"get_asset_info","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"get_asset_infoArguments","type":"object"}},
  get_selected_assets: {"group":"main","backend":"get_selected_assets","inputSchema":{"properties":{},"title":"get_selected_assetsArguments","type":"object"}},
  rename_asset: {"group":"main","backend":"rename_asset","inputSchema":{"properties":{"old_path":{"title":"Old Path","type":"string"},"new_path":{"title":"New Path","type":"string"}},"required":["old_path","new_path"],"title":"rename_assetArguments","type":"object"}},
  delete_asset: {"group":"main","backend":"delete_asset","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"delete_assetArguments","type":"object"}},
  duplicate_asset: {"group":"main","backend":"duplicate_asset","inputSchema":{"properties":{"source_path":{"title":"Source Path","type":"string"},"dest_path":{"title":"Dest Path","type":"string"}},"required":["source_path","dest_path"],"title":"duplicate_assetArguments","type":"object"}},
  does_asset_exist: {"group":"main","backend":"does_asset_exist","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"does_asset_existArguments","type":"object"}},
  save_asset: {"group":"main","backend":"save_asset","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"save_assetArguments","type":"object"}},
  search_assets: {"group":"main","backend":"search_assets","inputSchema":{"properties":{"class_name":{"default":"","title":"Class Name","type":"string"},"directory":{"default":"/","title":"Directory","type":"string"},"recursive":{"default":true,"title":"Recursive","type":"boolean"}},"title":"search_assetsArguments","type":"object"}},
  get_project_info: {"group":"main","backend":"get_project_info","inputSchema":{"properties":{},"title":"get_project_infoArguments","type":"object"}},
  save_current_level: {"group":"main","backend":"save_current_level","inputSchema":{"properties":{},"title":"save_current_levelArguments","type":"object"}},
  get_level_info: {"group":"main","backend":"get_level_info","inputSchema":{"properties":{},"title":"get_level_infoArguments","type":"object"}},
  get_viewport_camera: {"group":"main","backend":"get_viewport_camera","inputSchema":{"properties":{},"title":"get_viewport_cameraArguments","type":"object"}},
  set_viewport_camera: {"group":"main","backend":"set_viewport_camera","inputSchema":{"properties":{"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"}},"title":"set_viewport_cameraArguments","type":"object"}},
  run_tool: {"group":"main","backend":"run_tool","inputSchema":{"properties":{"tool_name":{"title":"Tool Name","type":"string"},"kwargs":{"anyOf":[{"type":"string"},{"additionalProperties":true,"type":"object"},{"type":"null"}],"default":null,"title":"Kwargs"}},"required":["tool_name"],"title":"run_toolArguments","type":"object"}},
  list_tools: {"group":"main","backend":"list_tools","inputSchema":{"properties":{"category":{"default":"","title":"Category","type":"string"}},"title":"list_toolsArguments","type":"object"}},
  describe_tool: {"group":"main","backend":"describe_tool","inputSchema":{"properties":{"tool_name":{"title":"Tool Name","type":"string"}},"required":["tool_name"],"title":"describe_toolArguments","type":"object"}},
  audio_place: {"group":"audio","backend":"run_tool:audio_place","inputSchema":{"properties":{"sound_asset":{"title":"Sound Asset","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"label":{"default":"","title":"Label","type":"string"}},"required":["sound_asset"],"title":"audio_placeArguments","type":"object"}},
  audio_set: {"group":"audio","backend":"multi:audio_set_volume+audio_set_radius","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"volume":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Volume"},"radius":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Radius"}},"required":["actor_label"],"title":"audio_setArguments","type":"object"}},
  audio_list: {"group":"audio","backend":"run_tool:audio_list","inputSchema":{"properties":{},"title":"audio_listArguments","type":"object"}},
  blueprint_list: {"group":"blueprints","backend":"run_tool:blueprint_list","inputSchema":{"properties":{"directory":{"default":"/Game","title":"Directory","type":"string"}},"title":"blueprint_listArguments","type":"object"}},
  blueprint_inspect: {"group":"blueprints","backend":"run_tool:blueprint_inspect","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"blueprint_inspectArguments","type":"object"}},
  blueprint_compile: {"group":"blueprints","backend":"run_tool:blueprint_compile_folder","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"}},"required":["asset_path"],"title":"blueprint_compileArguments","type":"object"}},
  bulk_align: {"group":"bulk_ops","backend":"run_tool:bulk_align","inputSchema":{"properties":{"axis":{"default":"Z","title":"Axis","type":"string"},"mode":{"default":"average","title":"Mode","type":"string"}},"title":"bulk_alignArguments","type":"object"}},
  bulk_distribute: {"group":"bulk_ops","backend":"run_tool:bulk_distribute","inputSchema":{"properties":{"axis":{"default":"X","title":"Axis","type":"string"}},"title":"bulk_distributeArguments","type":"object"}},
  bulk_randomize: {"group":"bulk_ops","backend":"run_tool:bulk_randomize","inputSchema":{"properties":{"location_range":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location Range"},"rotation_range":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation Range"},"scale_range":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Scale Range"}},"title":"bulk_randomizeArguments","type":"object"}},
  bulk_snap_to_grid: {"group":"bulk_ops","backend":"run_tool:bulk_snap_to_grid","inputSchema":{"properties":{"grid_size":{"default":100,"title":"Grid Size","type":"number"}},"title":"bulk_snap_to_gridArguments","type":"object"}},
  bulk_mirror: {"group":"bulk_ops","backend":"run_tool:bulk_mirror","inputSchema":{"properties":{"axis":{"default":"X","title":"Axis","type":"string"},"pivot":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Pivot"}},"title":"bulk_mirrorArguments","type":"object"}},
  screenshot_take: {"group":"capture","backend":"run_tool:screenshot_take","inputSchema":{"properties":{"filename":{"default":"screenshot","title":"Filename","type":"string"},"resolution_x":{"default":1920,"title":"Resolution X","type":"integer"},"resolution_y":{"default":1080,"title":"Resolution Y","type":"integer"}},"title":"screenshot_takeArguments","type":"object"}},
  screenshot_focus_selection: {"group":"capture","backend":"run_tool:screenshot_focus_selection","inputSchema":{"properties":{"filename":{"default":"focused_screenshot","title":"Filename","type":"string"}},"title":"screenshot_focus_selectionArguments","type":"object"}},
  snapshot_save: {"group":"capture","backend":"run_tool:snapshot_save","inputSchema":{"properties":{"name":{"title":"Name","type":"string"}},"required":["name"],"title":"snapshot_saveArguments","type":"object"}},
  snapshot_restore: {"group":"capture","backend":"run_tool:snapshot_restore","inputSchema":{"properties":{"name":{"title":"Name","type":"string"}},"required":["name"],"title":"snapshot_restoreArguments","type":"object"}},
  snapshot_list: {"group":"capture","backend":"run_tool:snapshot_list","inputSchema":{"properties":{},"title":"snapshot_listArguments","type":"object"}},
  snapshot_diff: {"group":"capture","backend":"run_tool:snapshot_diff","inputSchema":{"properties":{"name":{"title":"Name","type":"string"}},"required":["name"],"title":"snapshot_diffArguments","type":"object"}},
  device_list: {"group":"devices","backend":"run_tool:verse_list_devices","inputSchema":{"properties":{"name_filter":{"default":"","title":"Name Filter","type":"string"}},"title":"device_listArguments","type":"object"}},
  device_call_method: {"group":"devices","backend":"run_tool:device_call_method","inputSchema":{"properties":{"method":{"title":"Method","type":"string"},"class_filter":{"default":"","title":"Class Filter","type":"string"},"label_filter":{"default":"","title":"Label Filter","type":"string"},"actor_path":{"default":"","title":"Actor Path","type":"string"}},"required":["method"],"title":"device_call_methodArguments","type":"object"}},
  device_set_property: {"group":"devices","backend":"run_tool:device_set_property","inputSchema":{"properties":{"property_name":{"title":"Property Name","type":"string"},"value":{"title":"Value","type":"string"},"class_filter":{"default":"","title":"Class Filter","type":"string"},"label_filter":{"default":"","title":"Label Filter","type":"string"},"actor_path":{"default":"","title":"Actor Path","type":"string"}},"required":["property_name","value"],"title":"device_set_propertyArguments","type":"object"}},
  device_bulk_set_property: {"group":"devices","backend":"run_tool:verse_bulk_set_property","inputSchema":{"properties":{"property_name":{"default":"bIsEnabled","title":"Property Name","type":"string"},"value":{"default":true,"title":"Value","type":"boolean"},"use_all_devices":{"default":false,"title":"Use All Devices","type":"boolean"}},"title":"device_bulk_set_propertyArguments","type":"object"}},
  device_select_by_name: {"group":"devices","backend":"run_tool:verse_select_by_name","inputSchema":{"properties":{"name_filter":{"title":"Name Filter","type":"string"}},"required":["name_filter"],"title":"device_select_by_nameArguments","type":"object"}},
  device_select_by_class: {"group":"devices","backend":"run_tool:verse_select_by_class","inputSchema":{"properties":{"class_filter":{"title":"Class Filter","type":"string"}},"required":["class_filter"],"title":"device_select_by_classArguments","type":"object"}},
  device_export_report: {"group":"devices","backend":"run_tool:verse_export_report","inputSchema":{"properties":{},"title":"device_export_reportArguments","type":"object"}},
  device_crawl_api: {"group":"devices","backend":"run_tool:api_crawl_selection","inputSchema":{"properties":{},"title":"device_crawl_apiArguments","type":"object"}},
  device_sim_generate_proxy: {"group":"devices","backend":"run_tool:sim_generate_proxy","inputSchema":{"properties":{},"title":"device_sim_generate_proxyArguments","type":"object"}},
  device_sim_trigger_method: {"group":"devices","backend":"run_tool:sim_trigger_method","inputSchema":{"properties":{"method_name":{"title":"Method Name","type":"string"}},"required":["method_name"],"title":"device_sim_trigger_methodArguments","type":"object"}},
  undo: {"group":"editor_control","backend":"undo","inputSchema":{"properties":{},"title":"undoArguments","type":"object"}},
  redo: {"group":"editor_control","backend":"redo","inputSchema":{"properties":{},"title":"redoArguments","type":"object"}},
  batch_exec: {"group":"editor_control","backend":"batch_exec","inputSchema":{"properties":{"commands":{"items":{},"title":"Commands","type":"array"}},"required":["commands"],"title":"batch_execArguments","type":"object"}},
  command_history: {"group":"editor_control","backend":"history","inputSchema":{"properties":{"tail":{"default":30,"title":"Tail","type":"integer"}},"title":"command_historyArguments","type":"object"}},
  landscape_info: {"group":"landscape","backend":"run_tool:landscape_info","inputSchema":{"properties":{},"title":"landscape_infoArguments","type":"object"}},
  landscape_list: {"group":"landscape","backend":"run_tool:landscape_list","inputSchema":{"properties":{},"title":"landscape_listArguments","type":"object"}},
  landscape_set_material: {"group":"landscape","backend":"run_tool:landscape_set_material","inputSchema":{"properties":{"material_path":{"title":"Material Path","type":"string"},"landscape_label":{"default":"","title":"Landscape Label","type":"string"}},"required":["material_path"],"title":"landscape_set_materialArguments","type":"object"}},
  landscape_create: {"group":"landscape","backend":"run_tool:landscape_create","inputSchema":{"properties":{"label":{"default":"mountain","title":"Label","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"},"material_path":{"default":"","title":"Material Path","type":"string"},"keep_placeholder":{"default":false,"title":"Keep Placeholder","type":"boolean"}},"title":"landscape_createArguments","type":"object"}},
  light_place: {"group":"lighting","backend":"run_tool:light_place","inputSchema":{"properties":{"light_type":{"title":"Light Type","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"},"label":{"default":"","title":"Label","type":"string"}},"required":["light_type"],"title":"light_placeArguments","type":"object"}},
  light_set: {"group":"lighting","backend":"run_tool:light_set","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"intensity":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Intensity"},"color":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Color"},"radius":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Radius"},"temperature":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Temperature"}},"required":["actor_label"],"title":"light_setArguments","type":"object"}},
  light_list: {"group":"lighting","backend":"run_tool:light_list","inputSchema":{"properties":{},"title":"light_listArguments","type":"object"}},
  light_bulk_adjust: {"group":"lighting","backend":"multi:light_list+light_set*","inputSchema":{"properties":{"property_name":{"title":"Property Name","type":"string"},"value":{"title":"Value","type":"number"},"light_type":{"default":"","title":"Light Type","type":"string"}},"required":["property_name","value"],"title":"light_bulk_adjustArguments","type":"object"}},
  create_material_instance: {"group":"materials","backend":"create_material_instance","inputSchema":{"properties":{"parent_path":{"title":"Parent Path","type":"string"},"instance_name":{"title":"Instance Name","type":"string"},"destination":{"default":"/Game/Materials","title":"Destination","type":"string"},"scalar_params":{"anyOf":[{"additionalProperties":true,"type":"object"},{"type":"null"}],"default":null,"title":"Scalar Params"},"vector_params":{"anyOf":[{"additionalProperties":true,"type":"object"},{"type":"null"}],"default":null,"title":"Vector Params"},"texture_params":{"anyOf":[{"additionalProperties":true,"type":"object"},{"type":"null"}],"default":null,"title":"Texture Params"}},"required":["parent_path","instance_name"],"title":"create_material_instanceArguments","type":"object"}},
  import_asset: {"group":"materials","backend":"import_asset","inputSchema":{"properties":{"source_file":{"title":"Source File","type":"string"},"destination_path":{"title":"Destination Path","type":"string"},"replace_existing":{"default":true,"title":"Replace Existing","type":"boolean"},"automated":{"default":true,"title":"Automated","type":"boolean"},"save":{"default":true,"title":"Save","type":"boolean"}},"required":["source_file","destination_path"],"title":"import_assetArguments","type":"object"}},
  material_list_presets: {"group":"materials","backend":"run_tool:material_list_presets","inputSchema":{"properties":{},"title":"material_list_presetsArguments","type":"object"}},
  material_apply_preset: {"group":"materials","backend":"run_tool:material_apply_preset","inputSchema":{"properties":{"preset":{"title":"Preset","type":"string"}},"required":["preset"],"title":"material_apply_presetArguments","type":"object"}},
  material_bulk_swap: {"group":"materials","backend":"run_tool:material_bulk_swap","inputSchema":{"properties":{"old_material":{"title":"Old Material","type":"string"},"new_material":{"title":"New Material","type":"string"}},"required":["old_material","new_material"],"title":"material_bulk_swapArguments","type":"object"}},
  material_randomize_colors: {"group":"materials","backend":"run_tool:material_randomize_colors","inputSchema":{"properties":{"saturation":{"default":0.8,"title":"Saturation","type":"number"},"brightness":{"default":0.7,"title":"Brightness","type":"number"}},"title":"material_randomize_colorsArguments","type":"object"}},
  memory_scan: {"group":"optimization","backend":"run_tool:memory_scan","inputSchema":{"properties":{},"title":"memory_scanArguments","type":"object"}},
  memory_top_offenders: {"group":"optimization","backend":"run_tool:memory_top_offenders","inputSchema":{"properties":{"limit":{"default":20,"title":"Limit","type":"integer"}},"title":"memory_top_offendersArguments","type":"object"}},
  nanite_audit: {"group":"optimization","backend":"run_tool:nanite_audit","inputSchema":{"properties":{},"title":"nanite_auditArguments","type":"object"}},
  publish_audit: {"group":"optimization","backend":"run_tool:publish_audit","inputSchema":{"properties":{},"title":"publish_auditArguments","type":"object"}},
  level_health_check: {"group":"optimization","backend":"run_tool:level_health_report","inputSchema":{"properties":{},"title":"level_health_checkArguments","type":"object"}},
  reference_audit: {"group":"optimization","backend":"run_tool:ref_full_report","inputSchema":{"properties":{"asset_path":{"default":"","title":"Asset Path","type":"string"}},"title":"reference_auditArguments","type":"object"}},
  actor_move_to_folder: {"group":"organization","backend":"run_tool:actor_move_to_folder","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"},"folder_path":{"title":"Folder Path","type":"string"}},"required":["actor_labels","folder_path"],"title":"actor_move_to_folderArguments","type":"object"}},
  actor_hide: {"group":"organization","backend":"run_tool:actor_hide","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"actor_hideArguments","type":"object"}},
  actor_show: {"group":"organization","backend":"run_tool:actor_show","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"actor_showArguments","type":"object"}},
  actor_lock: {"group":"organization","backend":"run_tool:actor_lock","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"actor_lockArguments","type":"object"}},
  actor_unlock: {"group":"organization","backend":"run_tool:actor_unlock","inputSchema":{"properties":{"actor_labels":{"items":{},"title":"Actor Labels","type":"array"}},"required":["actor_labels"],"title":"actor_unlockArguments","type":"object"}},
  select_by_class: {"group":"organization","backend":"run_tool:actor_select_by_class","inputSchema":{"properties":{"class_name":{"title":"Class Name","type":"string"}},"required":["class_name"],"title":"select_by_classArguments","type":"object"}},
  select_by_property: {"group":"organization","backend":"run_tool:select_by_property","inputSchema":{"properties":{"property_name":{"title":"Property Name","type":"string"},"value":{"title":"Value","type":"string"}},"required":["property_name","value"],"title":"select_by_propertyArguments","type":"object"}},
  actor_set_label: {"group":"organization","backend":"run_tool:actor_set_label","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"new_label":{"title":"New Label","type":"string"}},"required":["actor_label","new_label"],"title":"actor_set_labelArguments","type":"object"}},
  smart_organize: {"group":"organization","backend":"run_tool:organize_smart_categorize","inputSchema":{"properties":{},"title":"smart_organizeArguments","type":"object"}},
  postprocess_spawn: {"group":"postprocess","backend":"run_tool:postprocess_spawn","inputSchema":{"properties":{"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"infinite_extent":{"default":true,"title":"Infinite Extent","type":"boolean"},"label":{"default":"","title":"Label","type":"string"}},"title":"postprocess_spawnArguments","type":"object"}},
  postprocess_set: {"group":"postprocess","backend":"run_tool:postprocess_set","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"bloom_intensity":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Bloom Intensity"},"exposure_compensation":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Exposure Compensation"},"saturation":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Saturation"},"contrast":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Contrast"},"vignette_intensity":{"anyOf":[{"type":"number"},{"type":"null"}],"default":null,"title":"Vignette Intensity"}},"required":["actor_label"],"title":"postprocess_setArguments","type":"object"}},
  pattern_grid: {"group":"procedural","backend":"run_tool:pattern_grid","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"},"rows":{"default":5,"title":"Rows","type":"integer"},"columns":{"default":5,"title":"Columns","type":"integer"},"spacing":{"default":200,"title":"Spacing","type":"number"},"origin":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Origin"}},"required":["asset_path"],"title":"pattern_gridArguments","type":"object"}},
  pattern_circle: {"group":"procedural","backend":"run_tool:pattern_circle","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"},"count":{"default":8,"title":"Count","type":"integer"},"radius":{"default":500,"title":"Radius","type":"number"},"center":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Center"}},"required":["asset_path"],"title":"pattern_circleArguments","type":"object"}},
  pattern_line: {"group":"procedural","backend":"run_tool:pattern_line","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"},"count":{"default":10,"title":"Count","type":"integer"},"start":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Start"},"end":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"End"}},"required":["asset_path"],"title":"pattern_lineArguments","type":"object"}},
  scatter_props: {"group":"procedural","backend":"run_tool:scatter_props","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"},"count":{"default":50,"title":"Count","type":"integer"},"radius":{"default":2000,"title":"Radius","type":"number"},"center":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Center"},"randomize_rotation":{"default":true,"title":"Randomize Rotation","type":"boolean"},"randomize_scale":{"default":false,"title":"Randomize Scale","type":"boolean"},"scale_min":{"default":0.8,"title":"Scale Min","type":"number"},"scale_max":{"default":1.2,"title":"Scale Max","type":"number"}},"required":["asset_path"],"title":"scatter_propsArguments","type":"object"}},
  scatter_along_spline: {"group":"procedural","backend":"run_tool:spline_place_props","inputSchema":{"properties":{"asset_path":{"title":"Asset Path","type":"string"},"spline_actor_label":{"title":"Spline Actor Label","type":"string"},"count":{"default":20,"title":"Count","type":"integer"}},"required":["asset_path","spline_actor_label"],"title":"scatter_along_splineArguments","type":"object"}},
  seq_batch_keyframe: {"group":"sequencer","backend":"run_tool:seq_batch_keyframe","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"keyframes":{"items":{},"title":"Keyframes","type":"array"}},"required":["actor_label","keyframes"],"title":"seq_batch_keyframeArguments","type":"object"}},
  seq_actor_to_spline: {"group":"sequencer","backend":"run_tool:seq_actor_to_spline","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"}},"required":["actor_label"],"title":"seq_actor_to_splineArguments","type":"object"}},
  sign_list: {"group":"text","backend":"run_tool:sign_list","inputSchema":{"properties":{},"title":"sign_listArguments","type":"object"}},
  sign_set_text: {"group":"text","backend":"run_tool:sign_set_text","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"text":{"title":"Text","type":"string"}},"required":["actor_label","text"],"title":"sign_set_textArguments","type":"object"}},
  sign_spawn_bulk: {"group":"text","backend":"run_tool:sign_spawn_bulk","inputSchema":{"properties":{"texts":{"items":{},"title":"Texts","type":"array"},"start_location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Start Location"},"spacing":{"default":300,"title":"Spacing","type":"number"}},"required":["texts"],"title":"sign_spawn_bulkArguments","type":"object"}},
  tag_add: {"group":"utility","backend":"run_tool:tag_add","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"tag":{"title":"Tag","type":"string"}},"required":["actor_label","tag"],"title":"tag_addArguments","type":"object"}},
  tag_remove: {"group":"utility","backend":"run_tool:tag_remove","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"tag":{"title":"Tag","type":"string"}},"required":["actor_label","tag"],"title":"tag_removeArguments","type":"object"}},
  tag_search: {"group":"utility","backend":"run_tool:tag_search","inputSchema":{"properties":{"tag":{"title":"Tag","type":"string"}},"required":["tag"],"title":"tag_searchArguments","type":"object"}},
  measure_distance: {"group":"utility","backend":"run_tool:measure_distance","inputSchema":{"properties":{"actor_a":{"title":"Actor A","type":"string"},"actor_b":{"title":"Actor B","type":"string"}},"required":["actor_a","actor_b"],"title":"measure_distanceArguments","type":"object"}},
  spline_place_props: {"group":"utility","backend":"run_tool:spline_place_props","inputSchema":{"properties":{"spline_label":{"title":"Spline Label","type":"string"},"asset_path":{"title":"Asset Path","type":"string"},"count":{"default":10,"title":"Count","type":"integer"},"randomize_rotation":{"default":true,"title":"Randomize Rotation","type":"boolean"}},"required":["spline_label","asset_path"],"title":"spline_place_propsArguments","type":"object"}},
  spline_export_json: {"group":"utility","backend":"run_tool:spline_export_json","inputSchema":{"properties":{"spline_label":{"title":"Spline Label","type":"string"}},"required":["spline_label"],"title":"spline_export_jsonArguments","type":"object"}},
  spline_to_verse_patrol: {"group":"utility","backend":"run_tool:spline_to_verse_patrol","inputSchema":{"properties":{"spline_label":{"title":"Spline Label","type":"string"},"filename":{"default":"patrol_path.verse","title":"Filename","type":"string"}},"required":["spline_label"],"title":"spline_to_verse_patrolArguments","type":"object"}},
  config_get: {"group":"utility","backend":"run_tool:config_get","inputSchema":{"properties":{"key":{"default":"","title":"Key","type":"string"}},"title":"config_getArguments","type":"object"}},
  config_set: {"group":"utility","backend":"run_tool:config_set","inputSchema":{"properties":{"key":{"title":"Key","type":"string"},"value":{"title":"Value","type":"string"}},"required":["key","value"],"title":"config_setArguments","type":"object"}},
  viewport_orbit: {"group":"utility","backend":"run_tool:viewport_orbit","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"distance":{"default":500,"title":"Distance","type":"number"},"angle":{"default":0,"title":"Angle","type":"number"}},"required":["actor_label"],"title":"viewport_orbitArguments","type":"object"}},
  verse_build: {"group":"verse","backend":"run_tool:system_build_verse","inputSchema":{"properties":{},"title":"verse_buildArguments","type":"object"}},
  verse_get_build_log: {"group":"verse","backend":"run_tool:system_get_last_build_log","inputSchema":{"properties":{},"title":"verse_get_build_logArguments","type":"object"}},
  verse_build_status: {"group":"verse","backend":"run_tool:verse_build_status","inputSchema":{"properties":{"stale_threshold_sec":{"default":300,"title":"Stale Threshold Sec","type":"number"}},"title":"verse_build_statusArguments","type":"object"}},
  verse_write_file: {"group":"verse","backend":"run_tool:verse_write_file","inputSchema":{"properties":{"filename":{"title":"Filename","type":"string"},"content":{"title":"Content","type":"string"},"subdir":{"default":"","title":"Subdir","type":"string"},"overwrite":{"default":false,"title":"Overwrite","type":"boolean"}},"required":["filename","content"],"title":"verse_write_fileArguments","type":"object"}},
  verse_find_project_path: {"group":"verse","backend":"run_tool:verse_find_project_path","inputSchema":{"properties":{},"title":"verse_find_project_pathArguments","type":"object"}},
  verse_patch_errors: {"group":"verse","backend":"run_tool:verse_patch_errors","inputSchema":{"properties":{"verse_file":{"default":"","title":"Verse File","type":"string"}},"title":"verse_patch_errorsArguments","type":"object"}},
  verse_template_list: {"group":"verse","backend":"run_tool:verse_template_list","inputSchema":{"properties":{},"title":"verse_template_listArguments","type":"object"}},
  verse_template_get: {"group":"verse","backend":"run_tool:verse_template_get","inputSchema":{"properties":{"name":{"title":"Name","type":"string"}},"required":["name"],"title":"verse_template_getArguments","type":"object"}},
  verse_template_deploy: {"group":"verse","backend":"run_tool:verse_template_deploy","inputSchema":{"properties":{"name":{"title":"Name","type":"string"},"filename":{"title":"Filename","type":"string"},"custom_source":{"default":"","title":"Custom Source","type":"string"},"overwrite":{"default":false,"title":"Overwrite","type":"boolean"}},"required":["name","filename"],"title":"verse_template_deployArguments","type":"object"}},
  verse_gen_game_skeleton: {"group":"verse","backend":"run_tool:verse_gen_game_skeleton","inputSchema":{"properties":{"device_name":{"default":"MyGameManager","title":"Device Name","type":"string"}},"title":"verse_gen_game_skeletonArguments","type":"object"}},
  verse_gen_elimination_handler: {"group":"verse","backend":"run_tool:verse_gen_elimination_handler","inputSchema":{"properties":{},"title":"verse_gen_elimination_handlerArguments","type":"object"}},
  verse_gen_scoring_tracker: {"group":"verse","backend":"run_tool:verse_gen_scoring_tracker","inputSchema":{"properties":{"max_score":{"default":10,"title":"Max Score","type":"integer"}},"title":"verse_gen_scoring_trackerArguments","type":"object"}},
  verse_gen_custom: {"group":"verse","backend":"run_tool:verse_gen_custom","inputSchema":{"properties":{"filename":{"title":"Filename","type":"string"},"content":{"title":"Content","type":"string"},"overwrite":{"default":false,"title":"Overwrite","type":"boolean"}},"required":["filename","content"],"title":"verse_gen_customArguments","type":"object"}},
  verse_list_snippets: {"group":"verse","backend":"run_tool:verse_list_snippets","inputSchema":{"properties":{},"title":"verse_list_snippetsArguments","type":"object"}},
  verse_gen_device_declarations: {"group":"verse","backend":"run_tool:verse_gen_device_declarations","inputSchema":{"properties":{},"title":"verse_gen_device_declarationsArguments","type":"object"}},
  verse_get_schema: {"group":"verse","backend":"run_tool:api_verse_get_schema","inputSchema":{"properties":{"class_name":{"title":"Class Name","type":"string"}},"required":["class_name"],"title":"verse_get_schemaArguments","type":"object"}},
  verse_refresh_schemas: {"group":"verse","backend":"run_tool:api_verse_refresh_schemas","inputSchema":{"properties":{},"title":"verse_refresh_schemasArguments","type":"object"}},
  niagara_spawn_system: {"group":"vfx","backend":"run_tool:niagara_spawn_system","inputSchema":{"properties":{"system_path":{"title":"System Path","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"rotation":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Rotation"},"label":{"default":"","title":"Label","type":"string"}},"required":["system_path"],"title":"niagara_spawn_systemArguments","type":"object"}},
  niagara_list_systems: {"group":"vfx","backend":"run_tool:niagara_list_systems","inputSchema":{"properties":{"directory":{"default":"/Game","title":"Directory","type":"string"}},"title":"niagara_list_systemsArguments","type":"object"}},
  niagara_set_parameter: {"group":"vfx","backend":"run_tool:niagara_bulk_set_parameter","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"parameter_name":{"title":"Parameter Name","type":"string"},"value":{"title":"Value","type":"number"}},"required":["actor_label","parameter_name","value"],"title":"niagara_set_parameterArguments","type":"object"}},
  world_state_export: {"group":"world","backend":"run_tool:world_state_export","inputSchema":{"properties":{},"title":"world_state_exportArguments","type":"object"}},
  zone_spawn: {"group":"world","backend":"run_tool:zone_spawn","inputSchema":{"properties":{"zone_type":{"default":"box","title":"Zone Type","type":"string"},"location":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Location"},"extent":{"anyOf":[{"items":{},"type":"array"},{"type":"null"}],"default":null,"title":"Extent"},"label":{"default":"","title":"Label","type":"string"}},"title":"zone_spawnArguments","type":"object"}},
  zone_list: {"group":"world","backend":"run_tool:zone_list","inputSchema":{"properties":{},"title":"zone_listArguments","type":"object"}},
  zone_select_contents: {"group":"world","backend":"run_tool:zone_select_contents","inputSchema":{"properties":{"zone_label":{"title":"Zone Label","type":"string"}},"required":["zone_label"],"title":"zone_select_contentsArguments","type":"object"}},
  proximity_find: {"group":"world","backend":"run_tool:proximity_find","inputSchema":{"properties":{"actor_label":{"title":"Actor Label","type":"string"},"radius":{"default":1000,"title":"Radius","type":"number"},"class_filter":{"default":"","title":"Class Filter","type":"string"}},"required":["actor_label"],"title":"proximity_findArguments","type":"object"}},
  "query-docs": {"group":"verse_docs_mcp","backend":"sqlite-fts","inputSchema":{"properties":{"query":{"title":"Query","type":"string"},"limit":{"anyOf":[{"type":"integer"},{"type":"null"}],"default":null,"title":"Limit"},"offset":{"anyOf":[{"type":"integer"},{"type":"null"}],"default":null,"title":"Offset"},"fetch_source_urls":{"default":false,"title":"Fetch Source Urls","type":"boolean"},"max_fetches":{"anyOf":[{"type":"integer"},{"type":"null"}],"default":null,"title":"Max Fetches"}},"required":["query"],"title":"query_docsArguments","type":"object"}},
  "fetch-doc-source": {"group":"verse_docs_mcp","backend":"httpx.get","inputSchema":{"properties":{"url":{"title":"Url","type":"string"}},"required":["url"],"title":"fetch_doc_sourceArguments","type":"object"}},
};
