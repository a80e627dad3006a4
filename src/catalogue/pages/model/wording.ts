import type { ArgumentKind, Evidence, MetaTool, Power, Risk, ToolClass } from "../../verdict.ts";

/** The words of the pages: one row a class, risk, power and kind, so that a new one without its words does not compile. */

export const CLASS_MEANS = {
  read: "Only retrieves or computes. Nothing outside is changed.",
  write: "Creates or changes something that can be changed back without losing anything else.",
  execute:
    "Starts or runs something: processes, code, jobs, workflows, deployments, actions in a browser or on a screen, or other tools.",
  destructive: "Deletes, stops for good, revokes, shuts down, or overwrites what cannot be brought back.",
  financial: "Moves, commits, refunds or spends money.",
} as const satisfies Record<ToolClass, string>;

/** What a tool of the class does, as a sentence about it. */
export const CLASS_DOES = {
  read: "It retrieves or computes something and changes nothing outside.",
  write: "It creates or changes something that can be changed back.",
  execute: "It starts or runs something, and what happens then depends on what is started.",
  destructive: "It deletes, stops, revokes or overwrites something for good.",
  financial: "It moves, commits, refunds or spends money.",
} as const satisfies Record<ToolClass, string>;

/** Why a tool of the class needs a policy. */
export const CLASS_WHY = {
  read: "What it reads goes into the model's context, and from there to wherever the agent's other tools reach.",
  write: "An agent that repeats itself changes things many times over, and each has to be put back by hand.",
  execute: "What it runs may do things that the rest of the policy forbids.",
  destructive: "What is gone does not come back when the agent sees its mistake.",
  financial: "A wrong amount, or the same call twice, costs money.",
} as const satisfies Record<ToolClass, string>;

export const RISK_MEANS = {
  low: "A wrong call does little harm, and none that stays.",
  medium: "A wrong call makes work: something has to be put right.",
  high: "A wrong call does harm that is hard to take back, or that reaches others.",
  critical: "A wrong call can lose data, money or control.",
} as const satisfies Record<Risk, string>;

export const POWER_DOES = {
  network: "It fetches addresses that the caller names.",
  files: "It reads or writes files that the caller names.",
  sql: "It runs SQL that the caller writes.",
  code: "It runs code or commands that the caller writes.",
  tools: "It runs other tools that the caller names.",
  screen: "It acts in a browser or on a screen.",
  outside: "It says something to people or systems outside.",
  access: "It changes who may do what, or what its server keeps callers from.",
  bulk: "It touches many things in one call.",
} as const satisfies Record<Power, string>;

/** The same after "a tool that". */
export const POWER_NEEDS = {
  network: "fetches addresses",
  files: "reads or writes files",
  sql: "runs SQL",
  code: "runs code or commands",
  tools: "runs other tools",
  screen: "acts on a screen",
  outside: "says something to others",
  access: "changes who may do what",
  bulk: "touches many things at once",
} as const satisfies Record<Power, string>;

export const POWER_WHY = {
  network: "An address may lead into your own network, or carry data out in its query.",
  files: "A path may lead out of the folder that was meant.",
  sql: "A statement may read or change any table that its user may.",
  code: "Free code does whatever its process may do.",
  tools: "The gate sees this call, and not the tool that is run by it.",
  screen: "What a click does is decided by the page or program on the screen, and others may have made that.",
  outside: "What was said to others cannot be unsaid.",
  access: "Whoever may change permissions may do all that they withhold.",
  bulk: "One wrong call is many.",
} as const satisfies Record<Power, string>;

/** What an argument of the kind carries, after "carries". */
export const KIND_NAMES = {
  money: "an amount of money",
  path: "a path",
  url: "a URL",
  host: "a host",
  recipient: "a recipient",
  code: "program text",
  command: "a command line",
  sql: "SQL",
  tool: "the name of a tool",
  identifier: "an identifier",
  secret: "a secret",
} as const satisfies Record<ArgumentKind, string>;

export const META_RUNS = {
  tools: "the names of other tools",
  code: "program text",
  commands: "command lines",
  sql: "SQL that can write",
} as const satisfies Record<MetaTool["runs"], string>;

/** What a meta-tool can reach. */
export const META_REACHES = {
  tools:
    "Every tool that its server can run, also those that the policy hides or denies: the gate judges this call and never sees the one inside it.",
  code: "Whatever the process that runs the code may do: files, network, other programs, and what this server's other tools do.",
  commands:
    "Every program that the server's machine has and its user may start, and what this server's other tools do.",
  sql: "Every table that the server's database user may read or change, and what this server's other tools do there.",
} as const satisfies Record<MetaTool["runs"], string>;

export const EVIDENCE_FROM = {
  name: "name",
  title: "title",
  description: "description",
  argument: "argument",
  annotation: "annotation",
  doubt: "doubt",
  override: "override",
} as const satisfies Record<Evidence["from"], string>;
