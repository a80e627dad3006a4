import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, squash, type Doing } from "./free-texts.ts";
import { verbForm } from "./lexicon.ts";
import type { Known } from "./meta.ts";
import { setOf, singular } from "./words.ts";

/** Tools that are said to ask, answer or look, and do what they are told all the same. */

const TASKS = setOf("task tasks instruction instructions goal objective mission assignment whattodo");
const REQUESTS = setOf(
  "request prompt brief message query question input text command what instruction intent ask sentence",
);
/** What stands beside a task that is kept on a list. */
const KEPT = setOf("taskid title status assignee duedate priority projectid listid");
/** Verbs with which a task or a tool is only looked for. */
const LOOKS =
  setOf(`list search find recommend suggest match describe estimate create update delete save register count score
  rate classify summarize explain plan compare validate track add assign schedule`);

const AGENT = /\b(?:autonomous\w*|(?:sub-?)?agents?|assistant)\b/i;
const PEOPLE = /\b(?:human|live|support|service|sales|estate|travel|insurance) (?:agents?|assistants?)\b/i;
const ALONE =
  /\bautonomous(?:ly)? (?:\w+ )?(?:agents?|assistant|worker|model|ai)\b|\b(?:agents?|assistant|ai|model) (?:\w+ )?(?:autonomously|on its own)\b/i;
/** "… to get something done", "… and act on it". */
const DONE =
  /\bto get (?:\w+ ){1,3}done\b|\band (?:then )?(?:acts?|acting) (?:on|upon|accordingly)\b|\b(?:until|so that) (?:it|the \w+) is (?:done|achieved|reached|accomplished)\b|\bcarr(?:y|ies) out (?:what|whatever|it\b)|\bcarr(?:y|ies|ying) (?:it|them|that|this|the \w+) out\b/i;
/** "The agent may edit files", "has an agent look into it". */
const ABLE =
  /\b(?:agents?|assistant) (?:that |which |who )?(?:can|may|will|could) (?:also |then )?(?:use (?:\w+ )?tools|edit|run|fix|act|change|make|modify|execute|operate)\b|\b(?:has|have|having|lets?) an? (?:\w+ )?agent [a-z]+/i;
const HANDS_OVER = setOf("delegate handoff handover outsource");
const BROWSES = setOf("browse browser web page website surf navigate desktop screen computer");
/** "What it should do". */
const TO_DO =
  /\bwhat (?:it|they|the \w+|you|claude|codex|gemini|copilot)?\s?(?:(?:should|must|shall|is|are|want\w*|needs?)\s)?(?:\w+ )?(?:to )?(?:do|be done|have done|get done)\b/i;
const NOT_DONE = /\b(?:not|never|n't) (?:\w+ )?(?:act|carr|perform|execut|do\b|done|touch|chang)/i;
/** Programs that are agents, and where they work. */
const KNOWN = setOf("claude codex gemini copilot cursor aider devin goose opencode openhands");
const WORKPLACES = setOf(
  "cwd workdir workingdirectory workspace repo repopath directory projectdir projectpath",
);
const EXAMPLE = /(?:\be\.g\.|\bfor example\b|\bsuch as\b|\blike\b)[,:]?\s+["'“`]?([a-z]+)\b\s+\w+/gi;
const COMMANDED = setOf("request instruction task command what order ask");

const isTask = (argument: KnownArgument): boolean => TASKS.has(squash(argument.name));

/** What the tool says of itself, as far as it concerns who does what is asked. */
interface Asked {
  /** An agent that is known by its name, and told where to work. */
  readonly works: boolean;
  /** "… to get something done". */
  readonly acts: boolean;
  readonly alone: boolean;
  readonly browses: boolean;
  /** `ask_agent`. */
  readonly asks: boolean;
  readonly example: boolean;
}

const askedOf = ({ name: { words }, arguments: all }: Known, text: string): Asked => ({
  works: words.some((word) => KNOWN.has(word)) && all.some(({ name }) => WORKPLACES.has(squash(name))),
  acts: DONE.test(text) || (ABLE.test(text) && !PEOPLE.test(text)),
  alone: ALONE.test(text) && !PEOPLE.test(text),
  browses: words.some((word) => BROWSES.has(word) || HANDS_OVER.has(word)),
  asks:
    ASKS.has(words[0] ?? "") &&
    (words.some((word) => AGENT.test(word)) || (AGENT.test(text) && !PEOPLE.test(text))),
  example: exampleActs(text),
});
const ASKS = setOf("ask tell answer");

const isOrder = (argument: KnownArgument, { works, acts, asks, example }: Asked): boolean => {
  const called = squash(argument.name);
  return (
    (REQUESTS.has(called) && (works || acts || TO_DO.test(argument.description))) ||
    (called === "request" && asks) ||
    (COMMANDED.has(called) && (example || exampleActs(argument.description)))
  );
};

const isGoal = (argument: KnownArgument, { works, acts, alone, browses, asks }: Asked): boolean =>
  isTask(argument) && (works || acts || alone || browses || asks || TO_DO.test(argument.description));

/** Paths of what somebody is asked who then does it. */
export const askedToAct = (known: Known, _acts: Doing, text: string): readonly string[] => {
  if (LOOKS.has(known.name.verb ?? "") || NOT_DONE.test(text)) {
    return [];
  }
  const asked = askedOf(known, text);
  return known.arguments
    .filter(
      (argument) =>
        isTop(argument) &&
        isFreeText(argument) &&
        !argument.beside.some((other) => KEPT.has(squash(other))) &&
        (isGoal(argument, asked) || isOrder(argument, asked)),
    )
    .map(({ path }) => path);
};

/** "… e.g. restart the web server". */
const exampleActs = (text: string): boolean =>
  Array.from(text.matchAll(EXAMPLE)).some(([, word = ""]) => {
    const form = verbForm(word.toLowerCase());
    return form?.form === "base" && !form.noun && (form.class === "execute" || form.class === "destructive");
  });

/** "Answers with whatever tools are needed", "Routes it to the best tool", "Finds tools and runs the first". */
const BY_TOOLS =
  /\b(?:us(?:es|ing)|call(?:s|ing)|run(?:s|ning)|invok(?:es|ing)|choos(?:es|ing)|pick(?:s|ing)|select(?:s|ing)|rout(?:es|ing) (?:\w+ ){0,4}to|dispatch(?:es|ing) (?:\w+ ){0,4}to|decid(?:es|ing) (?:on |which )|with|help of) (?:whatever|whichever|any|all|one of|the right|the best|the appropriate|the most \w+|the matching|other|available|its|the available|all available|a suitable|the)(?: (?:of )?(?:its|the|other|available))*(?: mcp)? tools?\b/i;
const RUNS_FOUND =
  /\b(?:and|then) (?:then )?(?:immediately |directly )?(?:runs?|calls?|invokes?|executes?) (?:the )?(?:first|best|top|matching|right|it|one|chosen|selected|closest|them)\b/i;
/** "Suggests the best tool", "the tool is not called", and tools that are no server's. */
const ONLY_NAMES =
  /\b(?:suggest|recommend|propos|advis|describ|explain|list|does not|doesn't|never|not call|without calling|help(?:s|ing)? (?:you |the \w+ )?(?:to )?(?:choos|pick|select|decid))/i;

/** Paths of requests for which a tool chooses another, and calls it. */
export const toolsChosen = (known: Known, _acts: Doing, text: string): readonly string[] => {
  const tools = known.name.words.some((word) => singular(word) === "tool") || /\btools?\b/i.test(text);
  const runs = tools && RUNS_FOUND.test(text) && /\btools?\b/i.test(text);
  if (!tools || ONLY_NAMES.test(text) || !(BY_TOOLS.test(text) || runs)) {
    return [];
  }
  return known.arguments
    .filter(
      (argument) =>
        isTop(argument) && isFreeText(argument) && (isTask(argument) || REQUESTS.has(squash(argument.name))),
    )
    .map(({ path }) => path);
};
