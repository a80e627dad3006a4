import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf, singular } from "./words.ts";

/** Tools that run others, or whatever is asked of them, and say it in other words. */

/** Words of a name that leave open what is done. */
const OPEN =
  setOf(`do act use verb noun toolbox tool tools mcp raw any anything by name universal generic gateway server perform
  batch multi access dispatcher invoke invoker action object meta router everything`);
/** What says then what is done. */
const NAMES = setOf(
  "what verb selection choice action which operation command method function tool capability",
);
const CALLS = setOf("ops operations calls request requests invocations actions message payload batch");
const GIVEN = setOf(
  "how noun parameters params args arguments input inputs payload kwargs object options with",
);

const isObject = ({ types }: KnownArgument): boolean => types.includes("object") || types.length === 0;
const isObjects = ({ types, ofObjects }: KnownArgument): boolean => ofObjects || types.length === 0;

const paths = (args: readonly KnownArgument[]): readonly string[] => args.map(({ path }) => path);

/** `do { what }`, `toolbox { selection, parameters }`, `batch { ops: [{ … }] }`, `mcp { request: { … } }`. */
export const openCalls = (known: Known): readonly string[] => {
  const { words } = known.name;
  if (words.length === 0 || !words.every((word) => OPEN.has(word))) {
    return [];
  }
  const top = known.arguments.filter(isTop);
  const given = top.some(({ name }) => GIVEN.has(squash(name)));
  const named = top.filter(
    (argument) => isFreeText(argument) && NAMES.has(squash(argument.name)) && (given || top.length === 1),
  );
  const whole = top.filter(
    (argument) => CALLS.has(squash(argument.name)) && (isObjects(argument) || isObject(argument)),
  );
  const outer = whole.filter(
    ({ path }) => !known.arguments.some((other) => other.path.startsWith(`${path}.`)),
  );
  return paths([...named, ...outer]);
};

/** "Runs anything of this server by name". */
const ANYTHING =
  /\b(?:runs?|calls?|invokes?|executes?|does) (?:anything|everything|whatever|any (?:of )?(?:the |its )?(?:\w+ )?(?:tools?|operations?|functions?|commands?|actions?|capabilit\w+))\b/i;
const BY_NAME = setOf(
  "name what id key slug target action operation command function method request text input",
);

export const anythingRun = (known: Known, _acts: Doing, text: string): readonly string[] =>
  ANYTHING.test(text)
    ? paths(known.arguments.filter((one) => isTop(one) && isFreeText(one) && BY_NAME.has(squash(one.name))))
    : [];

/** "Name of the tool to run". */
const NAMES_TOOL =
  /\b(?:names?|ids?|slugs?) of (?:the |a |an |any |another |one |mcp )*tools?\b(?! to (?:describe|look|search|find|explain|inspect|show|get|validate|check|enable|disable))|\b(?:the |which |what |a )?tools? (?:to (?:be )?(?:run|call|invoke|execute|use)d?|(?:that|which) (?:is|will be) (?:run|called|invoked|executed))\b/i;
const LATER = setOf(
  "schedule queue enqueue defer delay later trigger repeat loop every cron when on after retry",
);

/** An argument that is said to name a tool, beside what that is given. */
export const toolsNamed = (known: Known, acts: Doing): readonly string[] =>
  acts.about
    ? []
    : paths(
        known.arguments.filter(
          (argument) =>
            isFreeText(argument) &&
            NAMES_TOOL.test(argument.description) &&
            (argument.beside.some((other) => GIVEN.has(squash(other))) ||
              known.name.words.some((word) => LATER.has(word))),
        ),
      );

const AGAIN = setOf("replay retry repeat redo rerun resend reinvoke");
const CALL = setOf("call toolcall invocation toolinvocation");
const TELEPHONY = setOf("phone voice twilio video meeting dial recording caller conference zoom sip");
const CALL_IDS = setOf("id callid call ref index reference invocationid toolcallid");

/** "Replays a call": what was called once is called again. */
export const callsAgain = (known: Known): readonly string[] => {
  const clause = known.prose.clauses[0] ?? [];
  const { words } = known.name;
  return words.some((word) => AGAIN.has(word)) &&
    [...words, ...clause].some((word) => CALL.has(singular(word))) &&
    ![...words, ...clause].some((word) => TELEPHONY.has(word))
    ? paths(known.arguments.filter((one) => isTop(one) && CALL_IDS.has(squash(one.name))))
    : [];
};

const REFERENCES = setOf("ref reference id slug name key handle");
const RESULTS = setOf("result results output outputs answer");
const INPUTS = setOf("input inputs arguments args params parameters payload");

/** `get_tool_result { ref, input }`: who takes what a tool would be given runs it. */
export const resultsOf = ({ name: { words }, arguments: all }: Known): readonly string[] => {
  const top = all.filter(isTop);
  const about = words.some((word) => singular(word) === "tool") && words.some((word) => RESULTS.has(word));
  return about && top.some((one) => INPUTS.has(squash(one.name)) && isObject(one))
    ? paths(top.filter((one) => isFreeText(one) && REFERENCES.has(squash(one.name))))
    : [];
};

const SERVICES = setOf("service servicename apiservice");
const OPERATIONS = setOf("operation action method operationname apiname");
const READS_ONLY =
  /\b(?:read[- ]?only|only (?:reads?|describes?|lists?|gets?)|(?:describe|list|get)(?:,| and| or)[^.]{0,30}\bonly)\b/i;

/** `aws_describe { service, operation, parameters }` calls any operation of any service. */
export const operationsOf = (known: Known, _acts: Doing, text: string): readonly string[] => {
  const top = known.arguments.filter((one) => isTop(one) && one.values.length === 0);
  const names = top.map(({ name }) => squash(name));
  return names.some((name) => SERVICES.has(name)) &&
    top.some((one) => GIVEN.has(squash(one.name)) && isObject(one)) &&
    !known.prose.claimsReadOnly &&
    !READS_ONLY.test(text)
    ? paths(top.filter((one) => isFreeText(one) && OPERATIONS.has(squash(one.name))))
    : [];
};

const MESSAGES = setOf("message request payload body frame envelope rpc data");
const PASSES = setOf("forward send proxy relay raw pass submit post forwards sends relays passes proxies");
const RPC = /\b(?:json-?rpc|raw mcp|mcp (?:requests?|messages?))\b/i;

/** "Forwards a JSON-RPC message". */
export const messagesPassed = (known: Known, _acts: Doing, text: string): readonly string[] =>
  RPC.test(`${known.name.words.join(" ")} ${text}`) &&
  [...known.name.words, ...(known.prose.clauses[0] ?? [])].some((word) => PASSES.has(word))
    ? paths(
        known.arguments.filter(
          (one) => isTop(one) && one.values.length === 0 && MESSAGES.has(squash(one.name)),
        ),
      )
    : [];

const SAID =
  /\bdoes what(?:ever)? (?:is|you|it|its|the)\b|\b(?:carries out|executes?|performs?|runs?|does|follows) (?:an? |any |your |the )?(?:natural[- ]language|plain[- ](?:english|language)|spoken) (?:commands?|instructions?|requests?|tasks?)\b|\bdo(?:es)? what (?:you|it) (?:say|ask|want|is told)/i;
const SPOKEN = setOf("text command instruction request prompt input message query sentence what utterance");

/** "Does what is said in plain words". */
export const saidInWords = (known: Known, _acts: Doing, text: string): readonly string[] =>
  SAID.test(text)
    ? paths(known.arguments.filter((one) => isTop(one) && isFreeText(one) && SPOKEN.has(squash(one.name))))
    : [];

const SETS = setOf("set write install update edit replace add create append put save schedule");
const CRON_LINES = setOf("content line lines entry entries crontab text cronline job cronjob");

/** A line of a crontab is a command line. */
export const cronLines = ({ name: { words }, arguments: all }: Known): readonly string[] =>
  (words.includes("crontab") || (words.includes("cron") && !words.includes("expression"))) &&
  words.some((word) => SETS.has(word))
    ? paths(all.filter((one) => isTop(one) && isFreeText(one) && CRON_LINES.has(squash(one.name))))
    : [];

const LOADS = setOf("load import install register add enable open unpickle read source");
const LOADED = setOf("plugin extension macro addon pickle dll module kernelmodule script");
const NOT_LOADED = setOf("list config settings info status manifest schema doc metadata template");
const SOURCES = setOf("path file filepath url source code content data filename packageurl bytes");

/** `load_plugin { path }`: what is loaded runs. */
export const programsLoaded = ({ name: { words }, arguments: all }: Known): readonly string[] =>
  LOADS.has(words[0] ?? "") &&
  LOADED.has(singular(words.at(-1) ?? "")) &&
  !words.some((word) => NOT_LOADED.has(singular(word)))
    ? paths(all.filter((one) => isTop(one) && isFreeText(one) && SOURCES.has(squash(one.name))))
    : [];

const HOLDS = setOf("workflow playbook runbook macro automation pipeline plan recipe");
const RUNS_IT = /\b(?:and|then) (?:then |immediately )*(?:runs?|executes?|starts?|launch(?:es)?) it\b/i;
const RUNS = setOf("run execute perform play start");
const WHOLE = setOf(
  "yaml json definition spec content source workflow plan text body path file url document",
);

/** "Imports a workflow and runs it", and one that is given in another form: `execute_plan_b64`. */
export const workflowsGiven = (known: Known, _acts: Doing, text: string): readonly string[] => {
  const { words } = known.name;
  const holder = words.find((word) => HOLDS.has(singular(word)));
  const runs = RUNS_IT.test(text) || RUNS.has(words[0] ?? "");
  return holder === undefined || !runs
    ? []
    : paths(
        known.arguments.filter(
          (one) =>
            isTop(one) &&
            isFreeText(one) &&
            ((RUNS_IT.test(text) && WHOLE.has(squash(one.name))) ||
              (/^(?:b64|base64|encoded|yaml|json)$/.test(one.words.at(-1) ?? "") &&
                one.words.includes(holder))),
        ),
      );
};
