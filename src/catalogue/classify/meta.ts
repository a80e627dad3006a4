import type { MetaTool } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import type { NameReading } from "./name-signs.ts";
import type { Clause } from "./prose-clauses.ts";
import type { ProseReading } from "./prose-signs.ts";
import { setOf, singular } from "./words.ts";

/** What is known of a tool when its arguments are looked at. */
export interface Known {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly arguments: readonly KnownArgument[];
}

export interface MetaReading {
  readonly meta: MetaTool | undefined;
  /** Paths of arguments that carry SQL, whether it can write or not. */
  readonly sql: readonly string[];
}

/** Verbs for whose object a program, a command or a tool's name is only a text. */
const ABOUT =
  setOf(`explain validate parse lint check suggest search describe list find format analyze analyse review
  convert translate highlight summarize compare detect generate beautify prettify minify document fix refactor get_help
  inspect classify score estimate lookup learn help preview tokenize save store share post`);

/** … and those that put it away for later. */
const KEEPS =
  setOf(`add create register set update save configure write edit enable disable upload import store patch
  insert publish approve reject delete remove send_message lock unlock label`);

interface Acts {
  readonly runs: boolean;
  readonly about: boolean;
  readonly silent: boolean;
}

/** What a tool is about, as far as it says: verbs of its name and of its first sentence. */
const actsOf = ({ name, prose }: Known): Acts => {
  const signs = [...name.signs, ...prose.first];
  const verbs = signs.map(({ found }) => found.split(" ")[0] ?? "");
  return {
    runs: signs.some((sign) => sign.class === "execute"),
    about: verbs.length > 0 && verbs.every((verb) => ABOUT.has(verb) || KEEPS.has(verb)),
    silent: signs.length === 0,
  };
};

/** The first that is found says what the tool runs. */
const LOOKED_FOR: readonly {
  readonly runs: MetaTool["runs"];
  readonly pathsIn: (known: Known, acts: Acts, sql: readonly string[]) => readonly string[];
}[] = [
  { runs: "tools", pathsIn: (known, acts) => toolArguments(known, acts.runs) },
  { runs: "commands", pathsIn: (known, acts) => (acts.about ? [] : pathsOf(known, "command")) },
  {
    runs: "code",
    pathsIn: (known, acts) =>
      acts.runs || acts.silent ? codeArguments(known) : evaluated(known, acts.about),
  },
  { runs: "sql", pathsIn: (known, _acts, sql) => (sql.length === 0 || onlyReads(known) ? [] : sql) },
];

export const readMeta = (known: Known): MetaReading => {
  const sql = sqlArguments(known);
  const acts = actsOf(known);
  const found = LOOKED_FOR.map(({ runs, pathsIn }) => ({ runs, paths: pathsIn(known, acts, sql) })).find(
    ({ paths }) => paths.length > 0,
  );
  if (found === undefined) {
    return { meta: undefined, sql };
  }
  const batch = found.paths.slice(0, 8).some((path) => path.includes("[*]") || hasType(known, path, "array"));
  return { meta: { runs: found.runs, arguments: found.paths, batch }, sql };
};

const hasType = (known: Known, path: string, type: string): boolean =>
  known.arguments.some((argument) => argument.path === path && argument.types.includes(type));

/** Paths of arguments that carry it themselves: an array of objects carries what its objects' members do. */
const pathsOf = (known: Known, kind: "command" | "code" | "sql"): readonly string[] => {
  if (!known.arguments.some(({ kinds }) => kinds.includes(kind))) {
    return [];
  }
  const arrays = new Set(
    known.arguments.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("[*].")))),
  );
  return known.arguments
    .filter(
      (argument) => argument.kinds.includes(kind) && !carriesTool(argument) && !arrays.has(argument.path),
    )
    .map(({ path }) => path);
};

/** Words with which a tool is about programs. */
const PROGRAMS = setOf(
  "javascript js python script code eval evaluate typescript lua ruby php bash powershell groovy",
);
/** Arguments that are a program where the tool is about programs. */
const PROGRAM_NAMES = setOf("function expression expr body source text input content statement cell program");

const codeArguments = (known: Known): readonly string[] => {
  const named = pathsOf(known, "code");
  const about =
    known.name.words.some((word) => PROGRAMS.has(word)) ||
    (known.prose.clauses[0] ?? []).some((word) => PROGRAMS.has(word));
  if (named.length > 0 || !about || isMath(known)) {
    return named;
  }
  return known.arguments
    .filter(
      ({ name, types, values }) =>
        PROGRAM_NAMES.has(name.toLowerCase()) &&
        (types.length === 0 || types.includes("string")) &&
        values.length === 0,
    )
    .map(({ path }) => path);
};

/** "Evaluates a mathematical expression" runs no program, unless it says in which language. */
const isMath = ({ name, prose }: Known): boolean => {
  const [first = []] = prose.clauses;
  const languages = [...name.words, ...first].filter((word) => PROGRAMS.has(word));
  return (
    first.some((word) => MATH.has(word)) && languages.every((word) => word === "evaluate" || word === "eval")
  );
};
const MATH = setOf("math mathematical arithmetic algebraic");

/** A program given to a tool that is about something else, and says all the same that it is run. */
const evaluated = (known: Known, about: boolean): readonly string[] =>
  known.arguments
    .filter(
      ({ kinds, name, description }) =>
        kinds.includes("code") &&
        ((PAGE_SCRIPTS.has(name.toLowerCase()) && !about) ||
          /\b(?:execut|evaluat|to run)/i.test(description)),
    )
    .map(({ path }) => path);

/** A program that is an option among others is run all the same (a script for the page that is read). */
const PAGE_SCRIPTS = setOf("script javascript js");

/** What stands beside the name of something that is called. */
const PARAMETERS = setOf(
  "params parameters args arguments kwargs input inputs payload tool_input tool_arguments",
);
const CALLED = setOf("command tool name action method function operation");

const carriesTool = ({ name, beside }: KnownArgument): boolean =>
  CALLED.has(name.toLowerCase()) &&
  beside.some((other) => other !== name && PARAMETERS.has(other.toLowerCase()));

/** A list of objects that are commands, of which the schema says no more. */
const BATCHES = setOf("commands calls invocations tool_calls toolcalls");

const isBatch = ({ name, ofObjects }: KnownArgument): boolean => ofObjects && BATCHES.has(name.toLowerCase());

const toolArguments = (known: Known, runs: boolean): readonly string[] => {
  const aboutTools = known.name.words.some((word) => singular(word) === "tool");
  const batched = known.arguments.filter(
    (argument) => argument.path.includes("[*]") && carriesTool(argument),
  );
  if (!runs) {
    return batched.filter(({ name }) => name !== "name" || aboutTools).map(({ path }) => path);
  }
  const named = known.arguments.filter(
    (argument) =>
      argument.values.length === 0 &&
      (argument.kinds.includes("tool") ||
        (argument.name === "name" && aboutTools) ||
        (argument.name === "command" && carriesTool(argument)) ||
        isBatch(argument)),
  );
  const found = [...new Set([...named, ...batched])].map(({ path }) => path);
  return found.filter((path) => !found.some((other) => other.startsWith(`${path}[`)));
};

const SQL = setOf(
  "sql migration postgresql postgres mysql sqlite duckdb bigquery snowflake clickhouse cypher mariadb mssql hiveql",
);
/** Behind "select" where it is the statement: to select a thing is to choose it. */
const ASKS = setOf("query queries statement statements only");
const QUERIES = setOf("query statement queries statements q");

/** "INSERT, UPDATE or DELETE statements" are SQL. */
const isStatements = (clause: Clause): boolean =>
  ["insert", "update", "delete"].every((word) => clause.includes(word)) &&
  clause.some((word) => STATEMENTS.has(word));
const STATEMENTS = setOf("query queries statement statements");

const sqlArguments = (known: Known): readonly string[] => {
  const named = pathsOf(known, "sql");
  const mentions =
    known.name.words.some((word) => SQL.has(word)) ||
    known.prose.clauses.some(isStatements) ||
    known.prose.clauses.some((clause) =>
      clause.some((word, at) => SQL.has(word) || (word === "select" && ASKS.has(clause[at + 1] ?? ""))),
    );
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
const onlyReads = (known: Known): boolean => {
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
    ABOUT.has(known.name.verb ?? "")
  );
};
