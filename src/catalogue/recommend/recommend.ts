import type { JsonObject } from "../../base/json-value.ts";
import { foldText } from "../../base/fold.ts";
import { compareCodePoints } from "../../base/text.ts";
import { compileFirstMatch } from "../../policy/patterns.ts";
import type { Preset, Recommendation } from "../recommendation.ts";
import { TOOL_CLASSES, type ToolClass, type ToolProfile } from "../verdict.ts";
import { fittingDocument } from "./document.ts";
import { findingsOf, readsSecrets } from "./findings.ts";
import { closeTool, namesIn, type Reach } from "./meta-tool.ts";
import { notesOf, SECRET_REMARK } from "./notes.ts";
import { proposalsFor } from "./proposals.ts";
import { spendingLimits } from "./spending.ts";
import { CALLS_A_MINUTE, namesOf, type Ruled, runsOf, type Treated, treatmentOf } from "./treatment.ts";
import { patternFor, sortOut } from "./unusable.ts";

export interface RecommendOptions {
  readonly preset: Preset;
  /** Only these tools are admitted, whatever the preset: those that were really called. */
  readonly called?: ReadonlySet<string> | undefined;
}

const WHY_ASK: Readonly<Record<ToolClass, string>> = {
  read: "A person must agree.",
  write: "It changes things: a person must agree.",
  execute: "It runs things: a person must agree.",
  destructive: "It takes something away, or stops it: a person must agree.",
  financial: "It moves money: a person must agree.",
};

const ruleOf = ({ profile, treatment }: Treated, preset: Preset): JsonObject => {
  if (treatment === "limit") {
    const max = profile.class === "write" ? CALLS_A_MINUTE.write : CALLS_A_MINUTE.execute;
    return { rate_limit: { max, window: "minute" } };
  }
  if (treatment !== "approve") {
    return {};
  }
  const limits = profile.class === "financial" && preset === "recommended" ? spendingLimits(profile) : [];
  return {
    action: "require_approval",
    reason: WHY_ASK[profile.class],
    ...(limits.length === 0 ? {} : { limits }),
  };
};

/** A rule with what closes it, the members in the order of the page on policies. */
const closedRule = (rule: JsonObject, closing: JsonObject | undefined): JsonObject => {
  const { action, reason, deny_if: denyIf, limits, rate_limit: rate } = { ...closing, ...rule };
  return Object.fromEntries(
    Object.entries({ action, reason, deny_if: denyIf, limits, rate_limit: rate }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
};

const byClassAndName = (a: Treated, b: Treated): number =>
  TOOL_CLASSES.indexOf(a.profile.class) - TOOL_CLASSES.indexOf(b.profile.class) ||
  compareCodePoints(a.profile.name, b.profile.name);

/** A policy to begin with for tools of one server, from what they are. It checks without warnings against the same tools. */
export const recommend = (profiles: readonly ToolProfile[], options: RecommendOptions): Recommendation => {
  const { preset, called } = options;
  const denies = preset !== "permissive" || called !== undefined;
  const { usable, unusable } = sortOut(profiles);
  const treated = usable
    .map((profile): Treated => {
      const isCalled = called?.has(profile.name) ?? true;
      return { profile, treatment: isCalled ? treatmentOf(profile, preset) : "omit" };
    })
    .sort(byClassAndName);
  const hide = [
    ...namesOf(treated.filter(({ treatment }) => treatment === "hide")),
    // What no key can name is admitted under "allow" unless it is hidden.
    ...(denies ? [] : new Set(unusable.map(patternFor))),
  ];
  const isHidden = compileFirstMatch(hide);
  const shown = treated.filter(
    ({ profile, treatment }) => treatment !== "omit" && isHidden(profile.name) === -1,
  );
  const reach = reachOf(profiles, shown);
  const rules = shown.map(({ profile, treatment }): Ruled => ({
    profile,
    treatment,
    rule: closedRule(
      ruleOf({ profile, treatment }, preset),
      preset === "recommended" ? closeTool(profile, reach) : undefined,
    ),
  }));
  const { policy, tooMany } = fittingDocument(
    { preset, denies, hide, only: called === undefined ? undefined : "called" },
    rules,
  );
  const kept = rules.filter(({ profile }) => !tooMany.has(profile.name));
  const proposals = kept.flatMap(({ profile }) => proposalsFor(profile));
  const findings = findingsOf({
    preset,
    treated,
    unusable,
    isHidden,
    kept,
    tooMany: [...tooMany],
    proposals: proposals.length,
  });
  return {
    preset,
    policy,
    proposals,
    remarks: kept.filter(readsSecrets).map(({ profile }) => ({ tool: profile.name, text: SECRET_REMARK })),
    notes: notesOf(findings, { denies: policy["default"] === "deny" }),
  };
};

const reachOf = (profiles: readonly ToolProfile[], shown: readonly Treated[]): Reach => {
  const names = [...new Set(profiles.map(({ name }) => name))];
  const alike = Map.groupBy(names, foldText);
  const open = namesOf(
    shown.filter(({ profile, treatment }) => treatment === "admit" && runsOf(profile) === undefined),
    // A server may be less strict about case than a policy.
  ).filter((name) => alike.get(foldText(name))?.length === 1);
  const known = new Set(open);
  return {
    open,
    closed: names.filter((name) => !known.has(name)),
    properties: new Set(
      profiles
        .filter(({ name }) => known.has(name))
        .flatMap((profile) => profile.arguments.flatMap(({ path }) => namesIn(path))),
    ),
  };
};
