import { LIMITS } from "../../base/limits.ts";
import { member, type Json, type JsonObject } from "../../base/json-value.ts";
import { worseClass, type ToolClass } from "../verdict.ts";
import { actionSigns } from "./actions.ts";
import { DOINGS } from "./nouns.ts";
import { knowArgument, type KnownArgument } from "./argument-kinds.ts";
import { walkArguments } from "./argument-walk.ts";
import { mayRun, unread, unreadName } from "./unread-parts.ts";
import { capturesTo, computes, destroysFirst, putsAway } from "./argument-signs.ts";
import { compoundNoun } from "./compounds.ts";
import { lookalikes, moneySigns } from "./money-signs.ts";
import { phraseClass } from "./lexicon.ts";
import { detached } from "./memberships.ts";
import { readMeta, type MetaReading } from "./meta.ts";
import { readName, type NameReading } from "./name-signs.ts";
import { readProse, type ProseReading } from "./prose-signs.ts";
import { toldToPay } from "./payments.ts";
import { freeProgram } from "./free-programs.ts";
import { freeRequests } from "./free-requests.ts";
import { withoutMisread } from "./harmless-names.ts";
import { onScreen } from "./screens.ts";
import { withoutShortCodes } from "./short-codes.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { switches } from "./switches.ts";
import { onlyGivenBack } from "./transforms.ts";
import { setOf, singular } from "./words.ts";

/** All that a definition says, before it is weighed. */
export interface Gathered {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly arguments: readonly KnownArgument[];
  readonly meta: MetaReading;
  readonly signs: readonly Sign[];
}

export const gather = (definition: JsonObject): Gathered => {
  const name = readName(textOf(member(definition, "name")));
  const prose = readProse(textOf(member(definition, "description")));
  const walk = walkArguments(member(definition, "inputSchema"));
  const args = withoutShortCodes(name.words, prose.clauses, walk.arguments.map(knowArgument));
  const description = textOf(member(definition, "description"));
  const meta = readMeta({ name, prose, description, arguments: args });
  const spokenSigns = unrestorable(description, restorable(description, spoken(name, prose, meta, args)));
  const clauses = prose.clauses;
  const described = onlyGivenBack({ told: spokenSigns, clauses, arguments: args });
  const said = described.length > 0 ? described : titleSigns(definition);
  const looked = lookalikes(said, { name, clauses, arguments: args });
  const told = withoutMisread(looked, { words: name.words, description, arguments: args });
  const softened = told.map(vague);
  const actions = actionSigns(args, clearest(softened));
  const free =
    clearest(told) === "read"
      ? freeProgram({
          name,
          clauses,
          description: description.slice(0, LIMITS.classified_description_characters_max),
          arguments: args,
          sql: meta.sql,
        })
      : undefined;
  const signs = [
    ...(actions.length > 0 ? softened : told),
    ...moneySigns({ name, clauses, arguments: args, told }),
    ...actions,
    ...metaSigns(meta),
    ...computes(args, told),
    ...freeRequests({ name, prose, arguments: args }),
    ...(free === undefined ? [] : [free.sign]),
    ...toldToPay(name, args, clearest(told)),
    ...putsAway(args),
    ...capturesTo(args, told),
    ...destroysFirst(args),
    ...switches({ name, description, arguments: args }, clearest(told)),
  ];
  return {
    name,
    prose,
    arguments: args,
    meta: mayRun({ ...meta, meta: meta.meta ?? free?.meta }, args, walk),
    signs: [...signs, ...unread(walk, args, signs), ...unreadName(textOf(member(definition, "name")), signs)],
  };
};

export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** A title is asked where name and description say nothing. */
const titleSigns = (definition: JsonObject): readonly Sign[] =>
  worst(readName(textOf(member(definition, "title")), "title").signs);

/** What name and description say. "Executes a query" says nothing more where the query is said to read only. */
const spoken = (
  name: NameReading,
  prose: ProseReading,
  { meta, sql }: MetaReading,
  args: readonly KnownArgument[],
): readonly Sign[] => {
  const amount = args.some(({ kinds }) => kinds.includes("money"));
  // What a name is about says nothing where its text does something unknown to that.
  const named =
    name.verb === undefined && prose.unknown ? [] : compoundNoun(name.words, name.signs, prose, { amount });
  const first = detached(name.verb, prose.first);
  const main = [...worst(softer(moreSaid(named, first), first)), ...worst(onScreen(name.words, first))];
  const harmless = main.every((sign) => sign.class === "read" || sign.weight < WEIGHTS.noun);
  const listed = main.length === 0 && prose.later.length === 0 ? namedThings(name.words, prose) : [];
  const told = [...main, ...listed, ...prose.later.map((sign) => (harmless ? admitted(sign) : sign))];
  return sql.length > 0 && meta === undefined ? told.filter((sign) => sign.class !== "execute") : told;
};

/** `server_domains`, "Domains of a server": the many things that both name are what it gives back. */
const namedThings = (words: readonly string[], { clauses }: ProseReading): readonly Sign[] => {
  const [thing = ""] = clauses[0] ?? [];
  return singular(thing) !== thing && !DOINGS.has(thing) && words.includes(thing)
    ? [
        {
          class: "read",
          weight: WEIGHTS.noun,
          from: "description",
          found: thing.slice(0, 80),
          says: `Name and text are of "${thing.slice(0, 40)}", which are something given back.`,
        },
      ]
    : [];
};

/** A name that ends where the text says to what the same verb is done: `generate_flow`, "Generates a flowchart". */
const moreSaid = (named: readonly Sign[], [first]: readonly Sign[]): readonly Sign[] =>
  first === undefined || !first.found.includes(" ")
    ? named
    : named.map((sign) => {
        if (isOnAScreen(sign, first)) {
          return { ...sign, weight: WEIGHTS.trace };
        }
        return LESS[sign.class] === first.class ? outweighed(sign, first) : sign;
      });

/** What a reset or the like may come down to, as its text says: `git_reset`, "Unstages all changes". */
const SOFTER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["reset", setOf("unstage mark restore revert")],
  ["clear", setOf("mark unstage deselect")],
  ["test", setOf("send")],
]);

const softer = (named: readonly Sign[], [first]: readonly Sign[]): readonly Sign[] =>
  named.map((sign) =>
    first?.class === "write" && (SOFTER.get(sign.found)?.has(first.found.split(" ")[0] ?? "") ?? false)
      ? { ...sign, weight: WEIGHTS.trace }
      : sign,
  );

/** What is less than it, and may be the truth of a thing that only the text names. */
const LESS: Readonly<Partial<Record<ToolClass, ToolClass>>> = {
  write: "read",
  execute: "read",
  destructive: "write",
};

/** `close_session`, "Closes the browser's session": what is closed is named by the text. */
const isOnAScreen = (sign: Sign, first: Sign): boolean =>
  sign.class === "destructive" &&
  first.class === "execute" &&
  first.found.split(" ")[0] === sign.found.split(" ")[0] &&
  first.found.includes("browser");

const outweighed = (sign: Sign, first: Sign): Sign =>
  first.found.startsWith(`${sign.found} `) || takenOut(sign.found, first.found)
    ? { ...sign, weight: WEIGHTS.trace }
    : sign;

/** `delete_cycle_issue`, "Removes an issue from a cycle": not by the thing, but by what it is taken out of. */
const takenOut = (verb: string, found: string): boolean => {
  const [said = "", ...thing] = found.split(" ");
  return verb === "delete" && said === "remove" && phraseClass(said, thing) === undefined;
};

const MAY_BE_RESTORED =
  /\b(?:to (?:the |its )?(?:trash|recycle bin)\b(?! permanently)|can (?:later )?be (?:restored|recovered|undeleted)|soft[- ]delete|will still exist|still exists|can be (?:re-?added|added (?:back|again)))/i;
const PUTS_AWAY = setOf("delete remove trash discard archive");

/** "Deletes a page (moves it to the trash)": what can be had back is not lost. */
const restorable = (text: string, told: readonly Sign[]): readonly Sign[] =>
  MAY_BE_RESTORED.test(text.slice(0, LIMITS.classified_description_characters_max)) &&
  !/\b(?:permanent|cannot be|can't be|empt)/i.test(text)
    ? told.map((sign) =>
        sign.class === "destructive" && PUTS_AWAY.has(sign.found.split(" ")[0] ?? "")
          ? { ...sign, class: "write", says: `"${sign.found.slice(0, 40)}" can be undone, as its text says.` }
          : sign,
      )
    : told;

/** "Deletes a relation. This cannot be undone": what could be put back is said not to be. */
const unrestorable = (text: string, told: readonly Sign[]): readonly Sign[] =>
  UNDONE.test(text.slice(0, LIMITS.classified_description_characters_max))
    ? told.map((sign) =>
        sign.class === "write" && TAKEN.has(sign.found.split(" ")[0] ?? "")
          ? { ...sign, class: "destructive" }
          : sign,
      )
    : told;
const UNDONE = /\b(?:cannot|can't|can not) be (?:undone|reversed|recovered|restored)\b/i;
const TAKEN = setOf("delete remove");

/** What a text that begins harmlessly admits later on: "Gets a message. Deletes it afterwards." */
const admitted = (sign: Sign): Sign =>
  sign.class === "write" ? sign : { ...sign, weight: WEIGHTS.admitted };

/** Verbs that leave it to the actions of the tool what is done: "Manages teams", which it can only list. */
const VAGUE = setOf("manage handle control process operate");

const vague = (sign: Sign): Sign => (VAGUE.has(sign.found) ? { ...sign, weight: WEIGHTS.weak } : sign);

/** The most dangerous class that is clearly said. */
const clearest = (signs: readonly Sign[]): ToolClass =>
  signs
    .filter(({ weight }) => weight >= WEIGHTS.inside)
    .map((sign) => sign.class)
    .reduce(worseClass, "read");

/** One source that says several things is as bad as the worst of them: "finds matching rows and deletes them". */
const worst = (signs: readonly Sign[]): readonly Sign[] => {
  const strong = signs.filter(({ weight }) => weight >= WEIGHTS.inside);
  if (strong.length < 2) {
    return signs;
  }
  const is = strong.map((sign) => sign.class).reduce(worseClass);
  const main = strong.find((sign) => sign.class === is);
  return signs.map((sign) => ({
    ...sign,
    weight: sign === main ? Math.max(sign.weight, WEIGHTS.sure) : Math.min(sign.weight, WEIGHTS.trace),
  }));
};

const metaSigns = ({ meta, says, sql }: MetaReading): readonly Sign[] => {
  if (meta !== undefined) {
    return [fromArgument("execute", WEIGHTS.decisive, meta.arguments[0], says)];
  }
  return sql.length > 0
    ? [fromArgument("read", WEIGHTS.sure, sql[0], "It takes SQL, and is said to read only.")]
    : [];
};

const fromArgument = (is: Sign["class"], weight: number, path: string | undefined, says: string): Sign => ({
  class: is,
  weight,
  from: "argument",
  found: (path ?? "").slice(0, 80),
  says,
});
