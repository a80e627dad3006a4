import type { ToolClass } from "../verdict.ts";
import { SCREEN_WORDS } from "./nouns.ts";
import type { Sign } from "./sign.ts";
import { setOf } from "./words.ts";

export const ON_A_SCREEN = " on a screen";

/** What is done beside the screen, even by a tool that is about one: files, and requests of its own. */
const BESIDE = setOf(
  "save download export generate record put post patch write log perform send make issue authenticate login logout",
);

/** Ends of what a browser holds, which is gone with it anyway: the browser is operated. */
const ENDS = setOf("close reset release quit clear exit end");

/** Whether a verb acts on a screen, because the name is about one. */
export const isScreened = (words: readonly string[], verb: string, is: ToolClass): boolean =>
  ((is === "write" && !BESIDE.has(verb)) || (is === "destructive" && ENDS.has(verb))) &&
  words.some((word) => SCREEN_WORDS.has(word) || word.startsWith("browser"));

/** What a text says that is done on the screen that the name is about. */
export const onScreen = (words: readonly string[], signs: readonly Sign[]): readonly Sign[] =>
  signs.map((sign) =>
    isScreened(words, sign.found.split(" ")[0] ?? "", sign.class)
      ? {
          ...sign,
          class: "execute",
          says: `The description says "${sign.found.slice(0, 40)}", so it runs or operates something${ON_A_SCREEN}.`,
        }
      : sign,
  );
