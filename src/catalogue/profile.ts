import { LIMITS } from "../base/limits.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { actionSigns } from "./classify/actions.ts";
import { kindsOf } from "./classify/argument-kinds.ts";
import { walkArguments, type Walk } from "./classify/argument-walk.ts";
import { computes, putsAway } from "./classify/computes.ts";
import { judge } from "./classify/judge.ts";
import { readMeta, type MetaReading } from "./classify/meta.ts";
import { readName, type NameReading } from "./classify/name-signs.ts";
import { powersOf } from "./classify/powers.ts";
import { readProse, type ProseReading } from "./classify/prose-signs.ts";
import { riskOf } from "./classify/risk.ts";
import { WEIGHTS, type Sign } from "./classify/sign.ts";
import { worseClass, type ArgumentFact, type MetaTool, type ToolProfile } from "./verdict.ts";

/** Judges a tool by its definition (an entry of `tools/list`) alone. Pure, bounded by `LIMITS.classified_…`; never throws. */
export const profileTool = (definition: JsonObject): ToolProfile => {
  const name = text(definition, "name");
  const read: Read = {
    name: readName(name),
    prose: readProse(text(definition, "description")),
    walk: walkArguments(member(definition, "inputSchema")),
  };
  const { meta, sql } = readMeta({ name: read.name, prose: read.prose, arguments: read.walk.arguments });
  const signs = signsOf(read, { meta, sql });
  const { class: is, confidence, evidence } = judge(signs);
  const args = read.walk.arguments.map((argument): ArgumentFact => {
    const { path, types, required } = argument;
    return { path, types, required, kinds: kindsOf(argument) };
  });
  const powers = powersOf({
    class: is,
    words: read.name.words,
    signs,
    arguments: args,
    meta,
    sql: sql.length > 0,
  });
  const annotations = member(definition, "annotations");
  const hint = (key: string): boolean | undefined => {
    const value = isJsonObject(annotations) ? member(annotations, key) : undefined;
    return typeof value === "boolean" ? value : undefined;
  };
  const forGood = read.prose.clauses.some((clause) => clause.some((word) => FOR_GOOD.has(word)));
  const risk = riskOf({ class: is, words: read.name.words, powers, forGood, hint });
  return {
    name,
    class: is,
    risk: risk.risk,
    confidence,
    evidence: [...evidence, ...risk.evidence],
    powers,
    arguments: args,
    meta,
  };
};

interface Read {
  readonly name: NameReading;
  readonly prose: ProseReading;
  readonly walk: Walk;
}

const FOR_GOOD: ReadonlySet<string> = new Set([
  "permanently",
  "irreversible",
  "irreversibly",
  "undone",
  "overwrites",
  "destructive",
]);

const text = (definition: JsonObject, key: string): string => {
  const value = member(definition, key);
  return typeof value === "string" ? value : "";
};

const signsOf = ({ name, prose, walk }: Read, { meta, sql }: MetaReading): readonly Sign[] => {
  const told = [...worst(name.signs), ...worst(prose.first), ...prose.later];
  const kept = sql.length > 0 && meta === undefined ? told.filter((sign) => sign.class !== "execute") : told;
  return [
    ...kept,
    ...actionSigns(walk.arguments),
    ...metaSigns(meta),
    ...(sql.length > 0 && meta === undefined ? [readsSql(sql)] : []),
    ...computes(walk.arguments),
    ...putsAway(walk.arguments),
    ...tooMuch(walk),
  ];
};

/** One source that says several things is as bad as the worst of them: "finds matching rows and deletes them". */
const worst = (signs: readonly Sign[]): readonly Sign[] => {
  const strong = signs.filter(({ weight }) => weight >= WEIGHTS.inside);
  if (strong.length < 2) {
    return signs;
  }
  const is = strong.map((sign) => sign.class).reduce(worseClass);
  const main = strong.find((sign) => sign.class === is);
  return signs.map((sign) => ({
    ...sign,
    weight: sign === main ? Math.max(sign.weight, WEIGHTS.sure) : Math.min(sign.weight, WEIGHTS.trace),
  }));
};

const metaSigns = (meta: MetaTool | undefined): readonly Sign[] =>
  meta === undefined
    ? []
    : [
        {
          class: "execute",
          weight: WEIGHTS.decisive,
          from: "argument",
          found: (meta.arguments[0] ?? "").slice(0, 80),
          says: RUNS[meta.runs],
        },
      ];

const RUNS: Readonly<Record<MetaTool["runs"], string>> = {
  tools: "It runs what its caller names, so it can do what other tools do.",
  code: "It runs program text that its caller writes.",
  commands: "It runs command lines that its caller writes.",
  sql: "It runs SQL that its caller writes, and nothing says that it only reads.",
};

const readsSql = (sql: readonly string[]): Sign => ({
  class: "read",
  weight: WEIGHTS.sure,
  from: "argument",
  found: (sql[0] ?? "").slice(0, 80),
  says: "It takes SQL, and is said to read only.",
});

const tooMuch = ({ partly }: Walk): readonly Sign[] =>
  partly
    ? [
        {
          class: "execute",
          weight: WEIGHTS.decisive,
          from: "doubt",
          found: "inputSchema",
          says: `Its schema is longer than the ${String(LIMITS.classified_schema_steps_max)} arguments that are looked at.`,
        },
      ]
    : [];
