import type { JsonObject } from "../../base/json-value.ts";
import { parsePath } from "../../policy/path.ts";
import type { ArgumentFact, ToolProfile } from "../verdict.ts";

/** What a grant may spend in a day: a figure to begin with, in whatever unit the argument has. */
export const SPENT_A_DAY = 1_000;

const carriesMoney = ({ kinds }: ArgumentFact): boolean => kinds.includes("money");

/** An amount is counted where every call has exactly one, and it is a number. */
const isCountable = ({ path, types, required }: ArgumentFact): boolean => {
  const parsed = parsePath(path);
  const plain = !("invalid" in parsed) && parsed.root === "args" && !parsed.wild;
  const number = types.length > 0 && types.every((type) => type === "number" || type === "integer");
  return plain && number && required;
};

const limitOf = (name: string, path: string): JsonObject => ({
  counter: `spent:${name}:${path}`,
  window: "day",
  max: SPENT_A_DAY,
  increment_from: path,
});

/** Limits on what a tool spends; none where nothing can be counted. */
export const spendingLimits = ({ name, arguments: facts }: ToolProfile): readonly JsonObject[] =>
  facts.filter((fact) => carriesMoney(fact) && isCountable(fact)).map(({ path }) => limitOf(name, path));

/** Whether some amount is left uncounted. */
export const spendsUncounted = (profile: ToolProfile): boolean => {
  const money = profile.arguments.filter(carriesMoney);
  return money.length === 0 || !money.every(isCountable);
};
