import { describe, expect, it } from "vitest";
import { toPlain } from "../../base/json-plain.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { pointerSteps } from "../../base/json-pointer.ts";
import { PRESETS, type Proposal } from "../recommendation.ts";
import type { ArgumentFact, ArgumentKind, Power } from "../verdict.ts";
import { recommend } from "./recommend.ts";
import { complaints, judge, object, type Sample, sample, SERVER } from "./testing/profiles.ts";

const recommended = (tools: readonly Sample[], preset: (typeof PRESETS)[number] = "recommended") =>
  recommend(
    tools.map(({ profile }) => profile),
    { preset },
  );

/** A tool with one argument of a kind. */
const taking = (
  kind: ArgumentKind,
  more: Partial<ArgumentFact> = {},
  name = "thing",
  schema?: object,
): Sample => {
  const { types = ["string"], required = true } = more;
  const of =
    types.length === 0
      ? {}
      : { type: [...types], ...(types.includes("array") ? { items: { type: "string" } } : {}) };
  return sample(
    "t",
    {},
    { type: "object", properties: { [name]: schema ?? of }, required: required ? [name] : [] },
    [{ path: `args.${name}`, kinds: [kind], types, required, ...more }],
  );
};

/** The policy with every proposal written where it would stand. */
const accepted = (policy: JsonObject, proposals: readonly Proposal[]): JsonObject => {
  const whole = toPlain(policy) as { tools: Record<string, { require?: unknown[] }> };
  for (const { tool, value } of proposals) {
    const rule = whole.tools[tool] ?? {};
    rule.require = [...(rule.require ?? []), toPlain(value)];
    whole.tools[tool] = rule;
  }
  return object(whole);
};

const PROPOSING = ["path", "url", "host", "recipient", "sql", "money"] as const;
const SHAPES: readonly Partial<ArgumentFact>[] = [
  {},
  { required: false },
  { types: [] },
  { types: ["array"] },
  { types: ["array"], required: false },
  { types: ["string", "array"] },
  { types: ["string", "null"], required: false },
];

describe("proposals", () => {
  it.each(PROPOSING.flatMap((kind) => SHAPES.map((shape) => [kind, shape] as const)))(
    "for a %s with %j check without a warning when they are written",
    (kind, shape) => {
      const types = (shape.types ?? ["string"]).map((type) =>
        type === "string" && kind === "money" ? "number" : type,
      );
      const tool = taking(kind, { ...shape, types });
      const found = recommended([tool]);
      expect(found.proposals.length).toBe(1);
      const items = kind === "money" && types.includes("array");
      expect(items ? [] : complaints(accepted(found.policy, found.proposals), [tool])).toEqual([]);
      expect(
        found.proposals.every(({ pointer }) => pointerSteps(pointer)?.join() === "tools,t,require,-"),
      ).toBe(true);
    },
  );

  const verdict = (tool: Sample, args: object): string => {
    const { policy, proposals } = recommended([tool]);
    return judge({ policy: accepted(policy, proposals) }, [tool], "t", args).decision;
  };

  it.each([
    ["path", "/srv/project/a", true],
    ["path", "/srv/project/../../etc/passwd", false],
    ["path", "a.txt", false],
    ["url", "https://api.example.com/x", true],
    ["url", "https://api.example.com.evil.test/", false],
    ["url", "file:///etc/passwd", false],
    ["host", "DB.example.com", true],
    ["host", "169.254.169.254", false],
    ["sql", "  select 1", true],
    ["sql", "SELECT 1; DROP TABLE a", false],
    ["sql", "delete from a", false],
    ["recipient", "team", true],
    ["recipient", "everybody", false],
  ] as const)("for a %s let %j through: %s", (kind, thing, passes) => {
    expect(verdict(taking(kind), { thing })).toBe(passes ? "allow" : "deny");
  });

  it("tell mail addresses and networks by the argument's name", () => {
    const mail = taking("recipient", {}, "to");
    expect(verdict(mail, { to: "ann@example.com" })).toBe("allow");
    expect(verdict(mail, { to: "eve@evil.test, ann@example.com" })).toBe("deny");
    expect(verdict(mail, { to: "ann@example.com.evil.test" })).toBe("deny");
    const address = taking("host", {}, "ipAddress");
    expect(verdict(address, { ipAddress: "10.20.1.2" })).toBe("allow");
    expect(verdict(address, { ipAddress: "127.0.0.1" })).toBe("deny");
  });

  it("call somebody who gets a message so only where the tool sends", () => {
    const whyOf = (powers: readonly Power[], name: string) =>
      recommended([
        { ...taking("recipient", {}, name), profile: { ...taking("recipient", {}, name).profile, powers } },
      ])
        .proposals.map(({ why, value }) => `${why} ${JSON.stringify(value)}`)
        .join();
    for (const name of ["email", "name"]) {
      expect(whyOf(["outside"], name)).toMatch(/who gets a message.*Messages may/);
      expect(whyOf([], name)).toMatch(/"on_deny"/);
      expect(whyOf([], name)).not.toMatch(/message/i);
    }
  });

  it("judge every element of a list, and leave out what is left out", () => {
    const list = taking("path", { types: ["array"], required: false });
    expect(verdict(list, { thing: ["/srv/project/a", "/srv/project/b"] })).toBe("allow");
    expect(verdict(list, { thing: ["/srv/project/a", "/etc/passwd"] })).toBe("deny");
    expect(verdict(list, {})).toBe("allow");
    const either = taking("path", { types: ["string", "array"] });
    expect(verdict(either, { thing: "/srv/project/a" })).toBe("allow");
    expect(verdict(either, { thing: ["/srv/project/a", "/etc/passwd"] })).toBe("deny");
  });

  it("for an argument of several kinds are satisfied by any of them", () => {
    const source = taking("path", { kinds: ["path", "url"] });
    expect(recommended([source]).proposals).toHaveLength(1);
    expect(verdict(source, { thing: "/srv/project/a" })).toBe("allow");
    expect(verdict(source, { thing: "https://api.example.com/" })).toBe("allow");
    expect(verdict(source, { thing: "https://evil.test/" })).toBe("deny");
  });

  it("are made for admitted tools only, and not for what no condition fits", () => {
    const hidden = sample("wipe", { class: "destructive", risk: "critical" }, {}, [
      { path: "args.path", kinds: ["path"] },
    ]);
    expect(recommended([hidden]).proposals).toEqual([]);
    for (const tool of [taking("secret"), taking("identifier"), taking("path", { types: ["object"] })]) {
      expect(recommended([tool]).proposals).toEqual([]);
    }
    for (const preset of PRESETS) {
      expect(recommended(SERVER, preset).notes.join("").includes("proposals are not part")).toBe(
        recommended(SERVER, preset).proposals.length > 0,
      );
    }
  });
});
