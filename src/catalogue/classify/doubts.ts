import { worseClass, type ToolClass } from "../verdict.ts";
import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

/** Half of what speaks for reading is doubt enough: a name with a dangerous word in it that nothing explains. */

const SHARE = 0.45;
/** Words behind which the dangerous one is only what is told of. */
const TOLD =
  setOf(`status history log info information detail detail list state result report count type name id metadata summary
  statistic stat event schema doc queue version error output setting config policy`);
/** What has a judgement of its own elsewhere: an agent is one where it is given a task. */
const JUDGED = setOf("agent browser");

const DANGEROUS: ReadonlySet<ToolClass> = new Set(["execute", "destructive", "financial"]);

/** Sums of what speaks for each class. */
const sumOf = (signs: readonly Sign[], is: (sign: Sign) => boolean): number =>
  signs.filter(is).reduce((sum, { weight }) => sum + weight, 0);

/** The sign of a dangerous word, as strong as it must be to be taken, where a reading is not sure of itself. */
export const leaning = (
  signs: readonly Sign[],
  words: readonly string[],
  clause: Clause,
): readonly Sign[] => {
  if (
    signs.some((sign) => sign.class === "write" && sign.weight >= WEIGHTS.noun) ||
    TOLD.has(singular(words.at(-1) ?? ""))
  ) {
    return [];
  }
  const reads = sumOf(signs, (sign) => sign.class === "read");
  const dangers = signs.filter(
    (sign) => DANGEROUS.has(sign.class) && sign.from === "name" && !isExplained(sign, clause),
  );
  const is = dangers.map((sign) => sign.class).reduce<ToolClass>(worseClass, "read");
  const own = sumOf(dangers, (sign) => sign.class === is);
  const first = dangers.find((sign) => sign.class === is);
  return first === undefined || own < SHARE * reads || own >= 0.6 * reads
    ? []
    : [
        {
          ...first,
          weight: 0.6 * reads - own + 0.01,
          says: `Its name has "${first.found.slice(0, 40)}" in it, and nothing says that this is only looked at.`,
        },
      ];
};

/** "Gets the details of a request": its text says that this is only looked at. */
const isExplained = ({ found }: Sign, clause: Clause): boolean =>
  JUDGED.has(found) || clause.slice(1).some((word) => singular(word) === singular(found));
