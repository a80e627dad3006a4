import { CLASSES } from "../level/start.ts";
import type { Actor, Level } from "../level/level.ts";
import { assetList, brief, full, labels, select, where } from "../level/views.ts";
import type { Handler, Handlers, Session } from "../session.ts";
import {
  CommandError,
  contains,
  isFields,
  isText,
  ORIGIN,
  plus,
  row,
  type Fields,
  type Params,
} from "../values.ts";

// Tools for lights, sounds, effects, signs, zones and landscapes.

const ofClass =
  (name: string): Handler =>
  (_params, { level }) => {
    const found = level.actors.filter((actor) => contains(actor.class, name));
    return { actors: found.map(full), count: found.length };
  };

/** Sets those of the names that are given, as properties of the actor. */
const setGiven = (params: Params, level: Level, names: readonly string[]): Fields => {
  const actor = level.actor(params.text("actor_label"));
  const given = Object.fromEntries(
    names.filter((name) => params.has(name)).map((name) => [name, params.raw[name]]),
  );
  level.change(actor.label, { properties: { ...actor.properties, ...given } });
  return { actor: actor.label, set: given };
};

const setting =
  (...names: readonly string[]): Handler =>
  (params, { level }) =>
    setGiven(params, level, names);

const LIGHTS: Readonly<Record<string, string>> = {
  point: CLASSES.pointLight,
  directional: CLASSES.sun,
  spot: "/Script/Engine.SpotLight",
  rect: "/Script/Engine.RectLight",
  sky: "/Script/Engine.SkyLight",
};

const placeLight = (params: Params, { level }: Session): Fields => {
  const kind = params
    .text("light_type")
    .toLowerCase()
    .replace(/\W*light$/u, "");
  const name = row(LIGHTS, kind);
  if (name === undefined) {
    throw new CommandError(`'light_type' is one of ${Object.keys(LIGHTS).join(", ")}`);
  }
  const label = params.text("label", "") || `${kind}_light`;
  return full(level.spawn({ class: name, label, ...where(params), properties: { intensity: 5000 } }));
};

const placeAsset = (params: Params, level: Level, key: string, name: string): Fields => {
  const asset = level.asset(params.text(key));
  const label = params.text("label", "") || asset.path.slice(asset.path.lastIndexOf("/") + 1);
  return full(level.spawn({ class: name, label, asset: asset.path, ...where(params) }));
};

/** An entry is a text, or an object with `text` and perhaps a label. */
const signText = (entry: unknown): string => {
  const text = isFields(entry) ? entry["text"] : entry;
  if (isText(text)) {
    return text;
  }
  throw new CommandError("'texts' is a list of texts");
};

const spawnSigns = (params: Params, { level }: Session): Fields => {
  const start = params.vector("start_location", ORIGIN);
  const spacing = params.number("spacing", 300);
  const texts = params.list("texts").map(signText);
  const signs = texts.map((text, index) =>
    level.spawn({
      class: CLASSES.text,
      label: `Sign_${String(index + 1)}`,
      location: plus(start, { x: index * spacing, y: 0, z: 0 }),
      properties: { text },
    }),
  );
  return { spawned: labels(signs), count: signs.length };
};

const isZone = ({ tags }: Actor): boolean => tags.includes("zone");

const spawnZone = (params: Params, { level }: Session): Fields => {
  const kind = params.text("zone_type", "box");
  const extent = params.vector("extent", { x: 500, y: 500, z: 500 });
  const label = params.text("label", "") || `Zone_${kind}`;
  return full(
    level.spawn({
      class: "/Script/Engine.TriggerVolume",
      label,
      ...where(params),
      tags: ["zone"],
      properties: { zone_type: kind, extent },
    }),
  );
};

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

const selectInZone = (params: Params, { level }: Session): Fields => {
  const zone = level.actor(params.text("zone_label"));
  const extent = isFields(zone.properties["extent"]) ? zone.properties["extent"] : {};
  const inside = level.actors.filter(
    ({ label, location }) =>
      label !== zone.label &&
      Math.abs(location.x - zone.location.x) <= number(extent["x"]) &&
      Math.abs(location.y - zone.location.y) <= number(extent["y"]) &&
      Math.abs(location.z - zone.location.z) <= number(extent["z"]),
  );
  return select(level, labels(inside));
};

const setLandscape = (params: Params, { level }: Session): Fields => {
  const material = level.asset(params.text("material_path")).path;
  const named = params.text("landscape_label", "");
  const found = level.actors.filter(
    ({ class: name, label }) => name === CLASSES.landscape && (named === "" || label === named),
  );
  for (const { label, properties } of found) {
    level.change(label, { properties: { ...properties, material } });
  }
  return { changed: labels(found), material };
};

const createLandscape = (params: Params, { level }: Session): Fields =>
  full(
    level.spawn({
      class: CLASSES.landscape,
      label: params.text("label", "mountain"),
      ...where(params),
      properties: {
        material: params.text("material_path", ""),
        placeholder: params.flag("keep_placeholder", false),
      },
    }),
  );

export const PLACE_TOOLS = {
  audio_place: (params, { level }) => placeAsset(params, level, "sound_asset", CLASSES.sound),
  audio_set_volume: setting("volume"),
  audio_set_radius: setting("radius"),
  audio_list: ofClass("AmbientSound"),
  light_place: placeLight,
  light_set: setting("intensity", "color", "radius", "temperature"),
  light_list: ofClass("Light"),
  postprocess_spawn: (params, { level }) =>
    full(
      level.spawn({
        class: CLASSES.postProcess,
        label: params.text("label", "") || "PostProcess",
        ...where(params),
        properties: { infinite_extent: params.flag("infinite_extent", true) },
      }),
    ),
  postprocess_set: setting(
    "bloom_intensity",
    "exposure_compensation",
    "saturation",
    "contrast",
    "vignette_intensity",
  ),
  niagara_spawn_system: (params, { level }) => placeAsset(params, level, "system_path", CLASSES.niagara),
  niagara_list_systems: (params, { level }) =>
    assetList(
      level.assets.filter(
        ({ path, class: name }) =>
          name === "NiagaraSystem" && path.startsWith(params.text("directory", "/Game")),
      ),
    ),
  niagara_bulk_set_parameter: (params, { level }) => {
    const actor = level.actor(params.text("actor_label"));
    const set = { [params.text("parameter_name")]: params.number("value") };
    level.change(actor.label, { properties: { ...actor.properties, ...set } });
    return { actor: actor.label, set };
  },
  sign_list: ofClass("TextRender"),
  sign_set_text: (params, { level }) => {
    params.text("text");
    return setGiven(params, level, ["text"]);
  },
  sign_spawn_bulk: spawnSigns,
  zone_spawn: spawnZone,
  zone_list: (_params, { level }) => {
    const zones = level.actors.filter(isZone);
    return { zones: zones.map(full), count: zones.length };
  },
  zone_select_contents: selectInZone,
  landscape_info: (_params, { level }) => {
    const first = level.actors.find(({ class: name }) => name === CLASSES.landscape);
    return first === undefined ? { found: false } : { found: true, ...full(first) };
  },
  landscape_list: (_params, { level }) => {
    const found = level.actors.filter(({ class: name }) => name === CLASSES.landscape);
    return { landscapes: found.map(brief), count: found.length };
  },
  landscape_set_material: setLandscape,
  landscape_create: createLandscape,
} satisfies Handlers;
