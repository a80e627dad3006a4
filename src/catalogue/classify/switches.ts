import { LIMITS } from "../../base/limits.ts";
import { TOOL_CLASSES, type ToolClass } from "../verdict.ts";
import type { KnownArgument } from "./argument-kinds.ts";
import { isTop, squash } from "./free-texts.ts";
import type { NameReading } from "./name-signs.ts";
import { readProse } from "./prose-signs.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { byForm, doneByForm } from "./switch-forms.ts";
import { setOf } from "./words.ts";

/** Switches, modes and values by which a tool that reads does something else as well. */

interface Switched {
  readonly name: NameReading;
  readonly description: string;
  readonly arguments: readonly KnownArgument[];
}

/** Words of what costs money where something is submitted, executed or confirmed. */
const MONEY =
  /\b(?:orders?|quotes?|carts?|checkout|purchas\w*|pay(?:s|ments?)?|trad(?:e|es|ing)|swaps?|transfers?|tx|transactions?|transaction|bookings?|invoices?|bids?|stake|withdraw\w*|baskets?|offers?)\b/i;
/** Names of switches, and what they do. */
const SWITCHES: readonly {
  readonly names: ReadonlySet<string>;
  readonly class: ToolClass;
  /** Whether money must be what the tool is about. */
  readonly money: boolean;
}[] = [
  {
    names: setOf(
      "checkout buy purchase pay paynow buynow placeorder autopay submitorder executetrade autobuy",
    ),
    class: "financial",
    money: false,
  },
  {
    names: setOf(`submit submitnow execute executenow broadcast confirm place placenow send sendnow
      autosubmit autoexecute book booknow`),
    class: "financial",
    money: true,
  },
  {
    names:
      setOf(`delete kill terminate purge wipe erase truncate deleteafter deleteafterread deleteafterreading deleteonread
      deletematching deletematches deletesource deleteoriginal removeafter clearafter purgeafter deletefound
      removefound killmatching cleanup`),
    class: "destructive",
    money: false,
  },
  {
    names: setOf("send sendnow publish publishnow submit post postnow autosend autopublish"),
    class: "write",
    money: false,
  },
];

/** Verbs of a switch's text that speak of what is given back. */
const OF_RESULTS =
  /\b(?:from|in|of) (?:the |its )?(?:output|results?|response|text|string|input|returned|content|list|answer|report|title|html|markdown|display)\b|\b(?:tags?|whitespace|duplicates?|stop ?words?|markup|comments?|punctuation|formatting|outliers?|background|accents?|prefix|suffix|emoji|filters?|scripts?|styles?|attributes?|nulls?|nan|cache[d]?|fields? (?:first|before)|field|selection|input|screen|highlights?|form)\b/i;
/** What only points at what may be there: "Delete markers are listed too". */
const TELLS_OF = /^(?:include|show|return|list|only|whether to (?:include|show|return|list)|exclude|filter)/i;
const WHETHER =
  /^(?:if (?:true|set|given|enabled|yes)|when (?:true|set|enabled)|whether(?: or not)? to|set(?: to true)? to|optionally|also|true to|should it|pass true to|use to)[,:]?\s+(?:also |then |will |it |we )*/i;

const isSwitch = ({ types }: KnownArgument): boolean => types.includes("boolean");

const rank = (is: ToolClass): number => TOOL_CLASSES.indexOf(is);

const sign = (argument: KnownArgument, is: ToolClass, says: string): Sign => ({
  class: is,
  weight: 2 * WEIGHTS.decisive,
  from: "argument",
  found: argument.path.slice(0, 80),
  says,
});

/** What a text says is done, and it alone: "place the order" of "dry=false places the order". */
const doneIn = (text: string): ToolClass =>
  TAKES_AWAY.test(text) || STARTS_WITH.test(text)
    ? readProse(text)
        .first.filter(({ weight }) => weight >= WEIGHTS.inside)
        .map((one) => one.class)
        .reduce((worst, is) => (rank(is) > rank(worst) ? is : worst), "read")
    : "read";
const TAKES_AWAY =
  /^(?:deletes?|removes?|clears?|purges?|wipes?|erases?|truncates?|drops?|empt(?:y|ies)|flush(?:es)?|kills?|terminates?|destroys?|prunes?|discards?)\b/i;
const STARTS_WITH =
  /^(?:pays?|buys?|sells?|places?|purchases?|charges?|submits?|sends?|checks? out|restarts?|runs?|executes?|launch(?:es)?|deploys?|reboots?|trades?|swaps?|transfers?|withdraws?|donates?|tips?|stakes?|redeems?|liquidates?)\b/i;

/** "Clear the log afterwards", of a switch. */
const told = (argument: KnownArgument, money: boolean, isBuffer: boolean): ToolClass => {
  const { description } = argument;
  if (!isSwitch(argument) || TELLS_OF.test(description)) {
    return "read";
  }
  const text = description.replace(WHETHER, "").slice(0, TEXT_CHARACTERS);
  const is = doneIn(text);
  if (is === "destructive") {
    return OF_RESULTS.test(text) || isBuffer ? "read" : is;
  }
  return money && PLACES.test(text) ? "financial" : is === "financial" || is === "execute" ? is : "read";
};
const TEXT_CHARACTERS = 200;
const PLACES =
  /^(?:submits?|places?|executes?|sends?|broadcasts?|confirms?|books?|settles?|pays?|buys?|signs? and (?:send|submit|broadcast)s?)\b/i;

const named = (argument: KnownArgument, money: boolean): ToolClass => {
  const called = squash(argument.name);
  const row = isSwitch(argument)
    ? SWITCHES.find((one) => one.names.has(called) && (!one.money || money))
    : undefined;
  return row === undefined || TELLS_OF.test(argument.description) || OF_RESULTS.test(argument.description)
    ? "read"
    : row.class;
};

/** What its form says, unless its text only tells what is given back. */
const formed = (argument: KnownArgument, money: boolean, isBuffer: boolean): ToolClass => {
  const { description } = argument;
  const is = TELLS_OF.test(description) || OF_RESULTS.test(description) ? "read" : byForm(argument, money);
  return isBuffer && is === "destructive" ? "read" : is;
};

/** Arguments that say what is done with what was found. */
const FATES =
  setOf(`then after afterwards next onmatch onfound postaction followup disposition fate finally andthen thendo
  withmatches onmatches matchaction afterread afterreading onresult cleanupmode remediation remedy enforcement onsuccess ondone`);
const ENDS = setOf("delete remove purge wipe erase drop truncate destroy kill terminate shred");
const PAYS = setOf("buy sell pay purchase checkout order place_order submit_order");
const STARTS = setOf("restart run execute rerun start stop send publish submit merge deploy");

const OPERATIONS = setOf("operation op method command action");
const DELETES = /\b(?:delete|remove|drop)(?:One|Many|Collection|Database|Index|All)\b/;
const CHANGES = /\b(?:insert|update|replace|bulkWrite)(?:One|Many)?\b(?!s)/;

/** An operation of a database that its caller names: "find, insertOne, deleteMany". */
const operation = ({ name, values, description, types }: KnownArgument): ToolClass =>
  !OPERATIONS.has(squash(name)) || values.length > 0 || !(types.length === 0 || types.includes("string"))
    ? "read"
    : DELETES.test(description)
      ? "destructive"
      : CHANGES.test(description) && /,/.test(description)
        ? "execute"
        : "read";

const chosen = ({ name, values, description }: KnownArgument): ToolClass => {
  const isFate =
    FATES.has(squash(name)) || /\bwhat (?:to do|is done|happens) (?:with|to|after)/i.test(description);
  const lower = values.slice(0, LIMITS.classified_values_max).map((value) => value.toLowerCase());
  const has = (known: ReadonlySet<string>): boolean => isFate && lower.some((value) => known.has(value));
  return has(PAYS) ? "financial" : has(ENDS) ? "destructive" : has(STARTS) ? "execute" : "read";
};

const SETTINGS = [
  // "broadcast=true sends it", "use mode=delete to remove them"
  /["'`]?\b(\w{2,40})["'`]?\s?=\s?["'`]?(?:true|yes|1|\w{2,20})["'`]?,?\s+(?:to\s+|will\s+|it\s+|and\s+it\s+|also\s+)*(\w[^.;\n]{3,120})/gi,
  // "Set cleanup to remove them", "Set clear to true to empty the log"
  /\b(?:set|setting|pass|passing|give|use|add|enable|with)\s+["'`]?(\w{2,40})["'`]?(?:\s?(?:=|to)\s?["'`]?(?:true|yes)["'`]?)?,?\s+(?:to|it|which|and it)\s+(?:also\s+)?(\w[^.;\n]{3,120})/gi,
  // "If purge is set, the rows are removed"
  /\b(?:if|when|with)\s+["'`]?(\w{2,40})["'`]?\s+(?:(?:is|was)\s+)?(?:set|true|given|enabled|on|yes)(?:\s+to\s+true)?,?\s+(?:it\s+|this\s+|the tool\s+|also\s+)*(\w[^.;\n]{3,120})/gi,
];
const ARE_GONE =
  /\b(?:is|are|get|gets|will be) (?:also |then |permanently )?(?:deleted|removed|purged|wiped|erased|dropped|killed|emptied|cleared)\b/i;
const UNDO = /\b(?:not|never|no longer|without|nothing|instead of|n't|no)\b/i;

/** What a session has gathered for reading, and goes on gathering. */
const BUFFERS = /\b(?:browsers?|console|buffer|captured|webdriver|editor|intercepted|devtools)\b/i;

/** What the text says of an argument's values. */
const settings = ({ description, arguments: all }: Switched, money: boolean): readonly Sign[] => {
  const text = description.slice(0, LIMITS.classified_description_characters_max);
  const byName = new Map(all.filter(isTop).map((argument) => [argument.name.toLowerCase(), argument]));
  return SETTINGS.flatMap((pattern) => Array.from(text.matchAll(pattern))).flatMap(
    ([, name = "", rest = ""]): readonly Sign[] => {
      const argument = byName.get(name.toLowerCase());
      if (argument === undefined || UNDO.test(rest)) {
        return [];
      }
      const is = doneOf(rest, money);
      return is === "read"
        ? []
        : [sign(argument, is, "Its text says that it does more than read where this is set.")];
    },
  );
};

const doneOf = (rest: string, money: boolean): ToolClass => {
  if (ARE_GONE.test(rest)) {
    return OF_RESULTS.test(rest) ? "read" : "destructive";
  }
  if (money && PLACES.test(rest)) {
    return "financial";
  }
  if (doneByForm(rest) !== "read") {
    return doneByForm(rest);
  }
  const is = doneIn(rest);
  return is === "write" || (is === "destructive" && OF_RESULTS.test(rest)) ? "read" : is;
};

/** What a tool that is said to do `spoken` can be switched to. */
export const switches = (tool: Switched, spoken: ToolClass): readonly Sign[] => {
  const money = MONEY.test(`${tool.name.words.join(" ")} ${tool.description.slice(0, 400)}`);
  const isBuffer = BUFFERS.test(
    `${tool.name.words.join(" ")} ${tool.description.slice(0, LIMITS.classified_description_characters_max)}`,
  );
  const found = tool.arguments.filter(isTop).flatMap((argument): readonly Sign[] => {
    const about = money || MONEY.test(argument.description);
    const is = [
      named(argument, about),
      told(argument, about, isBuffer),
      chosen(argument),
      operation(argument),
      formed(argument, about, isBuffer),
    ].reduce((worst, one) => (rank(one) > rank(worst) ? one : worst));
    return is === "read" ? [] : [sign(argument, is, "It can be told to do more than read.")];
  });
  // A tool that changes things anyway may be told how; only what costs money is worse than what it says.
  return [...found, ...settings(tool, money)]
    .filter(
      (one) =>
        rank(one.class) > rank(spoken) &&
        (spoken === "read" || (one.class === "financial" && one.found !== "args.confirm")),
    )
    .slice(0, 1);
};
