import type { JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { ConditionContext } from "./condition.ts";
import { type Found, openBy, type Search } from "./meta-open.ts";
import { propertiesIn, proposalFor } from "./meta-proposal.ts";
import type { Names } from "./meta-rule.ts";
import { isPattern } from "./patterns.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import type { Resolution } from "./resolve.ts";
import { type ReadRule, readRule } from "./rule.ts";
import type { ClassFinder, MetaFacts, MetaFinder } from "./types.ts";
import { warningAt } from "./warn-rules.ts";
import {
  type Ground,
  isConditional,
  isDenied,
  isWithheld,
  type Judged,
  sortsOut,
  whoPredicates,
  withoutThese,
} from "./withheld.ts";

/** Warnings of tools that can do what other tools do, left open while those are denied (docs/policy.md). */

/** What tells the checker what tools are, and reads its proposals. */
export interface Knowing {
  readonly metaOf: MetaFinder;
  readonly classOf: ClassFinder | undefined;
  readonly context: ConditionContext;
  /** Bytes that the document may still grow by. */
  readonly room: number;
}

interface Reached extends Judged {
  readonly meta: MetaFacts;
}

/** Whether a rule, where there is one, holds nothing. */
const isPlain = (rule: ReadRule | undefined): boolean =>
  rule === undefined || (rule.written.length === 0 && !isConditioned(rule));

const SAYS: Readonly<Record<MetaFacts["runs"], string>> = {
  tools: "runs the tools that it is told",
  code: "runs code that it is given",
  commands: "runs commands that it is given",
  sql: "runs SQL that can write",
};

const stateOf = (one: Judged, conditional: readonly Judged[]): string => {
  if (conditional.includes(one)) {
    return "may be called only under conditions";
  }
  return isDenied(one.resolution) ? "is denied" : "is withheld or needs approval";
};

const shown = (args: JsonObject): string => {
  const letters = Array.from(writeJson(args));
  return letters.length > LIMITS.tried_shown_characters_max
    ? `${letters.slice(0, LIMITS.tried_shown_characters_max - 1).join("")}…`
    : letters.join("");
};

/** Which call is let through, where there are conditions that look as if they closed it. */
const exampleOf = ({ tool }: Reached, found: Found, isHeld: boolean): string => {
  if (found.kind === "untried") {
    return " There are too many calls to try whether its conditions close it.";
  }
  const through = found.name === undefined || isHeld ? "" : `, and ${found.name} runs others itself`;
  return ` Its conditions admit ${tool.name} with ${shown(found.args)}${through}.`;
};

const isConditioned = (rule: ReadRule): boolean =>
  rule.require.length + rule.denyIf.length > 0 || rule.approval !== undefined;

const stateText = ({ tool, meta }: Reached, other: Judged, conditional: readonly Judged[]): string => {
  const where = meta.arguments.length === 0 ? "" : ` (${meta.arguments.join(", ")})`;
  return `${tool.name} ${SAYS[meta.runs]}${where} and is left open, while ${other.tool.name} ${stateOf(other, conditional)}: it may do what others must not.`;
};

const placeText = (name: string, own: ReadRule | undefined): string =>
  own === undefined || isPattern(own.key)
    ? ` Write the proposed rule for ${name} under "tools".`
    : " Write the proposed rule in place of its own.";

interface Work {
  readonly document: PolicyDocument;
  readonly knowing: Knowing;
  readonly ruleOf: (resolution: Resolution) => ReadRule | undefined;
  /** That give reason to look. */
  readonly withheld: readonly Judged[];
  /** That give reason too, and that have conditions which are not asked of a call through another tool. */
  readonly conditional: readonly Judged[];
  /** Names that must not be run through others. */
  readonly targets: readonly string[];
  /** … and of the tools that may be, and all others. */
  readonly names: Names;
  readonly namesLength: number;
  readonly openProperties: () => ReadonlySet<string>;
  readonly calls: Search["calls"];
  readonly room: { left: number };
  /** Whether what is run through others may be given its arguments as text. */
  readonly inTexts: boolean;
}

/** Who may call such a tool is asked of the tool that runs it, where both rules ask the same. */
const conditionalBeside = (work: Work, own: ReadRule | undefined): readonly Judged[] => {
  const who = whoPredicates(own);
  return who.size === 0
    ? work.conditional
    : work.conditional.filter(({ tool, resolution }) => {
        const rule = work.ruleOf(resolution);
        const rest = rule && withoutThese(rule, who);
        return rest === rule || isConditional(groundOf(work), tool, rest);
      });
};

const groundOf = ({
  document,
  knowing,
  inTexts,
}: Pick<Work, "document" | "knowing" | "inTexts">): Ground => ({
  all: document.allTools,
  classOf: knowing.classOf,
  context: knowing.context,
  inTexts,
});

const searchOf = (
  work: Work,
  { tool, meta }: Reached,
  own: ReadRule | undefined,
  conditional: readonly Judged[],
): Search => ({
  tool,
  meta,
  own,
  all: work.document.allTools,
  targets: [...new Set([...work.targets, ...conditional.map((one) => one.tool.name)])],
  classOf: work.knowing.classOf,
  fillers: work.names.open,
  context: work.knowing.context,
  calls: work.calls,
});

const proposedFor = (
  work: Work,
  reached: Reached,
  own: ReadRule | undefined,
  conditional: readonly Judged[],
) => {
  const { tool, meta } = reached;
  const { context } = work.knowing;
  const { names, namesLength, openProperties, room } = work;
  return proposalFor({
    tool,
    meta,
    names,
    namesLength,
    now: own?.source ?? {},
    openProperties,
    room,
    observes: work.document.mode === "observe",
    closes: (written) => {
      const rule = readRule(written, "", tool.name, { policy: "", conditions: context }, []);
      return rule !== undefined && openBy(searchOf(work, reached, rule, conditional)) === undefined;
    },
  });
};

const warnOf = (work: Work, reached: Reached): readonly Problem[] => {
  const { document } = work;
  const { tool, resolution } = reached;
  const own = work.ruleOf(resolution);
  const conditional = conditionalBeside(work, own);
  const withheld = [...work.withheld, ...conditional];
  const some = withheld.find((each) => each.tool !== tool);
  const observes = document.mode === "observe";
  const found = some === undefined ? undefined : openBy(searchOf(work, reached, own, conditional), observes);
  if (some === undefined || found === undefined) {
    return [];
  }
  const named = withheld.find((each) => each.tool !== tool && each.tool.name === found.name);
  const rules = observes ? [] : [own, document.allTools].filter((rule) => rule !== undefined);
  const { rule, why } = proposedFor(work, reached, own, conditional);
  const message = [
    stateText(reached, named ?? some, conditional),
    rules.some(isConditioned) ? exampleOf(reached, found, named !== undefined) : "",
    why === undefined ? "" : ` ${why}`,
    placeText(tool.name, own),
  ].join("");
  const warning =
    own === undefined ? warningAt("/default", "value", message) : warningAt(own.pointer, "key", message);
  return [{ ...warning, tool: tool.name, proposal: rule }];
};

export const warnOfMeta = (
  document: PolicyDocument,
  judged: readonly Judged[],
  knowing: Knowing,
): readonly Problem[] => {
  const byPointer = new Map(Array.from(document.tools.values()).map((rule) => [rule.pointer, rule]));
  const ruleOf = ({ plan }: Resolution): ReadRule | undefined => byPointer.get(plan?.rule ?? "");
  const metas = new Map(judged.map(({ tool }) => [tool, knowing.metaOf(tool.definition)]));
  const reached = judged.filter(({ resolution }) => !isDenied(resolution));
  const running = reached.flatMap((one) => {
    const meta = metas.get(one.tool);
    return meta === undefined ? [] : [{ ...one, meta }];
  });
  if (running.length === 0) {
    return [];
  }
  const begun: Begun = {
    document,
    judged,
    knowing,
    ruleOf,
    running,
    reached: reached.filter(({ tool }) => metas.get(tool) === undefined),
    isObserving: document.mode === "observe",
    calls: { left: LIMITS.tried_calls_max },
    room: { left: knowing.room },
  };
  const inObjects = once(() => workOf(begun, false));
  const inTexts = once(() => workOf(begun, true));
  return running.flatMap((one) => warnOf(one.meta.givenAsText === true ? inTexts() : inObjects(), one));
};

interface Begun extends Pick<Work, "document" | "knowing" | "ruleOf" | "calls" | "room"> {
  readonly judged: readonly Judged[];
  /** Tools that run others, and are not denied. */
  readonly running: readonly Reached[];
  /** Tools that run none, and are not denied. */
  readonly reached: readonly Judged[];
  readonly isObserving: boolean;
}

const workOf = (begun: Begun, inTexts: boolean): Work => {
  const { document, judged, knowing, ruleOf, running, isObserving, calls, room } = begun;
  const ground = groundOf({ document, knowing, inTexts });
  const sure = withheldOf(document, judged, ruleOf, ground);
  const isUnsure = !isObserving && sortsOut(document.allTools, knowing.classOf !== undefined);
  const held = new Set(sure.map(({ tool }) => tool));
  const rest = begun.reached.filter(({ tool }) => !held.has(tool));
  const conditional = isObserving
    ? []
    : rest.filter(({ tool, resolution }) => isConditional(ground, tool, ruleOf(resolution)));
  const conditioned = new Set(conditional.map(({ tool }) => tool));
  // A limit of all calls counts the one that runs others once, whatever it runs.
  const isLimited = (document.allTools?.written.length ?? 0) > 0;
  const plain = rest.filter(
    ({ tool, resolution }) => !isLimited && isPlain(ruleOf(resolution)) && !conditioned.has(tool),
  );
  const open = new Set(plain.map(({ tool }) => tool.name));
  return {
    document,
    knowing,
    ruleOf,
    withheld: [...sure, ...(isUnsure ? judged.filter(({ resolution }) => !isDenied(resolution)) : [])],
    conditional,
    targets: [...new Set([...sure.map(({ tool }) => tool.name), ...running.map(({ tool }) => tool.name)])],
    names: {
      open: [...open],
      closed: [...new Set(judged.map(({ tool }) => tool.name))].filter((name) => !open.has(name)),
    },
    namesLength: judged.reduce((sum, { tool }) => sum + tool.name.length, 0),
    openProperties: once(() => {
      const known = new Set<string>();
      for (const { tool } of plain) {
        propertiesIn(tool.schema, known);
      }
      return known;
    }),
    calls,
    room,
    inTexts,
  };
};

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** Where a policy only observes, what is hidden and denied is all the same, and nothing else is. */
const withheldOf = (
  document: PolicyDocument,
  judged: readonly Judged[],
  ruleOf: (resolution: Resolution) => ReadRule | undefined,
  ground: Ground,
): readonly Judged[] => [
  ...judged.filter(({ resolution }) => isDenied(resolution)),
  ...judged.filter(
    ({ tool, resolution }) =>
      document.mode !== "observe" && !isDenied(resolution) && isWithheld(ground, tool, ruleOf(resolution)),
  ),
];
