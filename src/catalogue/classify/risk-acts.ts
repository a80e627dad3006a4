import type { Risk, ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { setOf, singular } from "./words.ts";

/** What a tool does to what, as far as its name, its first sentence and its arguments say. */
export interface Act {
  readonly class: ToolClass;
  /** Words of the name, in the singular. */
  readonly words: readonly string[];
  /** Words of the first sentence. */
  readonly sentence: readonly string[];
  readonly arguments: readonly KnownArgument[];
}

interface ActRow {
  readonly classes: readonly ToolClass[];
  /** One of each of these sets stands in the name. */
  readonly words: readonly ReadonlySet<string>[];
  /** None of these stands there. */
  readonly without?: ReadonlySet<string>;
  readonly when?: (act: Act) => boolean;
  readonly risk: Risk;
}

const CHANGES: readonly ToolClass[] = ["write", "execute"];
const ACTS: readonly ToolClass[] = ["write", "execute", "destructive", "financial"];

const COSTLY = setOf(
  "droplet cluster instance vm nodepool loadbalancer balancer replica gpu server phonenumber machine",
);
const NUMBER = setOf("number");
const PHONE = setOf("phone");

/** The thing that the verb is about ends the name, or stands before a verb at its end. */
const headOf = (words: readonly string[]): string => {
  const last = words.at(-1) ?? "";
  return MAKES.has(last) ? (words.at(-2) ?? "") : last;
};
const MAKES = setOf("create resize scale provision launch buy purchase upgrade order rent clone upsize add");

const fromText = (names: ReadonlySet<string>) => (act: Act) =>
  act.arguments.some(
    ({ name, types, values }) =>
      names.has(name.toLowerCase()) &&
      values.length === 0 &&
      (types.length === 0 || types.includes("string")),
  );

/** The caller chooses what is installed: a text that is not one of a few. */
const chooses = ({ arguments: args }: Act): boolean =>
  args.length === 0 ||
  args.some(
    ({ types, values }) =>
      values.length === 0 && (types.length === 0 || types.includes("string") || types.includes("array")),
  );

const namesFile = ({ arguments: args }: Act): boolean =>
  args.some(({ kinds, words }) => kinds.includes("path") && words.at(-1) !== "name");

const TASKS = setOf(
  "task instruction instructions goal objective prompt command action query request message",
);

/** What makes an act worse than its class. It never lowers. */
const WORSE: readonly ActRow[] = [
  // What is read may be used to get in elsewhere.
  {
    classes: ["read"],
    words: [setOf("env environ dotenv getenv printenv kubeconfig keychain keyring passphrase certificate")],
    without: setOf("status doc documentation example template"),
    risk: "high",
  },
  {
    classes: ["read"],
    words: [setOf("environment env")],
    when: ({ words }) => words.some((word) => ["variable", "var"].includes(word)),
    risk: "high",
  },
  {
    classes: ["read"],
    words: [setOf("api ssh access signing encryption")],
    when: ({ words }) => words.includes("key"),
    risk: "high",
  },
  {
    classes: ["read"],
    words: [setOf("connection")],
    when: ({ words }) => words.includes("string"),
    risk: "high",
  },
  // An agent does whatever it is told to, wherever its browser or screen reaches.
  {
    classes: ["execute", "write"],
    words: [setOf("agent autonomous computer browser stagehand")],
    when: (act) => fromText(TASKS)(act) && act.words.some((word) => AGENTS.has(word)),
    risk: "critical",
  },
  { classes: CHANGES, words: [setOf("upload attach")], when: namesFile, risk: "high" },
  {
    classes: CHANGES,
    words: [
      setOf("install"),
      setOf("server package module plugin extension mcp dependency repo npm pip addon skill library tool"),
    ],
    when: chooses,
    risk: "critical",
  },
  {
    classes: CHANGES,
    words: [setOf("rebase forcepush amend rewrite")],
    without: setOf("text sentence article"),
    risk: "high",
  },
  {
    classes: CHANGES,
    words: [setOf("merge push"), setOf("git pull request pr mr branch commit file repo repository remote")],
    without: setOf("cell notification pdf"),
    when: ({ words }) => words.some((word, at) => SHARES.has(word) && words[at + 1] !== "request"),
    risk: "high",
  },
  // What is approved may be merged.
  {
    classes: CHANGES,
    words: [setOf("approve"), setOf("merge pull pr mr")],
    when: ({ words }) => !words.includes("unapprove"),
    risk: "high",
  },
  {
    classes: CHANGES,
    words: [setOf("review"), setOf("merge pull pr mr")],
    when: ({ arguments: args }) =>
      args.some(({ values }) => values.some((value) => /^approved?$/i.test(value))),
    risk: "high",
  },
  // What comes in goes on to others, without anybody being asked.
  {
    classes: CHANGES,
    words: [setOf("forwarding autoforward redirection")],
    without: setOf("port tunnel trace"),
    risk: "high",
  },
  {
    classes: CHANGES,
    words: [setOf("filter rule")],
    when: ({ words, sentence }) => [...words, ...sentence].some((word) => MAIL.has(singular(word))),
    risk: "high",
  },
  {
    classes: CHANGES,
    words: [MAKES],
    without: setOf("material blueprint class mcp"),
    when: ({ words }) => COSTLY.has(headOf(words)),
    risk: "high",
  },
  { classes: CHANGES, words: [MAKES, PHONE, NUMBER], risk: "high" },
  {
    classes: CHANGES,
    words: [setOf("proxy oauth sso vpn certificate ssh login")],
    without: setOf("generate lod mesh"),
    risk: "high",
  },
  { classes: CHANGES, words: [setOf("dial ring phonecall")], risk: "high" },
];

const MAIL = setOf("mail email gmail inbox mailbox outlook message");

const SHARES = setOf("merge push");
const AGENTS = setOf("agent autonomous act use task");

/** Acts whose risk is known whatever else is said of the things: it is not what the class has otherwise. */
const SETTLED: readonly ActRow[] = [
  // What a session has begun itself, and can begin again.
  {
    classes: ACTS,
    words: [
      setOf("stop end finish cancel abort close disconnect"),
      setOf(`recording trace tracing search profiling profiler profile screencast watch watcher portforward forward
        capture codegen listener tail`),
    ],
    without: setOf("payment charge order subscription all"),
    risk: "medium",
  },
  {
    classes: ACTS,
    words: [setOf("clear flush invalidate reset purge empty clean delete"), setOf("cache console")],
    without: setOf("cluster database user account"),
    risk: "medium",
  },
  {
    classes: ACTS,
    words: [setOf("delete remove unlink"), setOf("relation relationship link")],
    when: ({ words }) => !words.includes("link") || words.some((word) => LINKED.has(word)),
    risk: "medium",
  },
  // One thing that was started for developing.
  {
    classes: ["destructive"],
    words: [setOf("stop halt shutdown kill"), setOf("server project devserver app process")],
    without: setOf("all every bulk batch multiple production prod database db"),
    when: ({ words }) => words.length < 5,
    risk: "high",
  },
];

/** A link between such things; others are things themselves. */
const LINKED = setOf("issue ticket epic entity node work item record story card task");

const fits = (act: Act, row: ActRow): boolean =>
  row.classes.includes(act.class) &&
  row.words.every((set) => act.words.some((word) => set.has(word))) &&
  !act.words.some((word) => row.without?.has(word) === true) &&
  row.when?.(act) !== false;

export const settledRisk = (act: Act): Risk | undefined => SETTLED.find((row) => fits(act, row))?.risk;

export const worseRisks = (act: Act): readonly Risk[] => [
  ...WORSE.filter((row) => fits(act, row)).map(({ risk }) => risk),
  ...(act.class === "read" && tellsSecrets(act) ? (["high"] as const) : []),
];

const SECRET_THINGS = setOf("secret credential password passphrase apikey keychain");
const ASKED = setOf("doc docs documentation search help guide validate check count verify example test");

/** "Prints all environment variables": what is read by the first sentence, unless it is about how that is done. */
const tellsSecrets = ({ words, sentence }: Act): boolean =>
  !words.some((word) => ASKED.has(word)) &&
  sentence.some(
    (word, at) =>
      (SECRET_THINGS.has(singular(word)) ||
        (word === "environment" && /^var(?:iable)?s?$/.test(sentence[at + 1] ?? ""))) &&
      !sentence.slice(0, at).some((before) => ABOUT.has(before)),
  );
const ABOUT = setOf(
  "without using requires need needs require not no never how whether about from excluding",
);

/** Words of a name without those that mean something else there: the key that is pressed opens nothing. */
export const meantWords = (words: readonly string[]): readonly string[] =>
  words.filter((word, at) => {
    const row = ELSEWHERE.find(({ is }) => is.has(word));
    return row === undefined || !row.beside(words, at);
  });

const PRESSES = setOf("press type hold hit send release tap keyboard down");
const COUNTED = setOf("count price usage trending pool estimate page next supply");

const ELSEWHERE: readonly {
  readonly is: ReadonlySet<string>;
  readonly beside: (words: readonly string[], at: number) => boolean;
}[] = [
  { is: setOf("key keys"), beside: (words) => words.some((word) => PRESSES.has(word)) },
  { is: setOf("user"), beside: (words, at) => words[at + 1] === "agent" },
  { is: setOf("token tokens"), beside: (words) => words.some((word) => COUNTED.has(word)) },
];
