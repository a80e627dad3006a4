/** Deeper than this nothing is that an editor says. */
const DEPTH_MAX = 200;

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON in these bytes; `undefined` where there is none, or one that is too deep to be walked. */
export const jsonOf = (bytes: Buffer): unknown => {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isDeep(value, DEPTH_MAX) ? undefined : value;
  } catch {
    return undefined;
  }
};

const isDeep = (value: unknown, left: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (left === 0 || Object.values(value).some((inner) => isDeep(inner, left - 1)));
