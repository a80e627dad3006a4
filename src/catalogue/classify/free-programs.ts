import type { MetaTool } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import type { NameReading } from "./name-signs.ts";
import type { Clause } from "./prose-clauses.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** What is needed to see a program or a request that its caller writes, in a tool that is said to read. */
export interface Given {
  readonly name: NameReading;
  readonly clauses: readonly Clause[];
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
  readonly sql: readonly string[];
}

export interface FreeProgram {
  readonly sign: Sign;
  /** What it makes of the tool, unless a request is all that its caller writes. */
  readonly meta: MetaTool | undefined;
}

/** What its schema takes and its text does not tell, or only beside: programs, command lines, requests. */
export const freeProgram = (given: Given): FreeProgram | undefined => {
  const free = given.arguments.filter(isFree);
  for (const { says, find, runs } of LOOKED_FOR) {
    const argument = find(given, free);
    if (argument !== undefined) {
      const sign: Sign = {
        class: "execute",
        weight: 2 * WEIGHTS.decisive,
        from: "argument",
        found: argument.path.slice(0, 80),
        says,
      };
      return { sign, meta: metaOf(argument, runs?.(argument)) };
    }
  }
  return undefined;
};

const metaOf = ({ path, types }: KnownArgument, runs: MetaTool["runs"] | undefined): MetaTool | undefined =>
  runs && { runs, arguments: [path], batch: path.includes("[*]") || types.includes("array") };

const isFree = ({ types, values }: KnownArgument): boolean =>
  values.length === 0 && (types.length === 0 || types.includes("string") || types.includes("array"));

type Find = (given: Given, free: readonly KnownArgument[]) => KnownArgument | undefined;

/** Names of arguments that are nothing but a program or a command line. */
const PROGRAMS =
  setOf(`shell_command shellcommand shell_script bash bash_command bash_script bash_code sh_command
  command_line commandline argv powershell powershell_script python_code pythoncode py_code js_code jscode
  javascript_code javascript command_to_run code_to_run script_to_run code_to_execute command_to_execute
  script_to_execute exec eval`);

/** Verbs for which a program is only a text. */
const TEXTS =
  setOf(`explain validate parse lint check format analyze analyse review convert translate highlight
  summarize compare detect beautify prettify minify document classify score tokenize inspect describe estimate
  transpile compile save store add create update`);

const RUNS_IT =
  /\b(?:by|after) (?:running|executing|evaluating)\b|\b(?:runs?|running|executes?|executing|evaluates?) (?:the|a|this|your|any) (?:given |provided |supplied |specified )?(?:shell |python |javascript )?(?:command|code|script|program)\b/i;
const WRITE_IT =
  /\bwrite (?:an? |your |some |the )?(?:async(?:hronous)? |small |short )?(?:javascript|js|typescript|python|lua|ruby|bash|shell|code|script|program)\b/i;

const program: Find = ({ name, description, arguments: args }, free) => {
  const texts = TEXTS.has(name.verb ?? "");
  const strong = free.find((argument) => PROGRAMS.has(argument.name.toLowerCase()));
  const carries = free.find(({ kinds }) => kinds.includes("code") || kinds.includes("command"));
  const runs = args.some((argument) => argument === carries && RUNS_IT.test(argument.description));
  const said = runs || RUNS_IT.test(description) || WRITE_IT.test(description);
  return said ? (carries ?? (texts ? undefined : strong)) : texts ? undefined : strong;
};

/** Programs that do what their arguments say. */
const COMMANDS =
  setOf(`curl wget rg grep sed awk git docker kubectl helm terraform aws gcloud az npm npx pip make ssh
  find ffmpeg psql mysql redis_cli openssl nmap bash sh python node perl`);
const LINES = setOf("args arguments argv flags argument command cmd code script");

const commandLine: Find = ({ name: { words } }, free) =>
  words.length === 1 && COMMANDS.has(words[0] ?? "")
    ? free.find(({ name }) => LINES.has(name.toLowerCase()))
    : undefined;

const METHODS = setOf("method http_method httpmethod verb request_method requestmethod");
const TARGETS = setOf("url uri path endpoint resource route href");
const OPTIONS = setOf("options init request requestinit fetch_options config");

const request: Find = ({ arguments: args, clauses }, free) => {
  const target = args.find(({ name }) => TARGETS.has(name.toLowerCase()));
  const options = args.find(
    ({ name, types }) => OPTIONS.has(name.toLowerCase()) && !types.includes("boolean"),
  );
  const told = clauses.some((clause) => clause.some((word) => word === "method" || word === "methods"));
  const method = free.find(({ name }) => METHODS.has(name.toLowerCase()));
  return target === undefined ? undefined : (method ?? (told ? options : undefined));
};

const RUNS = setOf("execute exec run perform");
/** What is read, in the sentence that says it: "executes a read-only query", and not "this tool is read-only". */
const ASKED = setOf("query queries sql statement statements select");
const READS = setOf("read select readonly read-only explain describe");

/** One sentence that says that it only reads does not outweigh a name that executes any SQL. */
const statement: Find = ({ name: { words }, clauses, sql, arguments: args }) => {
  const runs = words.some((word) => RUNS.has(word)) && !words.some((word) => READS.has(word));
  const texts = [
    ...clauses,
    ...args.map(({ words: own, description }) => [...own, ...description.toLowerCase().split(/[^a-z-]+/)]),
  ];
  const reads = (text: Clause): boolean => text.some((word) => READS.has(word));
  const first = clauses[0] ?? [];
  const supported = (reads(first) && first.some((word) => ASKED.has(word))) || texts.filter(reads).length > 1;
  return runs && !supported
    ? args.find(({ path, kinds }) => path === sql[0] && kinds.includes("sql"))
    : undefined;
};

const PROGRAM_TEXTS = setOf("code script javascript js python py eval");
const SHELLS = setOf("bash sh shell powershell command");

/** Whether what it takes is a program, or a command line. */
const programRuns = ({ words, kinds }: KnownArgument): MetaTool["runs"] =>
  !words.some((word) => SHELLS.has(word)) &&
  (kinds.includes("code") || words.some((word) => PROGRAM_TEXTS.has(word)))
    ? "code"
    : "commands";

const LOOKED_FOR: readonly {
  readonly says: string;
  readonly find: Find;
  readonly runs?: (argument: KnownArgument) => MetaTool["runs"];
}[] = [
  {
    find: program,
    says: "It takes a program or a command line, so it can be told to do anything.",
    runs: programRuns,
  },
  {
    find: commandLine,
    says: "It takes a command line for a program that can do more than read.",
    runs: () => "commands",
  },
  { find: request, says: "Its caller chooses the method of a request, so it can change what it is sent to." },
  {
    find: statement,
    says: "It executes any SQL, and hardly anything says that it only reads.",
    runs: () => "sql",
  },
];
