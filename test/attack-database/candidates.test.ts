import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/attack/bind/bind.ts";
import { candidatesFor } from "../../src/attack/propose/propose.ts";
import { readAttacks, type Attack } from "../../src/attack/read.ts";
import { closedOf } from "../../src/attack/propose/trial.ts";
import { argumentsFor, callsIn } from "../../src/attack/bind/rename.ts";
import type { Roles } from "../../src/attack/bind/roles.ts";
import { toPlain } from "../../src/base/json-plain.ts";
import { readJson } from "../../src/base/json-read.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/base/json-value.ts";
import type { OwnTool, Plain, TriedPolicy } from "../../src/catalogue/attacks/result.ts";
import { readEntries } from "../../src/catalogue/book/read-entries.ts";
import type { ToolEntry } from "../../src/catalogue/entry.ts";
import { createSchemaCompiler } from "../../src/catalogue/input-schema.ts";
import { checkPolicy } from "../../src/policy/compile.ts";
import { keyFor } from "../../src/policy/patterns.ts";
import { ROOT } from "../support/gateway.ts";
import { codesOf, object } from "./bound-support.ts";

// What could be proposed for every attack of the database on the tools of the snapshot's servers. Nothing is played.

const attacks = readAttacks(join(ROOT, "attacks")).attacks.filter(
  ({ pattern }) => pattern.stops.by === "policy",
);
const snapshot = readEntries(readFileSync(join(ROOT, "catalogue/snapshot.json"), "utf8"));
const servers = snapshot.ok ? snapshot.servers : [];
const options = { name: "p", compileSchema: createSchemaCompiler() };

/** The snapshot keeps no schemas: one that says what it knows of the arguments at the top. */
const ownTool = (profile: ToolEntry): OwnTool => {
  const properties: Record<string, object> = {};
  const required: string[] = [];
  for (const { path, types, required: isRequired } of profile.arguments) {
    const [, name, list] = /^args\.([A-Za-z_][\w-]*)(\[\*\])?$/u.exec(path) ?? [];
    if (name !== undefined && properties[name] === undefined) {
      const type = types.length === 0 ? {} : { type: [...types] };
      properties[name] = list === undefined ? type : { type: "array", items: type };
      required.push(...(isRequired ? [name] : []));
    }
  }
  const definition = { name: profile.name, inputSchema: { type: "object", properties, required } };
  return { definition, profile };
};

const rulesOf = (policy: string): JsonObject => {
  const document = readJson(policy);
  const tools = isJsonObject(document) ? document["tools"] : undefined;
  return tools !== undefined && isJsonObject(tools) ? tools : {};
};

type Calls = readonly (readonly [string, Plain])[];

const judging = (policy: string, tools: readonly OwnTool[]) => {
  const judge = codesOf(policy, tools);
  return (calls: Calls): Promise<readonly string[]> => judge(calls.map(([tool, given]) => ({ tool, given })));
};

/** The first call of which one policy says something else than another, if it is that it passes. */
const opened = (before: readonly string[], after: readonly string[]): boolean => {
  const at = before.findIndex((code, index) => (code === "allowed") !== (after[index] === "allowed"));
  return at !== -1 && after[at] === "allowed";
};

const triedPolicy = (policy: string): TriedPolicy => ({
  judge: async (calls) => calls.map(() => "allowed"),
  ruleOf: (tool) => {
    const rules = rulesOf(policy);
    const key = keyFor(Object.keys(rules), tool);
    const rule: unknown = key === undefined ? undefined : toPlain(rules[key] ?? null);
    return key === undefined ? undefined : { key, rule: rule as Plain };
  },
});

const namesIn = ({ scenario }: Attack, tools: readonly OwnTool[]): readonly string[] => [
  ...Object.values(scenario.servers)
    .flatMap((server) => server.tools ?? [])
    .map(({ definition }) => definition.name),
  ...tools.map(({ profile }) => profile.name),
];

interface Made {
  readonly attack: Attack;
  readonly roles: Roles;
  readonly candidates: ReturnType<typeof candidatesFor>;
}

const madeFor = async (policy: string, tools: readonly OwnTool[]): Promise<readonly Made[]> => {
  const tried = triedPolicy(policy);
  const judge = judging(policy, tools);
  const byName: TriedPolicy["judge"] = async (calls) => judge(calls.map(({ tool, given }) => [tool, given]));
  const all: Made[] = [];
  for (const attack of attacks) {
    const bound = await bind(attack, tools, tried);
    if ("roles" in bound && attack.pattern.stops.policy !== undefined) {
      const { roles, premise } = bound;
      const candidates = candidatesFor({
        recommended: attack.pattern.stops.policy,
        scenario: attack.scenario,
        roles,
        tools,
        policy,
        keyOf: (tool) => tried.ruleOf(tool)?.key,
        closed: await closedOf(namesIn(attack, tools), { judge: byName }),
        premise,
        powers: [],
      });
      all.push({ attack, roles, candidates });
    }
  }
  return all;
};

/** Of a rule that refuses every call, however harmless. */
const FITS_NOTHING = /^No input schema has|never fits|never has this value/u;

const problemsOf = (text: string, tools: readonly OwnTool[]): readonly string[] => {
  const { errors, warnings } = checkPolicy(text, {
    ...options,
    tools: tools.map(({ definition }): Json => object(definition)),
  });
  return [...errors, ...warnings.filter(({ message }) => FITS_NOTHING.test(message))].map(
    ({ pointer, message }) => `${pointer}: ${message}`,
  );
};

describe("what is proposed", () => {
  it("is valid, and reads nothing that the user's tools have not", async () => {
    const policy = '{"version":"1","default":"allow"}';
    const found: string[] = [];
    let count = 0;
    for (const server of servers) {
      const tools = server.tools.map(ownTool);
      const names = new Set(tools.map(({ profile }) => profile.name));
      for (const { attack, roles, candidates } of await madeFor(policy, tools)) {
        for (const { policy: text, proposal } of roles.size === 0 ? [] : candidates) {
          count += 1;
          const rules = Object.entries((proposal.adds["tools"] ?? {}) as Record<string, object>);
          const problems = [
            ...problemsOf(text, tools),
            ...rules.filter(([, rule]) => Object.keys(rule).length === 0).map(([name]) => `${name}: {}`),
            ...rules
              .filter(([name, rule]) => !names.has(name) && !("action" in rule))
              .map(([name]) => `no ${name}`),
          ];
          found.push(...problems.map((problem) => `${server.name}, ${attack.name}: ${problem}`));
        }
      }
    }
    expect(count).toBeGreaterThan(1_000);
    expect(found).toEqual([]);
  });

  const rated = { rate_limit: { max: 1, window: "day" } };
  it.each([
    { default: "deny", tools: { "*": rated } },
    { default: "allow", hide: ["*delete*"], tools: { "?e*": { action: "deny" }, "c*": rated } },
    { default: "deny", all_tools: rated, tools: { "*e*": { arguments: "any" } } },
  ])("admits no call that was refused before: %j", async (rules) => {
    const policy = JSON.stringify({ version: "1", ...rules });
    const wider: string[] = [];
    let count = 0;
    for (const server of servers.slice(0, 12)) {
      const tools = server.tools.map(ownTool);
      for (const { attack, roles, candidates } of await madeFor(policy, tools)) {
        const own = [...roles].flatMap(([name, role]) =>
          [...callsIn(attack.scenario, name).slice(0, 3), {}].map(
            (given) => [role.tool.profile.name, argumentsFor(role, given)] as const,
          ),
        );
        const others = tools.slice(0, 5).map(({ profile }) => [profile.name, {}] as const);
        // Twice the same, and after a call of another tool that may be counted with it.
        const all = own.flatMap((call) => [call, ...others].map((earlier): Calls => [earlier, call]));
        const judge = judging(policy, tools);
        for (const { policy: text } of candidates) {
          count += 1;
          const judgeThen = judging(text, tools);
          for (const calls of all) {
            const isOpened = opened(await judge(calls), await judgeThen(calls));
            wider.push(...(isOpened ? [`${server.name}, ${attack.name}: ${JSON.stringify(calls)}`] : []));
          }
        }
      }
    }
    expect(count).toBeGreaterThan(10);
    expect(wider).toEqual([]);
  });
});
