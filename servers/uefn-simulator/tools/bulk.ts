import type { Actor } from "../level/level.ts";
import { CLASSES } from "../level/start.ts";
import { labels } from "../level/views.ts";
import type { Handlers, Session } from "../session.ts";
import {
  CommandError,
  LEVEL_ROTATION,
  ORIGIN,
  plus,
  row,
  type Fields,
  type Params,
  type Vector,
} from "../values.ts";

// Tools that move what is selected, and those that place many props.

const AXES = ["x", "y", "z"] as const;
type Axis = (typeof AXES)[number];

const axisOf = (params: Params, fallback: string): Axis => {
  const name = params.text("axis", fallback).toLowerCase();
  const axis = AXES.find((one) => one === name);
  if (axis === undefined) {
    throw new CommandError("'axis' is X, Y or Z");
  }
  return axis;
};

type Place = (actor: Actor, index: number) => Partial<Pick<Actor, "location" | "rotation" | "scale">>;

const moveSelected = ({ level }: Session, place: Place): Fields => {
  const { selected } = level;
  for (const [index, actor] of selected.entries()) {
    level.change(actor.label, place(actor, index));
  }
  return { changed: labels(selected), count: selected.length };
};

const along = ({ level }: Session, axis: Axis): readonly number[] =>
  level.selected.map(({ location }) => location[axis]);

const MODES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  first: ([first = 0]) => first,
};

const align = (params: Params, session: Session): Fields => {
  const axis = axisOf(params, "Z");
  const mode = row(MODES, params.text("mode", "average"));
  if (mode === undefined) {
    throw new CommandError(`'mode' is one of ${Object.keys(MODES).join(", ")}`);
  }
  const to = mode(along(session, axis));
  return moveSelected(session, ({ location }) => ({ location: { ...location, [axis]: to } }));
};

const distribute = (params: Params, session: Session): Fields => {
  const axis = axisOf(params, "X");
  const values = along(session, axis);
  const from = Math.min(...values);
  const step = (Math.max(...values) - from) / Math.max(values.length - 1, 1);
  return moveSelected(session, ({ location }, index) => ({
    location: { ...location, [axis]: from + index * step },
  }));
};

/** Between -1 and 1, the same for the same number: what the simulator does can be repeated. */
const dice = (number: number): number => {
  const wave = Math.sin(number * 12.9898) * 43758.5453;
  return (wave - Math.floor(wave)) * 2 - 1;
};

const thrown = (range: Vector, seed: number): Vector => ({
  x: range.x * dice(seed),
  y: range.y * dice(seed + 1),
  z: range.z * dice(seed + 2),
});

const randomize = (params: Params, session: Session): Fields => {
  const move = params.vector("location_range", ORIGIN);
  const turn = params.vector("rotation_range", ORIGIN);
  const grow = params.vector("scale_range", ORIGIN);
  return moveSelected(session, ({ location, rotation, scale }, index) => {
    const turned = thrown(turn, index * 9 + 4);
    return {
      location: plus(location, thrown(move, index * 9 + 1)),
      rotation: {
        pitch: rotation.pitch + turned.x,
        yaw: rotation.yaw + turned.y,
        roll: rotation.roll + turned.z,
      },
      scale: plus(scale, thrown(grow, index * 9 + 7)),
    };
  });
};

const snap = (params: Params, session: Session): Fields => {
  const size = params.number("grid_size", 100);
  if (size <= 0) {
    throw new CommandError("'grid_size' is more than 0");
  }
  const near = (value: number): number => Math.round(value / size) * size;
  return moveSelected(session, ({ location: { x, y, z } }) => ({
    location: { x: near(x), y: near(y), z: near(z) },
  }));
};

const mirror = (params: Params, session: Session): Fields => {
  const axis = axisOf(params, "X");
  const pivot = params.vector("pivot", ORIGIN);
  return moveSelected(session, ({ location }) => ({
    location: { ...location, [axis]: 2 * pivot[axis] - location[axis] },
  }));
};

/** Puts a prop of the asset at each place. */
const props = (params: Params, { level }: Session, places: readonly Vector[], folder: string): Fields => {
  const asset = level.asset(params.text("asset_path"));
  const turned = params.flag("randomize_rotation", false);
  const from = params.number("scale_min", 0.8);
  const to = params.number("scale_max", 1.2);
  const grown = params.flag("randomize_scale", false);
  const placed = places.map((location, index) => {
    const size = grown ? from + ((dice(index + 0.5) + 1) / 2) * (to - from) : 1;
    return level.spawn({
      class: CLASSES.mesh,
      label: `${folder}_${String(index + 1)}`,
      asset: asset.path,
      folder,
      location,
      rotation: turned ? { ...LEVEL_ROTATION, yaw: dice(index) * 180 } : LEVEL_ROTATION,
      scale: { x: size, y: size, z: size },
    });
  });
  return { placed: labels(placed), count: placed.length };
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const grid = (params: Params, session: Session): Fields => {
  const rows = params.count("rows", 5);
  const columns = params.count("columns", 5);
  if (rows * columns > 2_000) {
    throw new CommandError("A grid has at most 2000 places");
  }
  const spacing = params.number("spacing", 200);
  const origin = params.vector("origin", ORIGIN);
  const places = range(rows).flatMap((row) =>
    range(columns).map((column) => plus(origin, { x: row * spacing, y: column * spacing, z: 0 })),
  );
  return props(params, session, places, "Grid");
};

const circle = (params: Params, session: Session): Fields => {
  const count = params.count("count", 8);
  const radius = params.number("radius", 500);
  const center = params.vector("center", ORIGIN);
  const places = range(count).map((index) => {
    const angle = (index / count) * 2 * Math.PI;
    return plus(center, { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z: 0 });
  });
  return props(params, session, places, "Circle");
};

/** `count` places from one to the other, both included. */
const between = (start: Vector, end: Vector, count: number): readonly Vector[] =>
  range(count).map((index) => {
    const part = count < 2 ? 0 : index / (count - 1);
    return {
      x: start.x + (end.x - start.x) * part,
      y: start.y + (end.y - start.y) * part,
      z: start.z + (end.z - start.z) * part,
    };
  });

const line = (params: Params, session: Session): Fields => {
  const end = params.vector("end", { x: 1000, y: 0, z: 0 });
  const places = between(params.vector("start", ORIGIN), end, params.count("count", 10));
  return props(params, session, places, "Line");
};

const scatter = (params: Params, session: Session): Fields => {
  const radius = params.number("radius", 2000);
  const center = params.vector("center", ORIGIN);
  const places = range(params.count("count", 50)).map((index) =>
    plus(center, { ...thrown({ x: radius, y: radius, z: 0 }, index * 3 + 1), z: 0 }),
  );
  return props(params, session, places, "Scatter");
};

const alongSpline = (params: Params, session: Session): Fields => {
  const label = params.has("spline_label") ? "spline_label" : "spline_actor_label";
  const { location } = session.level.actor(params.text(label));
  const places = between(location, plus(location, { x: 1000, y: 0, z: 0 }), params.count("count", 10));
  return props(params, session, places, "Spline");
};

export const BULK_TOOLS = {
  bulk_align: align,
  bulk_distribute: distribute,
  bulk_randomize: randomize,
  bulk_snap_to_grid: snap,
  bulk_mirror: mirror,
  pattern_grid: grid,
  pattern_circle: circle,
  pattern_line: line,
  scatter_props: scatter,
  spline_place_props: alongSpline,
} satisfies Handlers;
