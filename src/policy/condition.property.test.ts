import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readJson } from "../base/json-read.ts";
import { type Json, isJsonArray, isJsonObject, JsonNumber, type JsonObject } from "../base/json-value.ts";
import { compileCondition, type Lean } from "./condition.ts";
import { operatorNames } from "./operators/table.ts";
import { compilePredicate } from "./predicate.ts";
import type { Problem } from "./problem.ts";
import { callOf, compileSchema, judge, object } from "./testing/conditions.ts";

const RUNS = { numRuns: 10_000 };
const lean = fc.constantFrom<Lean>("require", "deny");
const word = fc.constantFrom(
  "a",
  "b",
  "x y",
  "/a/..",
  "10.0.0.1",
  "https://a.b/",
  "%2e",
  "\0",
  "__proto__",
  "😀",
);
const numberText = fc.constantFrom("0", "-0", "1", "5", "5.0", "1e2", "9007199254740993", "0.1");
const scalarText = fc.oneof(
  word.map((text) => JSON.stringify(text)),
  numberText,
  fc.constantFrom("true", "false", "null"),
);
/** JSON as text, so that numbers keep their spelling. */
const { value: valueText, object: objectText } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalarText,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    tie("object"),
  ),
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "l", "o", "__proto__"), tie("value")), {
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((members) => `{${members.map(([name, inner]) => `"${name}":${inner}`).join(",")}}`),
}));

const step = fc.constantFrom(".a", ".b", ".l", ".o", "[0]", "[1]", "[*]", ".*", '["__proto__"]');
const argsPath = fc
  .tuple(fc.array(step, { maxLength: 3 }), fc.constantFrom("", "", ".**"))
  .map(([steps, end]) => `args${steps.join("")}${end}`);
const anyPath = fc.oneof(
  argsPath,
  fc.constantFrom(
    "tool.class",
    "identity.groups[*]",
    "session.tools[*]",
    "now.hour",
    "now.date",
    "now.minute",
    "",
  ),
);

const leafText = fc
  .tuple(
    anyPath,
    fc.constantFrom(...operatorNames, "equals"),
    valueText,
    fc.constantFrom("", "", ',"fold":true', ',"flags":"i"', ',"on_missing":"true"', ',"on_missing":"false"'),
  )
  .map(([path, op, value, rest]) => `{"path":${JSON.stringify(path)},"op":"${op}","value":${value}${rest}}`);
const { condition: conditionText } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leafText,
    fc.array(tie("condition"), { maxLength: 3 }).map((items) => `{"all":[${items.join(",")}]}`),
    fc.array(tie("condition"), { maxLength: 3 }).map((items) => `{"any":[${items.join(",")}]}`),
    tie("condition").map((inner) => `{"not":${inner}}`),
    valueText,
  ),
}));

/** Conditions that compile, of values and paths that often meet. */
const soundLeaf = fc
  .tuple(
    argsPath,
    fc.constantFrom(
      '"op":"eq","value":5',
      '"op":"gt","value":1',
      '"op":"regex","value":"a"',
      '"op":"type","value":"string"',
      '"op":"exists","value":false',
      '"op":"within","value":["/"]',
      '"op":"eq","value":5,"on_missing":"true"',
    ),
  )
  .map(([path, rest]) => `{"path":${JSON.stringify(path)},${rest}}`);

const compile = (text: string, way: Lean) => {
  const problems: Problem[] = [];
  const condition = compileCondition(readJson(text), "", way, { compileSchema }, problems);
  return { condition, problems };
};

describe("conditions, whatever they are", () => {
  it("never throw, and either compile or say why not", () => {
    fc.assert(
      fc.property(conditionText, objectText, lean, (text, args, way) => {
        const { condition, problems } = compile(text, way);
        expect(condition === undefined).toBe(problems.length > 0);
        expect([1, 0, -1, undefined]).toContain(condition?.(callOf(object(args))));
        for (const { pointer, message } of problems) {
          expect(pointer === "" || pointer.startsWith("/")).toBe(true);
          expect(message).toMatch(/\.$/);
        }
      }),
      RUNS,
    );
  });

  it("make predicates that never throw, whatever the document", () => {
    fc.assert(
      fc.property(fc.oneof(valueText, conditionText), lean, (text, way) => {
        for (const document of [
          text,
          `{"conditions":[${text}]}`,
          `{"conditions":${text},"on_deny":${text}}`,
        ]) {
          const problems: Problem[] = [];
          const predicate = compilePredicate(readJson(document), "/p", way, { compileSchema }, problems);
          expect(predicate === undefined).toBe(problems.length > 0);
        }
      }),
      RUNS,
    );
  });

  it("mean the same in every order", () => {
    const shuffled = fc
      .array(soundLeaf, { minLength: 2, maxLength: 5 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(
        shuffled,
        objectText,
        lean,
        fc.constantFrom("all", "any"),
        ([list, other], args, way, join) => {
          const call = callOf(object(args));
          expect(judge(`{"${join}":[${other.join(",")}]}`, call, way)).toBe(
            judge(`{"${join}":[${list.join(",")}]}`, call, way),
          );
        },
      ),
      RUNS,
    );
  });

  it("forbid by deny_if exactly what they require by not", () => {
    fc.assert(
      fc.property(soundLeaf, objectText, lean, (leaf, args, way) => {
        const call = callOf(object(args));
        const plain = judge(leaf, call, way === "require" ? "deny" : "require");
        expect(judge(`{"not":${leaf}}`, call, way)).toBe(plain === -1 ? -1 : 1 - plain);
      }),
      RUNS,
    );
  });
});

type Found = readonly (Json | undefined)[];
const NOTHING: Found = [undefined];

const deepValues = (value: Json): Found => {
  if (isJsonArray(value)) {
    return value.flatMap(deepValues);
  }
  return isJsonObject(value) ? [...Object.keys(value), ...Object.values(value).flatMap(deepValues)] : [value];
};

const elementsAt = (value: readonly Json[], text: string): Found => {
  const index = /^\[(\d)\]$/.exec(text)?.[1];
  return text === "[*]" ? value : index === undefined ? NOTHING : [value[Number(index)]];
};

const membersAt = (value: JsonObject, text: string): Found => {
  if (text === ".*") {
    return Object.values(value);
  }
  const name = /^(?:\.(\w+)|\["(.*)"\])$/.exec(text)?.slice(1).join("") ?? "";
  return Object.hasOwn(value, name) ? [value[name]] : NOTHING;
};

const stepValues = (value: Json, text: string): Found => {
  if (isJsonArray(value)) {
    return elementsAt(value, text);
  }
  return isJsonObject(value) ? membersAt(value, text) : NOTHING;
};

/** The values that a path yields, one by one as docs/policy.md puts it; `undefined` for a missing one. */
const valuesAt = (value: Json, steps: readonly string[]): Found => {
  const [first, ...rest] = steps;
  if (first === undefined) {
    return [value];
  }
  return first === ".**"
    ? deepValues(value)
    : stepValues(value, first).flatMap((inner) => (inner === undefined ? NOTHING : valuesAt(inner, rest)));
};

describe("paths", () => {
  it("yield what the page says, and all or any of it counts", () => {
    const parts = fc.tuple(fc.array(step, { maxLength: 3 }), fc.boolean());
    fc.assert(
      fc.property(parts, objectText, lean, ([steps, deep], args, way) => {
        const all = deep ? [...steps, ".**"] : steps;
        const over = way === "require" || !deep ? 0.5 : 0;
        const ranks = valuesAt(object(args), all).map((value) => {
          const found = value instanceof JsonNumber ? value.value : value;
          if (found === undefined) {
            return 0.5;
          }
          return typeof found === "number" ? Number(found > 1) : over;
        });
        const expected = way === "require" ? Math.min(1, ...ranks) : Math.max(0, ...ranks);
        const condition = { path: `args${all.join("")}`, op: "gt", value: 1 };
        expect(judge(condition, callOf(object(args)), way)).toBe(expected === 0.5 ? -1 : expected);
        const some = valuesAt(object(args), all).some((value) => value !== undefined);
        expect(judge({ ...condition, op: "exists", value: true }, callOf(object(args)), way)).toBe(
          Number(some),
        );
      }),
      RUNS,
    );
  });
});
