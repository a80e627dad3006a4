import { createHash } from "node:crypto";
import { canonicalJson } from "../base/json-write.ts";
import type { JsonObject } from "../base/json-value.ts";

/** SHA-256, hex, of a tool's whole definition in RFC 8785 form: two definitions with one digest are the same to every reader. */
export const definitionDigest = (tool: JsonObject): string =>
  createHash("sha256").update(canonicalJson(tool)).digest("hex");
