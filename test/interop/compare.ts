import { fromPlain } from "../../src/base/json-plain.ts";
import { canonicalJson } from "../../src/base/json-write.ts";
import type { Heard } from "./talk.ts";

/** Whether a client hears the same through the gate as without it. */

/** What the gate says in place of a server: lists depend on the grant, so nobody may share them. */
const OWN = ["cacheScope"];
/** What the bridge adds to a legacy server's results, and takes from a modern one's. */
const BRIDGED = ["resultType", "ttlMs", ...OWN];

/** RFC 8785, so that equal values are equal bytes. */
const canonical = (frame: unknown, aside: readonly string[]): string => {
  const kept = Object.entries(frame as object).filter(([name]) => !aside.includes(name));
  return canonicalJson(fromPlain(Object.fromEntries(kept)));
};

/** What is different, in one line; nothing where all is the same. */
export const differenceOf = (
  direct: readonly Heard[],
  gated: readonly Heard[],
  bridged: boolean,
): Difference | undefined => {
  for (const [index, here] of gated.entries()) {
    const there = direct[index];
    const label = labelOf(here);
    if (there === undefined || labelOf(there) !== label) {
      throw new Error(`not the same was asked: ${label}`);
    }
    const aside = bridged ? BRIDGED : OWN;
    const [a, b] = [there, here].map(({ frames }) =>
      frames.map((frame) => canonical(frame, aside)).join("\n"),
    );
    if (a !== b) {
      return { label, detail: `direct: ${a ?? ""}\ngate:   ${b ?? ""}` };
    }
    // Two clients say the same in different words, and the words are not the gate's: only whether counts.
    if ((there.refused === undefined) !== (here.refused === undefined)) {
      return { label, detail: `direct: ${there.refused ?? "taken"}\ngate:   ${here.refused ?? "taken"}` };
    }
  }
  return gated.length === direct.length
    ? undefined
    : { label: "all", detail: `${String(gated.length)} of ${String(direct.length)} answers` };
};

export interface Difference {
  /** The method, with what it was about. */
  readonly label: string;
  readonly detail: string;
}

const labelOf = ({ ask: { method, params } }: Heard): string =>
  [method, params["name"] ?? params["uri"]].filter((part) => part !== undefined).join(" ");
