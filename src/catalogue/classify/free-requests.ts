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
  /** `undefined`: whoever takes such a query takes those that write, unless it says that it only reads. */
  readonly writes: ReadonlySet<string> | undefined;
  readonly says: string;
  /** Whether what is given with variables, or may be a mutation, is a whole document. */
  readonly documents?: true;
}[] = [
  {
    arguments: setOf("query mutation document operation graphql body"),
    about: setOf("graphql gql"),
    writes: setOf("mutation mutations mutate"),
    says: "It takes GraphQL, and its text tells of mutations, so it can change what it is told to.",
  },
  {
    arguments: setOf("query mutation document operation graphql"),
    about: setOf("graphql gql"),
    // Who sends whole documents sends mutations as well; a search by way of GraphQL takes words only.
    writes: setOf("execute run send executes runs sends raw arbitrary custom mutation mutations"),
    says: "It runs GraphQL that its caller writes, and nothing says that it only reads.",
    documents: true,
  },
  {
    arguments: setOf("pipeline stages aggregation"),
    about: setOf("aggregate aggregation aggregations mongodb mongo"),
    writes: undefined,
    says: "It takes a pipeline, some stages of which write, and nothing says that it only reads.",
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
    const argument = requested.arguments.find(
      ({ name, values }) => values.length === 0 && language.arguments.has(name.toLowerCase()),
    );
    if (argument === undefined) {
      return [];
    }
    const texts = [requested.name.words, ...requested.prose.clauses];
    return !requested.prose.claimsReadOnly &&
      (texts.some((words) => words.some((word) => language.about.has(word))) ||
        (language.documents === true && /\bgraphql\b/i.test(argument.description))) &&
      (isTold(texts, language.writes) || isDocument(argument, language.documents))
      ? [sign(argument.path, "execute", language.says)]
      : [];
  });

const isDocument = ({ beside, description }: KnownArgument, documents: true | undefined): boolean =>
  documents === true &&
  !/\b(?:not?|never|n't|only quer)\b/i.test(description) &&
  (beside.some((other) => other.toLowerCase() === "variables") || /\bmutations?\b/i.test(description));

const isTold = (texts: readonly (readonly string[])[], writes: ReadonlySet<string> | undefined): boolean =>
  writes === undefined || texts.some((words) => tells(words, writes));

/** Words of names of services by which money moves: a request that its caller writes may move it. */
const PAYS = setOf(
  "stripe paypal square adyen braintree razorpay plaid wise mollie payment payments billing",
);
const REQUEST = setOf("request call api");

/** `stripe_api_request`: any request to a service of payments. */
const moneyRequests = ({ name: { words }, prose, arguments: args }: Requested): readonly Sign[] => {
  const free =
    words.filter((word) => REQUEST.has(word)).length > 1 &&
    (words.some((word) => PAYS.has(word)) || tellsOfMoney(prose.clauses));
  const says = "It sends any request to a service by which money moves.";
  return free ? [{ ...sign(args[0]?.path ?? "", "financial", says), weight: 2 * WEIGHTS.decisive }] : [];
};

/** What a service by which money moves tells of itself; one word of these alone says little. */
const MOVES = setOf("payments refunds payouts charges invoices subscriptions checkout disputes transfers");

const tellsOfMoney = (clauses: readonly Clause[]): boolean =>
  (clauses[0] ?? []).some((word) => PAYS.has(word)) ||
  new Set(clauses.flatMap((clause) => clause.filter((word) => MOVES.has(word)))).size > 2;

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
