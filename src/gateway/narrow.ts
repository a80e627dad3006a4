import { having } from "../base/json-change.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { admitsPrompt, admitsResource, admitsTemplate, showsTool } from "../policy/list.ts";
import type { PolicySet } from "../policy/compile.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { methodRow, type ListMember } from "../wire/methods.ts";
import type { Definitions } from "./definitions.ts";

/** What a list may hold, by the member of the result it is in. Listing is a courtesy; every call is judged all the same. */
type Shows = (policy: PolicySet | undefined, item: JsonObject, known: Known) => JsonObject | undefined;

/** What of a server is known beside its answer. */
export interface Known {
  /** Where tools are listed. */
  readonly definitions: Definitions | undefined;
  /** Whether a call of this grant began the task. */
  readonly isOwnTask: (taskId: string) => boolean;
}

const shownTool: Shows = (policy, tool, { definitions }) => {
  const name = member(tool, "name");
  if (typeof name !== "string" || !showsTool(policy, name)) {
    return undefined;
  }
  // A tool that the whole list did not have when it was read is not judged yet, so it is not shown yet.
  return definitions?.tools.get(name)?.shown;
};

const shownBy =
  (key: string, admits: (policy: PolicySet | undefined, text: string) => boolean): Shows =>
  (policy, item) => {
    const text = member(item, key);
    return typeof text === "string" && admits(policy, text) ? item : undefined;
  };

const LISTS = {
  tools: shownTool,
  resources: shownBy("uri", admitsResource),
  resourceTemplates: shownBy("uriTemplate", admitsTemplate),
  prompts: shownBy("name", admitsPrompt),
  tasks: (_, task, { isOwnTask }) => {
    const taskId = member(task, "taskId");
    return typeof taskId === "string" && isOwnTask(taskId) ? task : undefined;
  },
} as const satisfies Record<ListMember, Shows>;

/**
 * The answer to a list request with only what the grant may see, in the server's order, page by page. An answer
 * that is no such list is nonsense, not an empty list.
 */
export const narrow = (
  method: string,
  frame: ResponseFrame,
  policy: PolicySet | undefined,
  known: Known,
): ResponseFrame => {
  const list = methodRow(method)?.list;
  if (list === undefined || frame.result === undefined) {
    return frame;
  }
  const items = member(frame.result, list);
  if (!isJsonArray(items)) {
    throw new UpstreamFailure("nonsense", `${method} answered no list`);
  }
  const shown: Json[] = [];
  for (const item of items) {
    const kept = isJsonObject(item) ? LISTS[list](policy, item, known) : undefined;
    if (kept !== undefined) {
      shown.push(kept);
    }
  }
  const scope = Object.hasOwn(frame.result, "cacheScope") ? { cacheScope: "private" } : {};
  const result = having(frame.result, { [list]: shown, ...scope });
  return { ...frame, result, value: having(frame.value, { result }) };
};
