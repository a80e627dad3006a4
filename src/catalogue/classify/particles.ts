import type { ToolClass } from "../verdict.ts";

/** Verbs whose meaning hangs on a small word that may stand behind their object: "takes a message off the queue". */
const PARTICLES: ReadonlyMap<string, ReadonlyMap<string, ToolClass>> = new Map(
  Object.entries<Record<string, ToolClass>>({
    take: { off: "destructive", down: "destructive", offline: "write", away: "destructive" },
    bring: { up: "execute", down: "destructive", back: "write", online: "write" },
    spin: { up: "execute", down: "destructive" },
    shut: { down: "destructive" },
    tear: { down: "destructive" },
    turn: { on: "write", off: "write", into: "read" },
    throw: { away: "destructive" },
    put: { away: "write", down: "write" },
    pull: { off: "destructive", down: "write" },
    log: { out: "write", in: "write" },
  }).map(([verb, particles]) => [verb, new Map(Object.entries(particles))]),
);

/** Particles that are prepositions as well, so that they count at the end only: "checks a guest in". */
const LAST: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({ check: new Set(["in", "out"]), sign: new Set(["in", "out", "up"]) }),
);

/** What a verb does with the particle among the words behind it, where that is another thing than the verb alone. */
export const particleClass = (verb: string, behind: readonly string[]): ToolClass | undefined => {
  const known = PARTICLES.get(verb);
  if (known !== undefined) {
    return behind.map((word) => known.get(word)).find((is) => is !== undefined);
  }
  return behind.length < 8 && (LAST.get(verb)?.has(behind.at(-1) ?? "") ?? false) ? "write" : undefined;
};
