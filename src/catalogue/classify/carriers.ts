import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { setOf, singular } from "./words.ts";

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
      (argument) =>
        argument.kinds.includes(kind) && !carriesTool(argument, known) && !arrays.has(argument.path),
    )
    .map(({ path }) => path);
};

/** What stands beside the name of something that is called. */
const PARAMETERS = setOf(
  "params parameters args arguments kwargs input inputs payload tool_input tool_arguments",
);
const CALLED = setOf("command tool name action method function operation");

/** What a program is started with: beside `command` a list of these names no tool. */
const LINES = setOf("args argv arguments params parameters");
const PROGRAMS = setOf("command cmd");

export const carriesTool = (argument: KnownArgument, known: Known): boolean =>
  CALLED.has(argument.name.toLowerCase()) &&
  argument.beside.some((other) => other !== argument.name && PARAMETERS.has(other.toLowerCase())) &&
  !isProgram(argument, known);

/** What is known of a tool's name and arguments. */
type Shape = Pick<Known, "name" | "arguments">;

/** `execute { command, args: [] }` starts a program; what a tool is given has names. */
export const isProgram = (argument: KnownArgument, shape: Shape): boolean =>
  PROGRAMS.has(argument.name.toLowerCase()) && linesBeside(argument, shape).length > 0;

const linesBeside = ({ path, name }: KnownArgument, shape: Shape): readonly KnownArgument[] =>
  shape.name.words.some((word) => singular(word) === "tool")
    ? []
    : shape.arguments.filter(
        (other) =>
          LINES.has(other.name.toLowerCase()) &&
          other.path.slice(0, -other.name.length) === path.slice(0, -name.length) &&
          other.types.length > 0 &&
          !other.types.includes("object") &&
          !other.ofObjects,
      );

/** Paths of what programs are started with: it says as much of what is done as the program does. */
export const programLines = (known: Known): readonly string[] =>
  known.arguments
    .filter(({ kinds }) => kinds.includes("command"))
    .flatMap((argument) => linesBeside(argument, known).map(({ path }) => path));
