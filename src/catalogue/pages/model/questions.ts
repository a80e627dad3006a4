import { runsOf } from "../../recommend/treatment.ts";
import type { ToolEntry } from "../../entry.ts";
import type { Control } from "./control.ts";
import { code, counted, listed, type Prose } from "./prose.ts";
import {
  approvalSnippet,
  areTooMany,
  blockExcerpt,
  blockPolicy,
  boundedArguments,
  boundedSnippet,
  isWide,
  type Neighbours,
  otherMetaTools,
  rateOf,
  rateSnippet,
  type Snippet,
  SPENDING_EXAMPLE,
  spendingArgument,
  spendingSnippet,
} from "./snippets.ts";
import { META_REACHES } from "./wording.ts";

/** A question that people ask about a tool, and its answer. */
export interface Question {
  readonly question: Prose;
  readonly answer: readonly Prose[];
  /** What does what the answer says, to copy. */
  readonly snippets: readonly Snippet[];
}

const ONLY: Prose = ["As it stands, it admits this tool and no other: put the rule into your own."];
const WIDE: Prose = [
  "A policy reads the name as a pattern that others may match too, so the rule asks for the name itself.",
];
const INTO_YOURS: Prose = ["Put the rule into the server’s policy."];

const captionOf = (tool: ToolEntry, is: Snippet["is"]): readonly Prose[] => [
  is === "policy" ? ONLY : INTO_YOURS,
  ...(isWide(tool) ? [WIDE] : []),
];

const captioned = (tool: ToolEntry, made: Pick<Snippet, "is" | "document">): readonly Snippet[] => [
  { ...made, caption: captionOf(tool, made.is) },
];

/** `does`: what the tool does, in sentences. `control`: what of the recommended policy controls it. */
export const questionsOn = (
  tool: ToolEntry,
  does: readonly Prose[],
  control: Control,
  neighbours: Neighbours,
): readonly Question[] => {
  const name = { code: tool.name };
  return [
    { question: ["What does ", name, " do?"], answer: does, snippets: [] },
    limiting(tool, control),
    ...bounding(tool, control),
    blocking(tool, neighbours),
    asking(tool),
    ...closing(tool, control, neighbours),
  ];
};

/** Why a rule for a tool that runs others holds more than was asked for. */
const closedToo = (tool: ToolEntry, { rule }: Control, alone: string): readonly Prose[] => {
  if (runsOf(tool) === undefined) {
    return [];
  }
  const how =
    rule !== undefined && "deny_if" in rule
      ? "refuses every call that names a tool which the recommended policy does not leave open"
      : "has a person asked for each call";
  return [[`${alone} One call of this tool can do what other tools do. So the rule also ${how}.`]];
};

const limiting = (tool: ToolEntry, control: Control): Question => {
  const question: Prose = ["How do I limit ", { code: tool.name }, "?"];
  const { max, window } = rateOf(tool);
  const rate: Prose = [`Each grant gets ${counted(max, "call")} in any ${window}; the next one is refused.`];
  const closed = closedToo(tool, control, "A limit alone closes nothing: it only counts calls.");
  const amount = spendingArgument(tool);
  if (amount === undefined) {
    return { question, answer: [rate, ...closed], snippets: captioned(tool, rateSnippet(tool, control)) };
  }
  const spend: Prose = [
    "What ",
    { code: amount.path },
    ` says is added up, and ${String(SPENDING_EXAMPLE)} a day is the most: an example, in whatever unit the tool counts in.`,
  ];
  return {
    question,
    answer: [rate, spend, ...closed],
    snippets: captioned(tool, spendingSnippet(tool, control, amount)),
  };
};

const bounding = (tool: ToolEntry, control: Control): readonly Question[] => {
  const facts = boundedArguments(tool);
  if (facts.length === 0) {
    return [];
  }
  const paths = listed(facts.map(({ path }) => code(path)));
  const optional = facts.some(({ required }) => !required);
  return [
    {
      question: ["How do I restrict the arguments of ", { code: tool.name }, "?"],
      answer: [
        [
          "Hold ",
          ...paths,
          " to places you name; the values here are examples. A value that cannot be judged is refused.",
        ],
        ...(optional ? [["A call may leave an argument out; then its condition holds."]] : []),
        ...closedToo(tool, control, "That says nothing of its other arguments."),
      ],
      snippets: captioned(tool, boundedSnippet(tool, control, facts)),
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
    snippets: blockSnippets(tool, meta),
  };
};

const IN_PLACE: readonly Prose[] = [
  [
    "A server that has a policy needs only this in it; if there is a ",
    { code: "hide" },
    " already, add to its list.",
  ],
];
const IN_PLACE_DENYING: readonly Prose[] = [["A server that has a policy needs this in it."]];
const OPENS_THE_REST: readonly Prose[] = [
  ["Only for a server that has no policy."],
  ["It opens every tool that is not hidden here, without a limit and without asking."],
];
const ADMITS_NOTHING: readonly Prose[] = [
  [
    "For a server that has no policy. As it stands, it admits no tool at all: add rules for those that you need.",
  ],
];

const blockSnippets = (tool: ToolEntry, meta: readonly ToolEntry[]): readonly Snippet[] => {
  const many = areTooMany(meta);
  return [
    {
      is: "excerpt",
      document: blockExcerpt(tool, meta),
      caption: many ? IN_PLACE_DENYING : IN_PLACE,
    },
    {
      is: "policy",
      document: blockPolicy(tool, meta),
      caption: many ? ADMITS_NOTHING : OPENS_THE_REST,
    },
  ];
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
    ...(runsOf(tool) === undefined ? [] : [["What it runs is all that a person has to judge by."]]),
  ],
  snippets: [{ is: "policy", document: approvalSnippet(tool), caption: captionOf(tool, "policy") }],
});

const NO_CONDITION = "No condition can judge what it is told, so";

/** How the recommended policy closes it. */
const howClosed = ({ by, rule, asks }: Control): Prose => {
  if (rule !== undefined && "deny_if" in rule) {
    return [
      "The recommended policy admits it for some names: those of tools that it leaves open to every call, and that run no others.",
      asks ? " A person is asked as well." : "",
    ];
  }
  if (asks) {
    return [`${NO_CONDITION} the recommended policy has a person asked for each call.`];
  }
  return [
    by === "hide"
      ? `${NO_CONDITION} the recommended policy hides it.`
      : "The recommended policy does not admit it.",
  ];
};

const closing = (tool: ToolEntry, control: Control, neighbours: Neighbours): readonly Question[] => {
  const runs = runsOf(tool);
  if (runs === undefined) {
    return [];
  }
  const question: Prose = ["What can ", { code: tool.name }, " reach, and how do I close it?"];
  const { rule, asks, open, excerpt } = control;
  const isClosed = !open || asks || (rule !== undefined && "deny_if" in rule);
  return [
    {
      question,
      answer: [[META_REACHES[runs]], isClosed ? howClosed(control) : ["Hide it."]],
      snippets: isClosed
        ? [{ is: "excerpt", document: excerpt, caption: [["The same rule as above."], INTO_YOURS] }]
        : blockSnippets(tool, otherMetaTools(neighbours, tool)),
    },
  ];
};
