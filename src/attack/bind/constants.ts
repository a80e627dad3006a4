import { isRecord, type Plain } from "../plain.ts";

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

/** Operators whose values may stand for one another's. */
const KINDS = [
  ["within", "starts_with", "glob"],
  ["host_in"],
  ["ends_with"],
  ["eq", "in"],
  ["cidr_in"],
] as const;

const kindOf = (op: unknown): number => KINDS.findIndex((ops) => ops.some((each) => each === op));

interface Said {
  /** Index into the kinds. */
  readonly kind: number;
  readonly argument: string;
  readonly text: string;
}

const ARGUMENT = /^args\.([A-Za-z_][\w-]*)/u;

/** What a rule says of arguments, in order. */
const saidIn = (value: unknown): readonly Said[] => {
  if (Array.isArray(value)) {
    return value.flatMap(saidIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  const { path, op } = value;
  const [, argument] = typeof path === "string" ? (ARGUMENT.exec(path) ?? []) : [];
  const kind = kindOf(op);
  return argument === undefined || kind === -1
    ? Object.values(value).flatMap(saidIn)
    : textsIn(value["value"]).map((text) => ({ kind, argument, text }));
};

/** Without the wildcards that it ends with, and without the slash. */
const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each: unknown) => {
    const text =
      typeof each === "string"
        ? each
            .replace(/^\*\./u, "www.")
            .replace(/\*.*$/su, "")
            .replace(/(?<=.)\/+$/u, "")
        : "";
    return text === "" ? [] : [text];
  });

/** The arguments that a rule says something of. */
export const argumentsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) {
    return value.flatMap(argumentsIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  const { path } = value;
  const [, argument] = typeof path === "string" ? (ARGUMENT.exec(path) ?? []) : [];
  return argument === undefined ? Object.values(value).flatMap(argumentsIn) : [argument];
};

/** `argumentOf`: the name that the user's tool has for an argument of the scenario. */
export const swapsFor = (
  recommended: unknown,
  own: Plain | undefined,
  argumentOf: (name: string) => string | undefined,
): readonly Swap[] => {
  const theirs = saidIn(own);
  return saidIn(recommended)
    .flatMap(({ kind, argument, text }): readonly Swap[] => {
      const to = theirs.find((one) => one.kind === kind && one.argument === argumentOf(argument));
      return to === undefined ? [] : [{ argument, from: text, to: to.text }];
    })
    .toSorted((one, other) => other.from.length - one.from.length);
};

/** A value of an argument, in the words of the user's rule. */
export const swapped = (value: unknown, argument: string, swaps: readonly Swap[]): unknown => {
  if (typeof value === "string") {
    const swap = swaps.find((one) => one.argument === argument && value.includes(one.from));
    return swap === undefined ? value : value.replaceAll(swap.from, swap.to);
  }
  if (Array.isArray(value)) {
    return value.map((each) => swapped(each, argument, swaps));
  }
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, swapped(each, argument, swaps)]))
    : value;
};
