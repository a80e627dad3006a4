import type { Risk } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { formsOf, list, nameWords, setOf, singular } from "./words.ts";

/** How much is lost by what is destroyed: one thing in a container, the container, or all that is in it. */

export interface Loss {
  /** Words of the name, in the singular. */
  readonly words: readonly string[];
  /** Words of the first sentence. */
  readonly sentence: readonly string[];
  readonly arguments: readonly KnownArgument[];
}

/** What holds much, and takes it along. */
const CONTAINERS =
  setOf(`database db account organization organisation org cluster repository repo project server instance bucket volume
  system production prod namespace tenant workspace domain zone droplet backup`);
/** … and what holds much, and is as it was when it is started again. */
const MACHINES = setOf("sandbox vm machine environment swarm fleet schema keyspace drive vault");
const STOPS = setOf("stop halt pause shutdown poweroff restart suspend hibernate");
/** Words that say it of whatever is destroyed. */
const WHOLE = setOf("everything all wipe purge nuke factory destroy");

const TAKES =
  setOf(`delete remove destroy drop terminate purge wipe erase stop shutdown poweroff halt kill rebuild restore reset
  clear close cancel revoke detach unlink decommission nuke discard trash leave uninstall unlink bulk batch empty`);
/** Words at the end that name no thing. */
const ENDS = setOf(
  "by id tool api name tag slug v1 v2 v3 v4 rest cmd command request permanently force forever",
);

/** Machines and their like by other names: a bucket of a planner holds tasks. */
const NOT_CONTAINERS: readonly { readonly is: ReadonlySet<string>; readonly beside: ReadonlySet<string> }[] =
  [
    { is: setOf("bucket"), beside: setOf("planner kanban task todo plan") },
    { is: setOf("zone domain"), beside: setOf("time heat risk") },
    { is: setOf("server"), beside: setOf("mcp") },
    { is: setOf("environment"), beside: setOf("variable var secret") },
    { is: setOf("schema"), beside: setOf("json validation") },
    { is: setOf("drive"), beside: setOf("file folder item permission") },
  ];

const wordsOf = (words: readonly string[]): readonly string[] => {
  const by = words.findIndex((word, at) => at > 0 && (word === "by" || word === "from" || word === "in"));
  return (by < 0 ? words : words.slice(0, by)).filter((word) => !/^v\d+$/.test(word));
};

/** The thing that is destroyed: what ends the name behind the verb, else what stands before it. */
const lostThing = (words: readonly string[]): string => {
  const named = wordsOf(words);
  const at = named.findIndex((word) => TAKES.has(word));
  const behind = named.slice(at + 1).filter((word) => !ENDS.has(word) && !TAKES.has(word));
  const before = named.slice(0, Math.max(at, 0)).filter((word) => !ENDS.has(word));
  return behind.at(-1) ?? before.at(-1) ?? "";
};

const isContainer = (word: string, words: readonly string[]): boolean =>
  (CONTAINERS.has(word) || (MACHINES.has(word) && !words.some((other) => STOPS.has(other)))) &&
  !NOT_CONTAINERS.some(({ is, beside }) => is.has(word) && words.some((other) => beside.has(other)));

const DESTROYS: ReadonlySet<string> = new Set(
  list("delete remove destroy erase wipe purge empty terminate drop").flatMap((verb) =>
    formsOf(verb).map(([form]) => form),
  ),
);
const EVERY = setOf("all every everything entire");
const HEAPS = setOf("trash bin recycle recyclebin junk spam");

/** "Permanently deletes all messages in the trash". */
const destroysAll = ({ words, sentence }: Loss): boolean =>
  sentence.some(
    (word, at) => DESTROYS.has(word) && EVERY.has(sentence[at + 1] ?? "") && !isSmall(sentence, at + 2),
  ) ||
  (words.includes("empty") && words.some((word) => HEAPS.has(word))) ||
  (/^empt(?:y|ies)$/.test(sentence[0] ?? "") && sentence.slice(0, 8).some((word) => HEAPS.has(word)));

/** What is made again at once: "removes all highlights". */
const SMALL = setOf(
  "highlight marker breakpoint filter selection annotation cookie route mock listener cache draft override",
);
const isSmall = (sentence: readonly string[], at: number): boolean =>
  sentence.slice(at, at + 4).some((word) => SMALL.has(singular(word)));

/** Arguments with which one call takes many things along. */
const SWEEPS = setOf(
  "allnamespaces labelselector fieldselector deleteall removeall all everything purgeall destroyall wipeall",
);
/** Beside these "all" is about what is given back. */
const PAGES = setOf("page pagelen per_page perPage limit cursor");
const CLUSTERS = setOf("kubectl kubernetes k8s oc");
const sweeps = ({ words, arguments: all }: Loss): boolean =>
  all.some(
    ({ name, path, beside }) =>
      path.lastIndexOf(".") === 4 &&
      !beside.some((other) => PAGES.has(other)) &&
      (SWEEPS.has(nameWords(name).join("")) ||
        (name.toLowerCase() === "force" && words.some((word) => CLUSTERS.has(word)))),
  );

/** Shapes and the like of a drawing, which can be undone there. */
const DRAWN = setOf(
  "node shape layer element rectangle frame component slide keyframe connector sticky widget",
);
const DRAWINGS =
  setOf(`figma design drawing canvas diagram sketch excalidraw scene board whiteboard miro tldraw penpot svg presentation
  graph mindmap`);

/** Several nodes of a drawing, not all of them and not those of a cluster. */
const isDrawn = ({ words, sentence }: Loss): boolean =>
  DRAWN.has(lostThing(words)) &&
  [...words, ...sentence.slice(0, 14)].some((word) => DRAWINGS.has(singular(word))) &&
  !words.some((word) => EVERY.has(word));

/** What is lost: more than `high` where it is much, and never more where it is little. */
export const lossOf = (loss: Loss): Risk | undefined => {
  const { words } = loss;
  if (isDrawn(loss)) {
    return "high";
  }
  const critical =
    words.some((word) => WHOLE.has(word)) ||
    isContainer(lostThing(words), words) ||
    destroysAll(loss) ||
    sweeps(loss);
  return critical ? "critical" : undefined;
};
