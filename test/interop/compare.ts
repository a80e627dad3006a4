import { fromPlain } from "../../src/base/json-plain.ts";
import { canonicalJson } from "../../src/base/json-write.ts";
import type { Heard } from "./talk.ts";

/** Whether a client hears the same through the gate as without it. */

/** What the gate says in place of a server: lists depend on the grant, so nobody may share them. */
const OWN = ["cacheScope"];
/** Members of 2026-07-28 that results of older revisions do not have. */
const BRIDGED = ["resultType", "ttlMs", ...OWN];
/** What a modern server says in each result, and a legacy one once, at `initialize`. */
const SERVER_INFO = "io.modelcontextprotocol/serverInfo";

const without = (value: object, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

const withoutServerInfo = (frame: object): object => {
  const meta = "_meta" in frame && typeof frame._meta === "object" ? (frame._meta ?? {}) : {};
  const kept = without(meta, [SERVER_INFO]);
  const bare = without(frame, ["_meta"]);
  return Object.keys(kept).length === 0 ? bare : Object.assign(bare, { _meta: kept });
};

/** RFC 8785, so that equal values are equal bytes. */
const canonical = (frame: unknown, bridged: boolean): string => {
  const whole = frame as object;
  const kept = bridged ? without(withoutServerInfo(whole), BRIDGED) : without(whole, OWN);
  return canonicalJson(fromPlain(kept));
};

export interface Difference {
  /** The method, with what it was about. */
  readonly label: string;
  readonly detail: string;
}

/** The first thing that is different; nothing where all is the same. */
export const differenceOf = (
  direct: readonly Heard[],
  gated: readonly Heard[],
  bridged: boolean,
): Difference | undefined => {
  return gated
    .map((here, index) => differs(direct[index], here, bridged))
    .find((found) => found !== undefined);
};

const differs = (there: Heard | undefined, here: Heard, bridged: boolean): Difference | undefined => {
  const label = labelOf(here);
  if (there === undefined || labelOf(there) !== label) {
    throw new Error(`not the same was asked: ${label}`);
  }
  const pair = [there, here];
  if (pair.some(({ frames, refused }) => frames.length === 0 && refused === undefined)) {
    throw new Error(`nothing was heard, and so nothing compared: ${label}`);
  }
  const [direct = "", gate = ""] = pair.map(({ frames }) =>
    frames.map((frame) => canonical(frame, bridged)).join("\n"),
  );
  if (direct !== gate) {
    return { label, detail: sideBySide(direct, gate) };
  }
  // Two clients say the same in different words, and the words are not the gate's: only whether counts.
  const [without = "taken", through = "taken"] = pair.map(({ refused }) => refused);
  return (without === "taken") === (through === "taken")
    ? undefined
    : { label, detail: `direct: ${without}\ngate:   ${through}` };
};

/** Both texts from a little before the place where they part. */
const sideBySide = (direct: string, gate: string): string => {
  let at = 0;
  while (at < direct.length && direct[at] === gate[at]) {
    at += 1;
  }
  const around = (text: string): string => text.slice(Math.max(0, at - 100), at + 200);
  return `direct: …${around(direct)}…\ngate:   …${around(gate)}…`;
};

const labelOf = ({ ask: { method, params } }: Heard): string => {
  const about = params["name"] ?? params["uri"];
  return typeof about === "string" ? `${method} ${about}` : method;
};
