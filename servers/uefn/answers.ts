import { fromJsonSchema, type CallToolResult, type JsonSchemaType } from "@modelcontextprotocol/server";
import { isObject, type JsonObject } from "./editor/json.ts";
import type { Outcome } from "./editor/outcome.ts";

// What a client gets for what became of a command.

/** Of the readable text; the structured content is whole. */
const TEXT_CHARS_MAX = 200_000;

/** The output of a tool that takes one command. */
export const RESULT_SCHEMA = fromJsonSchema({
  type: "object",
  properties: {
    result: { description: "What the editor answered: any JSON." },
    note: { type: "string", description: "What to know about this answer." },
  },
  required: ["result"],
  additionalProperties: false,
} satisfies JsonSchemaType);

const text = (structured: JsonObject): string => {
  const whole = JSON.stringify(structured);
  return whole.length <= TEXT_CHARS_MAX
    ? whole
    : `${whole.slice(0, TEXT_CHARS_MAX)}\n(cut here: ${String(whole.length)} characters; the structured content is whole)`;
};

export const answer = (structured: JsonObject): CallToolResult => ({
  content: [{ type: "text", text: text(structured) }],
  structuredContent: structured,
});

export const problem = (message: string): CallToolResult => ({
  content: [{ type: "text", text: message }],
  isError: true,
});

const PROBLEMS = {
  failed: (name: string, why: string) =>
    `The editor says that ${name} failed. What it did before that may have stayed. It says: ${why}`,
  "not-run": (name: string, why: string) => `${name} did not run. ${why}`,
  unknown: (name: string, why: string) =>
    `It is not known whether ${name} ran: it was sent to the editor, and it may have run or may still run. ${why} It was not sent again. Look at the editor before you call it again.`,
} satisfies Record<Exclude<Outcome["kind"], "done">, (name: string, why: string) => string>;

export const problemOf = (name: string, outcome: Exclude<Outcome, { readonly kind: "done" }>): string =>
  PROBLEMS[outcome.kind](name, outcome.problem);

export const NO_RESULT =
  "The editor gave no result. That is also its answer where it does not have the tool, and where the tool failed: look at get_log.";

/** The registry answers nothing, or wraps nothing, for tools that it does not have and for exceptions. */
export const isNothing = (result: unknown): boolean =>
  result === null || (isObject(result) && Object.hasOwn(result, "result") && result["result"] === null);

export const ignoredNote = (ignored: readonly string[]): string | undefined =>
  ignored.length === 0 ? undefined : `Not arguments of this tool, so not sent: ${ignored.join(", ")}.`;

const noteOf = (...notes: readonly (string | undefined)[]): JsonObject => {
  const said = notes.filter((note) => note !== undefined);
  return said.length === 0 ? {} : { note: said.join(" ") };
};

export const answerOf = (
  name: string,
  outcome: Outcome,
  { registry, ignored }: { readonly registry: boolean; readonly ignored: readonly string[] },
): CallToolResult => {
  if (outcome.kind !== "done") {
    return problem(problemOf(name, outcome));
  }
  const { result } = outcome;
  const nothing = registry && isNothing(result) ? NO_RESULT : undefined;
  return answer({ result, ...noteOf(nothing, ignoredNote(ignored)) });
};
