import { isInForce } from "../grant/freeze.ts";
import type { StoredFreeze } from "../grant/port.ts";
import { compileGlob } from "../policy/pattern-match.ts";

/** What a message passes through; what is not known of it, or not there, no freeze of such a thing concerns. */
export interface Way {
  readonly server: string | undefined;
  readonly grant: { readonly name: string; readonly identity: { readonly name: string } };
  /** The server's own name for the tool that is called, or whose task it is. */
  readonly tool: string | undefined;
  /** When it is judged; milliseconds since the epoch. */
  readonly at: number;
}

/** The kill switch, as the control plane publishes it. */
export interface Freezes {
  /** Whether anything on this way is frozen. */
  readonly hold: (way: Way) => boolean;
  /** How many are in force. */
  readonly count: (at: number) => number;
}

export const compileFreezes = (freezes: readonly StoredFreeze[]): Freezes => {
  const tests = freezes.map(testOf);
  return {
    hold: (way) => tests.some((holds) => holds(way)),
    count: (at) => freezes.filter((freeze) => isInForce(freeze, at)).length,
  };
};

/** All that a freeze names must be on the way; one that names nothing is of everything. */
const testOf = (freeze: StoredFreeze): ((way: Way) => boolean) => {
  const { server, grant, identity, tool } = freeze;
  const matches = tool === undefined ? () => true : compileGlob(tool);
  return (way) =>
    isInForce(freeze, way.at) &&
    (server === undefined || server === way.server) &&
    (grant === undefined || grant === way.grant.name) &&
    (identity === undefined || identity === way.grant.identity.name) &&
    (tool === undefined || (way.tool !== undefined && matches(way.tool)));
};
