import type { JsonObject } from "../../base/json-value.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import { jsonText } from "./model/json-text.ts";
import type { ShownPolicy } from "./model/server-page.ts";
import { blockSnippet, mergeTools, rateSnippet } from "./model/snippets.ts";

/** A policy by class alone: read is admitted, write and execute so many times, and the rest is hidden. */
export const starterPolicy = (server: ServerEntry): ShownPolicy => {
  const open = (tool: ToolEntry): boolean => OPEN.has(tool.class) && tool.meta === undefined;
  const hidden = server.tools.filter((tool) => !open(tool));
  const [first, ...rest] = hidden;
  const policy: JsonObject = {
    version: "1",
    default: "deny",
    ...(first === undefined ? {} : { hide: blockSnippet(first, rest)["hide"] ?? [] }),
    tools: mergeTools(server.tools.filter(open).map((tool) => rateSnippet(tool))),
  };
  return { commented: jsonText(policy), policy };
};

const OPEN: ReadonlySet<string> = new Set(["read", "write", "execute"]);
