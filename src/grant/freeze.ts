import type { FreezeTarget, StoredFreeze } from "./port.ts";

/** A clock that is not sure freezes: only one that says that the end has come ends it. */
export const isInForce = ({ until }: Pick<StoredFreeze, "until">, at: number): boolean =>
  until === undefined || !(at >= until);

const KINDS = ["server", "grant", "identity", "tool"] as const;

/** What a freeze is of, in a few words: `everything`, `server billing`, `tool delete_* of server billing`. */
export const describeTarget = (target: FreezeTarget): string => {
  const { server, tool } = target;
  if (tool !== undefined && server !== undefined) {
    return `tool ${tool} of server ${server}`;
  }
  const kind = KINDS.find((each) => target[each] !== undefined);
  return kind === undefined ? "everything" : `${kind} ${target[kind] ?? ""}`;
};

export const isSameTarget = (one: FreezeTarget, other: FreezeTarget): boolean =>
  KINDS.every((kind) => one[kind] === other[kind]);
