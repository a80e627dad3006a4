import { type Json, type JsonObject, member } from "../../base/json-value.ts";
import { isRecord } from "../plain.ts";

/** Whether an argument takes paths that begin nowhere, as those of a repository do: of them `within` knows nothing. */

/** Made of names that begin with no dot: `src/main.ts`. */
export const RELATIVE_PATH = "^(?:[0-9A-Za-z_-][0-9A-Za-z._-]*/)*[0-9A-Za-z_-][0-9A-Za-z._-]*$";

/** Arguments beside which a path is one of a repository. */
const REPOSITORY: ReadonlySet<string> = new Set(["owner", "repo", "repository"]);

const ABSOLUTE = /^\^?(?:[/\\~]|[A-Za-z]:)/u;

/** `schema`: of the tool. `leaves`: the conditions that the user's rule requires. */
export const takesRelative = (schema: unknown, name: string, leaves: readonly JsonObject[]): boolean => {
  const properties = isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};
  const own = properties[name];
  const said = leaves.filter((leaf) => isOf(leaf, name)).flatMap((leaf) => textsIn(member(leaf, "value")));
  const examples = isRecord(own) ? [own["default"], own["examples"]].flatMap(textsIn) : [];
  const texts = [...said, ...examples].filter((text) => text !== "");
  if (texts.some((text) => ABSOLUTE.test(text))) {
    return false;
  }
  return (
    said.length > 0 ||
    (isRecord(own) && /\brelative\b/iu.test(String(own["description"]))) ||
    Object.keys(properties).some((other) => other !== name && REPOSITORY.has(other))
  );
};

const isOf = (leaf: JsonObject, name: string): boolean =>
  [`args.${name}`, `args.${name}[*]`].some((path) => member(leaf, "path") === path);

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === "string");

/** A condition on such a path, in the place of one on a folder. */
export const relativeLeaf = (path: string): Readonly<Record<string, Json>> => ({
  path,
  op: "regex",
  value: RELATIVE_PATH,
});
