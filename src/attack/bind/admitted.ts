import { isRecord, type Plain } from "../plain.ts";
import { literalsOf } from "./literals.ts";
import { argumentPath } from "./words.ts";

/**
 * Values that a user's rule asks for, so that a call which is not about them gets as far as it would in earnest: a place
 * where the agent may write, a host that it may ask. By argument, as the rule names it, `*` for whichever; of `deny_if`
 * nothing is read. `choice`: which of alternatives.
 */
export const admittedBy = (rule: Plain | undefined, choice = 0): ReadonlyMap<string, unknown> =>
  new Map(conditionsIn(rule?.["require"], choice).flatMap((condition) => sampleOf(condition) ?? []));

/** How many alternatives a rule has where it has most of them. */
export const choicesIn = (value: unknown): number => {
  if (!isRecord(value)) {
    return Array.isArray(value) ? Math.max(1, ...value.map(choicesIn)) : 1;
  }
  return Math.max(listOf(value["any"]).length, ...Object.values(value).map(choicesIn), 1);
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Of what is negated nothing. */
const conditionsIn = (predicates: unknown, choice: number): readonly Plain[] =>
  listOf(predicates).flatMap((predicate) =>
    isRecord(predicate) ? inList(predicate["conditions"], choice) : [],
  );

const inList = (conditions: unknown, choice: number): readonly Plain[] =>
  listOf(conditions).flatMap((condition) => {
    if (!isRecord(condition)) {
      return [];
    }
    const any = listOf(condition["any"]);
    const chosen = any.length === 0 ? [] : [any[choice % any.length]];
    return [[condition], inList(condition["all"], choice), inList(chosen, choice)].flat();
  });

const sampleOf = ({ path, op, value }: Plain): readonly [readonly [string, unknown]] | undefined => {
  const to = argumentPath(path);
  const [one] = Array.isArray(value) ? value : [value];
  const sample = madeFor(op, one);
  return to === undefined || to.rest !== "" || sample === undefined
    ? undefined
    : [[to.name, to.each ? [sample] : sample]];
};

const madeFor = (op: unknown, value: unknown): unknown =>
  typeof op === "string" && Object.hasOwn(SAMPLES, op) ? SAMPLES[op]?.(value) : undefined;

const ofText =
  (change: (text: string) => string | undefined) =>
  (value: unknown): unknown =>
    typeof value === "string" ? change(value) : undefined;
const ofNumber =
  (by: number) =>
  (value: unknown): unknown =>
    typeof value === "number" ? value + by : undefined;

/** Somebody at it, where it is the end of an address. */
const around = (text: string): string => (text.startsWith("@") ? `ana${text}` : text);

const SAMPLES: Readonly<Record<string, (value: unknown) => unknown>> = {
  eq: (value) => value,
  in: (value) => value,
  within: ofText((folder) => `${folder.replace(/\/+$/u, "")}/notes.txt`),
  starts_with: ofText((text) => `${text}x`),
  ends_with: ofText((text) => `x${text}`),
  contains: ofText(around),
  regex: ofText((pattern) => {
    const { isPlain, longest } = literalsOf(pattern);
    return isPlain ? around(longest) : undefined;
  }),
  glob: ofText((text) => text.replaceAll(/[*?]/gu, "x")),
  host_in: ofText((host) => `https://${host.replace(/^\*\./u, "www.")}/`),
  lte: ofNumber(0),
  lt: ofNumber(-1),
  gte: ofNumber(0),
  gt: ofNumber(1),
};
