import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, saysName, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf } from "./words.ts";

/** Queries in languages that can write, in tools whose name says that they ask. */

/** Databases and languages whose queries write as well as read. */
const WRITING =
  setOf(`neo4j cypher memgraph gremlin tinkerpop janusgraph surreal surrealdb surrealql arangodb aql orientdb n1ql
  couchbase cassandra cql scylladb postgres postgresql mysql mariadb sqlite mssql sqlserver duckdb clickhouse
  snowflake redshift cockroachdb planetscale supabase timescaledb oracledb sparql falkordb kuzu turso libsql`);
const WRITING_TEXT =
  /\b(?:neo4j|cypher|memgraph|gremlin|janusgraph|surreal(?:db|ql)|arangodb|orientdb|postgres(?:ql)?|mysql|mariadb|sqlite|mssql|duckdb|clickhouse)\b/i;
const DATABASES = setOf("database databases db warehouse datawarehouse");
const QUERIES = setOf(
  "query querytext statement statements queries cypher traversal gremlin surql aql cql update",
);
/** Beside what fills its places a text is a statement. */
const FILLED = setOf("values params parameters bindings binds");
/** Names of tools that ask for something, or run it. */
const ASKS = setOf("query run execute exec ask raw");
/** What is looked for by words, and what a query of another service is made of. */
const WORDS =
  /\b(?:search|keywords?|natural[- ]language|question|phrase|free[- ]text|full[- ]text|filters?|topics?|terms?|name of|semantic|jql|lucene|promql|jsonpath|docs|documentation)\b/i;
const LOOKS_UP =
  setOf(`docs doc documentation library libraries knowledge guide guides help package packages search find
  semantic similar vector schema explain wikidata dbpedia uniprot article articles page pages notion`);
const FILTERED = setOf("databaseid datasourceid filter filters sorts sort topk limitfields searchfields");

/** What says that a query only reads. */
const READS =
  /\b(?:read[- ]?only|select(?: queries| statements|-only| only)|only (?:select|read|match)|cannot (?:write|change|modify)|no writes|public endpoint|wikidata|dbpedia|uniprot)\b/i;

const isQuery = (argument: KnownArgument): boolean => {
  const called = squash(argument.name);
  return (
    isFreeText(argument) &&
    !saysName(argument) &&
    !WORDS.test(argument.description) &&
    (QUERIES.has(called) || (called === "text" && argument.beside.some((other) => FILLED.has(squash(other)))))
  );
};

const isLookup = ({ name, arguments: all }: Known): boolean =>
  name.words.some((word) => LOOKS_UP.has(word)) ||
  all.some(({ name: called }) => FILTERED.has(squash(called)));

/** Whether its name or its text is about a database that takes queries which write. */
const isAboutDatabase = ({ name: { words }, prose }: Known, text: string): boolean =>
  words.some((word) => WRITING.has(word)) ||
  (words.some((word) => ASKS.has(word)) &&
    (words.some((word) => DATABASES.has(word)) ||
      (words.includes("query") && WRITING_TEXT.test(prose.clauses[0]?.join(" ") ?? "")))) ||
  (words.length === 1 && words[0] === "query" && WRITING_TEXT.test(text));

/** Paths of queries that may write, as nothing says that they only read. */
export const writingQueries = (known: Known, _acts: Doing, text: string): readonly string[] =>
  known.prose.claimsReadOnly || READS.test(text) || known.name.words.includes("read") || isLookup(known)
    ? []
    : isAboutDatabase(known, text)
      ? known.arguments
          .filter((argument) => isQuery(argument) && !READS.test(argument.description))
          .map(pathOf)
      : [];

const pathOf = ({ path }: KnownArgument): string => path;

/** "Generates SQL and executes it". */
const GENERATES =
  /\bgenerat\w+[^.]{0,40}\b(?:execut|run)\w*[^.]{0,20}\b(?:sql|quer(?:y|ies)|cypher|it)\b|\b(?:execut|run)\w* (?:the )?(?:generated|resulting) (?:sql|quer|cypher)/i;
const ABOUT_SQL = /\b(?:sql|cypher|database|quer(?:y|ies))\b/i;
const QUESTIONS = setOf(
  "question prompt request query text input q instruction naturallanguagequery message",
);

/** Paths of questions that are turned into SQL, which is run. */
export const generatedQueries = (known: Known, _acts: Doing, text: string): readonly string[] =>
  !GENERATES.test(text) || !ABOUT_SQL.test(text) || known.prose.claimsReadOnly || READS.test(text)
    ? []
    : known.arguments
        .filter((argument) => isFreeText(argument) && QUESTIONS.has(squash(argument.name)))
        .map(pathOf);

const ANALYZES = setOf("analyze analyse explainanalyze analyzequery executequery");

/** EXPLAIN ANALYZE runs what it explains. */
export const explainedQueries = (
  { name, prose, arguments: all }: Known,
  sql: readonly string[],
): readonly string[] =>
  name.words.includes("explain") &&
  !prose.claimsReadOnly &&
  all.some(({ name: called, types }) => types.includes("boolean") && ANALYZES.has(squash(called)))
    ? sql
    : [];
