import { bareObject, type JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import type { Preset } from "../recommendation.ts";
import { namesOf, type Ruled, runsOf } from "./treatment.ts";
import { writePolicy } from "./write-policy.ts";

/** The document of a recommendation, of a size that can be read again. */

const DESCRIPTIONS: Readonly<Record<Preset, string>> = {
  recommended:
    "Reads pass, writes and executions are limited, what destroys, spends or runs code needs approval or is hidden.",
  strict: "Only reads that reach nothing the caller names.",
  permissive:
    "All passes; executions are limited, what destroys, spends or runs code or tools needs approval.",
};

const CALLED = "Only tools that were really called, and allowed; what they are says with which rule.";
const CUT = "As many tools as a policy can hold, the least dangerous first, and none that runs others.";

export interface Frame {
  readonly preset: Preset;
  readonly denies: boolean;
  readonly hide: readonly string[];
  /** Why it admits less than the preset says. */
  readonly only?: "called" | "cut" | undefined;
}

const descriptionOf = ({ preset, only }: Frame): string =>
  only === undefined ? DESCRIPTIONS[preset] : only === "called" ? CALLED : CUT;

const documentOf = (frame: Frame, written: readonly Ruled[]): JsonObject => {
  const { denies, hide } = frame;
  const tools = bareObject();
  for (const { profile, rule } of written) {
    tools[profile.name] = rule;
  }
  return {
    version: "1",
    description: descriptionOf(frame),
    default: denies ? "deny" : "allow",
    ...(hide.length === 0 ? {} : { hide }),
    tools,
  };
};

const isTooLarge = (policy: JsonObject): boolean =>
  new TextEncoder().encode(writePolicy(policy)).length > LIMITS.policy_bytes_max;

/**
 * The document of these rules (where the default allows, of those that say something), or one that denies by default and admits as many tools as it can hold, the least dangerous first and
 * none that runs others.
 */
export const fittingDocument = (
  frame: Frame,
  rules: readonly Ruled[],
): { readonly policy: JsonObject; readonly tooMany: ReadonlySet<string> } => {
  const whole = documentOf(
    frame,
    rules.filter(({ rule }) => frame.denies || Object.keys(rule).length > 0),
  );
  if (!isTooLarge(whole)) {
    return { policy: whole, tooMany: new Set() };
  }
  const simple = rules.filter(({ profile }) => runsOf(profile) === undefined);
  const small = { ...frame, denies: true, hide: [], only: "cut" } as const;
  let [fits, fitsNot] = [0, simple.length + 1];
  while (fitsNot - fits > 1) {
    const middle = Math.floor((fits + fitsNot) / 2);
    [fits, fitsNot] = isTooLarge(documentOf(small, simple.slice(0, middle)))
      ? [fits, middle]
      : [middle, fitsNot];
  }
  const kept = simple.slice(0, fits);
  const names = new Set(namesOf(kept));
  return {
    policy: documentOf(small, kept),
    tooMany: new Set([...namesOf(rules).filter((name) => !names.has(name)), ...frame.hide]),
  };
};
