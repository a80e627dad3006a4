// What commands are given, read without trust: JSON of anybody who reaches the port.

export type Fields = Readonly<Record<string, unknown>>;

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Rotation {
  readonly pitch: number;
  readonly yaw: number;
  readonly roll: number;
}

/** What a command says when it cannot do what was asked. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export const isText = (value: unknown): value is string => typeof value === "string";

/** Readers for the parameters of one command. What has no fallback is needed; `null` is as good as nothing. */
export interface Params {
  readonly raw: Fields;
  readonly has: (name: string) => boolean;
  readonly text: (name: string, fallback?: string) => string;
  readonly number: (name: string, fallback?: number) => number;
  readonly count: (name: string, fallback: number) => number;
  readonly flag: (name: string, fallback: boolean) => boolean;
  readonly texts: (name: string) => readonly string[];
  readonly list: (name: string) => readonly unknown[];
  readonly fields: (name: string) => Fields;
  readonly vector: (name: string, fallback: Vector) => Vector;
  readonly rotation: (name: string, fallback: Rotation) => Rotation;
}

const needed = (name: string, what: string): CommandError => new CommandError(`'${name}' is needed: ${what}`);

const triple = (value: unknown, name: string): readonly [number, number, number] => {
  const [a, b, c] = Array.isArray(value) ? value : [];
  if (isNumber(a) && isNumber(b) && isNumber(c)) {
    return [a, b, c];
  }
  throw needed(name, "a list of three numbers");
};

/** One of a list such as `COUNT_MAX` is more than anybody means. */
const COUNT_MAX = 2_000;

const scalars = (raw: Fields): Pick<Params, "text" | "number" | "count" | "flag"> => {
  const pick = <T>(name: string, is: (value: unknown) => value is T, what: string, fallback?: T): T => {
    const value = raw[name] ?? fallback;
    if (is(value)) {
      return value;
    }
    throw needed(name, what);
  };
  const number: Params["number"] = (name, fallback) => pick(name, isNumber, "a number", fallback);
  return {
    text: (name, fallback) => pick(name, isText, "a text", fallback),
    number,
    count: (name, fallback) => {
      const count = number(name, fallback);
      if (Number.isInteger(count) && count >= 0 && count <= COUNT_MAX) {
        return count;
      }
      throw needed(name, `a whole number up to ${String(COUNT_MAX)}`);
    },
    flag: (name, fallback) => pick(name, (value) => typeof value === "boolean", "true or false", fallback),
  };
};

export const paramsOf = (raw: Fields): Params => {
  const list = (name: string): readonly unknown[] => {
    const value = raw[name];
    if (Array.isArray(value)) {
      return value;
    }
    throw needed(name, "a list");
  };
  return {
    raw,
    has: (name) => raw[name] !== undefined && raw[name] !== null,
    ...scalars(raw),
    list,
    texts: (name) => {
      const values = list(name);
      if (values.every(isText)) {
        return values;
      }
      throw needed(name, "a list of texts");
    },
    fields: (name) => {
      const value = raw[name] ?? {};
      if (isFields(value)) {
        return value;
      }
      throw needed(name, "an object");
    },
    vector: (name, fallback) => {
      if (raw[name] === undefined || raw[name] === null) {
        return fallback;
      }
      const [x, y, z] = triple(raw[name], name);
      return { x, y, z };
    },
    rotation: (name, fallback) => {
      if (raw[name] === undefined || raw[name] === null) {
        return fallback;
      }
      const [pitch, yaw, roll] = triple(raw[name], name);
      return { pitch, yaw, roll };
    },
  };
};

export const ORIGIN: Vector = { x: 0, y: 0, z: 0 };
export const ONE: Vector = { x: 1, y: 1, z: 1 };
export const LEVEL_ROTATION: Rotation = { pitch: 0, yaw: 0, roll: 0 };

export const plus = (a: Vector, b: Vector): Vector => ({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z });

export const distance = (a: Vector, b: Vector): number => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);

export const contains = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());

/** A row of a table by a name from outside, which may be `constructor`. */
export const row = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
