/** Kleene's three values and how conditions are joined (docs/policy.md, "Three values"). */

import type { Call } from "./types.ts";

/** 1 true, 0 false, -1 unknown. */
export type Three = 1 | 0 | -1;
export type Condition = (call: Call) => Three;

const TRUE: Condition = () => 1;
const FALSE: Condition = () => 0;

/** False if any is false, else unknown if any is, else true. */
export const allOf = (conditions: readonly Condition[]): Condition => {
  const [first, second, ...rest] = conditions;
  if (first === undefined) {
    return TRUE;
  }
  if (second === undefined) {
    return first;
  }
  if (rest.length === 0) {
    return (call) => {
      const one = first(call);
      if (one === 0) {
        return 0;
      }
      const other = second(call);
      return other === 1 ? one : other;
    };
  }
  return (call) => {
    let out: Three = 1;
    for (const condition of conditions) {
      const one = condition(call);
      if (one === 0) {
        return 0;
      }
      out = one === 1 ? out : -1;
    }
    return out;
  };
};

/** True if any is true, else unknown if any is, else false. */
export const anyOf = (conditions: readonly Condition[]): Condition => {
  const [first, second] = conditions;
  if (first === undefined) {
    return FALSE;
  }
  if (second === undefined) {
    return first;
  }
  return (call) => {
    let out: Three = 0;
    for (const condition of conditions) {
      const one = condition(call);
      if (one === 1) {
        return 1;
      }
      out = one === 0 ? out : -1;
    }
    return out;
  };
};

const opposite = (value: Three): Three => (value === -1 ? -1 : value === 1 ? 0 : 1);

export const notOf =
  (condition: Condition): Condition =>
  (call) =>
    opposite(condition(call));
