import type { ToolClass } from "../verdict.ts";
import type { Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

/** What stands in something without being part of it: taken out of there, it is still what it was. */
const MEMBERSHIPS: readonly { readonly part: ReadonlySet<string>; readonly whole: ReadonlySet<string> }[] = [
  {
    part: setOf("member user person people assignee collaborator participant attendee owner"),
    whole: setOf("card task issue ticket story event epic meeting request pr"),
  },
  {
    part: setOf("task issue card ticket project story epic item request pr"),
    whole: setOf(
      "project sprint milestone epic task section cycle release portfolio initiative goal module backlog version",
    ),
  },
  {
    part: setOf("video track song episode movie show album artist podcast"),
    whole: setOf("playlist watchlist favorite favourite queue"),
  },
  {
    part: setOf("contact subscriber lead prospect profile"),
    whole: setOf("list segment campaign audience sequence"),
  },
  {
    part: setOf("symbol stock ticker asset coin security company item product movie"),
    whole: setOf("watchlist wishlist bookmark"),
  },
];

const TAKES_OUT = setOf("remove delete");

/** "Removes a dependency between tasks": a relation, which can be made again. */
const isBetween = (behind: readonly string[]): boolean => {
  const at = behind.indexOf("between");
  return at > 0 && at < 5 && RELATES.has(singular(behind[at - 1] ?? ""));
};
const RELATES = setOf("dependency relation relationship link connection association edge mapping");

/** "Removes a member from a card": the words behind a verb, of a name or of a clause. */
export const membershipClass = (verb: string, behind: readonly string[]): ToolClass | undefined => {
  if (TAKES_OUT.has(verb) && isBetween(behind)) {
    return "write";
  }
  const from = TAKES_OUT.has(verb) ? behind.indexOf("from") : -1;
  if (from < 1 || from > 5) {
    return undefined;
  }
  const part = singular(behind[from - 1] ?? "");
  const wholes = behind.slice(from + 1, from + 5).map(singular);
  return MEMBERSHIPS.some((line) => line.part.has(part) && wholes.some((word) => line.whole.has(word)))
    ? "write"
    : undefined;
};

/** Verbs that end a relation, which can be made again. */
const DETACHES =
  setOf(`detach unlink disconnect unassign unapprove unfollow unstar unpin unlike unmount ungroup untag
  unlabel disassociate dissociate unbind unfavorite unfavourite unbookmark unvote unreact unmark unflag unparent unwatch
  unmap unrelate`);

/** `detach_script`, "Removes a script from a node": what is removed is the relation that the name speaks of. */
export const detached = (verb: string | undefined, told: readonly Sign[]): readonly Sign[] =>
  verb !== undefined && DETACHES.has(verb)
    ? told.map((sign) =>
        sign.class === "destructive" && TAKES_OUT.has(sign.found.split(" ")[0] ?? "")
          ? {
              ...sign,
              class: "write",
              says: `"${sign.found.slice(0, 40)}" ends a relation that can be made again.`,
            }
          : sign,
      )
    : told;
