import { LIMITS } from "../../../base/limits.ts";

/** The words of a name, in small letters: `getUserByID` and `get_user_by_id` have the same four. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, LIMITS.page_name_characters_max)
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** Actions and those that undo them. What reads, gets or fetches undoes nothing, and so is in none. */
const INVERSES: readonly (readonly [string, string])[] = [
  ["create", "delete"],
  ["create", "remove"],
  ["create", "destroy"],
  ["add", "remove"],
  ["add", "delete"],
  ["insert", "delete"],
  ["start", "stop"],
  ["start", "kill"],
  ["open", "close"],
  ["enable", "disable"],
  ["lock", "unlock"],
  ["mount", "unmount"],
  ["connect", "disconnect"],
  ["attach", "detach"],
  ["assign", "unassign"],
  ["subscribe", "unsubscribe"],
  ["publish", "unpublish"],
  ["archive", "unarchive"],
  ["archive", "restore"],
  ["install", "uninstall"],
  ["deploy", "undeploy"],
  ["deploy", "rollback"],
  ["grant", "revoke"],
  ["pause", "resume"],
  ["register", "unregister"],
  ["follow", "unfollow"],
  ["pin", "unpin"],
  ["star", "unstar"],
  ["link", "unlink"],
  ["block", "unblock"],
  ["freeze", "unfreeze"],
  ["show", "hide"],
  ["encrypt", "decrypt"],
  ["login", "logout"],
];

const UNDOES = new Map<string, ReadonlySet<string>>();
for (const [one, other] of INVERSES) {
  UNDOES.set(one, new Set([...(UNDOES.get(one) ?? []), other]));
  UNDOES.set(other, new Set([...(UNDOES.get(other) ?? []), one]));
}

/** Whether one action undoes the other. */
export const isInverse = (verb: string, other: string): boolean => UNDOES.get(verb)?.has(other) ?? false;

const VERBS: ReadonlySet<string> = new Set([
  ...UNDOES.keys(),
  ..."list search find query fetch describe count check update edit modify patch put rename move copy merge".split(
    " ",
  ),
  ..."send reply post call run exec execute invoke trigger cancel abort clear reset purge drop truncate".split(
    " ",
  ),
  ..."pay refund charge transfer buy sell navigate click type press drag fill select take wait resize".split(
    " ",
  ),
  ..."read write get set import export upload download push pull".split(" "),
  ..."generate convert compute calculate validate lookup view watch save load submit approve reject".split(
    " ",
  ),
]);

/** Words that say nothing of what is acted on. */
const FILLERS: ReadonlySet<string> = new Set(
  "a an the all by for of in on to from with and or my new many multiple bulk batch".split(" "),
);

/** What a name says: the action, and what is acted on. */
export interface NameReading {
  readonly verb: string;
  /** Empty where the name has nothing but the verb. */
  readonly object: string;
}

const single = (word: string): string =>
  word.length > 3 && /[^su]s$/u.test(word) ? word.replace(/ies$/u, "y").replace(/s$/u, "") : word;

/** Reads a tool's name. `server`: its server's name, whose words say nothing more. */
export const readName = (name: string, server: string): NameReading => {
  const words = wordsOf(name);
  const at = words.findIndex((word) => VERBS.has(word));
  const verb = words[at === -1 ? 0 : at] ?? "";
  const known = new Set(wordsOf(server));
  const rest = words.filter((word) => word !== verb && !FILLERS.has(word));
  const own = rest.filter((word) => !known.has(word));
  return { verb, object: (own.length > 0 ? own : rest).map(single).join(" ") };
};
