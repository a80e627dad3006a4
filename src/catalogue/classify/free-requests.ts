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
export const freeRequests = (requested: Requested): readonly Sign[] =>
  LANGUAGES.flatMap((language): readonly Sign[] => {
    const argument = requested.arguments.find(({ name }) => language.arguments.has(name.toLowerCase()));
    const texts = [requested.name.words, ...requested.prose.clauses];
    return argument !== undefined &&
      !requested.prose.claimsReadOnly &&
      texts.some((words) => words.some((word) => language.about.has(word))) &&
      texts.some((words) => tells(words, language.writes))
      ? [sign(argument.path, "execute", language.says)]
      : [];
  });

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
