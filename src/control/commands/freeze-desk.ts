import { describeTarget, isInForce } from "../../grant/freeze.ts";
import type { FreezeStore, FreezeTarget, StoredFreeze } from "../../grant/port.ts";
import { ControlRefusal, type FreezeTargetBody, type FreezeView } from "../contract.ts";
import type { ActDesk } from "./acts.ts";

/** Names that can be frozen. */
export interface FreezeNames {
  readonly server: readonly string[];
  readonly grant: readonly string[];
  readonly identity: readonly string[];
}

/** Where freezes are made and lifted: in a running gateway, or by a command that holds the store itself. */
export interface FreezeDesk extends ActDesk {
  readonly store: FreezeStore;
  /** Whether a freeze that cannot be stored is in force all the same: in a gateway that runs. */
  readonly holds: boolean;
  readonly names: () => FreezeNames;
  /** What to do where a name is unknown because nothing told the names; a sentence. */
  readonly unnamed?: string | undefined;
  /** Makes a change take effect: the gateway swaps its snapshot. */
  readonly publish: () => void;
}

/** Freezes that are in force, oldest first. */
export const freezesNow = ({ store, clock }: FreezeDesk): readonly StoredFreeze[] =>
  store.list().filter((freeze) => isInForce(freeze, clock.now()));

export const viewOf = (freeze: StoredFreeze): FreezeView => {
  const { id, server, grant, identity, tool, reason, by, at, until } = freeze;
  return {
    id,
    what: describeTarget(freeze),
    all: [server, grant, identity, tool].every((each) => each === undefined),
    server: server ?? null,
    grant: grant ?? null,
    identity: identity ?? null,
    tool: tool ?? null,
    reason,
    by,
    at: new Date(at).toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
  };
};

/** One target and no more: what is meant by two of them would be a guess, but for a tool of a server. */
export const readTarget = (body: FreezeTargetBody): FreezeTarget => {
  const { all, server, grant, identity, tool } = body;
  const told = [all, tool ?? server, grant, identity].filter((each) => each !== undefined).length;
  if (told !== 1) {
    throw new ControlRefusal(
      "invalid",
      "Name one target: all, a server, a grant, an identity or a tool, which may have its server beside it.",
    );
  }
  return { server, grant, identity, tool };
};

/** Who acts, with the account that a command says it runs under. */
export const byWhom = ({ by }: Pick<ActDesk, "by">, user: string | undefined): string =>
  user === undefined ? by : `${by}:${user}`;
