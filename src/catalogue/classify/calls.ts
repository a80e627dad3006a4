import type { KnownArgument } from "./argument-kinds.ts";
import { isProgram } from "./carriers.ts";
import type { NameReading } from "./name-signs.ts";
import type { ProseReading } from "./prose-signs.ts";
import { formsOf, list, nameWords, setOf, singular } from "./words.ts";

/** Tools that call what they are told by a name beside what it is to be given, however the two are called. */

interface Told {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly arguments: readonly KnownArgument[];
}

/** Names of arguments, in small letters only, that say what is called. */
const CALLED =
  setOf(`tool toolname toolid toolslug toolkey method methodname function functionname fn fnname action actionname
  actionid actionkey actionslug op operation operationname operationid command commandname cmd recipientname procedure rpc skill
  skillname plugin pluginname capability capabilityname`);
/** … where the tool is about nothing else. */
const CALLED_PERHAPS = setOf("name target id slug key");
/** Those that are a tool's, and nothing else's. */
const TOOL_NAMES = setOf("tool toolname toolslug toolkey");

/** Several of them, which are called one after the other. */
const TOOL_LISTS = setOf("tools toolnames toolslugs toolchain");

/** What it is given. */
const GIVEN =
  setOf(`arguments args argument params parameters param kwargs payload input inputs body toolinput toolarguments toolargs
  toolparams toolparameters functionargs functionarguments functionparams functioninput actionargs actionparams
  actionparameters actioninput operationargs operationparams argsjson argumentsjson paramsjson commandargs methodargs`);
/** Of these a text is more often what is read or written than what a call is given. */
const TEXTS = setOf("input inputs body payload argument param");

const squash = (name: string): string => nameWords(name).join("");

const CALLS = new Set(
  list("call invoke run execute use proxy dispatch batch schedule trigger perform").flatMap((verb) =>
    formsOf(verb).map(([form]) => form),
  ),
);
const CALL_WORDS: ReadonlySet<string> = new Set([
  ...CALLS,
  ...list("exec rpc jsonrpc multi chain pipe compose forward replay retry map foreach repeat"),
]);
/** What is called. */
const CALLABLE = setOf("tool function operation method command action rpc procedure skill plugin capability");
/** Words that leave open what a tool is about. */
const EMPTY = setOf("mcp api server any generic remote tool function operation method command action json");

interface About {
  /** Its name says that it calls. */
  readonly calls: boolean;
  /** Name or text are about tools, functions and the like. */
  readonly callable: boolean;
  /** Its name names nothing else. */
  readonly bare: boolean;
}

const isCallable = (word: string): boolean => CALLABLE.has(singular(word));

/** A method of which a text tells is more often a way to do something, unless it is called. */
const isAboutCalls = ({ name, prose }: Told): boolean => {
  const [clause = []] = prose.clauses;
  return (
    name.words.some(isCallable) ||
    clause.some(
      (word) =>
        isCallable(word) && (singular(word) !== "method" || clause.some((other) => CALL_WORDS.has(other))),
    )
  );
};

const aboutOf = (told: Told): About => {
  const { words } = told.name;
  return {
    calls: words.some((word) => CALL_WORDS.has(word)),
    callable: isAboutCalls(told),
    bare: words.every((word) => CALL_WORDS.has(word) || EMPTY.has(singular(word))),
  };
};

const parentOf = (path: string, name: string): string =>
  path.endsWith(`.${name}`)
    ? path.slice(0, -name.length - 1)
    : path.slice(0, Math.max(0, path.lastIndexOf("[")));

/** Whether an argument takes whatever a call is given: its schema names no members. */
const isOpen = ({ path, name, types, values }: KnownArgument, outer: ReadonlySet<string>): boolean => {
  const text = types.length > 0 && !types.includes("object") && !types.includes("array");
  const fits = text ? types.includes("string") && values.length === 0 && !TEXTS.has(squash(name)) : true;
  return fits && !outer.has(path);
};

/** Places of which the schema names members. */
const outerOf = (all: readonly KnownArgument[]): ReadonlySet<string> =>
  new Set(all.map(({ path, name }) => parentOf(path, name)));

/** With an address beside it a method is one of HTTP. */
const ADDRESSES = setOf("url uri endpoint");

/** Arguments that name what is called, with what it is given beside them. */
const called = (told: Told, about: About): readonly KnownArgument[] => {
  const all = told.arguments;
  const named = all.filter((argument) => GIVEN.has(squash(argument.name)));
  if (named.length === 0) {
    return [];
  }
  const outer = outerOf(all);
  const given = named.filter((argument) => isOpen(argument, outer));
  const places = new Set(given.map(({ path, name }) => parentOf(path, name)));
  const chosen = all.filter(({ name, values }) => values.length > 0 && CALLED.has(squash(name)));
  if (!about.calls && chosen.some(({ name }) => !TOOL_NAMES.has(squash(name)))) {
    // `manage_functions { operation: create | drop, function_name, parameters }` calls none.
    return [];
  }
  return all.filter(
    (argument) =>
      mayBeCalled(argument, about) &&
      !isProgram(argument, told) &&
      places.has(parentOf(argument.path, argument.name)) &&
      !argument.beside.some((other) => ADDRESSES.has(squash(other))),
  );
};

const mayBeCalled = ({ name, types, values }: KnownArgument, { bare }: About): boolean => {
  const called = squash(name);
  return (
    (CALLED.has(called) || (CALLED_PERHAPS.has(called) && bare)) &&
    (types.length === 0 || types.includes("string")) &&
    // What only chooses among a few of the tool's own doings is judged by those.
    (values.length === 0 || TOOL_NAMES.has(called))
  );
};

/** Names that are as often those of other things (`operation_id` of a mission). */
const VAGUE = setOf("toolid actionname commandname operationid");

/** Whether an argument with a tool's name is one in this tool. */
export const isToolName = ({ name, beside }: KnownArgument, { words }: NameReading): boolean =>
  !VAGUE.has(squash(name)) ||
  words.some((word) => CALL_WORDS.has(word)) ||
  beside.some((other) => GIVEN.has(squash(other)));

/** Lists of calls of which the schema says no more. */
const BATCHED = setOf("commands calls invocations toolcalls tooluses requests operations actions");

const batches = ({ arguments: all }: Told): readonly KnownArgument[] => {
  const found = all.filter(({ name, ofObjects }) => ofObjects && BATCHED.has(squash(name)));
  const outer = found.length === 0 ? new Set() : outerOf(all);
  return found.filter(({ path }) => !outer.has(`${path}[*]`));
};

/** "Runs a tool", "Calls one of the tools": the words between, of which none says which. */
const BETWEEN = setOf(
  "a an any one of the other another named given specified mcp remote several multiple many more",
);

const callsTools = (words: readonly string[], from: number): boolean => {
  const rest = words.slice(from);
  const at = rest.findIndex((word) => !BETWEEN.has(word));
  // "Run the tool" and "use this tool" speak of the tool itself.
  return singular(rest[at] ?? "") === "tool" && !(at === 1 && rest[0] === "the");
};

/** Names without word boundaries. */
const GLUED = /^(?:run|call|invoke|execute|exec|use)(?:mcp)?tools?$/;

/** Whether a tool says of itself that it runs tools, whatever its schema says. */
const runsTools = ({ name, prose }: Told): boolean => {
  const first = prose.clauses[0] ?? [];
  return (
    name.words.some(
      (word, at) => GLUED.test(word) || (CALL_WORDS.has(word) && callsTools(name.words, at + 1)),
    ) ||
    (CALLS.has(first[0] ?? "") && first[0] !== "use" && callsTools(first, 1))
  );
};

/** Paths of the arguments that say what it calls; `undefined` where it calls nothing. None: it does not say in which. */
export const callsOf = (told: Told): readonly string[] | undefined => {
  const about = aboutOf(told);
  const self = runsTools(told);
  if (!about.calls && !about.callable && !self) {
    return undefined;
  }
  const enumerated = told.arguments.filter(
    ({ name, types }) =>
      self && TOOL_NAMES.has(squash(name)) && (types.length === 0 || types.includes("string")),
  );
  const listed = told.arguments.filter(
    ({ name, types, values }) =>
      TOOL_LISTS.has(squash(name)) && types.includes("array") && values.length === 0,
  );
  const found = [
    ...called(told, about),
    ...enumerated,
    ...(about.calls ? [...batches(told), ...listed] : []),
  ];
  const paths = [...new Set(found.map(({ path }) => path))];
  return paths.length > 0 || self ? paths : undefined;
};

/** What is no name of a tool by itself: beside it stands whatever an object of the schema is for. */
const PLAIN = setOf("method op operation action function fn command cmd procedure rpc");

/**
 * Paths of a tool's name where whatever that would be given stands beside it, in a tool that says that it only asks
 * about tools. To tell of one, nothing of this is needed.
 */
export const toolsWithArguments = (told: Told): readonly string[] => {
  const tools = told.name.words.some((word) => singular(word) === "tool");
  const outer = outerOf(told.arguments);
  const given = told.arguments.filter(
    (argument) =>
      GIVEN.has(squash(argument.name)) &&
      isOpen(argument, outer) &&
      !(argument.types.includes("array") && !argument.types.includes("object") && !argument.ofObjects),
  );
  const objects = new Set(
    (isAboutCalls(told) ? given : []).filter(({ types }) => types.includes("object")).map(placeOf),
  );
  const places = new Set(given.map(placeOf));
  return called(told, { calls: false, callable: true, bare: tools })
    .filter((argument) => (PLAIN.has(squash(argument.name)) ? objects : places).has(placeOf(argument)))
    .map(({ path }) => path);
};

const placeOf = ({ path, name }: KnownArgument): string => parentOf(path, name);

/** Programs that do whatever their arguments say. */
const PROGRAMS =
  setOf(`kubectl git docker helm aws gcloud az gh npm npx pnpm yarn terraform bash sh zsh powershell
  curl psql ssh adb ansible podman systemctl make cargo pip uv cli terminal shell ffmpeg ffprobe magick rg grep sed
  awk rsync wget nmap openssl cmake gradle mvn dotnet brew apt perl ruby`);
const ARGUMENTS = setOf("args arguments argv cliargs commandargs");

/** Paths of free arguments of a program that is a command line: `kubectl { args }`. */
export const commandLines = ({ name, arguments: all }: Told): readonly string[] => {
  if (!name.words.some((word) => PROGRAMS.has(word))) {
    return [];
  }
  const lines = all.filter(
    ({ name: called, path, values, types }) =>
      ARGUMENTS.has(squash(called)) &&
      values.length === 0 &&
      !types.includes("object") &&
      parentOf(path, called) === "args",
  );
  const outer = outerOf(all);
  return lines.filter((argument) => isOpen(argument, outer)).map(({ path }) => path);
};
