import { LIMITS } from "../../base/limits.ts";
import { isPattern } from "../../policy/patterns.ts";
import type { ToolProfile } from "../verdict.ts";

/** Tools that a policy cannot name by their exact name. */

const isNameable = (name: string): boolean =>
  name !== "" && !isPattern(name) && Array.from(name).length <= LIMITS.pattern_characters_max;

export interface Sorted {
  readonly usable: readonly ToolProfile[];
  /** Names that would be patterns, are too long or stand in the list twice, each once. */
  readonly unusable: readonly string[];
}

export const sortOut = (profiles: readonly ToolProfile[]): Sorted => {
  const counts = new Map<string, number>();
  for (const { name } of profiles) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isUsable = ({ name }: ToolProfile): boolean => isNameable(name) && counts.get(name) === 1;
  return {
    usable: profiles.filter(isUsable),
    unusable: [...new Set(profiles.filter((profile) => !isUsable(profile)).map(({ name }) => name))],
  };
};

/** A pattern that matches a name which cannot be written as it is, and as little else as can be. */
export const patternFor = (name: string): string => {
  const letters = Array.from(name.replaceAll("*", "?"));
  const most = LIMITS.pattern_characters_max;
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}*` : letters.join("");
};
