import { isJsonObject, type Json, member } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { compileGlob } from "./pattern-match.ts";
import { isPattern } from "./patterns.ts";
import { below } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import { compileResolve, type Resolution } from "./resolve.ts";
import { warningAt } from "./warn-rules.ts";
import { type ListedTool, warnOfReads } from "./warn-reads.ts";

/** Warnings that a server's tool list makes possible (docs/policy.md). */

/** A tool and what the policy says of its name. */
interface Judged {
  readonly tool: ListedTool;
  readonly resolution: Resolution;
}

const listedTool = (value: Json): readonly ListedTool[] => {
  const name = isJsonObject(value) ? member(value, "name") : undefined;
  if (!isJsonObject(value) || typeof name !== "string") {
    return [];
  }
  const schema = member(value, "inputSchema");
  return [{ name, schema: isJsonObject(schema) ? schema : {} }];
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

/** Words in a tool's name, or an argument's, that say it runs what it is given. */
const RUNS =
  /(^|_)(eval|exec|execute|shell|bash|powershell|terminal|python|script|command|cmd|code|sql|(call|invoke|run)_tool)(_|$)/;
const TAKES =
  /^(code|script|source_code|command|commands|cmd|command_line|shell|expression|python|javascript|sql|tool|tools|tool_name|tool_names|tool_calls)$/;

const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();

/** What makes a tool look as if it could do what other tools do. */
const powerOf = ({ name, schema }: ListedTool): string | undefined => {
  const properties = member(schema, "properties");
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const taking = names.find((property) => TAKES.test(words(property)));
  if (taking !== undefined) {
    return `takes "${taking}"`;
  }
  return RUNS.test(words(name)) && names.length > 0 ? "looks as if it runs what it is given" : undefined;
};

const isDenied = ({ hidden, plan }: Resolution): boolean =>
  hidden !== undefined || plan === undefined || plan.denied !== undefined;

const isOpen = ({ hidden, plan }: Resolution): boolean =>
  hidden === undefined &&
  plan !== undefined &&
  plan.denied === undefined &&
  plan.requires.length + plan.denies.length + plan.asks.length === 0;

/** A tool that can do what others do, left open while those are denied. */
const loopholes = (judged: readonly Judged[]): readonly Problem[] => {
  const denied = judged.find(({ resolution }) => isDenied(resolution));
  if (denied === undefined) {
    return [];
  }
  return judged
    .filter(({ resolution }) => isOpen(resolution))
    .flatMap(({ tool, resolution }) => {
      const power = powerOf(tool);
      const pointer = resolution.plan?.rule ?? "/default";
      const message = `${tool.name} ${power} and is left open, while ${denied.tool.name} is denied: it may do what others must not.`;
      return power === undefined
        ? []
        : [warningAt(pointer, pointer === "/default" ? "value" : "key", message)];
    });
};

export const warnOfTools = (document: PolicyDocument, listed: readonly Json[]): readonly Problem[] => {
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
    ...loopholes(judged),
  ];
};
