import {
  fromJsonSchema,
  type JsonSchemaType,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import { isObject, type JsonObject } from "./editor/json.ts";

/** A JSON Schema that is listed as it is, and compiled when it is first needed: there are many, and few are called. */
export const lazySchema = (schema: JsonSchemaType): StandardSchemaWithJSON<JsonObject> => {
  let compiled: StandardSchemaWithJSON<JsonObject> | undefined;
  const listed = (): Record<string, unknown> => (isObject(schema) ? { ...schema } : {});
  return {
    "~standard": {
      version: 1,
      vendor: "mcp",
      jsonSchema: { input: listed, output: listed },
      validate: (value) => (compiled ??= fromJsonSchema<JsonObject>(schema))["~standard"].validate(value),
    },
  };
};
