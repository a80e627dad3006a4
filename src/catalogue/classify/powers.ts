import type { ArgumentFact, MetaTool, Power, ToolClass } from "../verdict.ts";
import { SCREEN_WORDS } from "./nouns.ts";
import { ON_A_SCREEN } from "./screens.ts";
import type { Sign } from "./sign.ts";
import { setOf } from "./words.ts";

export interface PowerGrounds {
  readonly class: ToolClass;
  readonly words: readonly string[];
  readonly signs: readonly Sign[];
  readonly arguments: readonly ArgumentFact[];
  readonly meta: MetaTool | undefined;
  readonly sql: boolean;
}

/** Verbs that say something to others. */
const TELLS =
  setOf(`send reply post publish email mail message sms share invite tweet comment notify broadcast respond dm
  text whisper remind retweet forward announce deliver call react`);
/** Things that others see. */
const TOLD = setOf(
  "message messages comment comments post posts email emails mail sms reply tweet notification announcement newsletter invitation",
);
const MAKES = setOf("create add send write publish make submit schedule update edit");

const TOUCHES_SCREEN = setOf(
  "click press hover scroll navigate tap swipe drag type fill goto doubleclick longpress screenshot",
);
const MANY = setOf("all bulk batch multiple many mass everything");

const TESTS: readonly { readonly power: Power; readonly has: (grounds: PowerGrounds) => boolean }[] = [
  {
    power: "network",
    has: ({ arguments: args, class: is }) =>
      (is === "read" || is === "execute") &&
      args.some(({ kinds }) => kinds.includes("url") || kinds.includes("host")),
  },
  { power: "files", has: ({ arguments: args }) => args.some(({ kinds }) => kinds.includes("path")) },
  { power: "sql", has: ({ sql }) => sql },
  { power: "code", has: ({ meta }) => meta?.runs === "code" || meta?.runs === "commands" },
  { power: "tools", has: ({ meta }) => meta?.runs === "tools" },
  {
    power: "screen",
    has: ({ words, signs }) =>
      words.some((word) => SCREEN_WORDS.has(word) || TOUCHES_SCREEN.has(word)) ||
      signs.some(({ says }) => says.includes(ON_A_SCREEN)),
  },
  {
    power: "outside",
    has: (grounds) => (grounds.class === "write" || grounds.class === "execute") && tells(grounds),
  },
  { power: "bulk", has: ({ words, meta }) => meta?.batch === true || words.some((word) => MANY.has(word)) },
];

const tells = ({ signs, words }: PowerGrounds): boolean =>
  signs.some(({ found, class: is }) => {
    const [verb = "", ...thing] = found.split(" ");
    return (
      (is === "write" || is === "execute") &&
      (TELLS.has(verb) || (MAKES.has(verb) && thing.some((word) => TOLD.has(word))))
    );
  }) ||
  (words.some((word) => MAKES.has(word)) && words.some((word) => TOLD.has(word)));

export const powersOf = (grounds: PowerGrounds): readonly Power[] =>
  TESTS.filter(({ has }) => has(grounds)).map(({ power }) => power);
