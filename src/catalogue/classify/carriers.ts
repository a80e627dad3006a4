import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { setOf } from "./words.ts";

/** Paths of arguments that carry it themselves: an array of objects carries what its objects' members do. */
export const pathsOf = (known: Known, kind: "command" | "code" | "sql"): readonly string[] => {
  if (!known.arguments.some(({ kinds }) => kinds.includes(kind))) {
    return [];
  }
  const arrays = new Set(
    known.arguments.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("[*].")))),
  );
  return known.arguments
    .filter(
      (argument) => argument.kinds.includes(kind) && !carriesTool(argument) && !arrays.has(argument.path),
    )
    .map(({ path }) => path);
};

/** What stands beside the name of something that is called. */
const PARAMETERS = setOf(
  "params parameters args arguments kwargs input inputs payload tool_input tool_arguments",
);
const CALLED = setOf("command tool name action method function operation");

export const carriesTool = ({ name, beside }: KnownArgument): boolean =>
  CALLED.has(name.toLowerCase()) &&
  beside.some((other) => other !== name && PARAMETERS.has(other.toLowerCase()));
