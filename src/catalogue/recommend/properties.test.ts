import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRESETS } from "../recommendation.ts";
import {
  ARGUMENT_KINDS,
  type ArgumentFact,
  type MetaTool,
  POWERS,
  RISKS,
  TOOL_CLASSES,
  type ToolProfile,
} from "../verdict.ts";
import { recommend } from "./recommend.ts";
import { complaints, judge, type Sample, sample } from "./testing/profiles.ts";
import { writeCommented } from "./write-policy.ts";

// Whatever a server's tools are called, take and are: the policy checks, and nothing is reached that it withholds.

const NAMES = [
  "a",
  "run",
  "get_*",
  "x?",
  "command",
  "__proto__",
  "7",
  "A",
  "ａ",
  "tool name",
  "",
  "b~1/c",
] as const;
const PROPERTIES = ["tool", "tools", "command", "path", "amount", "x y", "server", "a"] as const;
const TYPES = ["string", "number", "integer", "boolean", "object", "array"] as const;

interface Argument {
  readonly name: string;
  readonly shape: "plain" | "list" | "objects";
  readonly types: readonly string[];
  readonly required: boolean;
  readonly kinds: ArgumentFact["kinds"];
  readonly carries: boolean;
}

const argument: fc.Arbitrary<Argument> = fc.record({
  name: fc.constantFrom(...PROPERTIES),
  shape: fc.constantFrom("plain", "plain", "list", "objects"),
  types: fc.oneof(
    { weight: 4, arbitrary: fc.constant(["string"]) },
    { weight: 1, arbitrary: fc.subarray([...TYPES], { maxLength: 2 }) },
  ),
  required: fc.boolean(),
  kinds: fc.subarray([...ARGUMENT_KINDS], { maxLength: 2 }),
  carries: fc.boolean(),
});

const propertyOf = (name: string): string =>
  /^[a-z_]+$/.test(name) ? `args.${name}` : `args[${JSON.stringify(name)}]`;

const typed = (types: readonly string[]): object => (types.length === 0 ? {} : { type: [...types] });

const SCHEMAS: Readonly<Record<Argument["shape"], (argument: Argument) => object>> = {
  plain: ({ types }) => typed(types),
  list: ({ types }) => ({ type: "array", items: typed(types) }),
  objects: ({ types }) => ({
    type: "array",
    items: { type: "object", properties: { command: typed(types) }, required: ["command"] },
  }),
};

/** Facts of one argument; the last is of what it carries. */
const factsOf = ({ name, shape, types, required, kinds }: Argument): readonly ArgumentFact[] => {
  const path = propertyOf(name);
  const list = { path, types: ["array"], required, kinds: [] };
  const each = { list: `${path}[*]`, objects: `${path}[*].command`, plain: path }[shape];
  return [...(shape === "plain" ? [] : [list]), { path: each, types, required, kinds }];
};

const tool: fc.Arbitrary<Sample> = fc
  .record({
    name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 8 })),
    class: fc.constantFrom(...TOOL_CLASSES),
    risk: fc.constantFrom(...RISKS),
    confidence: fc.constantFrom(0.1, 0.9),
    powers: fc.subarray([...POWERS], { maxLength: 2 }),
    runs: fc.constantFrom("tools", "tools", "code", "commands", "sql", undefined, undefined, undefined),
    taken: fc.uniqueArray(argument, { maxLength: 3, selector: ({ name }) => name }),
  })
  .map(({ name, runs, taken, ...profile }) => {
    const carried = taken.filter(({ carries }) => carries).flatMap((one) => factsOf(one).slice(-1));
    const meta: MetaTool | undefined =
      runs === undefined ? undefined : { runs, arguments: carried.map(({ path }) => path), batch: true };
    const properties = Object.fromEntries(taken.map((one) => [one.name, SCHEMAS[one.shape](one)]));
    const required = taken.filter((one) => one.required).map((one) => one.name);
    return sample(
      name,
      { ...profile, meta } satisfies Partial<ToolProfile>,
      { type: "object", properties, required },
      taken.flatMap(factsOf),
    );
  });

const server = fc.array(tool, { maxLength: 6 });
const profilesOf = (tools: readonly Sample[]) => tools.map(({ profile }) => profile);

describe("every recommended policy", () => {
  it("checks without errors and warnings", () => {
    fc.assert(
      fc.property(server, fc.constantFrom(...PRESETS), (tools, preset) => {
        const recommendation = recommend(profilesOf(tools), { preset });
        expect(complaints(recommendation.policy, tools)).toEqual([]);
        expect(writeCommented(recommendation)).toContain('"version": "1"');
      }),
      { numRuns: 400 },
    );
  });

  it("lets no tool that runs others run what is not open", () => {
    fc.assert(
      fc.property(server, fc.constantFrom(...PRESETS), (tools, preset) => {
        const recommendation = recommend(profilesOf(tools), { preset });
        const metas = tools.filter(({ profile }) => profile.meta !== undefined);
        const open = tools.filter(
          ({ profile }) =>
            profile.class === "read" && !metas.some((meta) => meta.profile.name === profile.name),
        );
        const openNames = new Set(open.map(({ profile }) => profile.name));
        const targets = ["nowhere", ...tools.map(({ profile }) => profile.name)].filter(
          (name) => !openNames.has(name),
        );
        for (const { profile } of metas) {
          for (const target of targets) {
            const args = naming(profile, target);
            expect(judge(recommendation, tools, profile.name, args).decision).not.toBe("allow");
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Arguments in which all that tells the tool what to run names this, and the rest is text. */
const naming = ({ arguments: facts }: ToolProfile, target: string): object => {
  const args: Record<string, unknown> = {};
  for (const { path } of facts) {
    const [, plain, quoted, rest] = /^args(?:\.(\w+)|\[("[^"]*")\])(.*)$/.exec(path) ?? [];
    const name = plain ?? String(JSON.parse(quoted ?? '""'));
    args[name] = rest === "" ? target : rest === "[*]" ? [target] : [{ command: target }];
  }
  return args;
};
