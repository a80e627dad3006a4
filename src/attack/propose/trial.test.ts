import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import { scenarioShape } from "../scenario.ts";
import { closedOf, triedProposal } from "./trial.ts";

const scenario = scenarioShape.parse({
  servers: {
    target: {
      tools: [
        { definition: { name: "pay", inputSchema: { type: "object" } }, stands_for: { classes: ["write"] } },
        { definition: { name: "added", inputSchema: { type: "object" } } },
      ],
    },
  },
  steps: [{ call: "pay" }],
  through: [{ called: "pay" }, { called: "added" }],
});

/** What of candidates is tried, and what comes of it where those hold of which it says so. */
const tried = async (policy: object, holds: (text: string) => boolean, recommended: object = {}) => {
  const texts: string[] = [];
  const found = await triedProposal(
    {
      recommended: { version: "1", default: "deny", ...recommended },
      scenario,
      roles: new Map(),
      tools: undefined,
      policy: JSON.stringify({ version: "1", ...policy }),
      keyOf: (tool) =>
        Object.keys((policy as { tools?: object }).tools ?? {}).find((key) => key === tool || key === "*"),
      closed: new Set(),
      premise: [],
      powers: [],
    },
    async (candidate) => {
      texts.push(candidate.policy);
      return holds(candidate.policy);
    },
    { judge: async (calls) => calls.map(() => "allowed"), ruleOf: () => undefined },
  );
  return { texts, found };
};

const open = { default: "allow" };

describe("a proposal", () => {
  it("is the first that holds: what changes least is tried first, and no more after it", async () => {
    const { texts, found } = await tried(open, (text) => text.includes('"default":"deny"'));
    expect(texts).toEqual([
      '{"version":"1","default":"allow","tools":{"pay":{"action":"deny"}}}',
      '{"version":"1","default":"deny","resources":["*"],"prompts":["*"],"methods":["*"],"tools":{"pay":{"action":"deny"}}}',
    ]);
    expect(found.proposal?.adds).toMatchObject({ default: "deny", tools: { pay: { action: "deny" } } });
    expect(found).not.toHaveProperty("because");
  });

  it("is none where nothing holds, and that is said", async () => {
    const { texts, found } = await tried({ ...open, mode: "observe" }, () => false, {
      all_tools: { rate_limit: { max: 1, window: 60 } },
    });
    expect(texts).toHaveLength(LIMITS.attack_proposals_max);
    expect(found).toMatchObject({
      unproposed: expect.stringContaining("it got through again"),
      because: expect.stringContaining("only observes"),
    });
    expect(found).not.toHaveProperty("proposal");
  });

  it("is none where there is nothing to add, and that is said", async () => {
    const { texts, found } = await tried({ ...open, tools: { pay: {} } }, () => true, { default: "allow" });
    expect([texts, found]).toEqual([[], { unproposed: expect.stringContaining("nothing to add") }]);
  });

  it("comes with the key that lets in what nobody named, or with the mode", async () => {
    const { found } = await tried({ default: "deny", tools: { "*": {} } }, (text) => text.includes("added"));
    expect(found.because).toContain('The key "*" admits pay, added,');
    const observing = await tried({ ...open, mode: "observe" }, () => true);
    expect(observing.found).toMatchObject({
      proposal: { adds: { mode: "enforce" }, replaces: [], closes: [] },
      because: expect.stringContaining('"mode": "observe"'),
    });
  });
});

describe("a closed tool", () => {
  it("is one of which a policy refuses every call for its name", async () => {
    const codes = ["hidden", "default_deny", "action_deny", "require_failed", "invalid_arguments", "allowed"];
    expect(await closedOf(codes, { judge: async (calls) => calls.map(({ tool }) => tool) })).toEqual(
      new Set(["hidden", "default_deny", "action_deny"]),
    );
  });
});
