import { fromJsonSchema, type CallToolResult, type JsonSchemaType } from "@modelcontextprotocol/server";
import { answer, isNothing, NO_RESULT } from "./answers.ts";
import type { Command } from "./editor/editor.ts";
import type { JsonObject } from "./editor/json.ts";
import type { Outcome } from "./editor/outcome.ts";

// Tools that take several commands. What became of each is told; nothing is taken back.

export interface Step {
  /** What a client sees of it. */
  readonly step: string;
  readonly command: Command;
}

type State = "done" | "unconfirmed" | "failed" | "unknown" | "not_run";

interface Told {
  readonly step: string;
  readonly state: State;
  readonly result?: unknown;
  readonly problem?: string;
}

export const STEPS_SCHEMA = fromJsonSchema({
  type: "object",
  properties: {
    complete: { type: "boolean", description: "Whether every step is done." },
    steps: {
      type: "array",
      items: {
        type: "object",
        properties: {
          step: { type: "string" },
          state: {
            enum: ["done", "unconfirmed", "failed", "unknown", "not_run"],
            description:
              "unconfirmed: the editor took it and gave no result, which it also does on failures. unknown: it may have run.",
          },
          result: { description: "What the editor answered: any JSON." },
          problem: { type: "string" },
        },
        required: ["step", "state"],
        additionalProperties: false,
      },
    },
  },
  required: ["complete", "steps"],
  additionalProperties: false,
} satisfies JsonSchemaType);

const STATES = { failed: "failed", unknown: "unknown", "not-run": "not_run" } as const satisfies Record<
  Exclude<Outcome["kind"], "done">,
  State
>;

const toldOf = (step: string, outcome: Outcome): Told => {
  if (outcome.kind !== "done") {
    return { step, state: STATES[outcome.kind], problem: outcome.problem };
  }
  return isNothing(outcome.result)
    ? { step, state: "unconfirmed", problem: NO_RESULT }
    : { step, state: "done", result: outcome.result };
};

/** After a step that did not reach the editor, or may still be running there, the others are not begun. */
const endsAll = ({ state }: Told): boolean => state === "unknown" || state === "not_run";

export const runSteps = async (
  steps: readonly Step[],
  run: (command: Command) => Promise<Outcome>,
): Promise<CallToolResult> => {
  const told: Told[] = [];
  for (const { step, command } of steps) {
    const last = told.at(-1);
    told.push(
      last !== undefined && endsAll(last)
        ? { step, state: "not_run", problem: "An earlier step ended the call." }
        : toldOf(step, await run(command)),
    );
  }
  const complete = told.every(({ state }) => state === "done");
  const structured: JsonObject = { complete, steps: told };
  const failed = told.some(({ state }) => state !== "done" && state !== "unconfirmed");
  return failed ? { ...answer(structured), isError: true } : answer(structured);
};
