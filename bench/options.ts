import { parseArgs } from "node:util";

/** Something is wrong with how the benchmark was called, or the machine lacks a tool. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads `--name value` options; every value is a list of numbers above 0, or one. */
export const readOptions = <Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, readonly number[]>>,
): Readonly<Record<Name, readonly number[]>> => {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  let values: Readonly<Record<string, unknown>>;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const read = (name: Name): readonly number[] => {
    const text = values[name];
    if (typeof text !== "string") {
      return defaults[name];
    }
    const numbers = text.split(",").map(Number);
    if (numbers.some((number) => !(number > 0 && number <= 3_600))) {
      throw new UsageError(`--${name} needs numbers above 0, not ${text}`);
    }
    return numbers;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, readonly number[]>;
};
