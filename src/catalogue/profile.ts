import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { comesLater } from "./classify/afterwards.ts";
import { leaning } from "./classify/doubts.ts";
import { withFileKinds } from "./classify/file-paths.ts";
import { gather, textOf } from "./classify/gather.ts";
import type { MetaReading } from "./classify/meta.ts";
import { judge } from "./classify/judge.ts";
import { powersOf } from "./classify/powers.ts";
import type { Clause } from "./classify/prose-clauses.ts";
import { remoteAccess } from "./classify/remote-access.ts";
import { riskOf, saysForGood } from "./classify/risk.ts";
import type { Sign } from "./classify/sign.ts";
import { toldMore } from "./told-more.ts";
import {
  UNSURE_BELOW,
  type ArgumentKind,
  type Evidence,
  type MetaTool,
  type ToolProfile,
} from "./verdict.ts";

/**
 * Judges a tool by its definition (an entry of `tools/list`) alone, from the tables in `classify/`. Pure, bounded by
 * `LIMITS.classified_…`; never throws.
 */
export const profileTool = (definition: JsonObject): ToolProfile => {
  const { name, prose, arguments: given, meta, signs: gathered } = gather(definition);
  const { words } = name;
  const [sentence = []] = prose.clauses;
  const args = withFileKinds(words, sentence, given);
  const signs = furtherSigns(gathered, words, prose.clauses);
  const { class: is, confidence, evidence } = judge(signs);
  const description = textOf(member(definition, "description"));
  const powers = powersOf({
    class: is,
    words,
    signs,
    arguments: args,
    meta: meta.meta,
    sql: meta.sql.length > 0,
    sentence,
    description,
  });
  const risk = riskOf({
    class: is,
    words,
    powers,
    unsure: confidence < UNSURE_BELOW,
    forGood: saysForGood(prose.clauses),
    hint: hintsOf(definition),
    sentence,
    description,
    arguments: args,
  });
  const more = toldMore(meta.meta, args);
  return {
    name: textOf(member(definition, "name")),
    class: is,
    risk: risk.risk,
    confidence,
    evidence: withoutTwins([...evidence, ...risk.evidence]),
    powers,
    arguments: args.map(({ path, types, required, kinds }) => ({
      path,
      types,
      required,
      kinds: [...new Set([...kinds, ...carriedBy(meta, path), ...(more.has(path) ? TOOL : [])])],
    })),
    meta: meta.meta,
  };
};

/** What is seen only beside all that was gathered. */
const furtherSigns = (
  gathered: readonly Sign[],
  words: readonly string[],
  clauses: readonly Clause[],
): readonly Sign[] => {
  const [clause = []] = clauses;
  // What is called off ends something, whatever is given back for it.
  const endsIt = gathered.some(({ found }) => /^cancel\b/.test(found));
  const later = comesLater(clauses).filter((sign) => !(endsIt && sign.class === "financial"));
  const signs = [...gathered, ...remoteAccess({ words, clause }), ...later];
  return [...signs, ...leaning(signs, words, clause)];
};

/** A word that stands in a text twice is one reason. */
const withoutTwins = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter(
    ({ from, found, says }, at) =>
      evidence.findIndex((one) => one.from === from && one.found === found && one.says === says) === at,
  );

const TOOL: readonly ArgumentKind[] = ["tool"];

const CARRIED: Readonly<Record<MetaTool["runs"], ArgumentKind>> = {
  tools: "tool",
  code: "code",
  commands: "command",
  sql: "sql",
};

/** What an argument carries because of what the tool does with it: `function` of one that evaluates is a program. */
const carriedBy = ({ meta, sql }: MetaReading, path: string): readonly ArgumentKind[] => [
  ...(meta?.arguments.includes(path) === true ? [CARRIED[meta.runs]] : []),
  ...(sql.includes(path) ? (["sql"] as const) : []),
];

/** What its server says of it, which is a hint and no more. */
const hintsOf = (definition: JsonObject): ((name: string) => boolean | undefined) => {
  const annotations = member(definition, "annotations");
  return (name) => {
    const value = isJsonObject(annotations) ? member(annotations, name) : undefined;
    return typeof value === "boolean" ? value : undefined;
  };
};
