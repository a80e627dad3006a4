import { withMember } from "../base/json-change.ts";
import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import { admitsResource } from "../policy/list.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import { withParam } from "./aim.ts";
import type { Aimed } from "./ask.ts";
import type { Books } from "./books.ts";
import { admitsTask, policyOf } from "./permit.ts";
import type { Everything } from "./resources.ts";

/**
 * A `subscriptions/listen` as one server gets it: without the resources that the policy does not admit and the tasks
 * of others, of which nothing is said. Where all servers are one, each hears of its own resources only.
 */
export const aimListen = (
  books: Books,
  asked: Aimed,
  everywhere: Everything | UpstreamFailure | undefined,
): Aimed => {
  const params = asked.frame.params;
  const filter = params === undefined ? undefined : member(params, "notifications");
  if (!isJsonObject(filter)) {
    return asked;
  }
  const policy = policyOf(asked)?.set;
  const isOf = ownedBy(asked, everywhere);
  const admits = {
    resourceSubscriptions: (uri: string) => admitsResource(policy, uri) && isOf(uri),
    taskIds: (taskId: string) => admitsTask(books, asked, taskId),
  };
  let narrowed = filter;
  for (const [name, isAdmitted] of Object.entries(admits)) {
    const wanted = member(filter, name);
    if (isJsonArray(wanted)) {
      const kept = wanted.filter((each) => typeof each === "string" && isAdmitted(each));
      narrowed = withMember(narrowed, name, kept);
    }
  }
  return { ...asked, frame: withParam(asked.frame, "notifications", narrowed) };
};

/** Whether a URI is this server's: the one server of the path, or the only one that has it. */
const ownedBy = (
  { server }: Aimed,
  everywhere: Everything | UpstreamFailure | undefined,
): ((uri: string) => boolean) => {
  if (everywhere === undefined) {
    return () => true;
  }
  return (uri) => {
    const [owner, other] = everywhere instanceof UpstreamFailure ? [] : everywhere.having(uri);
    return owner === server && other === undefined;
  };
};
