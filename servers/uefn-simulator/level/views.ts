import { LEVEL_ROTATION, ORIGIN, type Fields, type Params, type Rotation, type Vector } from "../values.ts";
import type { Actor, Asset, Level } from "./level.ts";

// How actors and assets are shown in answers.

const PATH = "/Game/Maps/Island.Island:PersistentLevel.";

export const brief = (actor: Actor): Fields => ({
  name: actor.name,
  label: actor.label,
  class: actor.class,
  path: `${PATH}${actor.name}`,
  location: actor.location,
  rotation: actor.rotation,
  scale: actor.scale,
  folder: actor.folder,
});

export const full = (actor: Actor): Fields => ({
  ...brief(actor),
  tags: actor.tags,
  hidden: actor.hidden,
  locked: actor.locked,
  asset: actor.asset,
  properties: actor.properties,
});

export const labels = (actors: readonly Actor[]): readonly string[] => actors.map(({ label }) => label);

export const assetView = ({ path, class: name, properties, dirty }: Asset): Fields => ({
  path,
  name: path.slice(path.lastIndexOf("/") + 1),
  class: name,
  dirty,
  properties,
});

export const assetList = (assets: readonly Asset[]): Fields => ({
  assets: assets.map(({ path, class: name }) => ({ path, class: name })),
  count: assets.length,
});

/** Where a new actor is to stand. */
export const where = (params: Params): { readonly location: Vector; readonly rotation: Rotation } => ({
  location: params.vector("location", ORIGIN),
  rotation: params.rotation("rotation", LEVEL_ROTATION),
});

export const select = (level: Level, found: readonly string[]): Fields => {
  level.selection = [...new Set(found)];
  return { selected: level.selection, count: level.selection.length };
};

/** How many there are of each. */
export const tally = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
};
