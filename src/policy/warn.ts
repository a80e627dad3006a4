import type { Json } from "../base/json-value.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import type { Knowing } from "./warn-meta.ts";
import { warnOfRules } from "./warn-rules.ts";
import { warnOfTools } from "./warn-tools.ts";

/**
 * What the checker warns of in a document that may be valid; `tools` are entries of a `tools/list` result. Without
 * `knowing` no tool is taken for one that runs others.
 */
export const warnings = (
  document: PolicyDocument,
  tools: readonly Json[] | undefined,
  knowing: Knowing | undefined,
): readonly Problem[] => [
  ...warnOfRules(document),
  ...(tools === undefined ? [] : warnOfTools(document, tools, knowing)),
];
