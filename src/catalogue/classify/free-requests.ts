import type { ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import type { NameReading } from "./name-signs.ts";
import { NEGATIONS } from "./nouns.ts";
import type { Clause } from "./prose-clauses.ts";
import type { ProseReading } from "./prose-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** What is needed to see a request that its caller writes. */
export interface Requested {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly arguments: readonly KnownArgument[];
}

/** Languages of queries that can do more than ask, and how they say it. */
const LANGUAGES: readonly {
  readonly arguments: ReadonlySet<string>;
  readonly about: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  readonly says: string;
}[] = [
  {
    arguments: setOf("query mutation document operation graphql body"),
    about: setOf("graphql gql"),
    writes: setOf("mutation mutations mutate"),
    says: "It takes GraphQL, and its text tells of mutations, so it can change what it is told to.",
  },
  {
    arguments: setOf("pipeline stages aggregation"),
    about: setOf("aggregate aggregation aggregations pipeline"),
    writes: setOf("out merge"),
    says: "It takes a pipeline, and its text tells of stages that write.",
  },
  {
    arguments: setOf("query update sparql"),
    about: setOf("sparql"),
    writes: setOf("update insert delete load clear drop"),
    says: "It takes SPARQL, and its text tells of updates.",
  },
];

/** A query that its caller writes, in a language that can change things, and a text that says that it may. */
export const freeRequests = (requested: Requested): readonly Sign[] => [
  ...moneyRequests(requested),
  ...languageRequests(requested),
];

const languageRequests = (requested: Requested): readonly Sign[] =>
  LANGUAGES.flatMap((language): readonly Sign[] => {
    const argument = requested.arguments.find(({ name }) => language.arguments.has(name.toLowerCase()));
    if (argument === undefined) {
      return [];
    }
    const texts = [requested.name.words, ...requested.prose.clauses];
    return !requested.prose.claimsReadOnly &&
      texts.some((words) => words.some((word) => language.about.has(word))) &&
      texts.some((words) => tells(words, language.writes))
      ? [sign(argument.path, "execute", language.says)]
      : [];
  });

/** Words of names of services by which money moves: a request that its caller writes may move it. */
const PAYS = setOf(
  "stripe paypal square adyen braintree razorpay plaid wise mollie payment payments billing",
);
const REQUEST = setOf("request call api");

/** `stripe_api_request`: any request to a service of payments. */
const moneyRequests = ({ name: { words }, arguments: args }: Requested): readonly Sign[] => {
  const free = words.some((word) => PAYS.has(word)) && words.filter((word) => REQUEST.has(word)).length > 1;
  const says = "It sends any request to a service by which money moves.";
  return free ? [{ ...sign(args[0]?.path ?? "", "financial", says), weight: 2 * WEIGHTS.decisive }] : [];
};

const sign = (path: string, is: ToolClass, says: string): Sign => ({
  class: is,
  weight: WEIGHTS.decisive,
  from: "argument",
  found: path.slice(0, 80),
  says,
});

/** "Mutations are not allowed" tells of none. */
const tells = (clause: Clause, words: ReadonlySet<string>): boolean =>
  clause.some((word) => words.has(word)) && !clause.some((word) => NEGATIONS.has(word));
