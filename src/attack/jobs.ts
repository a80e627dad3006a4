import { z } from "zod";
import { scenarioShape, serverShape } from "./scenario.ts";

/** What the processes of a scenario are told, each by a file. */

const strings = z.record(z.string(), z.string());

export const serverJobShape = z.strictObject({ server: serverShape, journal: z.string() });

/** How a server is reached. */
const reached = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("http"), url: z.string() }),
  z.strictObject({ kind: z.literal("stdio"), command: z.string(), args: z.array(z.string()), env: strings }),
]);
export type Reached = z.infer<typeof reached>;

export const relayJobShape = z.strictObject({ servers: z.record(z.string(), reached) });

export const agentJobShape = z.strictObject({
  /** `http://127.0.0.1:PORT` of the gate. */
  base: z.string(),
  /** By name; the first is meant by default. */
  servers: z.array(z.string()).min(1),
  /** By grant. */
  tokens: strings,
  steps: scenarioShape.shape.steps,
});
export type AgentJob = z.infer<typeof agentJobShape>;

/** What the agent's process says, one JSON document a line. */
export const saidShape = z.discriminatedUnion("kind", [
  /** What came of one message. */
  z.strictObject({
    kind: z.literal("answer"),
    as: z.string(),
    /** What was asked, in a few words. */
    asked: z.string(),
    /** HTTP status; absent where no answer came. */
    status: z.int().optional(),
    /** Bytes of the answer's body. */
    bytes: z.int(),
    /** The beginning of it. */
    text: z.string(),
  }),
  /** Somebody is to run this now; a line on standard input says that it is done. */
  z.strictObject({ kind: z.literal("command"), command: z.array(z.string()) }),
  /** All is done. */
  z.strictObject({ kind: z.literal("end") }),
]);
export type Said = z.infer<typeof saidShape>;
export type Answered = Extract<Said, { kind: "answer" }>;
