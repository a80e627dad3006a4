import type { KnownArgument } from "./argument-kinds.ts";
import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** Verbs that make one thing of another, which may be kept or only given back. */
const TRANSFORMS =
  setOf(`merge combine concatenate concat join split snap simplify reduce flatten shuffle resize scale rotate flip crop
  trim clamp blend encrypt decrypt compress decompress zip unzip optimize optimise improve minify normalize normalise
  sanitize redact format generate make build compose draw construct produce rewrite rephrase enrich annotate group
  categorize categorise cluster transform mask extend shorten align randomize deduplicate pad wrap invert reverse
  interpolate smooth slice cut clip translate reword revise assemble design transliterate`);

/** The same of verbs that mostly keep what they make. */
const MAKES = setOf("create add draft prepare suggest compose");

const RETURNED = setOf("it them result results new resulting the a an only one");
const KEEPS =
  setOf(`save saves store stores persist persists write writes upload uploads overwrite overwrites insert inserts publish
  publishes saved stored written`);

/** Kinds of arguments by which something is named that exists outside the call. */
const OUTSIDE: ReadonlySet<string> = new Set(["identifier", "path", "recipient", "money", "secret", "host"]);

export interface Transformed {
  readonly told: readonly Sign[];
  readonly clauses: readonly Clause[];
  readonly arguments: readonly KnownArgument[];
}

/**
 * "Merges polygons and returns the result" only computes: it makes something of what it is given, gives it back, and
 * neither its text nor its arguments name a place where it would be kept.
 */
export const onlyGivenBack = ({ told, clauses, arguments: args }: Transformed): readonly Sign[] => {
  const back = howGivenBack(clauses);
  if (back === undefined || clauses.some((clause) => clause.some((word) => KEEPS.has(word)))) {
    return told;
  }
  const ofValues = !args.some(({ kinds }) => kinds.some((kind) => OUTSIDE.has(kind)));
  const makes = (verb: string): boolean =>
    (TRANSFORMS.has(verb) && (back === "said" || ofValues)) ||
    verb.endsWith("ify") ||
    (MAKES.has(verb) && back === "pure" && ofValues);
  return told.map((sign) =>
    sign.class === "write" && makes(sign.found.split(" ")[0] ?? "")
      ? {
          ...sign,
          class: "read",
          weight: Math.max(sign.weight, WEIGHTS.sure),
          says: `"${sign.found.slice(0, 40)}" makes something that it gives back and keeps nowhere, so it only reads or computes.`,
        }
      : sign,
  );
};

/** `said`: "… and returns it"; `then`: another sentence begins with "Returns"; `pure`: it says that it only computes. */
const howGivenBack = (clauses: readonly Clause[]): "pure" | "said" | "then" | undefined => {
  if (clauses.some(isPure)) {
    return "pure";
  }
  if ((clauses[0] ?? []).some(returnsIt)) {
    return "said";
  }
  return clauses.slice(1).some(([word, next = ""]) => RETURNS.has(word ?? "") && RETURNED.has(next))
    ? "then"
    : undefined;
};

const RETURNS = setOf("return returns returning outputs");

const returnsIt = (word: string, at: number, clause: Clause): boolean =>
  at > 0 && RETURNS.has(word) && RETURNED.has(clause[at + 1] ?? "");

/** "Works offline", "without API calls", "has no side effects". */
const isPure = (clause: Clause): boolean =>
  (clause.includes("offline") && (clause.includes("works") || clause.includes("without"))) ||
  (clause.includes("side") &&
    clause.includes("effects") &&
    (clause.includes("no") || clause.includes("without")));
