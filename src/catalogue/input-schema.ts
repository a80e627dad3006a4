import { createHash } from "node:crypto";
import { isJsonObject, member, type Json } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { SchemaCheck, SchemaCompiler } from "../policy/types.ts";
import { compileIn, DEFAULT_DIALECT, isDialect } from "./schema-engine.ts";
import { prepareSchema, SchemaUnusable, toDoubles } from "./schema-prepare.ts";

type Compiled = SchemaCheck | { readonly invalid: string };

/**
 * Compiles JSON Schemas by their own dialect (draft-07, 2019-09, 2020-12; 2020-12 where `$schema` is absent), with
 * patterns through RE2, unknown keywords and `format` as annotations and no remote references. Equal schemas are
 * compiled once. A check gives `unknown` for a value with a number that no double holds, and where judging it takes
 * too long.
 */
export const createSchemaCompiler = (): SchemaCompiler => {
  const kept = new Map<string, Compiled>();
  return (schema) => {
    const text = canonicalJson(schema);
    if (Buffer.byteLength(text) > LIMITS.schema_bytes_max) {
      return { invalid: `it has more than ${String(LIMITS.schema_bytes_max)} bytes` };
    }
    const key = createHash("sha256").update(text).digest("base64");
    const compiled = kept.get(key) ?? compile(schema);
    kept.delete(key);
    kept.set(key, compiled); // The newest stands last; the first goes when there are too many.
    const oldest = kept.keys().next();
    if (kept.size > LIMITS.schemas_kept && oldest.done !== true) {
      kept.delete(oldest.value);
    }
    return compiled;
  };
};

const compile = (schema: Json): Compiled => {
  try {
    const dialect = dialectOf(schema);
    const validate = compileIn(dialect.plain, prepareSchema(schema, dialect.written));
    return (value) => {
      const data = toDoubles(value);
      try {
        return data === undefined ? "unknown" : validate(data);
      } catch {
        return "unknown"; // Too many steps, or more recursion than there is stack.
      }
    };
  } catch (error) {
    return { invalid: reasonOf(error) };
  }
};

/** The schema's `$schema` as written and without an empty fragment. */
const dialectOf = (schema: Json): { readonly plain: string; readonly written: string } => {
  const written = isJsonObject(schema) ? (member(schema, "$schema") ?? DEFAULT_DIALECT) : DEFAULT_DIALECT;
  const plain = typeof written === "string" ? written.replace(/#$/, "") : "";
  if (typeof written !== "string" || !isDialect(plain)) {
    throw new SchemaUnusable("its dialect ($schema) is not known");
  }
  return { plain, written };
};

const reasonOf = (error: unknown): string => {
  if (error instanceof SchemaUnusable) {
    return error.message;
  }
  return error instanceof Error && "missingRef" in error
    ? "it refers to a schema that is not part of it"
    : "it does not compile";
};
