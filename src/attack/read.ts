import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { toPlain } from "../base/json-plain.ts";
import { JsonError, readJson } from "../base/json-read.ts";
import { LIMITS } from "../base/limits.ts";
import { patternShape, type Pattern } from "../catalogue/attacks/pattern.ts";
import { scenarioShape, type Scenario, type SimpleStep } from "./scenario.ts";

/** A pattern of the database: what it is, and how it is played. */
export interface Attack {
  /** Its folder. */
  readonly name: string;
  readonly pattern: Pattern;
  readonly scenario: Scenario;
}

export interface Attacks {
  /** By name. */
  readonly attacks: readonly Attack[];
  /** What cannot be used, a sentence each. */
  readonly problems: readonly string[];
}

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

/** Reads a database: a folder for each pattern, with `pattern.json` and `scenario.json` in it. */
export const readAttacks = (folder: string): Attacks => {
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .toSorted()
        .slice(0, LIMITS.attack_patterns_max)
    : [];
  const attacks: Attack[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const read = readAttack(folder, name);
    attacks.push(...("attack" in read ? [read.attack] : []));
    problems.push(...("problems" in read ? read.problems.map((problem) => `${name}: ${problem}`) : []));
  }
  return { attacks, problems };
};

type Read = { readonly attack: Attack } | { readonly problems: readonly string[] };

const readAttack = (folder: string, name: string): Read => {
  const pattern = readPart(join(folder, name, "pattern.json"), patternShape);
  const scenario = readPart(join(folder, name, "scenario.json"), scenarioShape);
  if ("problem" in pattern || "problem" in scenario) {
    return { problems: [pattern, scenario].flatMap((part) => ("problem" in part ? [part.problem] : [])) };
  }
  const attack = { name, pattern: pattern.value, scenario: scenario.value };
  const problems = problemsOf(attack);
  return problems.length === 0 ? { attack } : { problems };
};

type Part<Value> = { readonly value: Value } | { readonly problem: string };

const readPart = <Value>(file: string, shape: z.ZodType<Value>): Part<Value> => {
  const shown = file.split(/[\\/]/u).at(-1) ?? "";
  try {
    if (statSync(file).size > LIMITS.attack_file_bytes_max) {
      return { problem: `${shown} is too large` };
    }
    const parsed = shape.safeParse(toPlain(readJson(readFileSync(file, "utf8"))));
    if (parsed.success) {
      return { value: parsed.data };
    }
    const [issue] = parsed.error.issues;
    return { problem: `${shown}: /${issue?.path.map(String).join("/") ?? ""} ${issue?.message ?? ""}` };
  } catch (error) {
    return { problem: `${shown}: ${error instanceof JsonError ? error.message : "cannot be read"}` };
  }
};

/** What the shapes cannot say. */
const problemsOf = ({ name, pattern, scenario }: Attack): readonly string[] => {
  const { stops } = pattern;
  const servers = new Set(Object.keys(scenario.servers));
  const grants = new Set(["agent", ...Object.keys(scenario.grants ?? {})]);
  const steps = scenario.steps.flatMap((step): readonly SimpleStep[] =>
    "repeat" in step ? step.steps : [step],
  );
  const parts = [...steps, ...scenario.through];
  const ons = parts.flatMap((part) => ("on" in part ? (part.on ?? []) : []));
  const asked = parts.flatMap((part) => ("as" in part ? (part.as ?? []) : []));
  const signed = scenario.through.flatMap(({ server }) => server ?? []);
  const has = {
    policy: stops.policy !== undefined,
    setting: stops.gateway !== undefined || stops.server !== undefined,
    gate: true,
    nothing: true,
  };
  return [
    ...(NAME.test(name) ? [] : ["its folder is not named in kebab-case"]),
    ...(has[stops.by] ? [] : [`pattern.json: it is stopped by a ${stops.by}, but /stops has none`]),
    ...[...ons, ...signed].filter((on) => !servers.has(on)).map((on) => `scenario.json: no server ${on}`),
    ...asked.filter((grant) => !grants.has(grant)).map((grant) => `scenario.json: no grant ${grant}`),
    ...(servers.size === 0 ? ["scenario.json: no server"] : []),
  ];
};
