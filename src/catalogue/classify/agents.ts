import { LIMITS } from "../../base/limits.ts";
import type { Known } from "./meta.ts";
import { nameWords, setOf } from "./words.ts";

/** An agent that does what it is told to can do what other tools do, however its text praises it. */

const PLACES = setOf("browser computer desktop");
const DOERS = setOf("agent agents use autonomous");
const AGENTS = setOf("agent agents subagent subagents");
const HANDS_OVER = setOf(
  "run dispatch delegate spawn launch invoke call start execute use trigger do handoff prompt instruct",
);
/** What an agent is told to do … */
const TASKS = setOf("task taskdescription instruction instructions goal objective mission assignment");
/** … and what it may be asked as well. */
const REQUESTS = setOf("prompt request brief");
/** What stands before "agent" in the name of one: `research_agent`. */
const ITSELF = setOf("agent research plan");
/** Agents that are known by their names. */
const KNOWN = setOf("codex devin aider openhands autogpt");

/** Verbs with which an agent or a task is looked for, told of or kept. */
const LOOKS =
  setOf(`get list search find show read recommend suggest match describe check track estimate create update save
  configure set delete register count retrieve fetch rate score review validate return tell compare generate
  remember keep store add log note record write post share assign append`);

const AGENT = /\b(?:(?:sub-?)?agents?|assistants?|copilot)\b/i;
const MODEL = /\b(?:models?|llm|ai|bot|worker)\b/i;
/** What an agent does with what it is told … */
const ACTS =
  /\b(?:acts?\b|acting\b|act on|carr(?:y|ies|ying) (?:\w+ ){0,3}out|performs?\b|execut\w+|accomplish\w*|completes? (?:it|(?:the|a|your) (?:\w+ )?(?:task|goal|job|work))\b|fulfil\w*|works? on\b|to do\b|does (?:it|the|what|whatever|that|this)\b)/gi;
const HANDED =
  /\b(?:delegat\w+|hands?|dispatch\w*|spawn\w*|instruct\w*|(?:sends?|gives?) (?:an?|the|your) (?:task|prompt|instructions?|goal))\b/gi;
/** Whoever calls the tool, to whom it is told what that is for. */
const CALLER = /\b(?:guides?|helps?|allows?|enables?|reminds?) (?:an?|the|your|ai|llm) (?:\w+ )?agents?\b/i;
/** Agents that are people. */
const PEOPLE =
  /\b(?:human|live|support|service|sales|estate|travel|insurance|call[- ]cent(?:er|re)) (?:agents?|assistants?)\b/i;
/** … and what says so of whoever does it. */
const ACTS_ALONE =
  /\b(?:on its own|autonomous\w*|us(?:e|es|ing) (?:its |other |all |the )?tools|with (?:its|all|the) tools|operates? (?:the|a|your)|edit(?:s|ing)? files|runn?(?:s|ing)? commands|carr(?:y|ies|ying) (?:\w+ ){0,3}out)/gi;
const NEGATED = /(?:\b(?:not|never|cannot|nothing(?: is| will be)?|without)|n't)\s+(?:\w+\s+)?$/i;

const says = (sentence: string, what: RegExp): boolean =>
  Array.from(sentence.matchAll(what)).some(({ index }) => !isNegated(sentence, index));

/** Whether one of the two words in front negates it. */
const isNegated = (sentence: string, at: number): boolean =>
  NEGATED.test(sentence.slice(Math.max(0, at - NEGATION_CHARACTERS), at));
const NEGATION_CHARACTERS = 40;

/** "Hands the task to an agent, which acts on it". */
const tellsOfAgent = (description: string): boolean =>
  description
    .slice(0, LIMITS.classified_description_characters_max)
    .split(/[.!?;\n]+(?:\s|$)/)
    .some(
      (sentence) =>
        (AGENT.test(sentence) &&
          !PEOPLE.test(sentence) &&
          !CALLER.test(sentence) &&
          [ACTS, HANDED, ACTS_ALONE].some((what) => says(sentence, what))) ||
        (MODEL.test(sentence) && says(sentence, ACTS_ALONE)),
    );

/** Paths of the arguments that tell an agent what to do. */
export const agentTasks = (known: Known): readonly string[] => {
  const free = known.arguments.filter(
    ({ values, types }) => values.length === 0 && (types.length === 0 || types.includes("string")),
  );
  const told = free.filter(({ name }) => TASKS.has(squash(name)) || REQUESTS.has(squash(name)));
  if (told.length === 0) {
    return [];
  }
  const asked = told.filter(({ name }) => TASKS.has(squash(name)));
  const tasks = isHandedOver(known) ? told : isAsked(known) ? asked : [];
  return tasks.map(({ path }) => path);
};

const squash = (name: string): string => nameWords(name).join("");

const isHandedOver = (known: Known): boolean => {
  const { words } = known.name;
  const has = (kind: ReadonlySet<string>): boolean => words.some((word) => kind.has(word));
  return (
    (has(PLACES) && has(DOERS)) ||
    (has(AGENTS) && has(HANDS_OVER)) ||
    isAgent(known) ||
    (!looks(known) && (has(KNOWN) || tellsOfAgent(known.description)))
  );
};

const looks = ({ name, prose }: Known): boolean =>
  LOOKS.has(name.verb ?? "") || prose.first.some(({ found }) => LOOKS.has(found.split(" ")[0] ?? ""));

/** `deep_agent`, unless its text says that it reads. */
const isAgent = ({ name: { words, verb = "agent" }, prose }: Known): boolean =>
  AGENTS.has(words.at(-1) ?? "") &&
  ITSELF.has(verb) &&
  !PEOPLE.test(words.join(" ")) &&
  prose.first.every((sign) => sign.class !== "read");

/** `ask_agent { task }`: what it is asked for is done. */
const isAsked = ({ name: { words } }: Known): boolean =>
  words.some((word) => AGENTS.has(word)) && words[0] === "ask";
