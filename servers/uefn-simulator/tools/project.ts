import { baseName, isUnder, type Actor, type Level } from "../level/level.ts";
import { assetList, assetView, full, labels, tally } from "../level/views.ts";
import type { Handlers, Session } from "../session.ts";
import { CommandError, contains, distance, row, type Fields, type Params } from "../values.ts";

// Tools that look at the project as a whole, its materials and blueprints, pictures and snapshots.

const SNAPSHOTS_MAX = 50;

const ofClass = (level: Level, name: string, directory = "/Game"): Fields =>
  assetList(level.assets.filter((asset) => asset.class === name && isUnder(asset.path, directory, true)));

const PRESETS: Readonly<Record<string, string>> = {
  base: "/Game/Materials/M_Base",
  grass: "/Game/Materials/M_Grass",
  stone: "/Game/Materials/M_Stone",
};

const paint = (level: Level, actors: readonly Actor[], change: (index: number) => Fields): Fields => {
  for (const [index, { label, properties }] of actors.entries()) {
    level.change(label, { properties: { ...properties, ...change(index) } });
  }
  return { changed: labels(actors), count: actors.length };
};

const preset = (params: Params, { level }: Session): Fields => {
  const name = params.text("preset");
  const material = row(PRESETS, name);
  if (material === undefined) {
    throw new CommandError(`No preset ${name}; there are ${Object.keys(PRESETS).join(", ")}`);
  }
  return paint(level, level.selected, () => ({ material }));
};

const swap = (params: Params, { level }: Session): Fields => {
  const old = params.text("old_material");
  const material = level.asset(params.text("new_material")).path;
  const using = level.actors.filter(({ properties }) => properties["material"] === old);
  return paint(level, using, () => ({ material }));
};

const colors = (params: Params, { level }: Session): Fields => {
  const saturation = params.number("saturation", 0.8);
  const brightness = params.number("brightness", 0.7);
  return paint(level, level.selected, (index) => ({
    color: [(index * 137.5) % 360, saturation, brightness],
  }));
};

/** Kilobytes that an asset is said to take: the same for the same name. */
const sizeOf = (path: string): number => 64 * (1 + (path.length % 17));

const sizes = (level: Level): readonly { readonly path: string; readonly kilobytes: number }[] =>
  level.assets.map(({ path }) => ({ path, kilobytes: sizeOf(path) }));

const usedPaths = (level: Level): ReadonlySet<unknown> =>
  new Set(level.actors.flatMap(({ asset, properties }) => [asset, properties["material"]]));

const references = (params: Params, { level }: Session): Fields => {
  const used = usedPaths(level);
  const one = params.text("asset_path", "");
  const looked = level.assets.filter(({ path }) => one === "" || path === one);
  return {
    assets: looked.length,
    unused: looked.filter(({ path }) => !used.has(path)).map(({ path }) => path),
  };
};

const issues = (level: Level): readonly Fields[] =>
  level.actors.flatMap(({ label, location }) => [
    ...(distance(location, { x: 0, y: 0, z: 0 }) > 100_000 ? [{ actor: label, issue: "far away" }] : []),
    ...(location.z < -10_000 ? [{ actor: label, issue: "below the world" }] : []),
  ]);

const shot = (params: Params, { level }: Session, fallback: string): Fields => ({
  filename: `${params.text("filename", fallback)}.png`,
  written: false,
  camera: level.camera,
  note: "The simulator draws nothing",
});

const snapshot = (params: Params, { level }: Session): readonly Actor[] => {
  const actors = level.snapshots.get(params.text("name"));
  if (actors === undefined) {
    throw new CommandError(`No snapshot ${params.text("name")}`);
  }
  return actors;
};

const saveSnapshot = (params: Params, { level }: Session): Fields => {
  const name = params.text("name");
  if (!level.snapshots.has(name) && level.snapshots.size >= SNAPSHOTS_MAX) {
    throw new CommandError(`There are ${String(SNAPSHOTS_MAX)} snapshots already`);
  }
  level.snapshots.set(name, level.actors);
  return { name, actors: level.actors.length };
};

const diff = (params: Params, session: Session): Fields => {
  const before = new Map(snapshot(params, session).map((actor) => [actor.label, actor]));
  const now = session.level.actors;
  return {
    added: labels(now.filter(({ label }) => !before.has(label))),
    removed: [...before.keys()].filter((label) => session.level.find(label) === undefined),
    changed: labels(now.filter((actor) => before.has(actor.label) && before.get(actor.label) !== actor)),
  };
};

const splinePoints = (params: Params, { level }: Session): Fields => {
  const { label, properties } = level.actor(params.text("spline_label"));
  return { spline: label, points: properties["points"] ?? [] };
};

const orbit = (params: Params, { level }: Session): Fields => {
  const { location } = level.actor(params.text("actor_label"));
  const away = params.number("distance", 500);
  const angle = (params.number("angle", 0) * Math.PI) / 180;
  level.camera = {
    location: {
      x: location.x + away * Math.cos(angle),
      y: location.y + away * Math.sin(angle),
      z: location.z + away / 2,
    },
    rotation: { pitch: -25, yaw: (angle * 180) / Math.PI + 180, roll: 0 },
  };
  return { ...level.camera };
};

const getConfig = (params: Params, { level }: Session): Fields => {
  const key = params.text("key", "");
  return key === "" ? Object.fromEntries(level.config) : { key, value: level.config.get(key) ?? null };
};

const setConfig = (params: Params, { level }: Session): Fields => {
  const key = params.text("key");
  level.config.set(key, params.text("value"));
  return { key, value: level.config.get(key) };
};

export const PROJECT_TOOLS = {
  blueprint_list: (params, { level }) => ofClass(level, "Blueprint", params.text("directory", "/Game")),
  blueprint_inspect: (params, { level }) => assetView(level.asset(params.text("asset_path"))),
  blueprint_compile_folder: (params, { level }) => {
    const path = params.text("asset_path");
    const compiled = level.assets.filter(
      (asset) => asset.class === "Blueprint" && (asset.path === path || isUnder(asset.path, path, true)),
    );
    return { compiled: compiled.map((asset) => asset.path), count: compiled.length };
  },
  material_list_presets: () => ({ presets: PRESETS, count: Object.keys(PRESETS).length }),
  material_apply_preset: preset,
  material_bulk_swap: swap,
  material_randomize_colors: colors,
  memory_scan: (_params, { level }) => ({
    assets: level.assets.length,
    kilobytes: sizes(level).reduce((sum, { kilobytes }) => sum + kilobytes, 0),
  }),
  memory_top_offenders: (params, { level }) => ({
    assets: sizes(level)
      .toSorted((a, b) => b.kilobytes - a.kilobytes)
      .slice(0, params.count("limit", 20)),
  }),
  nanite_audit: (_params, { level }) => ({
    meshes: level.assets.filter((asset) => asset.class === "StaticMesh").map(({ path }) => path),
    with_nanite: 0,
  }),
  publish_audit: (_params, { level }) => ({
    ready:
      issues(level).length === 0 && level.actors.some(({ class: name }) => contains(name, "PlayerStart")),
    issues: issues(level),
  }),
  level_health_report: (_params, { level }) => ({
    actors: level.actors.length,
    classes: tally(level.actors.map(({ class: name }) => baseName(name))),
    issues: issues(level),
  }),
  ref_full_report: references,
  screenshot_take: (params, session) => shot(params, session, "screenshot"),
  screenshot_focus_selection: (params, session) => shot(params, session, "focused_screenshot"),
  snapshot_save: saveSnapshot,
  snapshot_restore: (params, session) => {
    session.level.replaceActors(snapshot(params, session));
    return { restored: params.text("name"), actors: session.level.actors.length };
  },
  snapshot_list: (_params, { level }) => ({
    snapshots: [...level.snapshots].map(([name, actors]) => ({ name, actors: actors.length })),
    count: level.snapshots.size,
  }),
  snapshot_diff: diff,
  spline_export_json: splinePoints,
  spline_to_verse_patrol: (params, session) => ({
    ...splinePoints(params, session),
    filename: params.text("filename", "patrol_path.verse"),
  }),
  config_get: getConfig,
  config_set: setConfig,
  viewport_orbit: orbit,
  world_state_export: (_params, { level }) => ({
    actors: level.actors.map(full),
    count: level.actors.length,
  }),
} satisfies Handlers;
