import { baseName, isUnder, type Level } from "../level/level.ts";
import { assetList, assetView, tally } from "../level/views.ts";
import type { Handlers, Session } from "../session.ts";
import { CommandError, contains, row, type Fields, type Params } from "../values.ts";

// Commands about assets, the level as a file, and the project.

const inDirectory = (level: Level, params: Params, classKey: string): Fields =>
  assetList(
    level.assets.filter(
      ({ path, class: name }) =>
        isUnder(path, params.text("directory", "/"), params.flag("recursive", true)) &&
        contains(name, params.text(classKey, "")),
    ),
  );

/** Refuses a path that is taken or is none. */
const free = (level: Level, path: string): string => {
  if (level.hasAsset(path)) {
    throw new CommandError(`An asset is already there: ${path}`);
  }
  if (!path.startsWith("/")) {
    throw new CommandError(`Not a path of the content browser: ${path}`);
  }
  return path;
};

const rename = (params: Params, { level }: Session): Fields => {
  const asset = level.asset(params.text("old_path"));
  const path = free(level, params.text("new_path"));
  level.removeAsset(asset.path);
  level.putAsset({ ...asset, path, dirty: true });
  return { renamed: true, old_path: asset.path, new_path: path };
};

const duplicate = (params: Params, { level }: Session): Fields => {
  const asset = level.asset(params.text("source_path"));
  const path = free(level, params.text("dest_path"));
  level.putAsset({ ...asset, path, dirty: true });
  return { duplicated: true, source_path: asset.path, dest_path: path };
};

const CLASS_OF_ENDING: Readonly<Record<string, string>> = {
  fbx: "StaticMesh",
  obj: "StaticMesh",
  png: "Texture2D",
  jpg: "Texture2D",
  tga: "Texture2D",
  wav: "SoundWave",
};

/** Reads no file: an asset is made that says where it came from. */
const importAsset = (params: Params, { level }: Session): Fields => {
  const source = params.text("source_file");
  const file = source.split(/[/\\]/u).at(-1) ?? source;
  const name = row(CLASS_OF_ENDING, file.split(".").at(-1)?.toLowerCase() ?? "");
  if (name === undefined) {
    throw new CommandError(`No importer for ${file}`);
  }
  const path = `${params.text("destination_path").replace(/\/$/u, "")}/${file.replace(/\.[^.]*$/u, "")}`;
  if (!params.flag("replace_existing", true)) {
    free(level, path);
  }
  level.putAsset({ path, class: name, properties: { source: file }, dirty: !params.flag("save", true) });
  return { imported: [path], count: 1 };
};

const createInstance = (params: Params, { level }: Session): Fields => {
  const parent = level.asset(params.text("parent_path"));
  const path = free(
    level,
    `${params.text("destination", "/Game/Materials")}/${params.text("instance_name")}`,
  );
  const asset = level.putAsset({
    path,
    class: "MaterialInstanceConstant",
    properties: {
      parent: parent.path,
      scalar: params.fields("scalar_params"),
      vector: params.fields("vector_params"),
      texture: params.fields("texture_params"),
    },
    dirty: true,
  });
  return assetView(asset);
};

const saveLevel = ({ level }: Session): Fields => {
  level.dirty = false;
  return { saved: true, level: "/Game/Maps/Island" };
};

export const ASSET_COMMANDS = {
  search_content_browser: (params, { level }) => {
    const found = level.assets.filter(({ path }) => contains(path, params.text("query")));
    return { ...assetList(found.slice(0, params.count("limit", 20))), total: found.length };
  },
  list_assets: (params, { level }) => inDirectory(level, params, "class_filter"),
  search_assets: (params, { level }) => inDirectory(level, params, "class_name"),
  get_asset_info: (params, { level }) => assetView(level.asset(params.text("asset_path"))),
  get_selected_assets: (_params, { level }) =>
    assetList(level.selectedAssets.map((path) => level.asset(path))),
  rename_asset: rename,
  delete_asset: (params, { level }) => {
    const { path } = level.asset(params.text("asset_path"));
    return { deleted: level.removeAsset(path), asset_path: path };
  },
  duplicate_asset: duplicate,
  does_asset_exist: (params, { level }) => {
    const path = params.text("asset_path");
    return { exists: level.hasAsset(path), asset_path: path };
  },
  save_asset: (params, { level }) => {
    const asset = level.asset(params.text("asset_path"));
    if (asset.dirty) {
      level.putAsset({ ...asset, dirty: false });
    }
    return { saved: true, asset_path: asset.path };
  },
  import_asset: importAsset,
  create_material_instance: createInstance,
  save_current_level: (_params, session) => saveLevel(session),
  get_level_info: (_params, { level }) => ({
    world: "Island",
    level: "/Game/Maps/Island",
    actor_count: level.actors.length,
    classes: tally(level.actors.map(({ class: name }) => baseName(name))),
    dirty: level.dirty,
  }),
  get_project_info: (_params, { level }) => ({
    project_name: "Island",
    engine_version: "simulated",
    content_root: "/Game",
    asset_count: level.assets.length,
  }),
} satisfies Handlers;
