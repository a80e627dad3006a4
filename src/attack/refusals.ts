import { z } from "zod";
import type { Answered } from "./said.ts";
import { plainOf } from "./plain.ts";
import type { Refused } from "../catalogue/attacks/result.ts";

/** What the gate, or a server, said where it said no: for people, to understand why something was held. */

const DECISION = "tollgate/decision";
const decisionShape = z.object({
  code: z.string(),
  rule: z.string().optional(),
  message: z.string().optional(),
});
const text = z.object({ text: z.string() });

/** A tool result that the gate made in place of the server's. */
const deniedShape = z.object({
  result: z.object({ _meta: z.object({ [DECISION]: decisionShape }), content: z.array(text).optional() }),
});
const errorShape = z.object({ error: z.object({ code: z.int(), message: z.string() }) });

/** `hide` masks secrets. */
export const refusalsIn = (
  answers: readonly Answered[],
  hide: (text: string) => string,
): readonly Refused[] => {
  const found = answers.flatMap((answer) => {
    const refused = refusalIn({ ...answer, text: hide(answer.text) });
    return refused === undefined
      ? []
      : [[`${answer.asked} ${refused.code} ${refused.rule ?? ""}`, refused] as const];
  });
  // Two hundred refusals of one kind are one.
  return [...new Map(found).values()];
};

const refusalIn = ({ asked, status, text: answer }: Answered): Refused | undefined => {
  const message = messageIn(answer);
  const denied = deniedShape.safeParse(message);
  if (denied.success) {
    return deniedBy(asked, denied.data);
  }
  const failed = errorShape.safeParse(message);
  if (failed.success) {
    const { code, message: says } = failed.data.error;
    return { asked, code: `error ${String(code)}`, message: says };
  }
  return status !== undefined && status >= 400
    ? { asked, code: `HTTP ${String(status)}`, message: "" }
    : undefined;
};

const deniedBy = (asked: string, { result }: z.infer<typeof deniedShape>): Refused | undefined => {
  const { code, rule, message = result.content?.[0]?.text ?? "" } = result._meta[DECISION];
  return code === "allowed" ? undefined : { asked, code, message, ...(rule === undefined ? {} : { rule }) };
};

const messageIn = (answer: string): unknown =>
  plainOf(answer.startsWith("{") ? answer : (/^data: ?(\{.*)$/mu.exec(answer)?.[1] ?? ""));
