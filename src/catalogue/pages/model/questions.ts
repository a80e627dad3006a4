import type { JsonObject } from "../../../base/json-value.ts";
import type { ToolEntry } from "../../entry.ts";
import { code, counted, listed, type Prose } from "./prose.ts";
import {
  approvalSnippet,
  areTooMany,
  blockSnippet,
  boundedArguments,
  boundedSnippet,
  isWide,
  namedToolsSnippet,
  type Neighbours,
  otherMetaTools,
  rateOf,
  rateSnippet,
  SPENDING_EXAMPLE,
  spendingArgument,
  spendingSnippet,
} from "./snippets.ts";
import { META_REACHES } from "./wording.ts";

/** A question that people ask about a tool, and its answer. */
export interface Question {
  readonly question: Prose;
  readonly answer: readonly Prose[];
  /** A whole policy that does what the answer says. */
  readonly policy: JsonObject | undefined;
}

const ONLY: Prose = ["As it stands, the policy admits this tool and no other: put the rule into your own."];
const WIDE: Prose = [
  "A policy reads the name as a pattern that others may match too, so the rule asks for the name itself.",
];

const only = (tool: ToolEntry): readonly Prose[] => (isWide(tool) ? [ONLY, WIDE] : [ONLY]);

/** `does`: what the tool does, in sentences. */
export const questionsOn = (
  tool: ToolEntry,
  does: readonly Prose[],
  neighbours: Neighbours,
): readonly Question[] => {
  const name = { code: tool.name };
  return [
    { question: ["What does ", name, " do?"], answer: does, policy: undefined },
    limiting(tool),
    ...bounding(tool),
    blocking(tool, neighbours),
    asking(tool),
    ...closing(tool, neighbours),
  ];
};

const limiting = (tool: ToolEntry): Question => {
  const question: Prose = ["How do I limit ", { code: tool.name }, "?"];
  const { max, window } = rateOf(tool);
  const rate: Prose = [`Each grant gets ${counted(max, "call")} in any ${window}; the next one is refused.`];
  const amount = spendingArgument(tool);
  if (amount === undefined) {
    return { question, answer: [rate, ...only(tool)], policy: rateSnippet(tool) };
  }
  const spend: Prose = [
    "What ",
    { code: amount.path },
    ` says is added up, and ${String(SPENDING_EXAMPLE)} a day is the most: an example, in whatever unit the tool counts in.`,
  ];
  return { question, answer: [rate, spend, ...only(tool)], policy: spendingSnippet(tool, amount) };
};

const bounding = (tool: ToolEntry): readonly Question[] => {
  const facts = boundedArguments(tool);
  if (facts.length === 0) {
    return [];
  }
  const paths = listed(facts.map(({ path }) => code(path)));
  const optional = facts.some(({ required }) => !required);
  return [
    {
      question: ["How do I restrict what ", { code: tool.name }, " is told?"],
      answer: [
        [
          "Hold ",
          ...paths,
          " to places you name; the values here are examples. A value that cannot be judged is refused.",
        ],
        ...(optional ? [["A call may leave an argument out; then its condition holds."]] : []),
        ...only(tool),
      ],
      policy: boundedSnippet(tool, facts),
    },
  ];
};

const blocking = (tool: ToolEntry, neighbours: Neighbours): Question => {
  const meta = otherMetaTools(neighbours, tool);
  return {
    question: ["How do I block ", { code: tool.name }, "?"],
    answer: [
      ["Hide it: no list shows it, and a call to it is answered as if there were no such tool."],
      ...(meta.length === 0 ? [] : [besides(meta)]),
      ...(isWide(tool)
        ? [["The name is read as a pattern, so tools with names like it are hidden too."]]
        : []),
    ],
    policy: blockSnippet(tool, meta),
  };
};

const besides = (meta: readonly ToolEntry[]): Prose =>
  areTooMany(meta)
    ? [
        "So many other tools of the server may do the same when told to that only denying by default closes it: admit what you need.",
      ]
    : [
        `The server has ${counted(meta.length, "other tool")} that may do the same when told to, so the policy hides ${meta.length === 1 ? "it" : "them"} too.`,
      ];

const asking = (tool: ToolEntry): Question => ({
  question: ["How do I have a person asked before ", { code: tool.name }, " runs?"],
  answer: [
    ["Ask for approval. A call that nobody has agreed to is held back, and never forwarded."],
    ...only(tool),
  ],
  policy: approvalSnippet(tool),
});

const closing = (tool: ToolEntry, neighbours: Neighbours): readonly Question[] => {
  const { meta } = tool;
  if (meta === undefined) {
    return [];
  }
  const { harmless } = neighbours;
  const question: Prose = ["What can ", { code: tool.name }, " reach, and how do I close it?"];
  const [path] = meta.arguments;
  if (meta.runs === "tools" && path !== undefined && harmless.length > 0) {
    return [
      {
        question,
        answer: [
          [META_REACHES.tools],
          [
            "Admit only names that you list in ",
            { code: path },
            ". Those here are read tools of the same server.",
          ],
          ...only(tool),
        ],
        policy: namedToolsSnippet(tool, path, harmless),
      },
    ];
  }
  const hide: Prose = ["No condition can judge what it is told. Hide it, or have a person asked each time."];
  return [
    {
      question,
      answer: [[META_REACHES[meta.runs]], hide],
      policy: blockSnippet(tool, otherMetaTools(neighbours, tool)),
    },
  ];
};
