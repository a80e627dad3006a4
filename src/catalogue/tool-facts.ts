import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import type { SchemaCompiler, ToolFacts, ToolSchema } from "../policy/types.ts";
import type { ToolClass, ToolProfile } from "./verdict.ts";

/**
 * What policies may know of a tool, from its entry in `tools/list`. `class` is the catalogue's, asked for when
 * a policy asks for it.
 */
export const toolFacts = (
  tool: JsonObject,
  compile: SchemaCompiler,
  profile: () => ToolProfile,
): ToolFacts => {
  const name = member(tool, "name");
  const annotations = member(tool, "annotations");
  return {
    name: typeof name === "string" ? name : "",
    get class() {
      return profile().class;
    },
    annotations: isJsonObject(annotations) ? annotations : undefined,
    schema: toolSchema(tool, compile),
  };
};

/** The same tool with another class, or none. */
export const withClass = (
  { name, annotations, schema }: ToolFacts,
  is: ToolClass | undefined,
): ToolFacts => ({
  name,
  class: is,
  annotations,
  schema,
});

const toolSchema = (tool: JsonObject, compile: SchemaCompiler): ToolSchema => {
  const given = member(tool, "inputSchema");
  const schema = given === undefined ? { type: "object" } : given;
  if (!isJsonObject(schema)) {
    return { invalid: "its inputSchema is no object" };
  }
  const check = compile(schema);
  return "invalid" in check ? check : { check, named: strictNames(schema) };
};

/** Keywords with which a schema says itself what other properties may be there (docs/policy.md, `arguments`). */
const SAYS_ITSELF = [
  "additionalProperties",
  "patternProperties",
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "not",
] as const;

const strictNames = (schema: JsonObject): ReadonlySet<string> | undefined => {
  if (SAYS_ITSELF.some((keyword) => Object.hasOwn(schema, keyword))) {
    return undefined;
  }
  const properties = member(schema, "properties");
  return new Set(isJsonObject(properties) ? Object.keys(properties) : []);
};
