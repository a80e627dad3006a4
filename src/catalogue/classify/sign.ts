import type { Evidence, ToolClass } from "../verdict.ts";

/** One thing that speaks for a class. */
export interface Sign extends Evidence {
  readonly class: ToolClass;
  /** How much it says; `SURE` for one that needs no other. */
  readonly weight: number;
}

/** How much the kinds of signs say. A class needs a share of the best one's sum to be considered (`judge.ts`). */
export const WEIGHTS = {
  /** A schema that lets the caller say what is done. */
  decisive: 6,
  /** Enough against a name and a first sentence that say otherwise. */
  admitted: 4,
  phrase: 3.2,
  sure: 3,
  /** A sure verb that is not at the beginning. */
  inside: 2.6,
  /** A word that may be a noun. */
  maybe: 1.8,
  noun: 1.5,
  weak: 0.8,
  /** What is outweighed by another word of the same text. */
  trace: 0.2,
} as const;

/** What a class does, for sentences. */
export const DOES: Readonly<Record<ToolClass, string>> = {
  read: "only reads or computes",
  write: "creates or changes something",
  execute: "runs or operates something",
  destructive: "takes something away for good, or stops it",
  financial: "moves or commits money",
};
