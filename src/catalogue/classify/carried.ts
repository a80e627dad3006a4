import type { MetaTool } from "../verdict.ts";
import { LIMITS } from "../../base/limits.ts";
import { argumentLines, programsNamed } from "./argument-lines.ts";
import { askedToAct, toolsChosen } from "./asked-to-act.ts";
import {
  askedOfDoers,
  linesByForm,
  methodsByForm,
  programsByForm,
  queriesByForm,
  questionsByForm,
  sqlReallyRun,
} from "./carried-forms.ts";
import { carriedCode, carriedTemplates } from "./carried-code.ts";
import type { Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import {
  anythingRun,
  callsAgain,
  cronLines,
  messagesPassed,
  openCalls,
  operationsOf,
  programsLoaded,
  resultsOf,
  saidInWords,
  toolsNamed,
  workflowsGiven,
} from "./other-words.ts";
import { doneOnChange, librariesLoaded, linesPlaced, startersSet } from "./placed-programs.ts";
import { explainedQueries, generatedQueries, writingQueries } from "./query-languages.ts";
import {
  codeSaid,
  commandsSaid,
  openPairs,
  otherToolsSaid,
  plansSaid,
  shellsOpened,
  sqlSaid,
} from "./said-to-run.ts";

/** What arguments can carry outweighs what a tool is named after: they are looked at where its name says nothing. */

interface Row {
  readonly runs: MetaTool["runs"];
  readonly says: string;
  readonly find: (known: Known, acts: Doing, text: string, sql: readonly string[]) => readonly string[];
}

const TOOLS = {
  runs: "tools",
  says: "It runs what its caller names, so it can do what other tools do.",
} as const;
const DOES = {
  runs: "commands",
  says: "It does what it is asked to, or has it done, so it runs or operates something.",
} as const;
const CODE = {
  runs: "code",
  says: "It takes program text that is run, whatever it is named after.",
} as const;
const LINES = {
  runs: "commands",
  says: "It takes an argument line or a program, so it can be told to do more than it says.",
} as const;
const QUERIES = {
  runs: "sql",
  says: "It takes queries in a language that can write, and nothing says that it only reads.",
} as const;
const SAID = {
  runs: "commands",
  says: "It is said to run what it is given, however that is called.",
} as const;
const PLACED = {
  runs: "commands",
  says: "What it is given is put where it is run.",
} as const;

const ROWS: readonly Row[] = [
  { ...TOOLS, find: openCalls },
  { ...DOES, find: saidInWords },
  { ...TOOLS, find: anythingRun },
  { ...TOOLS, find: toolsNamed },
  { ...TOOLS, find: toolsChosen },
  { ...TOOLS, find: callsAgain },
  { ...TOOLS, find: resultsOf },
  { ...TOOLS, find: operationsOf },
  { ...TOOLS, find: messagesPassed },
  { ...DOES, find: askedToAct },
  { ...CODE, find: carriedCode },
  { ...CODE, find: carriedTemplates },
  { ...CODE, says: "What it loads is a program that runs.", find: programsLoaded },
  { ...LINES, says: "It runs steps that it is given.", find: workflowsGiven },
  { ...LINES, says: "Lines of a crontab are command lines.", find: cronLines },
  { ...LINES, find: argumentLines },
  { ...LINES, find: programsNamed },
  { ...QUERIES, find: writingQueries },
  { ...QUERIES, find: generatedQueries },
  { ...QUERIES, find: (known, _acts, _text, sql) => explainedQueries(known, sql) },
  { ...DOES, find: askedOfDoers },
  { ...CODE, find: programsByForm },
  { ...LINES, find: linesByForm },
  { ...QUERIES, find: queriesByForm },
  { ...QUERIES, find: questionsByForm },
  { ...QUERIES, find: (known, _acts, _text, sql) => sqlReallyRun(known, sql) },
  { ...TOOLS, find: methodsByForm },
  { ...TOOLS, find: otherToolsSaid },
  { ...TOOLS, find: openPairs },
  { ...PLACED, find: librariesLoaded },
  { ...PLACED, find: linesPlaced },
  { ...PLACED, find: startersSet },
  { ...PLACED, find: doneOnChange },
  { ...SAID, says: "It carries out what it is given.", find: plansSaid },
  { ...SAID, runs: "sql", find: sqlSaid },
  { ...SAID, runs: "code", find: codeSaid },
  { ...SAID, find: commandsSaid },
  { ...SAID, says: "It gives access to a machine.", find: shellsOpened },
];

export interface Carried {
  readonly runs: MetaTool["runs"];
  readonly says: string;
  readonly paths: readonly string[];
}

export const carriedBy = (known: Known, acts: Doing, sql: readonly string[]): Carried | undefined => {
  const text = known.description.slice(0, LIMITS.classified_description_characters_max);
  for (const { runs, says, find } of ROWS) {
    const paths = [...new Set(find(known, acts, text, sql))];
    if (paths.length > 0) {
      return { runs, says, paths };
    }
  }
  return undefined;
};
