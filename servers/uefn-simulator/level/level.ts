import {
  CommandError,
  LEVEL_ROTATION,
  ONE,
  ORIGIN,
  type Fields,
  type Rotation,
  type Vector,
} from "../values.ts";

export interface Actor {
  readonly name: string;
  readonly label: string;
  readonly class: string;
  readonly location: Vector;
  readonly rotation: Rotation;
  readonly scale: Vector;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly hidden: boolean;
  readonly locked: boolean;
  /** The asset it shows, or `null`. */
  readonly asset: string | null;
  readonly properties: Fields;
}

export interface Asset {
  readonly path: string;
  readonly class: string;
  readonly properties: Fields;
  readonly dirty: boolean;
}

export interface Camera {
  readonly location: Vector;
  readonly rotation: Rotation;
}

/** What undo goes back to. Actors and assets are never changed but replaced, so that a copy of the lists is enough. */
export interface Moment {
  readonly actors: ReadonlyMap<string, Actor>;
  readonly assets: ReadonlyMap<string, Asset>;
}

export type Spawn = Pick<Actor, "class" | "label"> & Partial<Actor>;

const ACTORS_MAX = 20_000;
const ASSETS_MAX = 5_000;

/** `/Game/Meshes/Crate` is in `/Game`, and directly in `/Game/Meshes`. */
export const isUnder = (path: string, directory: string, recursive: boolean): boolean => {
  const start = directory.endsWith("/") ? directory : `${directory}/`;
  return path.startsWith(start) && (recursive || !path.slice(start.length).includes("/"));
};

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The level that is open in the editor, with the project's assets beside it. All in memory. */
export class Level {
  readonly #actors = new Map<string, Actor>();
  readonly #assets = new Map<string, Asset>();
  #version = 0;
  #named = 0;

  selection: readonly string[] = [];
  selectedAssets: readonly string[] = [];
  camera: Camera = { location: { x: -800, y: 0, z: 400 }, rotation: { pitch: -20, yaw: 0, roll: 0 } };
  dirty = false;
  readonly files = new Map<string, string>();
  readonly config = new Map<string, string>();
  readonly snapshots = new Map<string, readonly Actor[]>();

  /** Another number after every change of an actor or an asset. */
  get version(): number {
    return this.#version;
  }

  get actors(): readonly Actor[] {
    return [...this.#actors.values()];
  }

  get assets(): readonly Asset[] {
    return [...this.#assets.values()];
  }

  get selected(): readonly Actor[] {
    return this.selection.flatMap((label) => this.#actors.get(label) ?? []);
  }

  find(label: string): Actor | undefined {
    return this.#actors.get(label);
  }

  actor(label: string): Actor {
    const actor = this.#actors.get(label);
    if (actor === undefined) {
      throw new CommandError(`Actor not found: ${label}`);
    }
    return actor;
  }

  asset(path: string): Asset {
    const asset = this.#assets.get(path);
    if (asset === undefined) {
      throw new CommandError(`Asset not found: ${path}`);
    }
    return asset;
  }

  hasAsset(path: string): boolean {
    return this.#assets.has(path);
  }

  /** A new actor; its label gets a number where it is taken. */
  spawn(spawn: Spawn): Actor {
    if (this.#actors.size >= ACTORS_MAX) {
      throw new CommandError(`The level is full: ${String(ACTORS_MAX)} actors`);
    }
    this.#named += 1;
    const actor: Actor = {
      location: ORIGIN,
      rotation: LEVEL_ROTATION,
      scale: ONE,
      folder: "",
      tags: [],
      hidden: false,
      locked: false,
      asset: null,
      properties: {},
      ...spawn,
      name: `${baseName(spawn.class).replaceAll(/\W/gu, "_")}_${String(this.#named)}`,
      label: this.#free(spawn.label),
    };
    this.#put(actor);
    return actor;
  }

  change(label: string, change: Partial<Omit<Actor, "name" | "label">>): Actor {
    const actor = { ...this.actor(label), ...change };
    this.#put(actor);
    return actor;
  }

  rename(label: string, to: string): Actor {
    const actor = { ...this.actor(label), label: label === to ? to : this.#free(to) };
    this.#actors.delete(label);
    this.#put(actor);
    this.selection = this.selection.map((one) => (one === label ? actor.label : one));
    return actor;
  }

  remove(label: string): boolean {
    const there = this.#actors.delete(label);
    if (there) {
      this.#changed();
      this.selection = this.selection.filter((one) => one !== label);
    }
    return there;
  }

  putAsset(asset: Asset): Asset {
    if (this.#assets.size >= ASSETS_MAX) {
      throw new CommandError(`The project is full: ${String(ASSETS_MAX)} assets`);
    }
    this.#assets.set(asset.path, asset);
    this.#version += 1;
    return asset;
  }

  removeAsset(path: string): boolean {
    const there = this.#assets.delete(path);
    this.#version += there ? 1 : 0;
    this.selectedAssets = this.selectedAssets.filter((one) => one !== path);
    return there;
  }

  moment(): Moment {
    return { actors: new Map(this.#actors), assets: new Map(this.#assets) };
  }

  goTo({ actors, assets }: Moment): void {
    this.replaceActors([...actors.values()]);
    this.#assets.clear();
    for (const asset of assets.values()) {
      this.#assets.set(asset.path, asset);
    }
  }

  replaceActors(actors: readonly Actor[]): void {
    this.#actors.clear();
    for (const actor of actors) {
      this.#actors.set(actor.label, actor);
    }
    this.selection = this.selection.filter((label) => this.#actors.has(label));
    this.#changed();
  }

  #put(actor: Actor): void {
    this.#actors.set(actor.label, actor);
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    this.dirty = true;
  }

  #free(label: string): string {
    let free = label;
    for (let number = 2; this.#actors.has(free); number += 1) {
      free = `${label}${String(number)}`;
    }
    return free;
  }
}
