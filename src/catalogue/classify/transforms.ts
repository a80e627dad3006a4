import type { KnownArgument } from "./argument-kinds.ts";
import { NEGATIONS } from "./nouns.ts";
import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** Verbs that make one thing of another, which may be kept or only given back. */
const TRANSFORMS =
  setOf(`merge combine concatenate concat join split snap simplify reduce flatten shuffle resize scale rotate flip crop
  trim clamp blend encrypt decrypt compress decompress zip unzip optimize optimise improve minify normalize normalise
  sanitize redact format generate make build compose draw construct produce rewrite rephrase enrich annotate group
  categorize categorise cluster transform mask extend shorten align randomize deduplicate pad wrap invert reverse
  interpolate smooth slice cut clip translate reword revise assemble design transliterate upscale enlarge blur retouch stylize colorize restyle inpaint outpaint sharpen brighten`);

/** The same of verbs that mostly keep what they make. */
const MAKES = setOf("create add draft prepare suggest compose");

const RETURNED = setOf("it them result results new resulting the a an only one either both");
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
  const back = howGivenBack(clauses) ?? (told.some(isNamedReading) ? "named" : undefined);
  if (back === undefined || clauses.some(keeps)) {
    return told;
  }
  const known: Known = {
    back,
    ofValues: !args.some(({ kinds }) => kinds.some((kind) => OUTSIDE.has(kind))),
    placed: args.some(({ kinds }) => kinds.includes("path")),
  };
  const makes = (verb: string): boolean =>
    verb.endsWith("ify") || MADE_BY.some(({ verbs, when }) => verbs.has(verb) && when(known));
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

/** Verbs of what is drawn for somebody to look at. */
const DRAWS = setOf("generate render draw plot produce visualize");
/** Verbs that make what is asked for out of what is there. */
const REBUILDS = setOf("reconstruct assemble combine compose merge resolve simplify normalize flatten");
/** Verbs that fetch something whole, which is kept as a file or handed over. */
const HANDS_ON = setOf("download export");

interface Known {
  readonly back: Back;
  /** Whether all its arguments are values, none of which names something that exists outside the call. */
  readonly ofValues: boolean;
  /** Whether it can be told a path. */
  readonly placed: boolean;
}

const AFTER_ALL: ReadonlySet<Back> = new Set(["said", "data"]);

/** Verbs that make something, and when that is only given back. */
const MADE_BY: readonly {
  readonly verbs: ReadonlySet<string>;
  readonly when: (known: Known) => boolean;
}[] = [
  { verbs: TRANSFORMS, when: ({ back, ofValues }) => back !== "named" && (ofValues || AFTER_ALL.has(back)) },
  { verbs: MAKES, when: ({ back, ofValues }) => back === "pure" && ofValues },
  { verbs: DRAWS, when: ({ back, ofValues }) => back === "shown" && ofValues },
  { verbs: REBUILDS, when: ({ back }) => back === "named" },
  { verbs: HANDS_ON, when: ({ back, placed }) => back === "data" && !placed },
];

/** "Nothing is saved" and "can be saved" keep nothing. */
const keeps = (clause: Clause): boolean =>
  clause.some(
    (word, at) =>
      KEEPS.has(word) &&
      !clause.slice(Math.max(0, at - 4), at).some((before) => NEGATIONS.has(before)) &&
      !(clause[at - 1] === "be" && clause[at - 2] === "can"),
  );

/** `said`: "… and returns it"; `then`: another sentence begins with "Returns"; `pure`: it says that it only computes. */
const howGivenBack = (clauses: readonly Clause[]): Back | undefined =>
  WAYS_BACK.find(({ isSaid }) => isSaid(clauses))?.back;

type Back = "pure" | "said" | "data" | "then" | "shown" | "named";

/** `get_thread`, "Reconstructs a thread": made for its caller, as its name says. */
const isNamedReading = ({ class: is, from, weight, found }: Sign): boolean =>
  is === "read" && from === "name" && weight >= WEIGHTS.sure && GETS.has(found);
const GETS = setOf("get fetch retrieve read show view");

const WAYS_BACK: readonly {
  readonly back: Back;
  readonly isSaid: (clauses: readonly Clause[]) => boolean;
}[] = [
  { back: "pure", isSaid: (clauses) => clauses.some(isPure) },
  { back: "data", isSaid: (clauses) => clauses.some(returnsData) },
  { back: "said", isSaid: ([first = []]) => first.some(returnsIt) },
  {
    back: "then",
    isSaid: (clauses) => clauses.slice(1).some((clause) => goesOnToReturn(clause) || makesNothing(clause)),
  },
  { back: "shown", isSaid: ([first = []]) => first.some(isShown) },
];

/** "Returns …", "Takes points and returns a line". */
const goesOnToReturn = (clause: Clause): boolean => {
  const [word = "", next = ""] = clause;
  return (
    (RETURNS.has(word) && RETURNED.has(next)) ||
    (TAKES.has(word) && clause.some((later, at) => RETURNS.has(later) && clause[at - 1] === "and"))
  );
};
const TAKES = setOf("takes accepts receives");

const DATA = setOf("base64 base64-encoded bytes blob inline embedded");

/** "Returns base64-encoded data". */
const returnsData = (clause: Clause): boolean => {
  const at = clause.findIndex((word) => RETURNS.has(word) || word === "returned");
  if (clause.some((word, place) => clause[place - 1] === "as" && DATA.has(word))) {
    return true;
  }
  return at >= 0 && clause.slice(at + 1, at + 8).some((word) => DATA.has(word));
};

/** "… to display routes", "… for showing where things are". */
const isShown = (word: string, at: number, clause: Clause): boolean =>
  at > 1 && SHOWS.has(word) && PURPOSE.has(clause[at - 1] ?? "");
const SHOWS = setOf(
  "display displaying visualize visualizing visualise visualising show showing illustrate illustrating depict depicting",
);
const PURPOSE = setOf("to for");

const RETURNS = setOf("return returns returning outputs");

const returnsIt = (word: string, at: number, clause: Clause): boolean =>
  at > 0 && RETURNS.has(word) && RETURNED.has(clause[at + 1] ?? "");

/** "Works offline", "without API calls", "has no side effects". */
const isPure = (clause: Clause): boolean =>
  (clause.includes("offline") && (clause.includes("works") || clause.includes("without"))) ||
  (clause.includes("side") &&
    clause.includes("effects") &&
    (clause.includes("no") || clause.includes("without")));

/** "This does not create the application", "nothing is stored". */
const makesNothing = (clause: Clause): boolean =>
  (clause[0] === "nothing" && clause[1] === "is" && KEPT.has(clause[2] ?? "")) ||
  clause.some(
    (word, at) => MADE.has(word) && clause[at - 1] === "not" && ITSELF.has(clause[at - 3] ?? "") && at < 6,
  );
const MADE = setOf("create save store persist write");
const KEPT = setOf("saved stored created written changed kept persisted");
const ITSELF = setOf("this it tool");
