import { isRecord, type Plain } from "../plain.ts";

/**
 * Values that a user's rule asks for, so that a call which is not about them gets as far as it would in earnest: a place
 * where the agent may write, a host that it may ask. By argument, as the rule names it; of `deny_if` nothing is read.
 */
export const admittedBy = (rule: Plain | undefined): ReadonlyMap<string, unknown> =>
  new Map(conditionsIn(rule?.["require"]).flatMap((condition) => sampleOf(condition) ?? []));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Of alternatives the first; of what is negated nothing. */
const conditionsIn = (predicates: unknown): readonly Plain[] =>
  listOf(predicates).flatMap((predicate) => (isRecord(predicate) ? inList(predicate["conditions"]) : []));

const inList = (conditions: unknown): readonly Plain[] =>
  listOf(conditions).flatMap((condition) => {
    if (!isRecord(condition)) {
      return [];
    }
    const [first] = listOf(condition["any"]);
    return [[condition], inList(condition["all"]), inList(first === undefined ? [] : [first])].flat();
  });

const ARGUMENT = /^args\.([A-Za-z_][\w-]*)(\[\*\])?$/u;

const sampleOf = ({ path, op, value }: Plain): readonly [readonly [string, unknown]] | undefined => {
  const [, name, each] = typeof path === "string" ? (ARGUMENT.exec(path) ?? []) : [];
  const make = typeof op === "string" && Object.hasOwn(SAMPLES, op) ? SAMPLES[op] : undefined;
  const [one] = Array.isArray(value) ? value : [value];
  const sample: unknown = make?.(one);
  return name === undefined || sample === undefined
    ? undefined
    : [[name, each === undefined ? sample : [sample]]];
};

const ofText =
  (change: (text: string) => string) =>
  (value: unknown): unknown =>
    typeof value === "string" ? change(value) : undefined;
const ofNumber =
  (by: number) =>
  (value: unknown): unknown =>
    typeof value === "number" ? value + by : undefined;

const SAMPLES: Readonly<Record<string, (value: unknown) => unknown>> = {
  eq: (value) => value,
  in: (value) => value,
  within: ofText((folder) => `${folder.replace(/\/+$/u, "")}/notes.txt`),
  starts_with: ofText((text) => `${text}x`),
  ends_with: ofText((text) => `x${text}`),
  glob: ofText((text) => text.replaceAll(/[*?]/gu, "x")),
  host_in: ofText((host) => `https://${host.replace(/^\*\./u, "www.")}/`),
  lte: ofNumber(0),
  lt: ofNumber(-1),
  gte: ofNumber(0),
  gt: ofNumber(1),
};
