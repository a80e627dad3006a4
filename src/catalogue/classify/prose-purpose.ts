import { verbForm } from "./lexicon.ts";
import type { Clause } from "./prose-clauses.ts";
import { thingAt } from "./prose-things.ts";
import { setOf } from "./words.ts";

/** Verbs of asking, and what is asked with: what it is asked for stands behind "to". */
const ASKS = setOf("send make issue submit");
const ASKED_WITH = setOf("request call command");

/** "Sends a request to delete a task", "interacts with the board to list cards": what that is for. */
export const purposeAt = (clause: Clause, lead: number | undefined): number | undefined => {
  const verb = lead === undefined ? undefined : verbForm(clause[lead] ?? "")?.verb;
  if (lead === undefined || verb === undefined || !asks(clause, lead, verb)) {
    return lead;
  }
  const at = clause.findIndex(
    (word, place) => place > lead + 1 && clause[place - 1] === "to" && verbForm(word)?.form === "base",
  );
  return at < 0 || HELD_BACK.has(clause[at + 1] ?? "") ? lead : at;
};

const asks = (clause: Clause, lead: number, verb: string): boolean =>
  verb === "interact" || (ASKS.has(verb) && ASKED_WITH.has(thingAt(clause, lead).at(-1) ?? ""));
/** "To get access" asks for more than to read. */
const HELD_BACK = setOf("access approval permission permissions");
