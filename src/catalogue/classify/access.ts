import { LIMITS } from "../../base/limits.ts";
import type { ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { wayIn } from "./remote-access.ts";
import { setOf, singular } from "./words.ts";

/** Acts about who may do what, and about what a server keeps its own callers from. */

export interface AccessGrounds {
  readonly class: ToolClass;
  /** Words of the name, in the singular. */
  readonly words: readonly string[];
  /** Words of the first sentence. */
  readonly sentence: readonly string[];
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
}

/** `restrictions`: what holds the server's callers back. `permissions`: who may use the things behind it. */
export type Access = "restrictions" | "permissions";

const SETTLES = setOf(
  `set update change configure edit modify toggle enable disable write put patch save add create remove append turnoff
  turnon switch reset bypass skip allow trust alter manage override`,
);
const SETTINGS = setOf("config configuration setting preference option mode policy limit safety security");

/** What a server lets its callers do, as settings are called. */
const RESTRICTIONS =
  /\b(?:(?:allow|block|deni|deny|permitt|forbidd?|restrict|trust|whitelist|blacklist)(?:ed|en)?[ _-]?(?:list|director(?:y|ies)|folders?|paths?|roots?|commands?|hosts?|domains?|origins?|tools?|urls?)|safe[ _-]?mode|read[ _-]?only[ _-]?mode|sandbox(?:ed|ing)?[ _-]?(?:mode|enabled|policy)|(?:disable|enable|no)[ _-]?sandbox|auto[ _-]?approv\w*|permission[ _-]?(?:mode|level)|skip[ _-]?(?:permissions?|confirmations?)|require[ds]?[ _-]?(?:approval|confirmation)|security[ _-]?(?:settings?|polic(?:y|ies)|levels?|mode)|trust(?:ed)?[ _-]?(?:level|mode|folders?|workspaces?)|guard[ _-]?rails?)\b/i;

const spaced = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2");

/** Texts in which a tool for settings says what can be set. */
const saysRestrictions = ({ words, description, arguments: all }: AccessGrounds): boolean =>
  [
    words.join(" "),
    spaced(description.slice(0, LIMITS.classified_settings_characters_max)),
    ...all.flatMap((argument) => [
      spaced(argument.name),
      spaced(argument.description.slice(0, LIMITS.classified_settings_characters_max)),
      ...argument.values.slice(0, LIMITS.classified_values_max).map(spaced),
    ]),
  ].some((text) => RESTRICTIONS.test(text));

/** What somebody else's product is told of itself: the firewall of a cluster, the branches of a repository. */
const OF_THINGS =
  setOf(`cluster droplet database db bucket branch repository repo organization org project team domain zone board file
  drive calendar network firewall user member account channel room list campaign workspace app webhook notification`);

const isRestriction = (grounds: AccessGrounds): boolean => {
  const { words } = grounds;
  return (
    words.some((word) => SETTLES.has(word)) &&
    !words.some((word) => OF_THINGS.has(word)) &&
    (RESTRICTIONS.test(words.join(" ")) ||
      (words.some((word) => SETTINGS.has(word)) && saysRestrictions(grounds)))
  );
};

interface Row {
  readonly verbs: ReadonlySet<string>;
  readonly things: ReadonlySet<string>;
  readonly without?: ReadonlySet<string>;
}

const GIVES =
  setOf(`set add create grant update change assign give put patch modify edit allow attach insert replace rotate invite
  reinvite restore approve accept transfer make upsert manage promote enable sync elevate confirm`);

const ROWS: readonly Row[] = [
  {
    verbs: GIVES,
    things: setOf(
      "permission acl iam admin administrator owner ownership collaborator privilege entitlement rbac",
    ),
    without: setOf("animation request notification code game"),
  },
  { verbs: GIVES, things: setOf("role"), without: setOf("aria element scene character wallet prompt") },
  {
    verbs: GIVES,
    things: setOf("member membership"),
    without: setOf("campaign newsletter loyalty list segment card"),
  },
  { verbs: GIVES, things: setOf("access"), without: setOf("time log point") },
  { verbs: setOf("grant"), things: setOf("grant"), without: setOf("application fund research") },
  {
    verbs: setOf("invite reinvite"),
    things: setOf("user org organization team workspace project board guest repository repo"),
  },
  {
    verbs: setOf("share"),
    things: setOf(
      "file folder drive item document doc sheet calendar board workspace project vault secret dashboard database sandbox machine notebook",
    ),
    without: setOf("post tweet linkedin story screen link facebook"),
  },
  { verbs: setOf("approve accept authorize allow"), things: setOf("device login authorization") },
  {
    verbs: setOf("rotate replace regenerate reset roll"),
    things: setOf("key token secret credential password"),
    without: setOf("keyboard keyframe value pair"),
  },
  {
    verbs: setOf("create add update upload register import"),
    things: setOf("ssh"),
    without: setOf("session tunnel"),
  },
  { verbs: setOf("set change update make switch toggle"), things: setOf("visibility public private") },
  { verbs: setOf("update set change replace configure"), things: setOf("nameserver ns") },
  // Who gets what comes in.
  {
    verbs: GIVES,
    things: setOf("forwarding autoforward"),
    without: setOf("port domain url tunnel trace"),
  },
];

const RULES = setOf("filter rule sieve");
const FORWARDS = setOf("forward forwards forwarding");

/** `create_filter { forward }`. */
const forwards = ({ words, arguments: all }: AccessGrounds): boolean =>
  words.some((word) => RULES.has(word)) &&
  all.some(
    (argument) => !argument.types.includes("boolean") && argument.words.some((word) => FORWARDS.has(word)),
  );

/** The key that stands for "SSH" alone is that of a machine. */
const names = (words: readonly string[], { verbs, things, without }: Row): boolean =>
  words.some((word) => verbs.has(word)) &&
  words.some((word) => things.has(word)) &&
  !words.some((word) => without?.has(word) === true);

const CHANGES = setOf("update set change edit patch expose modify");
const OPENS = /^(?:public|everyone|anyone|world|internet|public-read.*)$/i;

/** `update_thing { visibility: private | public }`. */
const opens = ({ words, arguments: all }: AccessGrounds): boolean =>
  words.some((word) => CHANGES.has(word)) &&
  all.some(
    ({ path, words: named, values, types }) =>
      path.lastIndexOf(".") === 4 &&
      singular(named.at(-1) ?? "") === "visibility" &&
      (values.some((value) => OPENS.test(value)) || (values.length === 0 && !types.includes("boolean"))),
  );

/** "Adds an administrator", where the name says less. */
const told = (sentence: readonly string[]): readonly string[] => {
  const at = sentence.findIndex((word, place) => place < 8 && TOLD_AWAY.has(word));
  return sentence.slice(0, Math.min(at < 0 ? 5 : at, 5)).map(singular);
};
const TOLD_AWAY = setOf("for to from in on with by without that which using and or ,");
const TOLD_ROWS: readonly Row[] = [
  {
    verbs: setOf("grant give assign add change replace update"),
    things: setOf("permission privilege administrator admin collaborator acl"),
    without: setOf("animation notification game"),
  },
  { verbs: setOf("update set change replace configure"), things: setOf("nameserver") },
];

/** What an act that changes or starts something says of who may do what. */
export const accessOf = (grounds: AccessGrounds): Access | undefined => {
  if (grounds.class !== "write" && grounds.class !== "execute") {
    return undefined;
  }
  if (isRestriction(grounds)) {
    return "restrictions";
  }
  return wayIn({ words: grounds.words, clause: grounds.sentence }) !== undefined ||
    ROWS.some((row) => names(grounds.words, row)) ||
    TOLD_ROWS.some((row) => names(told(grounds.sentence), row)) ||
    opens(grounds) ||
    forwards(grounds)
    ? "permissions"
    : undefined;
};
