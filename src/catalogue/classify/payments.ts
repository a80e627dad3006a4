import type { KnownArgument } from "./argument-kinds.ts";
import type { NameReading } from "./name-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** An argument that says how much changes hands: "Amount to send", "Payment in dollars for each worker". */
const PAID =
  /^\W{0,3}(?:the )?(?:(?:payment|pay|prize|reward|bounty|bonus|wage)\b[^.]{0,40}(?:\busd\b|\beur\b|\busdc\b|\$|\bdollars?\b|\bcents\b|\bper\b)|(?:amount|sum|quantity|number)\b[^.]{0,20}\bto (?:pay|send|transfer|charge|refund|deposit|withdraw|stake|bid|spend|swap|donate|tip|pay out)\b)/i;

/** Verbs by which nothing changes hands yet, or nothing at all. */
const NOT_YET = setOf("draft prepare build simulate preview estimate quote calculate validate check encode");

/** Verbs of asking that are paid for where an argument says so. */
const ASKED = setOf("ask request order hire commission");

/** A tool that changes something, and is told how much to pay for it. */
export const toldToPay = (
  name: NameReading,
  args: readonly KnownArgument[],
  told: Sign["class"],
): readonly Sign[] => {
  const verb = name.verb ?? "";
  if (NOT_YET.has(verb) || (told !== "write" && told !== "execute" && !ASKED.has(verb))) {
    return [];
  }
  const paid = args.find(({ types, description }) => isNumber(types) && PAID.test(description.slice(0, 120)));
  return paid === undefined
    ? []
    : [
        {
          class: "financial",
          weight: WEIGHTS.decisive,
          from: "argument",
          found: paid.path.slice(0, 80),
          says: "It is told how much to pay, so it moves or commits money.",
        },
      ];
};

/** Amounts of coins are often texts. */
const isNumber = (types: readonly string[]): boolean =>
  types.includes("number") || types.includes("integer") || types.includes("string");
