import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/attack/bind/bind.ts";
import { toolsIn } from "../../src/attack/bind/choose.ts";
import { readAttacks } from "../../src/attack/read.ts";
import type { OwnTool, Plain } from "../../src/catalogue/attacks/result.ts";
import { ROOT } from "../support/gateway.ts";
import { ownTool, triedPolicy } from "./bound-support.ts";

// What an attack of the database becomes with a user's tools and policy. Nothing is played.

const { attacks } = readAttacks(join(ROOT, "attacks"));

const bound = async (name: string, policy: Plain, tools: readonly OwnTool[]) => {
  const attack = attacks.find((one) => one.name === name);
  if (attack === undefined) {
    throw new Error(`no attack ${name}`);
  }
  return bind(attack, tools, triedPolicy(policy, tools));
};

/** The tools of an attack that stand for a user's, as if they were theirs. */
const ownOf = (name: string): readonly OwnTool[] => {
  const scenario = attacks.find((one) => one.name === name)?.scenario;
  const byName = new Map(
    (scenario === undefined ? [] : toolsIn(scenario)).flatMap(({ definition, stands_for: wanted }) =>
      wanted === undefined ? [] : [[definition.name, definition] as const],
    ),
  );
  return [...byName.values()].map((definition) => ownTool(definition));
};

describe("an attack whose tools stand for a user's", () => {
  const standing = attacks
    .map(({ name, scenario }) => [name, toolsIn(scenario).filter((tool) => tool.stands_for)] as const)
    .filter(([, tools]) => tools.length > 0);

  it.each(standing)("fits its own: %s", async (name, tools) => {
    const hide = tools.filter((tool) => tool.stands_for?.withheld).map(({ definition }) => definition.name);
    const found = await bound(name, { default: "allow", hide }, ownOf(name));
    expect(found).toHaveProperty("roles");
    const roles = "roles" in found ? found.roles : new Map<string, never>();
    expect([...roles].map(([to, role]) => [to, role.tool.profile.name])).toEqual(
      [...new Set(tools.map(({ definition }) => definition.name))].map((own) => [own, own]),
    );
  });
});
