import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { gather, textOf } from "./classify/gather.ts";
import { judge } from "./classify/judge.ts";
import { powersOf } from "./classify/powers.ts";
import { riskOf, saysForGood } from "./classify/risk.ts";
import { UNSURE_BELOW, type ToolProfile } from "./verdict.ts";

/**
 * Judges a tool by its definition (an entry of `tools/list`) alone, from the tables in `classify/`. Pure, bounded by
 * `LIMITS.classified_…`; never throws.
 */
export const profileTool = (definition: JsonObject): ToolProfile => {
  const { name, prose, arguments: args, meta, signs } = gather(definition);
  const { class: is, confidence, evidence } = judge(signs);
  const { words } = name;
  const powers = powersOf({
    class: is,
    words,
    signs,
    arguments: args,
    meta: meta.meta,
    sql: meta.sql.length > 0,
  });
  const risk = riskOf({
    class: is,
    words,
    powers,
    unsure: confidence < UNSURE_BELOW,
    forGood: saysForGood(prose.clauses),
    hint: hintsOf(definition),
  });
  return {
    name: textOf(member(definition, "name")),
    class: is,
    risk: risk.risk,
    confidence,
    evidence: [...evidence, ...risk.evidence],
    powers,
    arguments: args.map(({ path, types, required, kinds }) => ({ path, types, required, kinds })),
    meta: meta.meta,
  };
};

/** What its server says of it, which is a hint and no more. */
const hintsOf = (definition: JsonObject): ((name: string) => boolean | undefined) => {
  const annotations = member(definition, "annotations");
  return (name) => {
    const value = isJsonObject(annotations) ? member(annotations, name) : undefined;
    return typeof value === "boolean" ? value : undefined;
  };
};
