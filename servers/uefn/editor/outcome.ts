import { cleanFailures, cleanText } from "./clean.ts";
import type { Exchange } from "./exchange.ts";
import { isObject, jsonOf } from "./json.ts";

/** What became of a command. */
export type Outcome =
  | { readonly kind: "done"; readonly result: unknown }
  /** The editor says that it failed; part of it may be done. */
  | { readonly kind: "failed"; readonly problem: string }
  /** It did not run, and that is known. */
  | { readonly kind: "not-run"; readonly problem: string }
  /** It may have run. */
  | { readonly kind: "unknown"; readonly problem: string };

export const notRun = (problem: string): Outcome => ({ kind: "not-run", problem });
const unknown = (problem: string): Outcome => ({ kind: "unknown", problem });

const UNANSWERED = {
  refused: notRun("The editor's listener stopped listening before the command was sent."),
  unreachable: notRun("There was no connection to the editor's listener, so nothing was sent."),
  cut: unknown("The connection ended before the editor's whole answer was there."),
  late: unknown("The editor did not answer in time."),
  "too-large": unknown("The editor's answer is larger than is taken; ask for less."),
} as const satisfies Record<Exclude<Exchange["kind"], "answered">, Outcome>;

/** What statuses other than 200 say of the command. */
const STATUSES = new Map<number, Outcome>([
  [400, notRun("The editor's listener did not understand the command.")],
  [401, notRun("The editor's listener refused the secret. Give it the same secret as this server.")],
  [403, notRun("The editor's listener refused the request. Give it the same secret as this server.")],
  [413, notRun("The command is larger than the editor's listener takes.")],
  [504, unknown("The editor's listener gave up waiting for the editor, which may still run the command.")],
]);

export const outcomeOf = (got: Exchange): Outcome => {
  if (got.kind !== "answered") {
    return UNANSWERED[got.kind];
  }
  if (got.status !== 200) {
    return (
      STATUSES.get(got.status) ?? unknown(`The editor's listener answered with HTTP ${String(got.status)}.`)
    );
  }
  const body = jsonOf(got.body);
  if (!isObject(body) || typeof body["success"] !== "boolean") {
    return unknown("The editor's answer is not what its listener says.");
  }
  if (body["success"]) {
    return { kind: "done", result: cleanFailures(body["result"] ?? null) };
  }
  const error = typeof body["error"] === "string" ? cleanText(body["error"]) : "";
  return { kind: "failed", problem: error === "" ? "It does not say why." : error };
};
