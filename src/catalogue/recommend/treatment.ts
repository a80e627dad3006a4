import type { JsonObject } from "../../base/json-value.ts";
import { type Power, type ToolClass, type ToolProfile, UNSURE_BELOW } from "../verdict.ts";
import type { Preset } from "../recommendation.ts";

/** What becomes of a tool, by its class and the preset (docs/catalogue.md). */

/** `admit`: whatever the call says. `omit`: no rule, so the default denies. */
export type Treatment = "admit" | "limit" | "approve" | "hide" | "omit";

/** Calls of one grant in a minute: usual starting points. */
export const CALLS_A_MINUTE = { write: 30, execute: 10 } as const;

/** Reads that take nothing from the caller that could lead elsewhere. */
const isHarmless = ({ risk, powers, confidence }: ToolProfile): boolean =>
  (risk === "low" || risk === "medium") && powers.length === 0 && confidence >= UNSURE_BELOW;

/** Changes of what others may do are not made up for by a limit: the first call is the one that counts. */
const opensUp = ({ risk, powers }: ToolProfile): boolean =>
  powers.includes("access") && (risk === "high" || risk === "critical");

type Choice = (profile: ToolProfile) => Treatment;
const always =
  (treatment: Treatment): Choice =>
  () =>
    treatment;

const CHOICES: Readonly<Record<Preset, Readonly<Record<ToolClass, Choice>>>> = {
  recommended: {
    read: always("admit"),
    write: (profile) => (opensUp(profile) ? "approve" : "limit"),
    execute: (profile) => (opensUp(profile) ? "approve" : "limit"),
    destructive: ({ risk }) => (risk === "critical" ? "hide" : "approve"),
    financial: always("approve"),
  },
  strict: {
    read: (profile) => (isHarmless(profile) ? "admit" : "omit"),
    write: always("omit"),
    execute: always("omit"),
    destructive: always("hide"),
    financial: always("omit"),
  },
  permissive: {
    read: always("admit"),
    write: always("admit"),
    execute: always("limit"),
    destructive: always("approve"),
    financial: always("approve"),
  },
};

/** What becomes of a tool that can do what others do. `undefined`: as its class says, and closed besides. */
const META: Readonly<Record<Preset, Treatment | undefined>> = {
  recommended: undefined,
  strict: "hide",
  permissive: "approve",
};

/** Powers that make a tool one that runs others, whatever else is known of it. */
const RUNNING: readonly (readonly [Power, "code" | "tools"])[] = [
  ["code", "code"],
  ["tools", "tools"],
];

/** What a tool is told to run; a power without the arguments that carry it counts too. */
export const runsOf = ({ meta, powers }: ToolProfile): "tools" | "code" | "commands" | "sql" | undefined =>
  meta?.runs ?? RUNNING.find(([power]) => powers.includes(power))?.[1];

export const treatmentOf = (profile: ToolProfile, preset: Preset): Treatment => {
  const own = CHOICES[preset][profile.class](profile);
  return runsOf(profile) === undefined ? own : (META[preset] ?? own);
};

export interface Treated {
  readonly profile: ToolProfile;
  readonly treatment: Treatment;
}

/** A tool that the policy admits, with its rule. */
export interface Ruled extends Treated {
  readonly rule: JsonObject;
}

export const namesOf = (list: readonly Treated[]): readonly string[] =>
  list.map(({ profile }) => profile.name);
