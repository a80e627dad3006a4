import { NEGATIONS } from "./nouns.ts";
import type { Clause } from "./prose-clauses.ts";
import { setOf } from "./words.ts";

/** Whether what a clause says at a place is said not to be so. */
export const negated = (clause: Clause, at: number): boolean =>
  clause.slice(Math.max(0, at - 4), at).some((word) => NEGATIONS.has(word));

/** "Runs a query (read-only)". */
const IN_BRACKETS =
  /\((?:read[- ]only|select only|select queries only|select statements only)\b[^()]{0,60}\)/i;

/** Whether a text says of its tool that it changes nothing. */
export const claimsReadOnly = (clauses: readonly Clause[], text: string): boolean =>
  clauses.some(saysSo) || IN_BRACKETS.test(text);

const CHANGES = setOf("modify modifies modifying change changes changing alter alters write writes affect");

const saysSo = (clause: Clause): boolean =>
  clause.some(
    (word, at) =>
      word === "read-only" ||
      word === "readonly" ||
      (word === "read" && clause[at + 1] === "only") ||
      (CHANGES.has(word) && negated(clause, at)),
  );
