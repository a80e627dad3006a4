import { Ajv, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { decimalOf } from "../base/decimal.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { jsonEqual } from "../base/json-equal.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { compileRegex } from "../policy/regex.ts";
import { SchemaUnusable, STEP_KEYWORD } from "./schema-prepare.ts";

/** The dialects that tools' schemas may be in, by `$schema` without an empty fragment. */
const DIALECTS: ReadonlyMap<string, (options: Options) => Ajv> = new Map([
  ["http://json-schema.org/draft-07/schema", (options: Options) => new Ajv(options)],
  ["https://json-schema.org/draft/2019-09/schema", (options: Options) => new Ajv2019(options)],
  ["https://json-schema.org/draft/2020-12/schema", (options: Options) => new Ajv2020(options)],
]);

export const DEFAULT_DIALECT = "https://json-schema.org/draft/2020-12/schema";

export const isDialect = (uri: string): boolean => DIALECTS.has(uri);

/** ECMAScript's and RE2's syntax differ at the edges; what RE2 cannot take is not compiled. */
const re2 = Object.assign(
  (pattern: string) => {
    const regex = compileRegex(pattern, "");
    if ("invalid" in regex) {
      throw new SchemaUnusable(`a pattern cannot be used. ${regex.invalid}`);
    }
    // ajv tells compiled patterns apart by their text.
    return { test: regex.test, toString: () => pattern };
  },
  { code: "re2" },
);

const OPTIONS: Options = {
  strict: false,
  validateFormats: false,
  logger: false,
  messages: false,
};

/** Subschemas that may still be tried on the value being judged. Judging is synchronous, so one count is enough. */
const steps = { left: 0 };

/** Compiles a prepared schema; the function throws where judging takes too many steps. Throws what ajv throws. */
export const compileIn = (dialect: string, schema: boolean | JsonObject): ((value: Json) => boolean) => {
  const create = DIALECTS.get(dialect);
  if (create === undefined) {
    throw new SchemaUnusable("its dialect ($schema) is not known");
  }
  if (typeof schema !== "boolean" && !metaSchemaOf(dialect, create).validateSchema(schema)) {
    throw new SchemaUnusable("it is no valid schema of its dialect");
  }
  // Without meta-schemas a reference to one is as remote as any other. Small definitions only are put in line: a large
  // one, referred to often, would multiply.
  const ajv = create({
    ...OPTIONS,
    meta: false,
    validateSchema: false,
    inlineRefs: 20,
    code: { regExp: re2 },
  });
  replaceKeywords(ajv);
  const validate = ajv.compile(schema);
  return (value) => {
    steps.left = LIMITS.schema_steps_max;
    return validate(value);
  };
};

const metaSchemas = new Map<string, Ajv>();

const metaSchemaOf = (dialect: string, create: (options: Options) => Ajv): Ajv => {
  const known = metaSchemas.get(dialect);
  if (known !== undefined) {
    return known;
  }
  const ajv = create(OPTIONS);
  metaSchemas.set(dialect, ajv);
  return ajv;
};

/**
 * ajv's own `const`, `enum` and `uniqueItems` compare objects by their prototypes, which ours do not have, and
 * `uniqueItems` takes quadratic time. Its `multipleOf` divides doubles, for which 0.3 is no multiple of 0.1.
 */
const replaceKeywords = (ajv: Ajv): void => {
  for (const keyword of ["const", "enum", "uniqueItems", "multipleOf"]) {
    ajv.removeKeyword(keyword);
  }
  ajv.addKeyword({
    keyword: "const",
    errors: false,
    compile: (wanted: Json) => (data: Json) => jsonEqual(data, wanted),
  });
  ajv.addKeyword({ keyword: "enum", errors: false, compile: oneOf });
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    errors: false,
    compile: (wanted: boolean) => (data: readonly Json[]) =>
      !wanted || new Set(data.map((item) => canonicalJson(item))).size === data.length,
  });
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    errors: false,
    compile: (divisor: number) => (data: number) => isMultiple(data, divisor),
  });
  const first = ajv.RULES.rules[0]?.rules[0]?.keyword;
  ajv.addKeyword({
    keyword: STEP_KEYWORD,
    errors: false,
    ...(first === undefined ? {} : { before: first }),
    compile: () => () => {
      steps.left -= 1;
      if (steps.left < 0) {
        throw new SchemaUnusable("judging takes too many steps");
      }
      return true;
    },
  });
};

const oneOf = (wanted: readonly Json[]): ((data: Json) => boolean) => {
  const scalars = new Set<Json>(wanted.filter((value) => typeof value !== "object" || value === null));
  const others = wanted.filter((value) => typeof value === "object" && value !== null);
  return (data) => scalars.has(data) || others.some((value) => jsonEqual(data, value));
};

/** Whether one number is so many times another, both as the decimals they are written as. */
const isMultiple = (data: number, divisor: number): boolean => {
  if (Number.isSafeInteger(data) && Number.isSafeInteger(divisor)) {
    return data % divisor === 0;
  }
  const dividend = decimalOf(data);
  const by = decimalOf(divisor);
  const exponent = dividend.point - dividend.digits.length - (by.point - by.digits.length);
  const scale = 10n ** BigInt(Math.abs(exponent));
  const left = BigInt(dividend.digits) * (exponent > 0 ? scale : 1n);
  return left % (BigInt(by.digits) * (exponent < 0 ? scale : 1n)) === 0n;
};
