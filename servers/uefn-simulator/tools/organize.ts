import { isDevice } from "../level/start.ts";
import { baseName, type Actor, type Level } from "../level/level.ts";
import { brief, labels, select, tally } from "../level/views.ts";
import type { Handler, Handlers, Session } from "../session.ts";
import { contains, distance, type Fields, type Params } from "../values.ts";

// Tools of the registry that sort, tag, show, lock, select and measure actors.

type Change = Partial<Omit<Actor, "name" | "label">>;

/** Changes each actor that is named; a label that nobody has fails the tool before anything is changed. */
const changeNamed = (params: Params, level: Level, change: Change): Fields => {
  const actors = params.texts("actor_labels").map((label) => level.actor(label));
  for (const { label } of actors) {
    level.change(label, change);
  }
  return { changed: labels(actors), count: actors.length };
};

const changing =
  (change: Change): Handler =>
  (params, { level }) =>
    changeNamed(params, level, change);

const setTags = (params: Params, { level }: Session, added: boolean): Fields => {
  const actor = level.actor(params.text("actor_label"));
  const tag = params.text("tag");
  const others = actor.tags.filter((one) => one !== tag);
  const { tags } = level.change(actor.label, { tags: added ? [...others, tag] : others });
  return { actor: actor.label, tags };
};

const folderOf = (actor: Actor): string => {
  if (isDevice(actor)) {
    return "Devices";
  }
  const name = baseName(actor.class);
  const folders: readonly (readonly [string, RegExp])[] = [
    ["Lights", /light/iu],
    ["Audio", /sound/iu],
    ["Props", /mesh/iu],
    ["Landscape", /landscape/iu],
  ];
  return folders.find(([, pattern]) => pattern.test(name))?.[0] ?? "Other";
};

const organize = (_params: Params, { level }: Session): Fields => {
  for (const actor of level.actors) {
    level.change(actor.label, { folder: folderOf(actor) });
  }
  const folders = tally(level.actors.map(({ folder }) => folder));
  return { moved: level.actors.length, folders };
};

const measure = (params: Params, { level }: Session): Fields => {
  const a = level.actor(params.text("actor_a"));
  const b = level.actor(params.text("actor_b"));
  const units = distance(a.location, b.location);
  return { actor_a: a.label, actor_b: b.label, distance: units, meters: units / 100 };
};

const near = (params: Params, { level }: Session): Fields => {
  const center = level.actor(params.text("actor_label"));
  const radius = params.number("radius", 1000);
  const found = level.actors
    .filter(({ class: name }) => contains(name, params.text("class_filter", "")))
    .map((actor) => ({ actor, away: distance(actor.location, center.location) }))
    .filter(({ actor, away }) => actor.label !== center.label && away <= radius)
    .toSorted((a, b) => a.away - b.away);
  return {
    actors: found.map(({ actor, away }) => ({ ...brief(actor), distance: away })),
    count: found.length,
  };
};

const byProperty = (params: Params, { level }: Session): Fields => {
  const name = params.text("property_name");
  const value = params.text("value");
  const found = level.actors.filter(
    ({ properties }) =>
      Object.hasOwn(properties, name) && String(properties[name]).toLowerCase() === value.toLowerCase(),
  );
  return select(level, labels(found));
};

export const ORGANIZE_TOOLS = {
  actor_move_to_folder: (params, { level }) =>
    changeNamed(params, level, { folder: params.text("folder_path") }),
  actor_hide: changing({ hidden: true }),
  actor_show: changing({ hidden: false }),
  actor_lock: changing({ locked: true }),
  actor_unlock: changing({ locked: false }),
  actor_select_by_class: (params, { level }) => {
    const name = params.text("class_name");
    return select(level, labels(level.actors.filter((actor) => contains(actor.class, name))));
  },
  select_by_property: byProperty,
  actor_set_label: (params, { level }) => {
    const old = level.actor(params.text("actor_label")).label;
    return { old_label: old, new_label: level.rename(old, params.text("new_label")).label };
  },
  organize_smart_categorize: organize,
  tag_add: (params, session) => setTags(params, session, true),
  tag_remove: (params, session) => setTags(params, session, false),
  tag_search: (params, { level }) => {
    const tag = params.text("tag");
    const found = level.actors.filter(({ tags }) => tags.includes(tag));
    return { actors: found.map(brief), count: found.length };
  },
  measure_distance: measure,
  proximity_find: near,
} satisfies Handlers;
