import type { NamedPattern } from "../../attacks/result.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import type { ArgumentFact, ArgumentKind, Evidence, MetaTool } from "../../verdict.ts";
import type { Control } from "./control.ts";
import { code, listed, type Prose } from "./prose.ts";
import { questionsOn, type Question } from "./questions.ts";
import type { Related } from "./related.ts";
import type { Neighbours } from "./snippets.ts";
import { isUnsure } from "./tool-ref.ts";
import { CLASS_DOES, CLASS_WHY, KIND_NAMES, META_RUNS, POWER_DOES, POWER_WHY } from "./wording.ts";

/** All that the page of a tool says, without how it looks. */
export interface ToolPage {
  readonly server: ServerEntry;
  readonly tool: ToolEntry;
  readonly unsure: boolean;
  readonly does: readonly Prose[];
  readonly why: readonly Prose[];
  readonly evidence: readonly Evidence[];
  readonly arguments: readonly ArgumentFact[];
  readonly meta: MetaTool | undefined;
  readonly control: Control;
  readonly related: Related;
  readonly questions: readonly Question[];
  /** Those that need such a tool. */
  readonly attacks: readonly NamedPattern[];
}

export const toolPage = (
  server: ServerEntry,
  tool: ToolEntry,
  known: Pick<ToolPage, "control" | "related" | "attacks"> & { readonly neighbours: Neighbours },
): ToolPage => {
  const does = whatItDoes(tool);
  return {
    server,
    tool,
    unsure: isUnsure(tool),
    does,
    why: whyPolicy(tool),
    evidence: tool.evidence,
    arguments: tool.arguments,
    meta: tool.meta,
    control: known.control,
    related: known.related,
    attacks: known.attacks,
    questions: questionsOn(tool, does, known.control, known.neighbours),
  };
};

const GUESS: Prose = [
  "This is a guess on the safe side: its definition says too little, so the more dangerous class was taken.",
];

const whatItDoes = (tool: ToolEntry): readonly Prose[] => [
  [CLASS_DOES[tool.class]],
  ...raised(tool),
  ...tool.powers.map((power): Prose => [POWER_DOES[power]]),
  ...carried(tool),
  ...(tool.meta === undefined ? [] : [metaSentence(tool.meta)]),
  ...(isUnsure(tool) ? [GUESS] : []),
];

const REPLACES = /^(?:overwrit|replac)/u;

/** Why something that can be changed back is of a risk that says the opposite. */
const raised = ({ class: is, risk, evidence }: ToolEntry): readonly Prose[] => {
  if (is !== "write" || (risk !== "high" && risk !== "critical")) {
    return [];
  }
  return evidence.some(({ found }) => REPLACES.test(found))
    ? [
        [
          "It replaces what it is told to and nothing else is lost, so the class is ",
          { code: is },
          "; what stood there before is gone unless it was kept, so the risk is ",
          { code: risk },
          ".",
        ],
      ]
    : [
        [
          "The risk is ",
          { code: risk },
          " all the same, because a wrong call may have done its harm before anybody changes it back.",
        ],
      ];
};

const PATHS_MAX = 3;

const bracketed = (what: string, names: Prose): Prose => [`${what} (`, ...names, ")"];

/** "Its arguments carry a path (`args.path`) and a recipient (`args.to`)." */
const carried = ({ arguments: facts, meta }: ToolEntry): readonly Prose[] => {
  const byKind = new Map<ArgumentKind, string[]>();
  // What a meta-tool is told is said below.
  for (const { kinds, path } of facts.filter(({ path }) => !(meta?.arguments.includes(path) ?? false))) {
    for (const kind of kinds) {
      byKind.set(kind, [...(byKind.get(kind) ?? []), path].slice(0, PATHS_MAX));
    }
  }
  const parts = [...byKind].map(([kind, paths]): Prose => {
    const names = listed(paths.map((path) => code(path)));
    return bracketed(KIND_NAMES[kind], names);
  });
  return parts.length === 0 ? [] : [["Its arguments carry ", ...listed(parts), "."]];
};

const metaSentence = ({ runs, arguments: paths, batch }: MetaTool): Prose => {
  const many = batch ? ", several in one call" : "";
  const where: Prose = paths.length === 0 ? [] : [" in ", ...listed(paths.slice(0, PATHS_MAX).map(code))];
  return [`It is a meta-tool: it is told what to run, by ${META_RUNS[runs]}`, ...where, `${many}.`];
};

const whyPolicy = (tool: ToolEntry): readonly Prose[] => [
  [CLASS_WHY[tool.class]],
  ...tool.powers.map((power): Prose => [POWER_WHY[power]]),
];
