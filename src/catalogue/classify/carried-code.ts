import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { isFreeText, reading, saysName, squash, type Doing } from "./free-texts.ts";
import { setOf, singular } from "./words.ts";

/** Program text in arguments of tools that are named after something else: what is evaluated can do anything. */

/** "JS expression", "a snippet of C#", and what a text says of where it is evaluated. */
const IN_LANGUAGE =
  /(?:^|[^\w])(?:javascript|js|typescript|python|lua|ruby|php|groovy|perl|elisp|lisp|julia|kotlin|powershell|csharp|gdscript|vba|applescript|matlab|pandas|numpy|polars|bpy|c#|f#)(?:[-\s](?:like|arrow|async|boolean|source))?\s+(?:code|snippets?|expressions?|lambdas?|functions?|scripts?|programs?|predicates?|callbacks?|conditions?|statements?)\b/i;
const OF_LANGUAGE =
  /\b(?:code|snippets?|expressions?|lambdas?|functions?|scripts?|programs?|predicates?|callbacks?|conditions?|statements?) (?:in|of) (?:javascript|js|typescript|python|lua|ruby|php|groovy|perl|elisp|lisp|julia|kotlin|powershell|csharp|gdscript|vba|applescript|matlab|pandas|numpy|polars|bpy|c#|f#)(?:\W|$)/i;
const EVALUATED_IN =
  /\b(?:evaluat|execut)\w* (?:in|on|inside|within|by|for|with) (?:the |a |an |each |every |its |that |python'?s? )*(?:(?:current|stack|selected|paused|target|host|remote|web) )?(?:page|frame|browser|context|debugg\w+|process|scope|row|interpreter|runtime|window|engine|console|element|eval|exec)\b/i;
const RUN_IN =
  /\b(?:code|functions?|scripts?|body|expressions?|snippets?|lambdas?) (?:that is |to be |which is )?(?:run|called|applied) (?:in|on|inside|within) (?:the |a |an |each |every )?(?:page|frame|browser|context|scope|window|engine|element|row|node)\b/i;
/** Programs that are options, also of tools that change something. */
const OPTION = /\b(?:expressions?|lambdas?|predicates?|callbacks?|arrow functions?)\b/i;
/** Verbs of tools that look for something else than a program. */
const FINDS = setOf("search find list lookup inspect suggest");
/** Languages that only pick out, and texts about a program. */
const PICKS =
  /\b(?:json-?path|jmespath|x-?path|jq|regex\w*|regular expressions?|glob|css|cron|cel|promql|lucene)\b/i;
const NOT_RUN = /\b(?:not|never|n't|without) (?:be |being |is )?(?:ever )?(?:execut|evaluat|run)\w*/i;
const TO_LOOK_AT =
  /\bto (?:be )?(?:analy[sz]e|check|lint|format|explain|review|parse|scan|validate|convert|translate|highlight|search|find|minify|describe|summari[sz]e|document|inspect|compare|look up|store|save)/i;

/** Words with which a tool is about programs: what it takes is a text for it. */
const ABOUT_PROGRAMS =
  setOf(`code script function expression snippet program formula source syntax bug test style complexity
  regex doc documentation help guide library package example tutorial vulnerability lint type sdk language`);
/** Names of arguments by which a program is given. */
const GIVEN =
  setOf(`code expression expr snippet script source query condition lambda fn func function formula predicate
  js javascript python statement body program macro filter transform mapper reducer`);
/** … and by which nothing else is. */
const ONLY_PROGRAMS =
  setOf(`python javascript lua ruby groovy gdscript csharp csharpcode snippet codesnippet lambda lambdaexpression jsexpression pythonexpression jsexpr pyexpr
  pythonlambda jsfunction transformcode mapfunction transformfunction predicatecode filtercode`);
/** What a program is applied to, when that is not itself the program. */
const APPLIED_TO = setOf(
  "file filepath path url data rows dataset dataframe df csv table page input sheet items records",
);

/** Engines that a text or a name is about, in which an expression is a program. */
const ENGINE =
  /\bruntime\.evaluate\b|\bdebugger\b|\b(?:stack|call) frame\b|\bbpy\b|\bpandas\b|\bpolars\b|\beval\(\)|\bexec\(\)|\b(?:python|javascript|js|groovy|lua|ruby) (?:expressions?|snippets?|lambdas?)\b/i;
const ENGINES = setOf("pandas polars bpy");
const BY_PROGRAM =
  /\b(?:by|with|using|through|via) (?:an?|your|the)? ?(?:own|custom|arbitrary|javascript|js|typescript|python|lua|ruby|php|groovy|perl|elisp|lisp|julia|kotlin|powershell|csharp|gdscript|vba|applescript|matlab|pandas|numpy|polars|bpy|c#|f#) (?:code|snippets?|expressions?|lambdas?|functions?|scripts?|programs?|predicates?|callbacks?|conditions?|statements?|macros?)\b/i;

/** Verbs of tools that do nothing but compute what they are told. */
const COMPUTES = setOf("compute calculate calc process transform evaluate run sandbox data result");

/** Template languages in which a template is a program. */
const TEMPLATES =
  /\b(?:jinja2?|ejs|erb|nunjucks|twig|freemarker|velocity|mako|pug|razor|thymeleaf|groovy)\b/i;
const TEMPLATE_NAMES = setOf("template templatesource templatestring templatetext source content text tpl");
const RENDERS = setOf("render evaluate expand compile preview process fill apply test");

const saysProgram = ({ description }: KnownArgument): boolean =>
  !PICKS.test(description) &&
  !NOT_RUN.test(description) &&
  !TO_LOOK_AT.test(description) &&
  (IN_LANGUAGE.test(description) ||
    OF_LANGUAGE.test(description) ||
    RUN_IN.test(description) ||
    EVALUATED_IN.test(description));

/** Whether a program is applied to something rather than looked at. */
const isMeans = ({ name }: Known, argument: KnownArgument, acts: Doing): boolean =>
  !name.words.some((word) => ABOUT_PROGRAMS.has(singular(word))) &&
  (!acts.about ||
    FINDS.has(name.verb ?? "") ||
    argument.beside.some((other) => other !== argument.name && APPLIED_TO.has(squash(other))));

const isAboutEngine = ({ name, description }: Known, text: string): boolean =>
  name.words.some((word) => ENGINES.has(word)) || ENGINE.test(text) || BY_PROGRAM.test(description);

/** Paths of the arguments that are programs, whatever the tool is named. */
export const carriedCode = (known: Known, acts: Doing, text: string): readonly string[] => {
  const reads = reading(known, acts);
  const engine = isAboutEngine(known, text) && !NOT_RUN.test(text) && !PICKS.test(text);
  return known.arguments
    .filter(
      (argument) =>
        isFreeText(argument) &&
        !saysName(argument) &&
        isMeans(known, argument, acts) &&
        (reads
          ? isProgram(known, argument, engine)
          : saysProgram(argument) && OPTION.test(argument.description)),
    )
    .map(({ path }) => path);
};

const isProgram = ({ name }: Known, argument: KnownArgument, engine: boolean): boolean => {
  const called = squash(argument.name);
  const bare = name.words.every((word) => COMPUTES.has(word));
  return (
    saysProgram(argument) ||
    ((engine || ONLY_PROGRAMS.has(called)) &&
      (GIVEN.has(called) || ONLY_PROGRAMS.has(called)) &&
      !PICKS.test(argument.description)) ||
    (bare && argument.kinds.includes("code"))
  );
};

/** Paths of templates that are given whole, in a language whose templates are programs. */
export const carriedTemplates = (known: Known, _acts: Doing, text: string): readonly string[] => {
  const { words, verb = "" } = known.name;
  const renders = RENDERS.has(verb) || RENDERS.has(singular(known.prose.clauses[0]?.[0] ?? ""));
  const named = words.some((word) => TEMPLATES.test(word)) || TEMPLATES.test(text);
  return known.arguments
    .filter(
      (argument) =>
        renders &&
        isFreeText(argument) &&
        TEMPLATE_NAMES.has(squash(argument.name)) &&
        !saysName(argument) &&
        (named || TEMPLATES.test(argument.description)),
    )
    .map(({ path }) => path);
};
