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
import { isDenied, isWithheld, type Judged, sortsOut } from "./withheld.ts";

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

/** Admitted whatever the call says: its rule, where it has one, holds nothing. */
const isPlain = (rule: ReadRule | undefined): boolean =>
  rule === undefined ||
  rule.require.length + rule.denyIf.length + rule.written.length + (rule.approval === undefined ? 0 : 1) ===
    0;

const SAYS: Readonly<Record<MetaFacts["runs"], string>> = {
  tools: "runs the tools that it is told",
  code: "runs code that it is given",
  commands: "runs commands that it is given",
  sql: "runs SQL that can write",
};

const stateOf = ({ resolution }: Judged): string =>
  isDenied(resolution) ? "is denied" : "is withheld or needs approval";

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

const stateText = ({ tool, meta }: Reached, other: Judged): string => {
  const where = meta.arguments.length === 0 ? "" : ` (${meta.arguments.join(", ")})`;
  return `${tool.name} ${SAYS[meta.runs]}${where} and is left open, while ${other.tool.name} ${stateOf(other)}: it may do what others must not.`;
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
  /** Names that must not be run through others. */
  readonly targets: readonly string[];
  /** … and of the tools that may be, and all others. */
  readonly names: Names;
  readonly namesLength: number;
  readonly openProperties: () => ReadonlySet<string>;
  readonly calls: Search["calls"];
  readonly room: { left: number };
}

const searchOf = (work: Work, { tool, meta }: Reached, own: ReadRule | undefined): Search => ({
  tool,
  meta,
  own,
  all: work.document.allTools,
  targets: work.targets,
  fillers: work.names.open,
  context: work.knowing.context,
  calls: work.calls,
});

const proposedFor = (work: Work, reached: Reached, own: ReadRule | undefined) => {
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
      return rule !== undefined && openBy(searchOf(work, reached, rule)) === undefined;
    },
  });
};

const warnOf = (work: Work, reached: Reached): readonly Problem[] => {
  const { document, withheld } = work;
  const { tool, resolution } = reached;
  const own = work.ruleOf(resolution);
  const some = withheld.find((each) => each.tool !== tool);
  const observes = document.mode === "observe";
  const found = some === undefined ? undefined : openBy(searchOf(work, reached, own), observes);
  if (some === undefined || found === undefined) {
    return [];
  }
  const named = withheld.find((each) => each.tool !== tool && each.tool.name === found.name);
  const rules = observes ? [] : [own, document.allTools].filter((rule) => rule !== undefined);
  const { rule, why } = proposedFor(work, reached, own);
  const message = [
    stateText(reached, named ?? some),
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
  const sure = withheldOf(document, judged, ruleOf, knowing);
  const isUnsure = document.mode !== "observe" && sortsOut(document.allTools, knowing.classOf !== undefined);
  const held = new Set(sure.map(({ tool }) => tool));
  const plain = reached.filter(
    ({ tool, resolution }) => metas.get(tool) === undefined && isPlain(ruleOf(resolution)) && !held.has(tool),
  );
  const open = new Set(plain.map(({ tool }) => tool.name));
  const work: Work = {
    document,
    knowing,
    ruleOf,
    withheld: [...sure, ...(isUnsure ? reached : [])],
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
    calls: { left: LIMITS.tried_calls_max },
    room: { left: knowing.room },
  };
  return running.flatMap((one) => warnOf(work, one));
};

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** In observe mode only what is hidden gives reason to look. */
const withheldOf = (
  document: PolicyDocument,
  judged: readonly Judged[],
  ruleOf: (resolution: Resolution) => ReadRule | undefined,
  { classOf, context }: Knowing,
): readonly Judged[] => {
  if (document.mode === "observe") {
    return judged.filter(({ resolution }) => resolution.hidden !== undefined);
  }
  const isHeld = isWithheld(document.allTools, classOf, context);
  return [
    ...judged.filter(({ resolution }) => isDenied(resolution)),
    ...judged.filter((one) => !isDenied(one.resolution) && isHeld(one, ruleOf(one.resolution))),
  ];
};
