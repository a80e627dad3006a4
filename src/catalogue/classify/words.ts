/** Texts as words: names of tools and arguments, and what a list of the tables is written as. */

/** The words of a table's line. */
export const list = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

export const setOf = (...texts: readonly string[]): ReadonlySet<string> => new Set(texts.flatMap(list));

const thirdPerson = (verb: string): string => {
  if (/[^aeiou]y$/.test(verb)) {
    return `${verb.slice(0, -1)}ies`;
  }
  return /(?:ch|sh|x|ss|zz|[^aeiou]o)$/.test(verb) ? `${verb}es` : `${verb}s`;
};

/** Two words that are one verb. */
const JOINED: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    shut: { down: "shutdown" },
    tear: { down: "teardown" },
    power: { off: "poweroff", on: "poweron", cycle: "reboot" },
    cherry: { pick: "cherrypick" },
    hang: { up: "hangup" },
    reverse: { geocode: "geocode" },
    dry: { run: "preview" },
    turn: { off: "turnoff", on: "turnon" },
    switch: { off: "turnoff", on: "turnon" },
    clean: { up: "cleanup" },
    set: { up: "setup" },
    back: { up: "backup" },
    compose: { up: "start", down: "shutdown" },
    spin: { up: "launch", down: "terminate" },
    bring: { down: "shutdown", up: "start" },
    log: { in: "login", out: "logout", on: "login" },
    sign: { in: "login", out: "logout", up: "signup" },
    look: { up: "lookup" },
    roll: { back: "rollback", out: "rollout" },
    pay: { out: "payout" },
    check: { out: "checkout", off: "complete", in: "checkin" },
    cash: { out: "cashout" },
    sub: { account: "subaccount", domain: "subdomain", task: "subtask", user: "subuser", agent: "subagent" },
    pre: { order: "preorder", authorize: "preauthorize" },
    opt: { in: "optin", out: "optout" },
    kick: { off: "start" },
    go: { to: "goto" },
    un: { install: "uninstall", publish: "unpublish" },
    re: { start: "restart", build: "rebuild", open: "reopen", deploy: "redeploy", run: "rerun" },
    code: { gen: "codegen" },
    port: { forward: "portforward" },
    force: { push: "forcepush" },
    top: { up: "topup" },
    get: { rid: "remove" },
    write: { off: "writeoff" },
    take: { screenshot: "screenshot" },
  }).flatMap(([first, seconds]): [string, Map<string, string>][] => [
    [first, new Map(Object.entries(seconds))],
    // "Looks up" is written for "lookups".
    [
      thirdPerson(first),
      new Map(Object.entries(seconds).map(([second, verb]) => [second, thirdPerson(verb)])),
    ],
  ]),
);

/** Joins pairs of words that are one verb ("shut down"). */
export const joinPairs = (words: readonly string[]): readonly string[] => {
  if (!words.some((word) => JOINED.has(word))) {
    return words;
  }
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const pair = JOINED.get(word)?.get(words[at + 1] ?? "");
    joined.push(pair ?? word);
    at += pair === undefined ? 0 : 1;
  }
  return joined;
};

/** The words of a name: `browser_takeScreenshot`, `API-patch-page`, `users.delete`, `HTTPGet`. Linear in its length. */
export const nameWords = (name: string): readonly string[] => joinPairs(plainWords(name));

/** One lower-case word, which most names of arguments are. */
const ONE_WORD = /^[a-z]+$/;
const LOWER_CASE = /^[a-z0-9_]+$/;

const plainWords = (name: string): readonly string[] => {
  if (ONE_WORD.test(name)) {
    return [name];
  }
  if (LOWER_CASE.test(name)) {
    return name.split("_").filter((word) => word !== "");
  }
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
};

/** "analysis", "status", "access", "canvas": no plurals. */
const SINGULAR_IN_S = /(?:ss|us|sis|xis|alias|canvas|atlas|bias|redis|series|news)$/;

/** A noun without its plural. */
export const singular = (noun: string): string => {
  if (noun.length < 4 || !noun.endsWith("s") || SINGULAR_IN_S.test(noun)) {
    return noun;
  }
  if (noun.endsWith("ies")) {
    return `${noun.slice(0, -3)}y`;
  }
  return /(?:ch|sh|x|ss|zz)es$/.test(noun) ? noun.slice(0, -2) : noun.slice(0, -1);
};

export type Form = "base" | "s" | "ing" | "ed";

/** A verb's forms as they are written: `delete`, `deletes`, `deleting`, `deleted`. */
export const formsOf = (verb: string): readonly (readonly [string, Form])[] => [
  [verb, "base"],
  [thirdPerson(verb), "s"],
  ...stems(verb).flatMap((stem): (readonly [string, Form])[] => [
    [`${stem}ing`, "ing"],
    [verb.endsWith("e") ? `${stem}ed` : pastOf(verb, stem), "ed"],
  ]),
];

const stems = (verb: string): readonly string[] => {
  if (verb.endsWith("e") && !verb.endsWith("ee")) {
    return [verb.slice(0, -1)];
  }
  return /[^aeiou][aeiou][bdgklmnprtv]$/.test(verb) ? [verb, `${verb}${verb.at(-1) ?? ""}`] : [verb];
};

const pastOf = (verb: string, stem: string): string =>
  /[^aeiou]y$/.test(verb) ? `${stem.slice(0, -1)}ied` : `${stem}ed`;
