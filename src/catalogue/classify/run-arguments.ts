import type { KnownArgument } from "./argument-kinds.ts";
import { commandLines } from "./calls.ts";
import { pathsOf, programLines } from "./carriers.ts";
import type { Known } from "./meta.ts";
import { nameWords, setOf, singular } from "./words.ts";

/** Arguments that are run, whatever the tool is about: a formatter's command, a program to call. */

/** Words with which a tool is about commands: a command is a text for it that it explains … */
const COMMANDS = setOf("command cmd cli shell bash powershell terminal script hook");
/** … or a word that it looks up, unless its text says that it is run. */
const LOOKUPS = setOf(
  "doc documentation manual man help history keyword tldr process job cron shortcut keybinding alias",
);
/** "Searches files with a shell command" is about files. */
const MEANS = setOf("with by via using through");

/** Commands that something else is done with, also where a tool is about commands. */
const DOERS =
  setOf(`formatter format lint linter test build pre post before after on hook start stop run exec execute diff
  editor pager filter preview open install setup init cleanup transform render convert export notify callback custom`);

/** What a text says of a program that is run … */
const TO_RUN =
  /\b(?:commands?|programs?|executables?|binar(?:y|ies)|shell scripts?)(?: lines?)?,? to (?:be )?(?:run|executed?|call|called|invoked?|started?|launch(?:ed)?)\b/i;
const IS_RUN =
  /\b(?:commands?|programs?|executables?|binar(?:y|ies)|shell scripts?)(?: lines?)?,? (?:that|which) (?:is|are|will be|gets?) (?:run|executed|called|started|invoked)\b/i;
/** … or of what a shell is given … */
const SHELL_TOLD =
  /\b(?:executed|run|evaluated|passed)\b[^.]{0,30}\b(?:shell|command line|subprocess|terminal|bash|powershell)\b/i;
/** A program that is given as an option: "a Python expression that is evaluated for every row". */
const LANGUAGE =
  /\b(?:javascript|js|typescript|python|lua|ruby|php|groovy|perl|elisp|lisp|julia|kotlin|powershell)\b/i;
const PROGRAM = /\b(?:code|functions?|expressions?|callback|predicate|snippet|program|lambda|script)\b/i;
const EVALUATED = /\b(?:execut|evaluat|run\b|runs\b|called|applied|invoked)/i;

/** "Name of the program that is run": one that is looked for. */
const NAMES = /^(?:the |an? )?(?:exact |full )?(?:names?|ids?|identifiers?|part) of\b/i;

/** What only points at something that is kept elsewhere, or says how long and where it runs. */
const POINTS = setOf("id ids name names timeout cwd dir directory index version description title");
/** Whatever is called so is run. */
const PROGRAMS =
  setOf(`exec shellcommand commandline shellscript bashcommand bashscript cliargs commandlineargs commandargs
  extraargs additionalargs rawargs extraflags cliflags`);

const isFree = ({ types, values, words, kinds }: KnownArgument): boolean =>
  values.length === 0 &&
  (types.length === 0 || types.includes("string") || types.includes("array")) &&
  !kinds.includes("identifier") &&
  !POINTS.has(words.at(-1) ?? "");

const tellsThatRun = ({ description }: KnownArgument): boolean =>
  description !== "" &&
  (TO_RUN.test(description) ||
    SHELL_TOLD.test(description) ||
    (IS_RUN.test(description) && !NAMES.test(description)));

const isAbout = ({ name, prose }: Known, known: ReadonlySet<string>): boolean =>
  [name.words, prose.clauses[0] ?? []].some((words) =>
    words.some(
      (word, at) =>
        known.has(singular(word)) &&
        !words.slice(Math.max(0, at - 3), at).some((before) => MEANS.has(before)),
    ),
  );

/** Paths of arguments of which their text says that they are run. */
export const commandsTold = (known: Known): readonly string[] => [
  ...started(known),
  ...known.arguments.filter((argument) => isFree(argument) && tellsThatRun(argument)).map(pathOf),
];

const EXECUTABLES = setOf("executable executablepath program programpath binary binarypath exe");
const GIVEN = setOf("args argv arguments cliargs commandargs");

/** Paths of arguments that name a program beside what that is given. */
const started = ({ arguments: all }: Known): readonly string[] =>
  all
    .filter(
      (argument) =>
        isFree(argument) &&
        EXECUTABLES.has(argument.words.join("")) &&
        argument.beside.some((other) => GIVEN.has(nameWords(other).join(""))),
    )
    .map(pathOf);

/** "It is not executed". */
const NOT_RUN = /\b(?:not|never|n't|without) (?:be |being )?(?:execut|evaluat|run)\w*/gi;

/** Whether a text says that a program is run. */
export const isRunTold = (text: string): boolean =>
  /\b(?:execut|evaluat|to run)/i.test(text.replaceAll(NOT_RUN, ""));

/** Ends of names of what is told of a command: `command_info`. */
const TOLD = setOf("info help doc manual page syntax usage description reference example summary");

export const tellsOfCommands = ({ name: { words } }: Known): boolean =>
  TOLD.has(singular(words.at(-1) ?? "")) &&
  words.some((word) => COMMANDS.has(singular(word)) || word === "man");

/** Words with which a tool is about programs: what it takes is a text for it. */
const TEXTS = setOf("code script function expression snippet program formula");

/** Paths of arguments of which their text says that they are programs which are run. */
export const codeTold = ({ name, arguments: all }: Known, about: boolean): readonly string[] =>
  about && name.words.some((word) => TEXTS.has(singular(word)))
    ? []
    : all
        .filter((argument) => isFree(argument) && argument.description.split(".").some(isEvaluated))
        .map(pathOf);

const isEvaluated = (sentence: string): boolean => {
  const language = sentence.search(LANGUAGE);
  const rest = language < 0 ? "" : sentence.slice(language);
  const program = rest.search(PROGRAM);
  return program >= 0 && EVALUATED.test(rest.slice(program).replaceAll(NOT_RUN, ""));
};

/** Paths of command lines in the arguments of a tool that looks things up, checks, explains or `keeps` them. */
export const runAnyway = (known: Known, keeps: boolean): readonly string[] => {
  const explains = isAbout(known, COMMANDS);
  const asks = keeps || explains || isAbout(known, LOOKUPS);
  const isText = ({ words }: KnownArgument): boolean =>
    !words.slice(0, -1).some((word) => DOERS.has(word) && !known.name.words.includes(word));
  const named = known.arguments.filter(
    (argument) => isFree(argument) && isCommand(argument) && !(asks && isText(argument)),
  );
  const texts = new Set(
    explains ? known.arguments.filter((argument) => isCommand(argument) && isText(argument)).map(pathOf) : [],
  );
  return [...named.map(pathOf), ...commandsTold(known).filter((path) => !texts.has(path))];
};

const pathOf = ({ path }: KnownArgument): string => path;

const isCommand = ({ kinds, words }: KnownArgument): boolean =>
  kinds.includes("command") || PROGRAMS.has(words.join(""));

/** With these a command is a word that is said to a thing or to people. */
const SAID = setOf("slash help voice bot discord telegram device light lamp remote ir");
const DEVICES = setOf("device_id deviceid device entity_id entityid light_id lightid");

export const commandArguments = (known: Known): readonly string[] => {
  const lines = commandLines(known);
  const commands = pathsOf(known, "command");
  const said =
    known.name.words.some((word) => SAID.has(word)) ||
    (known.name.words.includes("send") &&
      known.arguments.some(({ name }) => DEVICES.has(name.toLowerCase())));
  return said ? lines : [...new Set([...commands, ...programLines(known), ...lines])];
};
