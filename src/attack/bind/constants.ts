import { isRecord } from "../plain.ts";
import { saidIn, type Said } from "./words.ts";

/**
 * Values that an attack evades a rule with are made of what the rule says: `/srv/project/../../etc/shadow` of a folder.
 * A user's rule says something else, so what the recommended rule says of an argument is put into the words of theirs.
 */
export interface Swap {
  /** The argument, as the scenario names it. */
  readonly argument: string;
  readonly from: string;
  readonly to: string;
}

type Pair = readonly [from: string, to: string];

/** What is said in place of a recommended text where a user's rule says this; nothing where the two do not fit. */
type Meet = (recommended: string, own: string) => readonly Pair[];

const FOLDERS = ["within", "starts_with", "glob"];
const HOSTS = ["host_in"];
const ENDS = ["ends_with"];
const VALUES = ["eq", "in"];
const NETS = ["cidr_in"];
const LOOSE = ["starts_with", "contains", "glob", "ends_with"];

/** Without the wildcards that it ends with, and without the slash. */
const trimmed = (text: string): string =>
  text
    .replace(/^\*\./u, "www.")
    .replace(/\*.*$/su, "")
    .replace(/(?<=.)\/+$/u, "");

/** The host in a text that begins, ends or passes an address. */
export const hostIn = (text: string): string | undefined =>
  /(?:^|:\/\/)(?<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?=$|[/:?#*])/u.exec(text)?.groups?.["host"];

/** `@corp.ch` of an address, or of the end of one. */
export const domainIn = (text: string): string | undefined =>
  /@?(?<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/u.exec(text)?.groups?.["domain"];

const whole: Meet = (recommended, own) => [[trimmed(recommended), trimmed(own)]];

const onHost: Meet = (recommended, own) => {
  const old = trimmed(recommended);
  const begin = /^https?:\/\//u.test(own) ? trimmed(own) : undefined;
  const host = hostIn(own);
  return [
    ...(begin === undefined ? [] : ["https", "http"].map((scheme): Pair => [`${scheme}://${old}`, begin])),
    ...(host === undefined ? [] : [[old, host] as const]),
  ];
};

const atDomain: Meet = (recommended, own) => {
  const old = recommended.includes("@") ? domainIn(recommended) : undefined;
  const domain = domainIn(own);
  return old === undefined || domain === undefined ? [] : [[`@${old}`, `@${domain}`]];
};

/** Recommended operators, a user's, and what meets where. The first row that fits counts. */
const MEETINGS: readonly (readonly [readonly string[], readonly string[], Meet])[] = [
  [FOLDERS, FOLDERS, whole],
  [FOLDERS, ["contains"], whole],
  [HOSTS, HOSTS, whole],
  [HOSTS, LOOSE, onHost],
  [ENDS, ENDS, whole],
  [VALUES, VALUES, whole],
  [NETS, NETS, whole],
  [ENDS, [...LOOSE, ...VALUES], atDomain],
  [VALUES, LOOSE, atDomain],
];

const meeting = (recommended: Said, own: Said): readonly Pair[] => {
  const [, , meet] =
    MEETINGS.find(([theirs, ours]) => theirs.includes(recommended.op) && ours.includes(own.op)) ?? [];
  return (meet?.(recommended.text, own.text) ?? []).filter((pair) => !pair.includes(""));
};

/** `own`: what the user's rule says, what counts most first. `argumentOf`: their name for an argument of the scenario. */
export const swapsFor = (
  recommended: unknown,
  own: readonly Said[],
  argumentOf: (name: string) => string | undefined,
): readonly Swap[] =>
  saidIn(recommended)
    .flatMap((said): readonly Swap[] => {
      const name = argumentOf(said.argument);
      const found = own
        .filter(({ argument }) => name !== undefined && (argument === name || argument === "*"))
        .map((each) => meeting(said, each))
        .find((pairs) => pairs.length > 0);
      return (found ?? []).map(([from, to]) => ({ argument: said.argument, from, to }));
    })
    .toSorted((one, other) => other.from.length - one.from.length);

/** A value of an argument, in the words of the user's rule. */
export const swapped = (value: unknown, argument: string, swaps: readonly Swap[]): unknown =>
  inTexts(value, (text) => swappedText(text, argument, swaps));

export const swappedText = (text: string, argument: string, swaps: readonly Swap[]): string => {
  const swap = swaps.find((one) => one.argument === argument && text.includes(one.from));
  return swap === undefined ? text : text.replaceAll(swap.from, swap.to);
};

/** A value with its texts changed. */
export const inTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => inTexts(each, change));
  }
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inTexts(each, change)]))
    : value;
};
