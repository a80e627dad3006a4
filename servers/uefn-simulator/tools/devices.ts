import { isDevice } from "../level/start.ts";
import { baseName, type Actor, type Level } from "../level/level.ts";
import { brief, full, labels, select } from "../level/views.ts";
import type { Handlers, Session } from "../session.ts";
import { CommandError, contains, type Fields, type Params } from "../values.ts";

// Tools for devices: what is placed from Fortnite's own boxes and talks to Verse; and the sequencer.

const devices = (level: Level): readonly Actor[] => level.actors.filter(isDevice);

/** The devices that the filters name. Without any filter it is none: a slip is not to change them all. */
const filtered = (params: Params, level: Level): readonly Actor[] => {
  const byClass = params.text("class_filter", "");
  const byLabel = params.text("label_filter", "");
  const path = params.text("actor_path", "");
  if (byClass === "" && byLabel === "" && path === "") {
    throw new CommandError("One of class_filter, label_filter and actor_path is needed");
  }
  return devices(level).filter(
    (device) =>
      contains(device.class, byClass) &&
      contains(device.label, byLabel) &&
      (path === "" || path.endsWith(`.${device.name}`)),
  );
};

const setAll = (level: Level, actors: readonly Actor[], name: string, value: unknown): Fields => {
  for (const { label, properties } of actors) {
    level.change(label, { properties: { ...properties, [name]: value } });
  }
  return { changed: labels(actors), count: actors.length, property: name, value };
};

const listDevices = (params: Params, { level }: Session): Fields => {
  const found = devices(level).filter(({ label }) => contains(label, params.text("name_filter", "")));
  return { devices: found.map(brief), count: found.length };
};

const bulkSet = (params: Params, { level }: Session): Fields => {
  const chosen = params.flag("use_all_devices", false) ? devices(level) : level.selected.filter(isDevice);
  return setAll(level, chosen, params.text("property_name", "bIsEnabled"), params.flag("value", true));
};

const callMethod = (params: Params, { level }: Session): Fields => {
  const method = params.text("method");
  const called = filtered(params, level);
  for (const { label, properties } of called) {
    level.change(label, { properties: { ...properties, last_method: method } });
  }
  return { method, called: labels(called), count: called.length };
};

const keyframes = (params: Params, { level }: Session): Fields => {
  const actor = level.actor(params.text("actor_label"));
  const frames = params.list("keyframes");
  level.change(actor.label, { properties: { ...actor.properties, keyframes: frames } });
  return { actor: actor.label, keyframes: frames.length };
};

/** A class of Verse that stands for the devices that are selected. */
const proxyOf = (chosen: readonly Actor[]): string =>
  [
    "simulated_proxy := class(creative_device):",
    ...chosen.map(
      ({ label, class: name }) => `    @editable ${label} : ${baseName(name)} = ${baseName(name)}{}`,
    ),
  ].join("\n");

export const DEVICE_TOOLS = {
  verse_list_devices: listDevices,
  device_call_method: callMethod,
  device_set_property: (params, { level }) =>
    setAll(level, filtered(params, level), params.text("property_name"), params.text("value")),
  verse_bulk_set_property: bulkSet,
  verse_select_by_name: (params, { level }) => {
    const part = params.text("name_filter");
    return select(level, labels(devices(level).filter(({ label }) => contains(label, part))));
  },
  verse_select_by_class: (params, { level }) => {
    const part = params.text("class_filter");
    return select(level, labels(devices(level).filter(({ class: name }) => contains(name, part))));
  },
  verse_export_report: (_params, { level }) => ({
    devices: devices(level).map(full),
    count: devices(level).length,
  }),
  api_crawl_selection: (_params, { level }) => ({
    actors: level.selected.map(({ label, class: name, properties }) => ({
      label,
      class: name,
      properties: Object.keys(properties),
    })),
    count: level.selection.length,
  }),
  sim_generate_proxy: (_params, { level }) => ({
    code: proxyOf(level.selected.filter(isDevice)),
    devices: level.selected.filter(isDevice).length,
  }),
  sim_trigger_method: (params, { level }) => ({
    method: params.text("method_name"),
    triggered: labels(level.selected.filter(isDevice)),
  }),
  seq_batch_keyframe: keyframes,
  seq_actor_to_spline: (params, { level }) => {
    const actor = level.actor(params.text("actor_label"));
    const spline = level.spawn({
      class: "/Script/Engine.SplineActor",
      label: `${actor.label}_Path`,
      location: actor.location,
      properties: { points: actor.properties["keyframes"] ?? [] },
    });
    return { actor: actor.label, spline: spline.label };
  },
} satisfies Handlers;
