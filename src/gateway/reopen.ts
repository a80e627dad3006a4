import { showsTool } from "../policy/list.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame } from "../wire/frame.ts";
import { notificationFrame } from "../wire/make-frame.ts";
import { deliver } from "./deliver.ts";
import type { Desk } from "./desk.ts";
import { ALL_SERVERS } from "./edge.ts";
import { announceLists } from "./lists-changed.ts";
import { setLogLevel } from "./log-level.ts";
import type { Link, Stray } from "./link.ts";
import type { Opened, Server } from "./server.ts";
import { aboutOf, type Session } from "./session.ts";

/** Where a session's server's messages go that belong to no request. */
export const strayOf =
  (desk: Desk, session: Session, { server, link }: { readonly server: Server; readonly link: Link }): Stray =>
  (frame: Frame) =>
    deliver(frame, {
      link,
      session,
      policy: () => policyNow(desk, session),
      isFrozen: () => isFrozen(desk, session, server),
      isOwnTask: (taskId) => isOwnTask(desk, session, server, taskId),
      mask: desk.mask,
      stopClocks: () => link.stopClocks(),
      say: (text) => session.say(text, aboutOf(frame)),
      isHeard: () => session.isHeard,
    });

const isFrozen = ({ gate }: Desk, { parts }: Session, server: Server, tool?: string): boolean => {
  const at = gate.clock.now();
  const { freezes, grant: find } = gate.snapshot();
  const grant = find(parts.grant, at) ??
    parts.local ?? { name: parts.grant, identity: { name: parts.grant } };
  return freezes.hold({ server: server.name, grant, tool, at });
};

/** Of a task only its grant is told, while the tool is shown to it. */
const isOwnTask = (desk: Desk, session: Session, server: Server, taskId: string): boolean => {
  const tool = desk.books.tasks.toolOf(session.parts.grant, server.name, taskId);
  return (
    tool !== undefined && showsTool(policyNow(desk, session), tool) && !isFrozen(desk, session, server, tool)
  );
};

const policyNow = ({ gate }: Desk, { parts }: Session) => {
  const snapshot = gate.snapshot();
  const { policy } = snapshot.grant(parts.grant, gate.clock.now()) ?? parts.local ?? {};
  return policy === undefined ? undefined : snapshot.policies.get(policy)?.set;
};

const INITIALIZED = notificationFrame("notifications/initialized");

/**
 * A server that was not there when the session began, or has gone since, is begun with anew when it is wanted, by the
 * client's own `initialize`. What was under way when it went has been answered as lost.
 */
export const reopen = (desk: Desk, session: Session, server: Server): Promise<Link> =>
  adopt(desk, session, server, server.openSession(session.parts.initialize));

/** Takes what is being opened into a session that has begun without it. Its client is told when it is there. */
export const adopt = (
  desk: Desk,
  session: Session,
  server: Server,
  opened: Promise<Opened>,
): Promise<Link> => {
  const opening = begin(desk, session, server, opened);
  keep(session, server, opening);
  return opening;
};

/** Where all servers are one, one that comes or goes changes the lists. */
export const keep = (session: Session, server: Server, opening: Promise<Link>): void => {
  let open: Link | undefined;
  session.keep(server, opening, () => {
    if (open !== undefined && isOfAll(session)) {
      announceLists(session, [open]);
    }
  });
  opening.then(
    (link) => {
      open = link;
    },
    () => {},
  );
};

const isOfAll = (session: Session): boolean => session.parts.path === ALL_SERVERS;

const begin = async (
  desk: Desk,
  session: Session,
  server: Server,
  opened: Promise<Opened>,
): Promise<Link> => {
  const { link, answer } = await opened;
  if (answer.frame.result === undefined) {
    await link[Symbol.asyncDispose]();
    throw new UpstreamFailure("never_ran", "The server does not begin a session again.");
  }
  link.listen(strayOf(desk, session, { server, link }));
  await link.channel.send(INITIALIZED);
  if (session.logLevel !== undefined) {
    await setLogLevel(link, session.logLevel);
  }
  if (isOfAll(session)) {
    announceLists(session, [link]);
  }
  return link;
};
