import type { OverrideStore, StoredOverride } from "../../catalogue/port.ts";
import type { OverrideView } from "../contract.ts";
import type { ActDesk } from "./acts.ts";

/** Where verdicts on tools are overridden: in a running gateway, or by a command that holds the store itself. */
export interface OverrideDesk extends ActDesk {
  readonly store: OverrideStore;
  /** Names of the servers in the configuration in force. */
  readonly servers: () => readonly string[];
  /** Makes a change take effect: the gateway swaps its snapshot. */
  readonly publish: () => void;
}

export const viewOf = (override: StoredOverride): OverrideView => {
  const { server, tool, digest, class: is, risk, was, reason, by, at } = override;
  return {
    server,
    tool,
    digest,
    class: is,
    risk: risk ?? null,
    was,
    reason,
    by,
    at: new Date(at).toISOString(),
  };
};

export const findOverride = (
  { store }: Pick<OverrideDesk, "store">,
  of: { readonly server: string; readonly tool: string },
): StoredOverride | undefined =>
  store.list().find(({ server, tool }) => server === of.server && tool === of.tool);

/** For the record and for people; a server's name has no space, so the two cannot run into each other. */
export const describeTool = ({ server, tool }: { readonly server: string; readonly tool: string }): string =>
  `tool ${tool} of server ${server}`;
