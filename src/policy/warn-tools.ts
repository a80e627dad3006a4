import { isJsonObject, type Json, member } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { compileGlob } from "./pattern-match.ts";
import { isPattern } from "./patterns.ts";
import { below } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import { compileResolve } from "./resolve.ts";
import { type Knowing, warnOfMeta } from "./warn-meta.ts";
import { warningAt } from "./warn-rules.ts";
import { type ListedTool, warnOfReads } from "./warn-reads.ts";
import { isDenied, type Judged } from "./withheld.ts";

/** Warnings that a server's tool list makes possible (docs/policy.md). */

const listedTool = (value: Json): readonly ListedTool[] => {
  const name = isJsonObject(value) ? member(value, "name") : undefined;
  if (!isJsonObject(value) || typeof name !== "string") {
    return [];
  }
  const schema = member(value, "inputSchema");
  return [{ name, schema: isJsonObject(schema) ? schema : {}, definition: value }];
};

const warnOfKey = (key: string, pointer: string, judged: readonly Judged[]): readonly Problem[] => {
  const matches = isPattern(key) ? compileGlob(key) : (name: string) => name === key;
  const matched = judged.filter(({ tool }) => matches(tool.name));
  if (matched.length === 0) {
    const names = judged.map(({ tool }) => tool.name);
    return [
      warningAt(
        pointer,
        "key",
        `"${key}" matches no tool of the server.`,
        isPattern(key) ? undefined : nearest(key, names),
      ),
    ];
  }
  if (
    matched.some(({ resolution }) => resolution.plan?.rule === pointer && resolution.hidden === undefined)
  ) {
    return [];
  }
  return [
    warningAt(
      pointer,
      "key",
      `"${key}" is never reached: other keys or "hide" take every tool that it matches.`,
    ),
  ];
};

export const warnOfTools = (
  document: PolicyDocument,
  listed: readonly Json[],
  knowing: Knowing | undefined,
): readonly Problem[] => {
  const resolve = compileResolve(document);
  const judged = listed.flatMap(listedTool).map((tool) => ({ tool, resolution: resolve(tool.name) }));
  const reached = judged.filter(({ resolution }) => !isDenied(resolution));
  const ruledBy = (pointer: string): readonly ListedTool[] =>
    reached.filter(({ resolution }) => resolution.plan?.rule === pointer).map(({ tool }) => tool);
  return [
    ...Array.from(document.tools.keys()).flatMap((key) => warnOfKey(key, below("/tools", key), judged)),
    ...(document.allTools === undefined
      ? []
      : warnOfReads(
          document.allTools,
          reached.map(({ tool }) => tool),
        )),
    ...Array.from(document.tools.values()).flatMap((rule) => warnOfReads(rule, ruledBy(rule.pointer))),
    ...(knowing === undefined ? [] : warnOfMeta(document, judged, knowing)),
  ];
};
