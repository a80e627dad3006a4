import type { MetaTool } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { runLater } from "./afterwards.ts";
import { agentTasks } from "./agents.ts";
import { callsOf, isToolName, toolsWithArguments } from "./calls.ts";
import { carriedBy } from "./carried.ts";
import { carriesTool, pathsOf } from "./carriers.ts";
import { dispatched } from "./dispatch.ts";
import {
  codeTold,
  commandArguments,
  commandsTold,
  isRunTold,
  runAnyway,
  tellsOfCommands,
} from "./run-arguments.ts";
import { saysName } from "./free-texts.ts";
import { isShortCode } from "./short-codes.ts";
import { onlyReads, sqlArguments } from "./sql-arguments.ts";
import { typedIn } from "./terminals.ts";
import { stepsRun } from "./workflows.ts";
import type { NameReading } from "./name-signs.ts";
import type { ProseReading } from "./prose-signs.ts";
import { setOf, singular } from "./words.ts";

/** What is known of a tool when its arguments are looked at. */
export interface Known {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
}

export interface MetaReading {
  readonly meta: MetaTool | undefined;
  /** How it runs what it is told, as a sentence. */
  readonly says: string;
  /** Paths of arguments that carry SQL, whether it can write or not. */
  readonly sql: readonly string[];
}

/** Verbs for whose object a program, a command or a tool's name is only a text. */
const ABOUT =
  setOf(`judge assess explain validate parse lint check suggest search describe list find format analyze analyse review
  convert translate highlight summarize compare detect generate beautify prettify minify document fix refactor get_help
  inspect classify score estimate lookup learn help preview tokenize save store share post`);

/** … but these look for something else with SQL that is given as such. */
const LOOKS_FOR = setOf("search find list lookup");

const isAboutSql = ({ name: { verb = "" }, arguments: all }: Known, sql: readonly string[]): boolean =>
  ABOUT.has(verb) &&
  !(
    LOOKS_FOR.has(verb) &&
    all.some(
      ({ path, kinds, description }) =>
        sql.includes(path) && (kinds.includes("sql") || /\b(?:sql|cypher)\b/i.test(description)),
    )
  );

/** … those that put it where it is run sooner or later, if it is something that can be run … */
const PLACES = setOf("add create register set update configure write edit upload import patch insert use");

/** … and those that only keep it, or what has its name. */
const KEEPS = setOf(
  "save share post enable disable store publish approve reject delete remove send_message lock unlock label",
);

interface Acts {
  readonly runs: boolean;
  /** A program is only a text for it. */
  readonly about: boolean;
  /** … and so is a command. */
  readonly tells: boolean;
  /** It keeps what it is given. */
  readonly keeps: boolean;
  /** It is only asked about something. */
  readonly asks: boolean;
  readonly silent: boolean;
}

/** What a tool is about, as far as it says: verbs of its name and of its first sentence. */
const actsOf = (known: Known): Acts => {
  const { name, prose } = known;
  const signs = [...name.signs, ...prose.first];
  const verbs = signs.map(({ found }) => found.split(" ")[0] ?? "");
  const tells = (verb: string): boolean => ABOUT.has(verb) || KEEPS.has(verb);
  return {
    runs: signs.some((sign) => sign.class === "execute"),
    about: verbs.length > 0 && verbs.every((verb) => tells(verb) || PLACES.has(verb)),
    tells: verbs.length > 0 && verbs.every(tells),
    keeps: verbs.some((verb) => KEEPS.has(verb)),
    asks: signs.every((sign) => sign.class === "read") && !judges(known),
    silent: signs.length === 0,
  };
};

/** Verbs that judge what a tool would be given, where that is said to be judged. */
const JUDGES =
  setOf(`validate verify check lint parse score estimate classify review tokenize format count audit convert
  translate`);
const JUDGED = setOf("argument param parameter schema input payload call permission policy");

const judges = ({ name, prose }: Known): boolean =>
  JUDGES.has(name.verb ?? "") &&
  [...name.words, ...(prose.clauses[0] ?? [])].some((word) => JUDGED.has(singular(word)));

interface Row {
  readonly runs: MetaTool["runs"];
  readonly says: string;
  readonly pathsIn: (known: Known, acts: Acts, sql: readonly string[]) => readonly string[];
}

const TOOLS = {
  runs: "tools",
  says: "It runs what its caller names, so it can do what other tools do.",
} as const;
const COMMANDS = { runs: "commands", says: "It runs command lines that its caller writes." } as const;
const CODE = { runs: "code", says: "It runs program text that its caller writes." } as const;
const RUN_SQL = {
  runs: "sql",
  says: "It runs SQL that its caller writes, and nothing says that it only reads.",
} as const;

/** The first that is found says what the tool runs. */
const LOOKED_FOR: readonly Row[] = [
  { ...TOOLS, pathsIn: (known, acts) => toolArguments(known, acts) },
  { ...TOOLS, pathsIn: (known) => dispatched(known) },
  {
    ...COMMANDS,
    pathsIn: (known, acts) =>
      acts.tells || tellsOfCommands(known)
        ? runAnyway(known, acts.keeps)
        : [...commandArguments(known), ...commandsTold(known)],
  },
  {
    ...CODE,
    pathsIn: (known, acts) =>
      acts.runs || acts.silent || placesPrograms(known, acts)
        ? codeArguments(known)
        : evaluated(known, acts.about),
  },
  { ...CODE, pathsIn: (known, acts) => codeTold(known, acts.about) },
  {
    ...COMMANDS,
    says: "What it is given is typed where commands are run.",
    pathsIn: (known) => typedIn(known),
  },
  {
    ...COMMANDS,
    says: "It runs steps that its caller names or writes, each of which may do what other tools do.",
    pathsIn: (known) => stepsRun(known),
  },
  {
    ...COMMANDS,
    says: "It has an agent do what its caller says, so it runs or operates something.",
    pathsIn: (known) => agentTasks(known),
  },
  { ...COMMANDS, says: "Its text says that what it is given is run.", pathsIn: (known) => runLater(known) },
  {
    ...RUN_SQL,
    pathsIn: (known, _acts, sql) => (sql.length === 0 || onlyReads(known, isAboutSql(known, sql)) ? [] : sql),
  },
];

export const readMeta = (known: Known): MetaReading => {
  const sql = sqlArguments(known);
  const acts = actsOf(known);
  for (const { runs, says, pathsIn } of LOOKED_FOR) {
    const paths = [...new Set(pathsIn(known, acts, sql))];
    if (paths.length > 0) {
      return { meta: { runs, arguments: paths, batch: isBatched(known, paths) }, says, sql };
    }
  }
  const carried = carriedBy(known, acts, sql);
  if (carried !== undefined) {
    const { runs, says, paths } = carried;
    return { meta: { runs, arguments: paths, batch: isBatched(known, paths) }, says, sql };
  }
  // It says that it runs tools, and its schema does not say where it is told which.
  const silent = !acts.tells && callsOf(known) !== undefined;
  return { meta: silent ? { runs: "tools", arguments: [], batch: false } : undefined, says: TOOLS.says, sql };
};

const isBatched = (known: Known, paths: readonly string[]): boolean =>
  paths.slice(0, 8).some((path) => path.includes("[*]") || hasType(known, path, "array"));

const hasType = (known: Known, path: string, type: string): boolean =>
  known.arguments.some((argument) => argument.path === path && argument.types.includes(type));

/** What has a program in it that is run later, without anybody being asked. */
const RUN_LATER = setOf(
  "tool function job plugin trigger hook webhook workflow lambda worker task automation figma",
);

const placesPrograms = ({ name, prose }: Known, acts: Acts): boolean =>
  !acts.tells &&
  (name.words.some((word) => RUN_LATER.has(singular(word))) ||
    (prose.clauses[0] ?? []).some((word) => RUN_LATER.has(singular(word)) && word !== "tool"));

/** Words with which a tool is about programs. */
const PROGRAMS = setOf(
  "javascript js python script code eval evaluate typescript lua ruby php bash powershell groovy ipython jupyter notebook applescript osascript vba matlab octave julia elisp emacs lisp luau perl",
);
/** Arguments that are a program where the tool is about programs. */
const PROGRAM_NAMES = setOf(
  "fn function expression expr body source text input content statement cell program",
);

/** Behind "code" these say that a text about it is meant: `run_code_search { text }`. */
const OF_CODE = setOf("search review analysis quality coverage lookup style owners metrics smells conduct");

/** "Evaluate a postal code" runs nothing. */
const EVALUATES = setOf("eval evaluate");

const isAboutPrograms = (words: readonly string[]): boolean =>
  words.some(
    (word, at) =>
      PROGRAMS.has(word) &&
      !isShortCode(words, at) &&
      !(word === "code" && OF_CODE.has(words[at + 1] ?? "")) &&
      !(EVALUATES.has(word) && words.some((_word, other) => isShortCode(words, other))),
  );

const codeArguments = (known: Known): readonly string[] => {
  const named = pathsOf(known, "code");
  const about = isAboutPrograms(known.name.words) || isAboutPrograms(known.prose.clauses[0] ?? []);
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
        ((PAGE_SCRIPTS.has(name.toLowerCase()) && !about && !saysName({ description })) ||
          isRunTold(description)),
    )
    .map(({ path }) => path);

/** A program that is an option among others is run all the same (a script for the page that is read). */
const PAGE_SCRIPTS = setOf("script javascript js");

/** A list of objects that are commands, of which the schema says no more. */
const BATCHES = setOf("commands calls invocations tool_calls toolcalls");

const isBatch = ({ name, ofObjects }: KnownArgument): boolean => ofObjects && BATCHES.has(name.toLowerCase());

const toolArguments = (known: Known, acts: Acts): readonly string[] => {
  const told = namedTools(known, acts.runs);
  const only = acts.about && !acts.runs;
  const called = [...(only ? [] : (callsOf(known) ?? [])), ...(acts.asks ? toolsWithArguments(known) : [])];
  const found = [...new Set([...told, ...called])];
  return found.filter((path) => !found.some((other) => other.startsWith(`${path}[`)));
};

/** Where a name is that of what is called, whatever the tool is about. */
const IN_CALLS = /(?:calls|invocations|tool_?uses)\[\*\]\.name$/i;

const namedTools = (known: Known, runs: boolean): readonly string[] => {
  const aboutTools = known.name.words.some((word) => singular(word) === "tool");
  const batched = known.arguments.filter(
    (argument) => argument.path.includes("[*]") && carriesTool(argument, known),
  );
  if (!runs) {
    return batched
      .filter(({ name, path }) => name !== "name" || aboutTools || IN_CALLS.test(path))
      .map(({ path }) => path);
  }
  const named = known.arguments.filter(
    (argument) =>
      argument.values.length === 0 &&
      ((argument.kinds.includes("tool") && isToolName(argument, known.name)) ||
        (argument.name === "name" && aboutTools) ||
        (argument.name === "command" && carriesTool(argument, known)) ||
        isBatch(argument)),
  );
  return [...new Set([...named, ...batched])].map(({ path }) => path);
};
