import { TOOL_CLASSES, UNSURE_BELOW, type Evidence, type ToolClass } from "../verdict.ts";
import type { Sign } from "./sign.ts";

export interface Judgement {
  readonly class: ToolClass;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** A class is taken before a less dangerous one if it has at least this share of what speaks for that. */
const SHARE = 0.6;
/** So much together is as sure as it gets. */
const FULL = 6;
const EVIDENCE_MAX = 8;

/** Weighs what was found. Of two classes for which about as much speaks, the more dangerous one is taken. */
export const judge = (signs: readonly Sign[]): Judgement => {
  if (signs.length === 0) {
    return {
      class: "execute",
      confidence: 0.1,
      evidence: [doubt("Nothing in its definition says what it does, so it may do anything.")],
    };
  }
  const sums = new Map<ToolClass, number>();
  for (const { class: is, weight } of signs) {
    sums.set(is, (sums.get(is) ?? 0) + weight);
  }
  const best = Math.max(...sums.values());
  const taken = TOOL_CLASSES.findLast((is) => (sums.get(is) ?? 0) >= SHARE * best) ?? "execute";
  const total = [...sums.values()].reduce((sum, weight) => sum + weight, 0);
  const own = sums.get(taken) ?? 0;
  const sure = rounded((own / total) * Math.min(1, 0.4 + (0.6 * own) / FULL));
  // What is left aside, because too little speaks for it, is no ground for doubt: a guess is always on the safe side.
  const worst = TOOL_CLASSES.findLast((is) => sums.has(is));
  const confidence = taken === worst ? sure : Math.max(sure, UNSURE_BELOW);
  const evidence = [...signs]
    .sort((a, b) => Number(b.class === taken) - Number(a.class === taken) || b.weight - a.weight)
    .slice(0, EVIDENCE_MAX)
    .map(({ from, found, says }) => ({ from, found, says }));
  return {
    class: taken,
    confidence,
    evidence: confidence < UNSURE_BELOW ? [...evidence, doubt(whyDoubt(signs, taken))] : evidence,
  };
};

const whyDoubt = (signs: readonly Sign[], taken: ToolClass): string =>
  signs.some((sign) => sign.class !== taken)
    ? "What was found does not agree, so the more dangerous reading was taken."
    : "Little was found that says what it does.";

const doubt = (says: string): Evidence => ({ from: "doubt", found: "", says });

const rounded = (value: number): number => Math.round(value * 100) / 100;
