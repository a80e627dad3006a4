import { isRecord, type Plain } from "../plain.ts";
import type { Scenario, Sign, SimpleStep, Step } from "../scenario.ts";
import { argumentPath } from "./words.ts";

/** An amount that an attack moves, call by call. */
export interface Amount {
  /** The argument, as the scenario names it. */
  readonly argument: string;
  readonly value: number;
}

/** The amount that a sign counts, where the tool that is called takes one. */
export const amountIn = ({ servers }: Scenario, { called, with: wanted = {} }: Sign): Amount | undefined => {
  const tool = Object.values(servers)
    .flatMap(({ tools = [] }) => tools)
    .find(({ definition, stands_for: kind }) => definition.name === called && kind !== undefined);
  return Object.entries(tool?.stands_for?.arguments ?? {}).flatMap(([argument, kind]) => {
    const value = wanted[argument];
    return kind === "money" && typeof value === "number" ? [{ argument, value }] : [];
  })[0];
};

/** How far an amount is raised to reach a limit, tenfold each time. */
const RAISES_MAX = 6;

/** Amounts that may be let through, the smallest first: those at which a rule draws a line, and ever larger ones. */
export const amountsFor = (
  rule: Plain | undefined,
  argument: string,
  { value }: Amount,
): readonly number[] => {
  const lines = GATES.flatMap(([gate, ops]) => linesIn(rule?.[gate], argument, ops));
  const raised = Array.from({ length: RAISES_MAX }, (_, at) => value * 10 ** (at + 1));
  return [...new Set([...lines, ...raised])].filter((one) => one > 0).toSorted((one, other) => one - other);
};

/** The largest amount that is still within. */
type Line = (at: number) => number;
const AT: Line = (at) => at;
const BELOW: Line = (at) => (at > 1 ? at - 1 : at / 2);

const GATES: readonly (readonly [string, Readonly<Record<string, Line>>])[] = [
  ["require", { lte: AT, lt: BELOW, eq: AT, in: AT }],
  ["deny_if", { gt: AT, gte: BELOW }],
  ["approval", { gt: AT, gte: BELOW }],
];

const linesIn = (
  value: unknown,
  argument: string,
  ops: Readonly<Record<string, Line>>,
): readonly number[] => {
  if (Array.isArray(value)) {
    return value.flatMap((each) => linesIn(each, argument, ops));
  }
  if (!isRecord(value)) {
    return [];
  }
  const name = argumentPath(value["path"])?.name;
  if (name === undefined) {
    return Object.values(value).flatMap((each) => linesIn(each, argument, ops));
  }
  return name === argument || name === "*" ? linesOf(value, ops) : [];
};

const linesOf = ({ op, value }: Plain, ops: Readonly<Record<string, Line>>): readonly number[] => {
  const line = typeof op === "string" && Object.hasOwn(ops, op) ? ops[op] : undefined;
  return (Array.isArray(value) ? value : [value]).flatMap((at) =>
    line === undefined || typeof at !== "number" ? [] : [line(at)],
  );
};

/** The same scenario with another amount in the calls of a tool, and in what is seen of them. */
export const withAmount = (
  scenario: Scenario,
  called: string | undefined,
  { argument, value }: Amount,
): Scenario => {
  const given = (one: Plain): Plain =>
    typeof one[argument] === "number" ? { ...one, [argument]: value } : one;
  const simple = (step: SimpleStep): SimpleStep =>
    "call" in step && step.call === called && step.arguments !== undefined
      ? { ...step, arguments: given(step.arguments) }
      : step;
  return {
    ...scenario,
    steps: scenario.steps.map((step): Step =>
      "repeat" in step ? { ...step, steps: step.steps.map(simple) } : simple(step),
    ),
    through: scenario.through.map((sign) =>
      sign.called === called && sign.with !== undefined ? { ...sign, with: given(sign.with) } : sign,
    ),
  };
};
