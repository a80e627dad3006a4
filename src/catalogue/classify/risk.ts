import { worseRisk, type Evidence, type Power, type Risk, type ToolClass } from "../verdict.ts";
import type { Clause } from "./prose-clauses.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { accessOf } from "./access.ts";
import { writtenTo } from "./argument-signs.ts";
import { lossOf } from "./losses.ts";
import { wayIn } from "./remote-access.ts";
import { meantWords, settledRisk, worseRisks, type Act } from "./risk-acts.ts";
import { setOf, singular } from "./words.ts";

/** What a class alone means. */
const BASE: Readonly<Record<ToolClass, Risk>> = {
  read: "low",
  write: "medium",
  execute: "medium",
  destructive: "high",
  financial: "high",
};

/** What a guess may turn out to be. */
const UNSURE: Readonly<Record<ToolClass, Risk>> = { ...BASE, read: "medium", execute: "high" };

/** What a power adds, for the classes that are named; it never lowers. */
const POWER_RISKS: readonly {
  readonly power: Power;
  readonly classes: readonly ToolClass[];
  readonly risk: Risk;
}[] = [
  { power: "network", classes: ["read"], risk: "medium" },
  { power: "sql", classes: ["read"], risk: "medium" },
  { power: "sql", classes: ["write"], risk: "high" },
  { power: "sql", classes: ["execute", "destructive"], risk: "critical" },
  { power: "code", classes: ["execute"], risk: "critical" },
  { power: "tools", classes: ["execute"], risk: "critical" },
  { power: "outside", classes: ["write", "execute"], risk: "high" },
  { power: "bulk", classes: ["execute"], risk: "high" },
  { power: "bulk", classes: ["destructive", "financial"], risk: "critical" },
];

/** Words of a name, and what they say of the things behind it. */
const WORD_RISKS: readonly {
  readonly words: ReadonlySet<string>;
  readonly classes: readonly ToolClass[];
  readonly risk: Risk;
}[] = [
  {
    words: setOf(
      "secret secrets password passwords credential credentials token tokens private apikey keystore vault mnemonic",
    ),
    classes: ["read"],
    risk: "high",
  },
  {
    words:
      setOf(`permission permissions role roles policy policies access user users member members admin secret secrets
      password credential credentials token key keys firewall dns production prod acl iam security owner ownership`),
    classes: ["write", "execute"],
    risk: "high",
  },
  {
    words:
      setOf(`deploy deployment deployments production prod install shell terminal reboot restart workflow pipeline
      system host server servers cluster vm`),
    classes: ["execute"],
    risk: "high",
  },
  {
    words: setOf("payout payouts transfer transfers withdraw withdrawal send swap bridge"),
    classes: ["financial"],
    risk: "critical",
  },
  { words: setOf("overwrite replace force write move"), classes: ["write"], risk: "medium" },
];

/** What a server says of itself can only raise. */
const HINTS: readonly {
  readonly hint: string;
  readonly value: boolean;
  readonly classes: readonly ToolClass[];
  readonly risk: Risk;
  readonly says: string;
}[] = [
  {
    hint: "readOnlyHint",
    value: false,
    classes: ["read"],
    risk: "medium",
    says: "Its server says that it is not read-only.",
  },
  {
    hint: "destructiveHint",
    value: true,
    classes: ["read"],
    risk: "medium",
    says: "Its server says that it may destroy something.",
  },
  {
    hint: "destructiveHint",
    value: true,
    classes: ["write", "execute"],
    risk: "high",
    says: "Its server says that it may destroy something.",
  },
];

export interface Grounds {
  readonly class: ToolClass;
  readonly words: readonly string[];
  readonly powers: readonly Power[];
  /** Whether the class is a guess. */
  readonly unsure: boolean;
  /** Whether its description says that something cannot be undone. */
  readonly forGood: boolean;
  readonly hint: (name: string) => boolean | undefined;
  /** Words of the first sentence. */
  readonly sentence: readonly string[];
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
}

/** The risk of a tool, and the hints that raised it. */
export const riskOf = (grounds: Grounds): { readonly risk: Risk; readonly evidence: readonly Evidence[] } => {
  const act = { ...grounds, words: grounds.words.map(singular) };
  const files = grounds.class === "read" ? writtenTo(grounds.arguments) : [];
  const own = [
    ...actRisks(grounds, act),
    ...(grounds.forGood && grounds.class !== "read" ? (["high"] as const) : []),
    ...(files.length > 0 ? (["medium"] as const) : []),
  ].reduce(worseRisk);
  const written = files.slice(0, 1).map((path) => ({
    from: "argument" as const,
    found: path.slice(0, 80),
    says: "It can write a file that its caller names.",
  }));
  const raised = settledRisk(act) === undefined ? raisedByHints(grounds, own) : { risk: own, evidence: [] };
  return { risk: raised.risk, evidence: [...written, ...raised.evidence] };
};

/** What its class, its powers and the things that it is about say; of some acts it is known anyway. */
const actRisks = (grounds: Grounds, act: Act): readonly Risk[] => {
  const loss = grounds.class === "destructive" ? lossOf(act) : undefined;
  const settled = settledRisk(act) ?? (loss === "high" ? loss : undefined);
  if (settled !== undefined) {
    return [settled];
  }
  const words = meantWords(grounds.words);
  return [
    BASE[grounds.class],
    ...POWER_RISKS.filter(
      ({ power, classes }) => classes.includes(grounds.class) && grounds.powers.includes(power),
    ).map(({ risk }) => risk),
    ...WORD_RISKS.filter(
      (row) => row.classes.includes(grounds.class) && words.some((word) => row.words.has(word)),
    ).map(({ risk }) => risk),
    ...worseRisks(act),
    ...(loss === undefined ? [] : [loss]),
    ...accessRisks(grounds, act.words),
    ...(grounds.unsure ? ([UNSURE[grounds.class]] as const) : []),
  ];
};

/** Who may do what, and ways into a machine. */
const accessRisks = (grounds: Grounds, words: readonly string[]): readonly Risk[] => {
  const access = accessOf({ ...grounds, words });
  const way = grounds.class === "execute" ? wayIn({ words, clause: grounds.sentence }) : undefined;
  return [
    ...(access === undefined ? [] : [ACCESS_RISKS[access]]),
    ...(way === undefined ? [] : [WAY_RISKS[way]]),
  ];
};
const ACCESS_RISKS = { restrictions: "critical", permissions: "high" } as const;
const WAY_RISKS = { shell: "critical", tunnel: "high" } as const;

const raisedByHints = (
  grounds: Grounds,
  own: Risk,
): { readonly risk: Risk; readonly evidence: readonly Evidence[] } => {
  const raising = HINTS.filter(
    ({ hint, value, classes, risk }) =>
      classes.includes(grounds.class) && grounds.hint(hint) === value && worseRisk(own, risk) !== own,
  );
  return {
    risk: raising.map(({ risk }) => risk).reduce(worseRisk, own),
    evidence: raising.map(({ hint, says }) => ({ from: "annotation", found: hint, says })),
  };
};

const FOR_GOOD = setOf("permanently irreversible irreversibly undone overwrites destructive irrevocably");

/** Whether a description says that something cannot be undone. */
export const saysForGood = (clauses: readonly Clause[]): boolean =>
  clauses.some((clause) => clause.some((word) => FOR_GOOD.has(word)));
