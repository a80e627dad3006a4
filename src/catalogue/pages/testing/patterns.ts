import type { Pattern } from "../../attacks/pattern.ts";
import type { AttackResult, NamedPattern, Outcome } from "../../attacks/result.ts";

/** Patterns and results made by hand: what the pages say depends on no attack of the database. */
export const patternOf = (name: string, more: Partial<Pattern> = {}): NamedPattern => ({
  name,
  pattern: {
    title: `Attack ${name}`,
    category: "definitions",
    summary: "A tool says what it should not say, and the agent does it.",
    what: ["First this happens.", "Then that happens."],
    flow: [
      { from: "agent", to: "server", says: "asks for the list of tools" },
      { from: "server", to: "agent", says: "a tool with orders in its description" },
    ],
    case: {
      kind: "incident",
      title: "Something that happened",
      date: "2025-04-01",
      what: "Somebody showed that it works.",
      source: "https://example.com/what-happened",
    },
    needs: { says: "Any tool will do." },
    stops: { by: "gate", says: "The gate refuses it." },
    ...more,
  },
});

const ALLOWS = { version: "1", default: "allow" };

/** One for each way to be stopped, and one for each way to need tools. */
export const PATTERNS: readonly NamedPattern[] = [
  patternOf("any-tool", { category: "protocol" }),
  patternOf("path-escape", {
    category: "data-flow",
    needs: { classes: ["read", "write"], arguments: ["path"], says: "A tool that takes a path." },
    stops: {
      by: "policy",
      says: "A rule keeps the path within a folder.",
      policy: {
        ...ALLOWS,
        tools: {
          read_file: { require: [{ conditions: [{ path: "args.path", op: "within", value: ["/srv"] }] }] },
        },
      },
    },
  }),
  patternOf("shell", {
    category: "results",
    needs: { meta: true, says: "A tool that runs what it is told." },
    stops: { by: "policy", says: "The tool is hidden.", policy: { ...ALLOWS, hide: ["run"] } },
  }),
  patternOf("flood", {
    category: "runaway",
    flow: [
      { from: "person", to: "agent", says: "asks for a small thing" },
      {
        from: "agent",
        to: "agent",
        says: "decides to try once more, and once more after that, and never stops",
      },
      { from: "agent", to: "gate", says: "calls the tool" },
      { from: "gate", to: "other server", says: "hands the call on" },
      { from: "other server", to: "outside", says: "sends a message to everybody" },
      { from: "outside", to: "server", says: "answers" },
      { from: "server", to: "other agent", says: "has more to do" },
    ],
    more: ["https://example.org/more?a=1&b=2"],
    needs: { powers: ["outside", "bulk"], says: "A tool that sends something." },
    stops: {
      by: "setting",
      says: "A limit of the gateway stops it.",
      gateway: { limits: { callsPerMinute: 60 } },
      server: { resultBytes: 1_000 },
    },
  }),
  patternOf("index", {
    category: "identity",
    needs: { classes: ["financial"], says: "A tool that pays." },
    stops: { by: "nothing", says: "Nothing stops it yet." },
  }),
];

/** All that a pattern could say to hurt whoever reads of it. */
export const hostilePattern = (name: string, hurts: string): NamedPattern =>
  patternOf(name, {
    title: hurts,
    summary: hurts,
    what: [hurts],
    flow: [
      { from: "agent", to: "gate", says: hurts },
      { from: "gate", to: "gate", says: hurts },
    ],
    case: { kind: "incident", title: hurts, date: hurts, what: hurts, source: hurts },
    more: [`https://example.com/${hurts}`, hurts, "javascript:alert(1)", "http://example.com/"],
    needs: { meta: true, says: hurts },
    stops: {
      by: "policy",
      says: hurts,
      policy: { [hurts]: hurts },
      gateway: { [hurts]: hurts },
      server: { [hurts]: hurts },
    },
  });

export const resultOf = (
  attack: NamedPattern,
  outcome: Outcome,
  more: Partial<AttackResult> = {},
): AttackResult => ({
  ...attack,
  outcome,
  why: "The server was called with what it must not have.",
  proofs: [],
  refused: [],
  tools: {},
  ...more,
});
