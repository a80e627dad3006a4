import { isJsonObject, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { notificationFrame } from "../wire/make-frame.ts";
import type { Desk } from "./desk.ts";
import type { Link } from "./link.ts";
import type { Session } from "./session.ts";
import { LIST_CHANGES } from "./subscriptions.ts";

const OWNERS = {
  tools: LIST_CHANGES.toolsListChanged,
  prompts: LIST_CHANGES.promptsListChanged,
  resources: LIST_CHANGES.resourcesListChanged,
} as const;

/** What these grants see of their servers' lists may be something else now: their clients are told to look again. */
export const announceListChanges = (
  { sessions, subscriptions }: Pick<Desk, "sessions" | "subscriptions">,
  grants: ReadonlySet<string>,
): void => {
  subscriptions.listsChanged(grants);
  const told = [...grants].flatMap((grant) => sessions.ofGrant(grant));
  told.forEach((session) => announceLists(session, session.links()));
};

/** Tells a session to look again at the lists that these servers have. */
export const announceLists = (session: Session, links: readonly Link[]): void => {
  const capabilities = links.map(({ channel }) => member(channel.spoken.hello, "capabilities"));
  for (const [list, method] of Object.entries(OWNERS)) {
    if (capabilities.some((each) => isJsonObject(each) && Object.hasOwn(each, list))) {
      void session.say(writeJson(notificationFrame(method).value), "lists");
    }
  }
};
