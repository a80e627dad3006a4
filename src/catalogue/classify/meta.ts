import type { MetaTool } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { callsOf, commandLines, isToolName } from "./calls.ts";
import { dispatched } from "./dispatch.ts";
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

/** … those that put it where it is run sooner or later, if it is something that can be run … */
const PLACES = setOf("add create register set update configure write edit upload import patch insert use");

/** … and those that only keep it, or what has its name. */
const KEEPS = setOf(
  "save enable disable store publish approve reject delete remove send_message lock unlock label",
);

interface Acts {
  readonly runs: boolean;
  /** A program is only a text for it. */
  readonly about: boolean;
  /** … and so is a command. */
  readonly tells: boolean;
  readonly silent: boolean;
}

/** What a tool is about, as far as it says: verbs of its name and of its first sentence. */
const actsOf = ({ name, prose }: Known): Acts => {
  const signs = [...name.signs, ...prose.first];
  const verbs = signs.map(({ found }) => found.split(" ")[0] ?? "");
  const tells = (verb: string): boolean => ABOUT.has(verb) || KEEPS.has(verb);
  return {
    runs: signs.some((sign) => sign.class === "execute"),
    about: verbs.length > 0 && verbs.every((verb) => tells(verb) || PLACES.has(verb)),
    tells: verbs.length > 0 && verbs.every(tells),
    silent: signs.length === 0,
  };
};

/** The first that is found says what the tool runs. */
const LOOKED_FOR: readonly {
  readonly runs: MetaTool["runs"];
  readonly pathsIn: (known: Known, acts: Acts, sql: readonly string[]) => readonly string[];
}[] = [
  { runs: "tools", pathsIn: (known, acts) => toolArguments(known, acts) },
  { runs: "tools", pathsIn: (known) => dispatched(known) },
  { runs: "commands", pathsIn: (known, acts) => (acts.tells ? [] : commandArguments(known)) },
  {
    runs: "code",
    pathsIn: (known, acts) =>
      acts.runs || acts.silent || placesPrograms(known, acts)
        ? codeArguments(known)
        : evaluated(known, acts.about),
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
    // It says that it runs tools, and its schema does not say where it is told which.
    const silent = !acts.tells && callsOf(known) !== undefined;
    return { meta: silent ? { runs: "tools", arguments: [], batch: false } : undefined, sql };
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

/** What has a program in it that is run later, without anybody being asked. */
const RUN_LATER = setOf(
  "tool function job plugin trigger hook webhook workflow lambda worker task automation figma",
);

const placesPrograms = ({ name, prose }: Known, acts: Acts): boolean =>
  !acts.tells &&
  (name.words.some((word) => RUN_LATER.has(singular(word))) ||
    (prose.clauses[0] ?? []).some((word) => RUN_LATER.has(singular(word)) && word !== "tool"));

/** With these a command is a word that is said to a thing or to people. */
const SAID = setOf("slash help voice bot discord telegram device light lamp remote ir");
const DEVICES = setOf("device_id deviceid device entity_id entityid light_id lightid");

const commandArguments = (known: Known): readonly string[] => {
  const lines = commandLines(known);
  const commands = pathsOf(known, "command");
  const said =
    known.name.words.some((word) => SAID.has(word)) ||
    (known.name.words.includes("send") &&
      known.arguments.some(({ name }) => DEVICES.has(name.toLowerCase())));
  return said ? lines : [...new Set([...commands, ...lines])];
};

/** Words with which a tool is about programs. */
const PROGRAMS = setOf(
  "javascript js python script code eval evaluate typescript lua ruby php bash powershell groovy",
);
/** Arguments that are a program where the tool is about programs. */
const PROGRAM_NAMES = setOf(
  "fn function expression expr body source text input content statement cell program",
);

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

const toolArguments = (known: Known, acts: Acts): readonly string[] => {
  const told = namedTools(known, acts.runs);
  const called = acts.about && !acts.runs ? [] : (callsOf(known) ?? []);
  const found = [...new Set([...told, ...called])];
  return found.filter((path) => !found.some((other) => other.startsWith(`${path}[`)));
};

const namedTools = (known: Known, runs: boolean): readonly string[] => {
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
      ((argument.kinds.includes("tool") && isToolName(argument, known.name)) ||
        (argument.name === "name" && aboutTools) ||
        (argument.name === "command" && carriesTool(argument)) ||
        isBatch(argument)),
  );
  return [...new Set([...named, ...batched])].map(({ path }) => path);
};

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

const sqlArguments = (known: Known): readonly string[] => {
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
