import type { ToolProfile } from "../verdict.ts";
import type { Pattern } from "./pattern.ts";

/** What commands and pages know of attacks. */

/** An object of plain JSON. */
export type Plain = Readonly<Record<string, unknown>>;

/** A pattern and its name. */
export interface NamedPattern {
  readonly name: string;
  readonly pattern: Pattern;
}

export interface AttackList {
  /** By name. */
  readonly attacks: readonly NamedPattern[];
  /** Patterns that cannot be used, a sentence each. */
  readonly problems: readonly string[];
}

/** What is tried against attacks: a policy and settings, a user's own or what a pattern recommends. */
export interface Tried {
  /** The text of a policy, as it stands in a file. */
  readonly policy: string;
  /** Of the configuration, without the address to listen on. */
  readonly gateway?: Plain | undefined;
  /** A server's `tollgate` of the configuration. */
  readonly server?: Plain | undefined;
  /** The same by server, where there are several. */
  readonly servers?: Readonly<Record<string, Plain>>;
  /** Of the configuration: whom the policy judges. */
  readonly identity?: Plain | undefined;
  readonly timezone?: string | undefined;
  /** As policies may ask for them; the scenario's own where they are absent. */
  readonly names?: { readonly grant: string; readonly identity: string };
}

/** A tool of a user's own server, and what the catalogue says of it. */
export interface OwnTool {
  readonly definition: Plain;
  readonly profile: ToolProfile;
  /** Where it is known. */
  readonly server?: string;
}

/** What the policy that is tried says by itself, before anything is played. */
export interface TriedPolicy {
  /** Codes of the decisions on calls one after the other, as if there had been none before: `allowed` passes. */
  readonly judge: (
    calls: readonly { readonly tool: string; readonly given: Plain }[],
  ) => Promise<readonly string[]>;
  /** The rule that applies to a tool, as written, and its key. */
  readonly ruleOf: (tool: string) => { readonly key: string; readonly rule: Plain } | undefined;
}

export interface AttackOptions {
  /** Names; all where there is none. */
  readonly names: readonly string[];
  readonly tried: Tried;
  /** Where they are known, attacks use them; else tools of their own. */
  readonly tools: readonly OwnTool[] | undefined;
  readonly policy: TriedPolicy;
  /** Told how many of how many are done. */
  readonly onProgress: (done: number, total: number) => void;
  /** No further one is begun. */
  readonly signal: AbortSignal;
}

/** By what one sees that an attack got through. */
export interface Proof {
  /** One sentence. */
  readonly says: string;
  /** The message that shows it, as the server or the agent has it; secrets masked. */
  readonly message: string;
}

/** An answer of the gate that was no. */
export interface Refused {
  /** What was asked, in a few words. */
  readonly asked: string;
  /** The decision's or the error's code. */
  readonly code: string;
  /** Where in the policy. */
  readonly rule?: string;
  readonly message: string;
}

/**
 * `through`: something would stop it. `unclear`: it was refused, by a rule that proves nothing of the next try.
 * `not_stopped`: nothing in this release stops it. `not_applicable`: the server has no tool that it needs. `failed`: it
 * could not be played, which says nothing of the policy.
 */
export const OUTCOMES = ["through", "failed", "unclear", "not_stopped", "held", "not_applicable"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What put into the policy that was tried holds the attack: it was played again with it. */
export interface Proposal {
  /** What stands in the policy afterwards: whole rules, whole lists; of `hide`, what is added. */
  readonly adds: Plain;
  /** Tools and members of the policy in whose place these stand. */
  readonly replaces: readonly string[];
  /** Tools that are closed besides, by the default or for their class. */
  readonly closes: readonly string[];
}

export interface AttackResult extends NamedPattern {
  readonly outcome: Outcome;
  /** One sentence. */
  readonly why: string;
  readonly proofs: readonly Proof[];
  readonly refused: readonly Refused[];
  /** Tool of the scenario → the user's tool in its place. */
  readonly tools: Readonly<Record<string, string>>;
  /** Of what got through and a policy can stop, where something was found that holds it. */
  readonly proposal?: Proposal | undefined;
  /** Why there is none: one sentence. */
  readonly unproposed?: string | undefined;
  /** What of the policy lets it through, where that is known: a sentence or two. */
  readonly because?: string | undefined;
}
