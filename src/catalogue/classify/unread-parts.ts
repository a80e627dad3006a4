import { LIMITS } from "../../base/limits.ts";
import type { ArgumentKind } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import type { Walk } from "./argument-walk.ts";
import type { MetaReading } from "./meta.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** Arguments that may be told anything. */
const FREE: ReadonlySet<ArgumentKind> = new Set(["code", "command", "sql", "tool"]);

/** Names of lists of things to do. */
const BATCHES =
  setOf(`steps operations calls commands actions tool_uses requests tooluses invocations tasks jobs
  pipeline`);

type Unread = Pick<Walk, "partly" | "deeper">;

/** What was not looked at may be told anything, so a tool of which it is true never counts as one that reads. */
export const unread = (
  { partly, deeper }: Unread,
  args: readonly KnownArgument[],
  told: readonly Sign[],
): readonly Sign[] => {
  const carries = args.some(({ kinds }) => kinds.some((kind) => FREE.has(kind)));
  if (!partly && !(deeper && carries)) {
    return [];
  }
  const reads = readingIn(told);
  const more = told.some((sign) => sign.class !== "read" && sign.weight >= WEIGHTS.inside);
  return [
    {
      class: "execute",
      weight: more ? Math.max(WEIGHTS.sure, reads) : Math.max(WEIGHTS.decisive, reads),
      from: "argument",
      found: "inputSchema",
      says: "Its schema has parts that were not read: it is too large, or refers to what is not there.",
    },
  ];
};

/** The end of a name that is longer than is read may say anything. */
export const unreadName = (name: string, told: readonly Sign[]): readonly Sign[] =>
  name.length <= LIMITS.classified_name_characters_max
    ? []
    : [
        {
          class: "execute",
          weight: Math.max(WEIGHTS.decisive, readingIn(told)),
          from: "name",
          found: name.slice(0, LIMITS.catalogue_found_characters_max),
          says: "Its name is too long to be read whole.",
        },
      ];

const readingIn = (told: readonly Sign[]): number =>
  told.reduce((sum, sign) => sum + (sign.class === "read" ? sign.weight : 0), 0);

/** Where something was not read, it may be the argument that names what is run. */
export const mayRun = (
  reading: MetaReading,
  args: readonly KnownArgument[],
  { partly, deeper }: Unread,
): MetaReading => {
  const hidden = partly || (deeper && args.some(({ name }) => BATCHES.has(name.toLowerCase())));
  return reading.meta === undefined && hidden
    ? { ...reading, meta: { runs: "tools", arguments: [], batch: true } }
    : reading;
};
