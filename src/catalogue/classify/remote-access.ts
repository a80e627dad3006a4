import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { formsOf, list, setOf, singular } from "./words.ts";

/** Tools that open a way into a machine: whoever has the link or the session runs what they like there. */

const formsIn = (verbs: string): ReadonlySet<string> =>
  new Set(list(verbs).flatMap((verb) => formsOf(verb).map(([form]) => form)));

const OPENS = formsIn(
  "open create start generate launch make issue establish expose connect attach spawn provision enable begin request share obtain",
);
const HANDS_OUT = formsIn("get fetch return");
/** Verbs with which a name is about what is open already, or about something else. */
const OTHERS =
  setOf(`list close delete remove kill stop end disconnect terminate read resize describe status info log history test
  search save explain write send config configuration setting theme profile script output key keys doc help docs
  payment pos reader stripe bloomberg airport vision carpal wind time ray`);

const SHELLS = setOf("terminal shell pty tty ssh console vnc rdp powershell bash telnet");
const WAYS = setOf("session url link access token connection window tab");
const TUNNELS = setOf("tunnel ngrok cloudflared");
const REMOTE = setOf("session shell desktop terminal access control");

const has = (words: readonly string[], known: ReadonlySet<string>): boolean =>
  words.some((word) => known.has(singular(word)));

/** A shell, or a link to one; a remote session. */
const isShell = (words: readonly string[]): boolean =>
  words.some(
    (word, at) =>
      (SHELLS.has(singular(word)) && word !== "console" && at === words.length - 1) ||
      (SHELLS.has(singular(word)) && WAYS.has(singular(words[at + 1] ?? ""))) ||
      (word === "remote" && REMOTE.has(singular(words[at + 1] ?? ""))),
  );

const PREPOSITIONS = setOf(
  "for to from in on with by using via through that which and or , of as inside into",
);

/** What the first sentence says is opened: the words up to the first preposition. */
const openedIn = (clause: Clause): readonly string[] => {
  const end = clause.findIndex((word, at) => at > 0 && PREPOSITIONS.has(word));
  return clause.slice(1, end < 0 ? 8 : Math.min(end, 8));
};

const LINKS = setOf("link url");
const MACHINES = setOf("sandbox machine vm server workspace container devbox codespace computer desktop");

/** "A link with which anybody can use the sandbox". */
const isShareLink = (words: readonly string[], clause: Clause): boolean =>
  has(words, LINKS) && has([...words, ...clause], MACHINES) && has(words, setOf("share access session"));

const isWayIn = (words: readonly string[], clause: Clause): boolean =>
  isShell(words) || has(words, TUNNELS) || isShareLink(words, clause);

export interface RemoteGrounds {
  readonly words: readonly string[];
  readonly clause: Clause;
}

const opensWay = (words: readonly string[], clause: Clause, thing: readonly string[]): boolean => {
  const [verb = ""] = clause;
  return (
    (has([...words, verb], OPENS) && isWayIn(words, clause)) || (OPENS.has(verb) && isWayIn(thing, clause))
  );
};

/** `get_terminal_url`: who has the link is in. */
const handsOut = (words: readonly string[], clause: Clause): boolean =>
  [...words, clause[0] ?? ""].some((word) => HANDS_OUT.has(word)) && isShell(words) && has(words, LINKS);

/** How far it lets in: `undefined` where it opens nothing. */
export const wayIn = ({ words, clause }: RemoteGrounds): "shell" | "tunnel" | undefined => {
  const thing = openedIn(clause);
  if (has(words, OTHERS) || !(opensWay(words, clause, thing) || handsOut(words, clause))) {
    return undefined;
  }
  return isShell(words) || isShell(thing) ? "shell" : "tunnel";
};

export const remoteAccess = (grounds: RemoteGrounds): readonly Sign[] =>
  wayIn(grounds) === undefined
    ? []
    : [
        {
          class: "execute",
          weight: WEIGHTS.decisive,
          from: OPENS.has(grounds.clause[0] ?? "") ? "description" : "name",
          found: (grounds.words.join(" ") || "remote access").slice(0, 80),
          says: "It opens a way into a machine: whoever has it can run what they like there.",
        },
      ];
