import type { Preset } from "../recommendation.ts";
import { type Power, UNSURE_BELOW } from "../verdict.ts";
import { spendsUncounted } from "./spending.ts";
import { namesOf, type Ruled, runsOf, type Treated } from "./treatment.ts";

/** What a recommendation found, by name of the tool. */
export interface Findings {
  readonly hidden: readonly string[];
  readonly asked: readonly string[];
  readonly omitted: readonly string[];
  readonly unsure: readonly string[];
  readonly unusable: readonly string[];
  readonly metaClosed: readonly string[];
  readonly metaAsked: readonly string[];
  readonly spending: readonly string[];
  readonly uncounted: readonly string[];
  readonly reaching: readonly string[];
  /** Admitted, and read what may be used elsewhere. */
  readonly secrets: readonly string[];
  /** With a rate limit. */
  readonly limitedWrites: readonly string[];
  readonly limitedExecutions: readonly string[];
  /** Left out because the document would be too large. */
  readonly tooMany: readonly string[];
  readonly proposals: number;
}

const REACHING: ReadonlySet<Power> = new Set(["network", "files", "sql"]);

interface Work {
  readonly preset: Preset;
  readonly treated: readonly Treated[];
  /** -1 for a name that no entry of `hide` matches. */
  readonly isHidden: (name: string) => number;
  readonly kept: readonly Ruled[];
  readonly unusable: readonly string[];
  readonly tooMany: readonly string[];
  readonly proposals: number;
}

const isMeta = ({ profile }: Treated): boolean => runsOf(profile) !== undefined;
const isOpen = ({ rule }: Ruled): boolean => Object.keys(rule).length === 0;
const spends = ({ profile }: Ruled): boolean => profile.class === "financial";
const isLimited =
  (is: "write" | "execute") =>
  ({ profile, rule }: Ruled): boolean =>
    Object.hasOwn(rule, "rate_limit") && (profile.class === "write") === (is === "write");
const reaches = ({ profile }: Ruled): boolean => profile.powers.some((power) => REACHING.has(power));

/** Reads of high risk that nothing holds back. */
export const readsSecrets = ({ profile, treatment }: Treated): boolean =>
  treatment === "admit" &&
  profile.class === "read" &&
  (profile.risk === "high" || profile.risk === "critical");

export const findingsOf = (work: Work): Findings => {
  const { preset, treated, kept, isHidden, unusable, tooMany, proposals } = work;
  const asked = kept.filter(({ rule }) => rule["action"] === "require_approval");
  const left = new Set(tooMany);
  const counts = preset === "recommended";
  return {
    // A document that was too large hides nothing: it denies.
    hidden: tooMany.length > 0 ? [] : namesOf(treated.filter(({ profile }) => isHidden(profile.name) !== -1)),
    asked: namesOf(asked.filter((one) => !isMeta(one))),
    omitted: namesOf(treated.filter(({ treatment }) => treatment === "omit")),
    // Of what the policy leaves out there is nothing to decide.
    unsure: namesOf(
      treated.filter(
        ({ profile, treatment }) =>
          treatment !== "omit" && profile.confidence < UNSURE_BELOW && !left.has(profile.name),
      ),
    ),
    unusable,
    metaClosed: namesOf(kept.filter(({ rule }) => Object.hasOwn(rule, "deny_if"))),
    metaAsked: namesOf(asked.filter((one) => isMeta(one) && !Object.hasOwn(one.rule, "deny_if"))),
    spending: namesOf(kept.filter(({ rule }) => Object.hasOwn(rule, "limits"))),
    uncounted: namesOf(kept.filter((one) => counts && spends(one) && spendsUncounted(one.profile))),
    reaching: namesOf(kept.filter((one) => isOpen(one) && reaches(one))),
    secrets: namesOf(kept.filter(readsSecrets)),
    limitedWrites: namesOf(kept.filter(isLimited("write"))),
    limitedExecutions: namesOf(kept.filter(isLimited("execute"))),
    tooMany,
    proposals,
  };
};
