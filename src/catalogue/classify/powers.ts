import type { MetaTool, Power, ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { accessOf } from "./access.ts";
import { writtenTo } from "./argument-signs.ts";
import { SCREEN_WORDS } from "./nouns.ts";
import { ON_A_SCREEN } from "./screens.ts";
import type { Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";

export interface PowerGrounds {
  readonly class: ToolClass;
  readonly words: readonly string[];
  readonly signs: readonly Sign[];
  readonly arguments: readonly KnownArgument[];
  readonly meta: MetaTool | undefined;
  readonly sql: boolean;
  /** Words of the first sentence. */
  readonly sentence: readonly string[];
  readonly description: string;
}

/** Verbs that say something to others. */
const TELLS =
  setOf(`send reply post publish email mail message sms share invite tweet comment notify broadcast respond dm
  text whisper remind retweet forward announce deliver call dial react`);
/** Things that others see. */
const TOLD = setOf(
  "message messages comment comments post posts email emails mail sms reply tweet notification announcement newsletter invitation sms",
);
const MAKES = setOf(
  "create add send write publish make submit schedule update edit push broadcast start place",
);
/** What is called and told nothing. */
const CALLED = setOf("tool tools method function api endpoint procedure action service contract");
/** Going forward in a browser passes nothing on. */
const GOES = setOf("go navigate browser step back port");

const TOUCHES_SCREEN = setOf(
  "click press hover scroll navigate tap swipe drag type fill goto doubleclick longpress screenshot",
);
/** `content_type`, `market_type`: nothing is typed. */
const isKind = (words: readonly string[], at: number): boolean =>
  words[at] === "type" && at > 0 && !(at === 1 && SURFACES.has(words[0] ?? ""));
const SURFACES = setOf("browser ui mobile page android ios puppeteer playwright desktop keyboard device");

const MANY = setOf("all bulk batch multiple many mass everything");

const TESTS: readonly { readonly power: Power; readonly has: (grounds: PowerGrounds) => boolean }[] = [
  {
    power: "network",
    has: ({ arguments: args, class: is }) =>
      (is === "read" || is === "execute") &&
      args.some(({ kinds }) => kinds.includes("url") || kinds.includes("host")),
  },
  {
    power: "files",
    has: ({ arguments: args }) =>
      args.some(({ kinds }) => kinds.includes("path")) || writtenTo(args).length > 0,
  },
  { power: "sql", has: ({ sql }) => sql },
  { power: "code", has: ({ meta }) => meta?.runs === "code" || meta?.runs === "commands" },
  { power: "tools", has: ({ meta }) => meta?.runs === "tools" },
  {
    power: "screen",
    has: ({ words, signs }) =>
      words.some((word, at) => SCREEN_WORDS.has(word) || (TOUCHES_SCREEN.has(word) && !isKind(words, at))) ||
      signs.some(({ says }) => says.includes(ON_A_SCREEN)),
  },
  {
    power: "outside",
    has: (grounds) => (grounds.class === "write" || grounds.class === "execute") && tells(grounds),
  },
  {
    power: "access",
    has: (grounds) => accessOf({ ...grounds, words: grounds.words.map(singular) }) !== undefined,
  },
  { power: "bulk", has: ({ words, meta }) => meta?.batch === true || words.some((word) => MANY.has(word)) },
];

const tells = ({ signs, words }: PowerGrounds): boolean =>
  signs.some(({ found, class: is }) => {
    const [verb = "", ...thing] = found.split(" ");
    return (
      (is === "write" || is === "execute") &&
      (tellsBy(verb, words) || (MAKES.has(verb) && thing.some((word) => TOLD.has(word))))
    );
  }) ||
  (words.some((word) => MAKES.has(word)) &&
    (words.some((word) => TOLD.has(word)) || /^calls?$/.test(words.at(-1) ?? "")));

const tellsBy = (verb: string, words: readonly string[]): boolean =>
  TELLS.has(verb) &&
  !(verb === "call" && words.some((word) => CALLED.has(word))) &&
  !(verb === "forward" && words.some((word) => GOES.has(word)));

export const powersOf = (grounds: PowerGrounds): readonly Power[] =>
  TESTS.filter(({ has }) => has(grounds)).map(({ power }) => power);
