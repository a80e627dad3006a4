import { LIMITS } from "../base/limits.ts";
import type { Answered } from "./said.ts";
import type { JournalEntry } from "./journal.ts";
import { holds } from "./match.ts";
import type { Proof } from "../catalogue/attacks/result.ts";
import type { Sign } from "./scenario.ts";

/** What is left when a scenario is over: what came to the servers, and what came to the agents. */
export interface Traces {
  readonly journals: ReadonlyMap<string, readonly JournalEntry[]>;
  readonly answers: readonly Answered[];
  /** What no report may show. */
  readonly secrets: readonly string[];
  /** Something that was to run has ended: what it wrote to standard error last. */
  readonly dead?: string;
}

/** Judged by what the servers and the agents have, never by what the gate says. */
export const proofsOf = (signs: readonly Sign[], traces: Traces): readonly Proof[] =>
  signs.flatMap(
    (sign) => JUDGES.map((judge) => judge(sign, traces)).find((proof) => proof !== undefined) ?? [],
  );

type Judge = (sign: Sign, traces: Traces) => Proof | undefined;

const entriesFor = ({ server }: Sign, { journals }: Traces): readonly JournalEntry[] =>
  server === undefined ? [...journals.values()].flat() : (journals.get(server) ?? []);

const byCall: Judge = (sign, traces) => {
  const { called, with: wanted = {}, times = 1 } = sign;
  if (called === undefined) {
    return undefined;
  }
  const calls = entriesFor(sign, traces).filter(
    (entry) => entry.kind === "call" && entry.tool === called && holds(entry.arguments, wanted),
  );
  const [first] = calls;
  return first !== undefined && calls.length >= times
    ? {
        says: `The server executed ${called}${calls.length === 1 ? "" : ` ${String(calls.length)} times`}.`,
        message: JSON.stringify(first),
      }
    : undefined;
};

const textOf = (entry: JournalEntry): string =>
  entry.kind === "request" ? `${JSON.stringify(entry.headers)} ${entry.body}` : JSON.stringify(entry);

const byReach: Judge = (sign, traces) => {
  const { reached } = sign;
  const entry =
    reached === undefined ? undefined : entriesFor(sign, traces).find((one) => textOf(one).includes(reached));
  return entry === undefined
    ? undefined
    : { says: `The server got ${JSON.stringify(reached)}.`, message: textOf(entry) };
};

const answersFor = ({ as }: Sign, { answers }: Traces): readonly Answered[] =>
  as === undefined ? answers : answers.filter((answer) => answer.as === as);

const byAnswer: Judge = (sign, traces) => {
  const { received, bytes = 0 } = sign;
  if (received === undefined && bytes === 0) {
    return undefined;
  }
  const answer = answersFor(sign, traces).find(
    (one) => one.bytes >= bytes && (received === undefined || one.text.includes(received)),
  );
  const what =
    received === undefined ? `an answer of ${String(answer?.bytes ?? 0)} bytes` : JSON.stringify(received);
  return answer === undefined
    ? undefined
    : { says: `The agent got ${what}.`, message: `${answer.asked}: ${answer.text}` };
};

const bySilence: Judge = (sign, traces) => {
  const silent = answersFor(sign, traces).filter(({ status }) => status === undefined);
  const [first] = silent;
  return sign.unanswered !== undefined && first !== undefined && silent.length >= sign.unanswered
    ? {
        says: `${String(silent.length)} ${silent.length === 1 ? "answer" : "answers"} did not come within ${String(LIMITS.attack_answer_ms / 1_000)} s.`,
        message: first.asked,
      }
    : undefined;
};

const JUDGES: readonly Judge[] = [byCall, byReach, byAnswer, bySilence];

/** What an attack was after that none of these has, in sentences. */
export const unseen = (signs: readonly Sign[]): string => [...new Set(signs.map(unseenOf))].join(" ");

const unseenOf = (sign: Sign): string => {
  const { called, times = 1, reached, received, bytes } = sign;
  if (called !== undefined) {
    const often = times === 1 ? "" : ` ${String(times)} times`;
    return `The server did not execute ${called}${often}${sign.with === undefined ? "" : " as the attack has it"}.`;
  }
  if (reached !== undefined) {
    return `The server did not get ${JSON.stringify(reached)}.`;
  }
  if (received !== undefined) {
    return `The agent did not get ${JSON.stringify(received)}.`;
  }
  return bytes === undefined ? "All answers came." : `The agent got no answer of ${String(bytes)} bytes.`;
};
