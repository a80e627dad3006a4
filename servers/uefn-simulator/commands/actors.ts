import { brief, full, select, where } from "../level/views.ts";
import { CLASSES, DEVICE_ALIASES } from "../level/start.ts";
import { baseName, type Actor, type Level } from "../level/level.ts";
import type { Handlers, Session } from "../session.ts";
import { contains, type Fields, type Params } from "../values.ts";

// Commands about the actors of the level, the selection and the camera.

const listed = (actors: readonly Actor[]): Fields => ({ actors: actors.map(brief), count: actors.length });

const selectActors = (params: Params, { level }: Session): Fields => {
  const labels = params.texts("actor_labels");
  const found = labels.filter((label) => level.find(label) !== undefined);
  return { ...select(level, found), not_found: labels.filter((label) => !found.includes(label)) };
};

const deleteActors = (params: Params, { level }: Session): Fields => {
  const labels = params.texts("actor_labels");
  const deleted = labels.filter((label) => level.remove(label));
  return { deleted, count: deleted.length, not_found: labels.filter((label) => !deleted.includes(label)) };
};

const spawnActor = (params: Params, { level }: Session): Fields => {
  const path = params.text("class_path", params.text("asset_path", ""));
  if (path === "") {
    params.text("class_path");
  }
  const isAsset = level.hasAsset(path);
  const isMesh = isAsset && level.asset(path).class === "StaticMesh";
  return brief(
    level.spawn({
      class: isMesh ? CLASSES.mesh : path,
      label: baseName(path).replace(/^.*\./u, ""),
      asset: isAsset ? path : null,
      ...where(params),
    }),
  );
};

/** A name as people say it: an alias of a device, or a part of an asset's name. */
const resolve = (
  level: Level,
  name: string,
): { readonly match: string; readonly path: string } | undefined => {
  const alias = Object.keys(DEVICE_ALIASES).find((one) => contains(one, name) || contains(name, one));
  if (alias !== undefined) {
    return { match: "alias", path: DEVICE_ALIASES[alias] ?? "" };
  }
  const asset = level.assets.find(({ path }) => contains(path, name));
  return asset === undefined ? undefined : { match: "asset", path: asset.path };
};

const smartSpawn = (params: Params, session: Session): Fields => {
  const name = params.text("name");
  const found = resolve(session.level, name);
  if (found === undefined || name === "") {
    return { spawned: false, query: name, reason: "Nothing has a name like it" };
  }
  if (params.flag("dry_run", false)) {
    return { spawned: false, query: name, ...found, dry_run: true };
  }
  const isAsset = found.match === "asset";
  const actor = session.level.spawn({
    class: isAsset ? CLASSES.mesh : found.path,
    label: params.text("label", "") || baseName(found.path),
    asset: isAsset ? found.path : null,
    ...where(params),
  });
  return { spawned: true, query: name, ...found, actor: brief(actor) };
};

const setTransform = (params: Params, { level }: Session): Fields => {
  const actor = level.actor(params.text("actor_label"));
  return brief(
    level.change(actor.label, {
      location: params.vector("location", actor.location),
      rotation: params.rotation("rotation", actor.rotation),
      scale: params.vector("scale", actor.scale),
    }),
  );
};

const setProperties = (level: Level, label: string, properties: Fields): Fields => {
  const actor = level.actor(label);
  level.change(label, { properties: { ...actor.properties, ...properties } });
  return { actor: label, set: Object.keys(properties) };
};

export const ACTOR_COMMANDS = {
  get_all_actors: (params, { level }) =>
    listed(level.actors.filter((actor) => contains(actor.class, params.text("class_filter", "")))),
  get_selected_actors: (_params, { level }) => listed(level.selected),
  select_actors: selectActors,
  focus_selected: (_params, { level }) => {
    const [first] = level.selected;
    if (first !== undefined) {
      const { x, y, z } = first.location;
      level.camera = { ...level.camera, location: { x: x - 500, y, z: z + 300 } };
    }
    return { focused: first !== undefined, count: level.selection.length, camera: level.camera };
  },
  spawn_actor: spawnActor,
  smart_spawn: smartSpawn,
  list_device_aliases: () => ({ aliases: DEVICE_ALIASES, count: Object.keys(DEVICE_ALIASES).length }),
  delete_actors: deleteActors,
  set_actor_transform: setTransform,
  set_actor_property: (params, { level }) =>
    setProperties(level, params.text("actor_label"), {
      [params.text("property_name")]: params.raw["value"] ?? null,
    }),
  set_actor_properties: (params, { level }) =>
    setProperties(level, params.text("actor_label"), params.fields("properties")),
  get_actor_properties: (params, { level }) => full(level.actor(params.text("actor_label"))),
  get_viewport_camera: (_params, { level }) => level.camera,
  set_viewport_camera: (params, { level }) => {
    level.camera = {
      location: params.vector("location", level.camera.location),
      rotation: params.rotation("rotation", level.camera.rotation),
    };
    return level.camera;
  },
} satisfies Handlers;
