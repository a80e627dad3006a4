import { z } from "zod";

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
