import { pathsOf } from "./carriers.ts";
import type { Known } from "./meta.ts";
import type { Clause } from "./prose-clauses.ts";
import { setOf } from "./words.ts";

const SQL = setOf(
  "sql migration postgresql postgres mysql sqlite duckdb bigquery snowflake clickhouse cypher mariadb mssql hiveql",
);
const QUERIES = setOf("query statement queries statements q");
/** "Select" is SQL beside one of these: "select the best library" is none. */
const SELECTED = setOf("query queries statement statements sql database table tables rows only");
/** What is asked of documentation is a question, whatever it is about. */
const LOOKS_UP = setOf(
  "docs doc documentation library libraries knowledge guide guides help package packages",
);

const isSql = (word: string): boolean => SQL.has(word) || word === "select";

const isAboutSql = (words: readonly string[]): boolean =>
  words.some((word) => SQL.has(word)) ||
  (words.includes("select") && words.some((word) => SELECTED.has(word)));

/** "INSERT, UPDATE or DELETE statements" are SQL. */
const isStatements = (clause: Clause): boolean =>
  ["insert", "update", "delete"].every((word) => clause.includes(word)) &&
  clause.some((word) => STATEMENTS.has(word));
const STATEMENTS = setOf("query queries statement statements");

/** Paths of arguments that carry SQL, whether it can write or not. */
export const sqlArguments = (known: Known): readonly string[] => {
  const named = pathsOf(known, "sql");
  const lookup = known.name.words.some((word) => LOOKS_UP.has(word)) && !known.name.words.some(isSql);
  const mentions =
    !lookup &&
    (known.name.words.some((word) => SQL.has(word)) ||
      known.prose.clauses.some((clause) => isAboutSql(clause) || isStatements(clause)));
  const queries = known.arguments.filter(
    ({ words, types, values, description }) =>
      QUERIES.has(words.at(-1) ?? "") &&
      (types.length === 0 || types.includes("string") || types.includes("array")) &&
      values.length === 0 &&
      (mentions || /\b(?:[Ss][Qq][Ll]|[Cc]ypher|CYPHER|SELECT)\b/.test(description)),
  );
  return [...new Set([...named, ...queries.map(({ path }) => path)])];
};

const WRITES = setOf(
  "write insert update delete drop create alter mutate migration migrate ddl apply modify admin",
);

/** Whether the SQL that it takes is said to read only: by its name, or by a text to which its name says nothing else. */
export const onlyReads = (known: Known, about: boolean): boolean => {
  const { words } = known.name;
  if (words.some((word) => WRITES.has(word))) {
    return false;
  }
  const first = known.prose.clauses[0] ?? [];
  return (
    known.prose.claimsReadOnly ||
    words.includes("read") ||
    words.includes("select") ||
    words.includes("readonly") ||
    (first.includes("select") && !first.some((word) => WRITES.has(word))) ||
    about
  );
};
