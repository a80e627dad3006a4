import { parsePath } from "../policy/path.ts";
import type { ArgumentFact } from "./verdict.ts";

/** Names of arguments that a tool's definition calls secret, for masking. */
export const secretArgumentNames = (facts: readonly ArgumentFact[]): ReadonlySet<string> =>
  new Set(facts.filter(({ kinds }) => kinds.includes("secret")).flatMap(({ path }) => lastName(path)));

/** The last name of a path as policies write it: `args.auth.pat`, `args["x-key"]`, `args.keys[*]`. */
const lastName = (path: string): readonly string[] => {
  const parsed = parsePath(path);
  const named =
    "steps" in parsed ? parsed.steps.flatMap((step) => (step.kind === "name" ? [step.name] : [])) : [];
  return named.slice(-1);
};
