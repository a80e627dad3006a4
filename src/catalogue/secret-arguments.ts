import type { ArgumentFact } from "./verdict.ts";

/** The last name of a path as policies write it: `args.auth.pat`, `args["x-key"]`, `args.keys[*]`. */
const LAST_NAME = /(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[("(?:[^"\\]|\\.)*")\])(?:\[\*\]|\.\*)*$/;

/** Names of arguments that a tool's definition calls secret, for masking. */
export const secretArgumentNames = (facts: readonly ArgumentFact[]): ReadonlySet<string> =>
  new Set(facts.filter(({ kinds }) => kinds.includes("secret")).flatMap(({ path }) => lastName(path)));

const lastName = (path: string): readonly string[] => {
  const [, plain, quoted] = LAST_NAME.exec(path) ?? [];
  if (plain !== undefined) {
    return [plain];
  }
  return quoted === undefined ? [] : [String(JSON.parse(quoted))];
};
