import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, saysName, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf } from "./words.ts";

/** Tools that are said to run programs, tools or plans: whatever they are given is what is run, however it is called. */

/** "Runs a shell command", "Executes Python code": the words between say which, and that it is not one that is kept. */
const RUNS_PROGRAMS =
  /^\W*(?:runs?|executes?|executing|evaluates?|evals?|launch(?:es)?|interprets?|performs?|processes)\s+(?:(?:an?|the|any|some|one|your|given|provided|supplied|arbitrary|raw|several|multiple|many|more|shell|bash|zsh|sh|powershell|terminal|console|system|os|linux|unix|windows|cmd|remote|custom|free|python3?|javascript|typescript|js|node|nodejs|lua|ruby|perl|php|r|julia|groovy|sql|cypher|sqlite|postgres|postgresql|mysql|ad-hoc|arbitrary)[\s,/]+)*(?:(?:commands?|command[- ]lines?|code|scripts?|snippets?|sql|bash|powershell|python|javascript)(?![\w-])|(?:shell|sql|cypher|python|javascript|bash)\s+(?:lines?|statements?|batches|quer(?:y|ies)|programs?|text)(?![\w-]))(?!\s+(?:search|review|analysis|quality|coverage|lookup|style|metrics|smells|interpreter tests|tests?|of|from|by|in (?:the )?(?:catalog|package)|named|called|with (?:the|its) (?:id|name)|against|palette|history|generation|completion|block by|id|ids|name)\b)/i;
const SAVED =
  /\b(?:saved|stored|existing|predefined|pre-defined|allow(?:ed|-?list\w*)|whitelisted|registered|npm|package\.json|built-?in|menu)\b/i;
/** How something is run, or where, or what it is known by: none of this is itself what is run. */
const HOW =
  setOf(`timeout timeoutms timeoutseconds cwd workdir workingdir workingdirectory dir directory folder path file
  filepath language lang runtime shell env environment session sessionid name title description host hostname server database db
  databasename schema user username password token format encoding version limit offset project projectid workspace region
  container containerid pod namespace device deviceid target targetid tab tabid kernel kernelid connection
  connectionid connectionstring output outputformat reason explanation comment label cluster instance instanceid note`);

const isWhat = (argument: KnownArgument): boolean =>
  isTop(argument) &&
  isFreeText(argument) &&
  !saysName(argument) &&
  !HOW.has(squash(argument.name)) &&
  !argument.kinds.some((kind) => kind === "url" || kind === "host" || kind === "secret");

const firstOf = (text: string): string => text.split(/[.!?\n]/, 1)[0] ?? "";

/** Kinds of programs, by the words with which they are said to be run. */
const SAYS = { code: /\b(?:code|scripts?|snippets?|javascript|python|lua)\b/i, sql: /\b(?:sql|cypher)\b/i };

const programsOf = (known: Known, text: string): readonly string[] => {
  const first = firstOf(text);
  return RUNS_PROGRAMS.test(first) && !SAVED.test(first) && !known.prose.claimsReadOnly
    ? known.arguments.filter(isWhat).map(({ path }) => path)
    : [];
};

type Find = (known: Known, acts: Doing, text: string) => readonly string[];

export const sqlSaid: Find = (known, _acts, text) =>
  SAYS.sql.test(firstOf(text)) ? programsOf(known, text) : [];
export const codeSaid: Find = (known, _acts, text) =>
  SAYS.code.test(firstOf(text)) && !/\b(?:shell|bash|powershell)\b/i.test(firstOf(text))
    ? programsOf(known, text)
    : [];
export const commandsSaid: Find = (known, _acts, text) => programsOf(known, text);

const SHELLS = setOf("sh bash zsh shell powershell pwsh cmd terminal fish ksh");

/** `sh { s }`, "Access to the operating system". */
const ACCESS =
  /^\W*(?:(?:full|direct|raw|complete|unrestricted|gives?|grants?|provides?|offers?) )*access to (?:the |an? |this |your )?(?:\w+ )?(?:operating system|os|shell|terminal|command line|console|machine|computer)\b/i;

export const shellsOpened: Find = (known, _acts, text) =>
  (known.name.words.length === 1 && SHELLS.has(known.name.words[0] ?? "")) || ACCESS.test(text)
    ? known.arguments.filter(isWhat).map(({ path }) => path)
    : [];

/** What says that another tool is run, and that its caller does not say which. */
const OTHER_TOOLS: readonly RegExp[] = [
  // "… and does what it does", "gives back what it returned"
  /\b(?:tools?|functions?|operations?|abilit(?:y|ies)|capabilit(?:y|ies)|actions?)\b[^.]{0,60}\b(?:does|gives? back|returns?|hands? back|reports?|answers? with|passes on) (?:what|whatever) (?:it|that|the (?:tool|function|operation|action)) (?:does|did|returns?|returned|gives?|gave|says|said|answers|answered)\b/i,
  // "Starts whichever function of this server …"
  /\b(?:runs?|calls?|invokes?|executes?|starts?|triggers?|does|uses?) (?:whichever|whatever|any|every|all) (?:of )?(?:the |its |these |other )?(?:\w+ )?(?:tools?|functions?|operations?|abilit(?:y|ies)|capabilit(?:y|ies))\b/i,
  // "Hands a wish to the tool that fits"
  /\b(?:sends?|hands?|passes|gives?|routes?|dispatch(?:es)?|forwards?|delivers?) (?:[\w']+ ){0,5}to (?:the |a |whichever |whatever )(?:\w+ )?(?:tool|function|operation|capability)s? (?:that|which|whose|fits|can|is)\b/i,
  // "… that has every tool"
  /\b(?:has|have|having|with|holds|gets|given|owns) (?:every|all|any) (?:of )?(?:the |its |your |other )?tools?\b/i,
  // "Passes a call to the hub"
  /^\W*(?:passes|forwards?|relays?|hands?|sends?|routes?) (?:an? |the |any |your |one )?(?:\w+ )?(?:tool )?calls? (?:on )?(?:to|through|over)\b(?! (?:voice ?mail|a (?:phone|number|person|queue|human)))/i,
];
const NOT_OTHERS =
  /\b(?:suggest|recommend|propos|advis|describ|explain|list|not run|without (?:running|calling)|never|does not|doesn't|phone|voice|telephon|caller|dial)\w*/i;

/** "Finds the tool that fits and gives back what it returned". */
export const otherToolsSaid: Find = (known, _acts, text) =>
  OTHER_TOOLS.some((one) => one.test(text)) && !NOT_OTHERS.test(`${known.name.words.join(" ")} ${text}`)
    ? known.arguments.filter((one) => isTop(one) && isGiven(one)).map(({ path }) => path)
    : [];

const isGiven = (argument: KnownArgument): boolean =>
  argument.values.length === 0 &&
  !argument.types.every(
    (type) => type === "boolean" || type === "integer" || type === "number" || type === "null",
  );

const ABILITIES = /^(?:tool|ability|abilitie|capability|skill|function)s?$/;
const CALLS = setOf("call invoke run execute exec");
const DOES = setOf("call invoke run execute use perform do trigger box bag set access hub gateway");

/** What stands before "call" in `tool_call` is left out of its words. */
const isOfAbilities = ({ name, prose }: Known): boolean => {
  const words = [...name.words, ...(prose.clauses[0] ?? [])];
  return (
    (words.some((word) => ABILITIES.test(word)) && words.some((word) => DOES.has(word))) ||
    (name.words.length === 1 && CALLS.has(name.words[0] ?? ""))
  );
};

/** `tool_call { t, a }`, "A box of abilities { pick, values }": one text, and an object that is left open. */
export const openPairs: Find = (known, { runs, silent }) => {
  if (!isOfAbilities(known) || !(runs || silent || known.name.verb === undefined)) {
    return [];
  }
  const top = known.arguments.filter(isTop);
  const open = top.filter(
    ({ path, types }) =>
      types.includes("object") && !known.arguments.some((other) => other.path.startsWith(`${path}.`)),
  );
  const texts = top.filter((one) => one.types.includes("string") && isText(one));
  return open.length === 1 && texts.length === 1 && top.length <= PAIR_ARGUMENTS
    ? texts.map(({ path }) => path)
    : [];
};
/** The two, and one that says how. */
const PAIR_ARGUMENTS = 3;
const isText = ({ values }: KnownArgument): boolean => values.length === 0;

/** "Carries out a plan", "Does many things at once", "Imports a flow and starts it". */
const PLANS =
  /\bcarr(?:y|ies) out (?:an? |the |your |its |several |any |all )?(?:\w+ )?(?:plans?|instructions?|steps?|orders?|programs?|recipes?|playbooks?)\b|\b(?:imports?|loads?|uploads?|takes?|reads?|decodes?|parses?|adds?|saves?) (?:an? |the |your )?(?:\w+ )?(?:flow|workflow|plan|pipeline|playbook|macro|recipe|automation|script|program|job)\b[^.]{0,20}\band (?:then |immediately )*(?:runs?|executes?|starts?|launch(?:es)?|plays?) it\b/i;
const MANY = setOf("steps operations actions calls things ops tasks commands");
const AT_ONCE =
  /^\W*(?:does|do|runs?|executes?|performs?) (?:many|several|multiple|all|a (?:list|number|series|batch) of)\b/i;

export const plansSaid: Find = (known, { about }, text) => {
  const outer = (path: string): boolean =>
    known.arguments.some((other) => other.path.startsWith(`${path}[`) || other.path.startsWith(`${path}.`));
  const told = PLANS.test(text) && !about;
  return known.arguments
    .filter(
      (one) =>
        isTop(one) &&
        one.values.length === 0 &&
        ((told && isWhat(one)) ||
          (AT_ONCE.test(text) && MANY.has(squash(one.name)) && one.ofObjects && !outer(one.path))),
    )
    .map(({ path }) => path);
};
