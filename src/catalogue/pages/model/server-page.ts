import { LIMITS } from "../../../base/limits.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import { TOOL_CLASSES, type ToolClass } from "../../verdict.ts";
import type { ShownPolicy } from "./recommended-policy.ts";
import { countClasses, isUnsure, type ClassCount } from "./tool-ref.ts";

/** All that the page of a server says, without how it looks. */
export interface ServerPage {
  readonly server: ServerEntry;
  readonly counts: readonly ClassCount[];
  /** Tools that destroy, run something or move money, and those that write; the worst first. */
  readonly modifying: readonly ToolEntry[];
  readonly destroying: readonly ToolEntry[];
  readonly meta: readonly ToolEntry[];
  readonly unsure: number;
  /** What its definitions take of a model's context. */
  readonly tokens: number;
  /** … of `LIMITS.context_tokens`, 0 to 1 and above. */
  readonly share: number;
  readonly heaviest: ToolEntry | undefined;
  /** Its tools by class, the most dangerous first; no empty groups. */
  readonly groups: readonly { readonly class: ToolClass; readonly tools: readonly ToolEntry[] }[];
  readonly policy: ShownPolicy;
}

export const tokensOf = ({ tools }: ServerEntry): number =>
  tools.reduce((sum, { tokens }) => sum + tokens, 0);

export const serverPage = (server: ServerEntry, policy: ShownPolicy): ServerPage => {
  const { tools } = server;
  const tokens = tokensOf(server);
  const groups = TOOL_CLASSES.toReversed().map((name) => ({
    class: name,
    tools: tools.filter((tool) => tool.class === name),
  }));
  return {
    server,
    counts: countClasses(tools),
    modifying: tools.filter((tool) => tool.class === "write" || tool.class === "execute"),
    destroying: tools.filter((tool) => tool.class === "destructive" || tool.class === "financial"),
    meta: tools.filter(({ meta }) => meta !== undefined),
    unsure: tools.filter(isUnsure).length,
    tokens,
    share: tokens / LIMITS.context_tokens,
    heaviest: tools.reduce<ToolEntry | undefined>(
      (most, tool) => (most === undefined || tool.tokens > most.tokens ? tool : most),
      undefined,
    ),
    groups: groups.filter((group) => group.tools.length > 0),
    policy,
  };
};
