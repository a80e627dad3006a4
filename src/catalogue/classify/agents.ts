import type { KnownArgument } from "./argument-kinds.ts";
import type { NameReading } from "./name-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

const PLACES = setOf("browser computer desktop");
const DOERS = setOf("agent agents use autonomous");
const TASKS = setOf("task instruction instructions goal objective prompt");

/** `browser_use_agent { task }`: an agent that does what it is told to on a screen, however its text praises it. */
export const agentSigns = (name: NameReading, args: readonly KnownArgument[]): readonly Sign[] => {
  const task = args.find(
    (argument) => TASKS.has(argument.name.toLowerCase()) && argument.values.length === 0,
  );
  return task !== undefined &&
    name.words.some((word) => PLACES.has(word)) &&
    name.words.some((word) => DOERS.has(word))
    ? [
        {
          class: "execute",
          weight: WEIGHTS.decisive,
          from: "argument",
          found: task.path.slice(0, 80),
          says: "It has an agent do what its caller says, so it runs or operates something.",
        },
      ]
    : [];
};
