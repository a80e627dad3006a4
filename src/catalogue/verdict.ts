import { TOOL_CLASSES, type ToolClass } from "../policy/tool-classes.ts";

/** What the catalogue says of a tool (docs/catalogue.md). */

/** The classes, the least dangerous first. One a tool. Policies name them, so the list is theirs. */
export { TOOL_CLASSES, type ToolClass };

/** Independent of the class: how bad a wrong call is. The lowest first. */
export const RISKS = ["low", "medium", "high", "critical"] as const;
export type Risk = (typeof RISKS)[number];

/** A verdict that is less sure than this leans to the more dangerous class, and says so. */
export const UNSURE_BELOW = 0.5;

/** One reason for a verdict. */
export interface Evidence {
  /** Where it was found; `doubt`: in nothing else, so the more dangerous class was taken. */
  readonly from: "name" | "title" | "description" | "argument" | "annotation" | "doubt" | "override";
  /** What was found: a word of the text, or the argument's path. At most 80 characters. */
  readonly found: string;
  /** What it says, as a sentence of ours. */
  readonly says: string;
}

/** What a tool can do beyond its class, which a policy may care about. */
export const POWERS = [
  /** Fetches addresses that the caller names. */
  "network",
  /** Reads or writes files that the caller names. */
  "files",
  /** Runs SQL that the caller writes. */
  "sql",
  /** Runs code or commands that the caller writes. */
  "code",
  /** Runs other tools that the caller names. */
  "tools",
  /** Acts in a browser or on a screen. */
  "screen",
  /** Says something to people or systems outside: mail, messages, posts. */
  "outside",
  /** Changes who may do what, or what the server keeps its callers from. */
  "access",
  /** Touches many things in one call. */
  "bulk",
] as const;
export type Power = (typeof POWERS)[number];

/** What an argument carries. */
export const ARGUMENT_KINDS = [
  "money",
  "path",
  "url",
  "host",
  "recipient",
  /** Program text. */
  "code",
  /** A command line, or part of one. */
  "command",
  "sql",
  /** The name of a tool, or of a command that the server runs as if it were one. */
  "tool",
  "identifier",
  "secret",
] as const;
export type ArgumentKind = (typeof ARGUMENT_KINDS)[number];

/** One argument, nested ones included. */
export interface ArgumentFact {
  /** As policies write it: `args.amount`, `args.items[*].url`. */
  readonly path: string;
  /** JSON Schema types that its schema allows; empty: any. */
  readonly types: readonly string[];
  /** Whether every call has it: required at each level. */
  readonly required: boolean;
  /** Empty: none that matters to a policy. */
  readonly kinds: readonly ArgumentKind[];
}

/** A tool that can do what other tools do, because it is told what to do. */
export interface MetaTool {
  /** What it is told: names of tools, program text, command lines, or SQL that can write. */
  readonly runs: "tools" | "code" | "commands" | "sql";
  /** Paths of the arguments that carry it, as policies write them. */
  readonly arguments: readonly string[];
  /** Whether one call can carry several. */
  readonly batch: boolean;
}

/** The class and risk of a tool, with the reasons. */
export interface Verdict {
  readonly class: ToolClass;
  readonly risk: Risk;
  /** 0 to 1; below `UNSURE_BELOW` the verdict is a guess on the safe side. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** All that the catalogue can say of a tool from its definition alone. */
export interface ToolProfile extends Verdict {
  readonly name: string;
  readonly powers: readonly Power[];
  readonly arguments: readonly ArgumentFact[];
  readonly meta: MetaTool | undefined;
}

const RANK: ReadonlyMap<string, number> = new Map([...TOOL_CLASSES, ...RISKS].map((name, at) => [name, at]));
const rank = (name: string): number => RANK.get(name) ?? 0;

export const worseClass = (a: ToolClass, b: ToolClass): ToolClass => (rank(a) >= rank(b) ? a : b);
export const worseRisk = (a: Risk, b: Risk): Risk => (rank(a) >= rank(b) ? a : b);
