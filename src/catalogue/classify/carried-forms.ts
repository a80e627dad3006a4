import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, reading, saysName, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf, singular } from "./words.ts";

/** Programs, queries and argument lines that are known by the form of what is said of them. */

type Find = (known: Known, acts: Doing, text: string) => readonly string[];

/** Words that are the name of a programming language, a template language or a script engine, and nothing else. */
const LANGUAGES =
  setOf(`javascript js typescript python py ipython ironpython lua luau ruby php groovy perl elisp julia kotlin powershell csharp gdscript
  vba vbscript applescript matlab octave mel maxscript playwright puppeteer erb ejs handlebars jinja jinja2 nunjucks
  mustache freemarker velocity liquid tcl autohotkey wasm bash clojure scheme haskell ocaml erlang elixir
  starlark rego dynamo grasshopper jsx qml autolisp apex abap cobol fortran rscript nushell`);
/** Languages that are told from other words by how they are written: "R code", "GDScript lines", "IronPython body". */
const WRITTEN =
  /(?:^|[\s(/])(?:R|JS|TS|VBA|MEL|EJS|ERB|gdb|lldb|[A-Z]\w*(?:Script|Python|Lisp|Lua|Basic)|GDScript)(?:\s*\/\s*\w+)?[\s-]+(?:code|lines?|body|source|expressions?|scripts?|statements?|snippets?|functions?|predicates?|programs?|that\b|which\b|returning\b|to (?:run|evaluate)\b)/;
const NAMED =
  /\b(?:handlebars|ejs|erb|jinja2?|nunjucks|freemarker|velocity|liquid|javascript|typescript|python|ironpython|lua|ruby|groovy|perl|julia|tcl|matlab|gdscript|maxscript)(?:\s*\/\s*\w+)?[\s-]+(?:code|lines?|body|source|expressions?|scripts?|statements?|snippets?|functions?|predicates?|programs?|returning\b)/i;
/** "Any expression in the debuggee's language", "Function body, run in the page", "function calls are allowed". */
const EVALUATED =
  /\bexpressions? in (?:the |an? )?[\w']+'?s? (?:own )?language\b|\b(?:function )?(?:body|code|expression|source|snippet|template),? (?:that is |which is |to be |is )?(?:run|evaluated|executed|rendered|compiled) (?:in|on|inside|by|within) the (?:page|server|browser|frame|process|host|engine|debugger|backend)\b|\b(?:function|method) calls (?:are|is) (?:allowed|possible|permitted)\b|\bmay call functions\b/i;
const TO_LOOK_AT =
  /\b(?:not|never|without) (?:\w+ )?(?:execut|evaluat|run\b|rendered)|\bto (?:be )?(?:analy[sz]ed?|check|lint|format|explain|review|parse|scan|validate|convert|translate|highlight|search|find|describe|summari[sz]e|document|compare|look)/i;
/** Words with which a tool is about programs: what it takes is a text for it. */
const ABOUT =
  setOf(`code script function snippet program formula source syntax bug test style complexity doc documentation help
  guide library package example tutorial vulnerability lint type sdk language version format convert transpile component`);

/** Paths of programs, in a language that their name or their text names. */
export const programsByForm: Find = (known, acts) =>
  !reading(known, acts) || known.name.words.some((word) => ABOUT.has(singular(word)) && word !== "format")
    ? []
    : known.arguments
        .filter(
          (one) =>
            isTop(one) &&
            isFreeText(one) &&
            !saysName(one) &&
            !TO_LOOK_AT.test(one.description) &&
            (isInLanguage(one) ||
              WRITTEN.test(one.description) ||
              NAMED.test(one.description) ||
              EVALUATED.test(one.description)),
        )
        .map(({ path }) => path);

/** `describe_excel { vba }`, of which nothing else is said. */
const isInLanguage = ({ name, description, types }: KnownArgument): boolean =>
  types.includes("string") &&
  (LANGUAGES.has(squash(name)) || squash(name) === "r") &&
  (description === "" ||
    /\b(?:code|script|source|body|program|statement|run|evaluat|execut)/i.test(description));

/** What a query may be beside a question, as its text says. */
const WRITES =
  /\bmutations?\b|\bcontrol commands?\b|\brunCommand\b|\bgraphql operation\b|\b(?:insert|update|delete|upsert|merge)(?:,|\s*\/| or| and) (?:insert|update|delete|ddl|drop|upsert)\b|\bany (?:sql |cypher )?statements?\b|\bddl\b|\bdml\b/i;
const ONLY_READS =
  /\b(?:no|not|never|only|without|n't|read-?only|cannot|rejected|blocked|forbidden|except)\b/i;
const QUERIES =
  setOf(`gql graphql operation document query statement statements command kql flux sql cypher aql cql q request mutation
  querytext text expression`);
/** Languages that write by a function of theirs; a word of the name says that it is one of these. */
const WRITERS = setOf("flux surql n1ql cql aql");
const SQL_NAMES = setOf(
  "mysql postgres postgresql sqlite mariadb mssql duckdb clickhouse oracle neo4j cypher sql",
);

/** GraphQL by its plain name is seen to as a request (`free-requests.ts`). */
const isSeenElsewhere = ({ name, description }: KnownArgument): boolean =>
  squash(name) === "query" && /\bgraphql\b/i.test(description);

/** Paths of queries of which their own text says that they write, or nothing that they only read. */
export const queriesByForm: Find = ({ name: { words }, prose, arguments: all }, _acts, text) =>
  prose.claimsReadOnly || ONLY_READS.test(text)
    ? []
    : all
        .filter(
          (one) =>
            isTop(one) &&
            isFreeText(one) &&
            QUERIES.has(squash(one.name)) &&
            !ONLY_READS.test(one.description) &&
            !isSeenElsewhere(one) &&
            (WRITES.test(one.description) ||
              (WRITERS.has(squash(one.name)) && one.types.includes("string")) ||
              (squash(one.name) === "statement" && words.some((word) => SQL_NAMES.has(word)))),
        )
        .map(({ path }) => path);

const WRITES_AND_RUNS =
  /\b(?:writ|generat|build|compos|creat|translat)\w* [^.]{0,40}\b(?:sql|cypher|quer(?:y|ies)|statements?)\b[^.]{0,30}\band (?:then )?(?:execut|run)\w*/i;

/** "… by writing a SQL statement and running it": what is asked becomes a statement. */
export const questionsByForm: Find = ({ prose, arguments: all }, _acts, text) =>
  WRITES_AND_RUNS.test(text) && !prose.claimsReadOnly && !ONLY_READS.test(text)
    ? all
        .filter((one) => isTop(one) && isFreeText(one) && ASKED.has(squash(one.name)))
        .map(({ path }) => path)
    : [];
const ASKED = setOf("question prompt request query text input q instruction message ask wish");

const RUN_SWITCH =
  /^(?:really |actually |also |whether to (?:actually |really )?|if true,? )*(?:runs?|executes?|analy[sz]es?) (?:it|the (?:query|statement|sql))\b/i;

/** `show_plan { sql, run: "Really run it" }`. */
export const sqlReallyRun = (known: Known, sql: readonly string[]): readonly string[] =>
  !known.prose.claimsReadOnly &&
  known.arguments.some(({ types, description }) => types.includes("boolean") && RUN_SWITCH.test(description))
    ? sql
    : [];

const PROGRAMS = setOf(
  "git docker kubectl helm rg ripgrep grep find curl wget ffmpeg ffprobe nmap pandoc rsync tshark ls ps tar awk sed jq fd ssh psql npm pip cargo make terraform adb openssl aws gcloud az gh",
);
/** "Switches for ripgrep", "Whatever else goes to git show". */
const GOES_TO =
  /\b(?:(?:switches|flags|arguments|args|options|parameters|words|operands) (?:for|of|to)|(?:goes|go|passed|handed|given|appended|added|fed) (?:on |straight |verbatim |as is )*to) (?:the )?(?:(?:git|docker|kubectl|helm|rg|ripgrep|grep|find|curl|wget|ffmpeg|ffprobe|nmap|pandoc|rsync|tshark|ls|ps|tar|awk|sed|jq|fd|ssh|psql|npm|pip|cargo|make|terraform|adb|openssl|aws|gcloud|az|gh)\b|underlying (?:command|program|tool|binary))/i;
/** What comes behind all that is asked for, in a tool that is named after a program. */
const REST = setOf(
  "rest tail more extra trailing switches passthrough remaining others words operands suffix append",
);
const STARTS =
  /^(?:the |an? |optional |external )*(?:executables?|binar(?:y|ies)|programs?) (?:that|which|used|with which|by which)\b/i;
const STARTED = setOf("difftool mergetool pager");
const DIRECTORIES = setOf("dir directory file files folder process processes ls ps grep find");

/** Whether an argument of a tool that is about such things is handed to a program, or is one that is started. */
const isHanded = (one: KnownArgument, program: boolean, machine: boolean): boolean => {
  const called = squash(one.name);
  return (
    GOES_TO.test(one.description) ||
    STARTS.test(one.description) ||
    (one.types.includes("array") && program && REST.has(called)) ||
    (called === "switches" && machine) ||
    (STARTED.has(called) && one.types.includes("string"))
  );
};

/** Paths of what is handed to a program, and of programs that are started. */
export const linesByForm: Find = ({ name: { words }, arguments: all }) => {
  const program = words.some((word) => PROGRAMS.has(word));
  const machine = program || words.some((word) => DIRECTORIES.has(word));
  return all
    .filter((one) => isTop(one) && isFreeText(one) && !one.ofObjects && isHanded(one, program, machine))
    .map(({ path }) => path);
};

/** "compute.instances.delete": a method of a service, beside what it is given. */
const METHOD =
  /\b[a-z]\w+\.[a-z]\w+\.(?:delete|insert|create|update|patch|set\w*|stop|start|remove|add\w*)\b/i;
const GIVEN = setOf("body params parameters payload request args arguments input");

export const methodsByForm: Find = ({ prose, arguments: all }) =>
  prose.claimsReadOnly
    ? []
    : all
        .filter(
          (one) =>
            isTop(one) &&
            isFreeText(one) &&
            METHOD.test(one.description) &&
            one.beside.some((other) => GIVEN.has(squash(other))),
        )
        .map(({ path }) => path);

/** "An AI who can use the terminal", "the agent that edits the repository", "… which may restart services". */
const ABLE =
  /\b(?:(?:sub-?)?agents?|assistants?|ai|bots?|copilot|codex|claude|devin|aider|llm)\b,? (?:that|who|which|with)? ?(?:(?:can|may|will|could|is able to|is allowed to|also|then) )*(?:uses?|edits?|runs?|restarts?|changes?|operates?|controls?|executes?|commits?|deploys?|writes? to|access to) (?:the |your |its |any |all |a )?(?:\w+ )?(?:terminal|shell|tools?|repository|repo|codebase|files?|services?|servers?|commands?|machines?|computer|browser|cluster|system|code)\b/i;
const OPERATORS = /\b(?:operator|ops|sre|devops|operations) (?:bot|agent|assistant|ai)\b/i;
const PEOPLE = /\b(?:human|live|support|service|sales|estate|travel|insurance) (?:agents?|assistants?)\b/i;
const KNOWN = setOf("codex devin aider openhands autogpt");
const WORKPLACES = setOf("cwd workdir workspace repo directory");
const TOLD = setOf("question message prompt request text query task input instruction wish brief what ask");
const LOOKS = setOf(
  "list search find recommend suggest match describe create update delete save register count score rate classify summarize compare validate track assign schedule",
);

/** Paths of what is asked of somebody who can do more than answer. */
export const askedOfDoers: Find = ({ name: { words, verb = "" }, arguments: all }, _acts, text) => {
  const works = words.some((word) => KNOWN.has(word)) && all.some(({ name }) => WORKPLACES.has(squash(name)));
  return !LOOKS.has(verb) &&
    !PEOPLE.test(text) &&
    (works || ABLE.test(text) || (OPERATORS.test(text) && ASKS.test(text)))
    ? all.filter((one) => isTop(one) && isFreeText(one) && TOLD.has(squash(one.name))).map(({ path }) => path)
    : [];
};
const ASKS = /^\W*(?:asks?|tells?|consults?|instructs?|has|lets?|questions?|messages?|prompts?)\b/i;
