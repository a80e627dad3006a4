import type { Json } from "../base/json-value.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
export const warnings = (
  _document: PolicyDocument,
  _tools: readonly Json[] | undefined,
): readonly Problem[] => [];
