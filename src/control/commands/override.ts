import { LIMITS } from "../../base/limits.ts";
import type { StoredOverride } from "../../catalogue/port.ts";
import {
  type ClearedOverride,
  type ClearOverrideBody,
  ControlRefusal,
  type MadeOverride,
  type OverrideBody,
} from "../contract.ts";
import { recordFirst, recordOrKeep } from "./acts.ts";
import { byWhom } from "./freeze-desk.ts";
import { named } from "./grant-desk.ts";
import { describeTool, findOverride, type OverrideDesk, viewOf } from "./override-desk.ts";

/**
 * Puts somebody's word in place of the catalogue's. It may let calls pass that were refused, so it takes effect when it
 * is recorded and stored, and otherwise not at all; one that refuses more calls likewise.
 */
export const override = async (desk: OverrideDesk, body: OverrideBody): Promise<MadeOverride> => {
  checkServer(desk, body.server);
  checkTool(body.tool);
  const reason = readReason(body.reason);
  checkRoom(desk, body);
  const by = byWhom(desk, body.user);
  const { server, tool, digest, class: is, risk, was } = body;
  const at = desk.clock.now();
  const made: StoredOverride = { server, tool, digest, class: is, risk, was, reason, by, at };
  const earlier = findOverride(desk, body);
  const before = earlier === undefined ? undefined : viewOf(earlier);
  const after = viewOf(made);
  const act = { act: "tool.override", subject: describeTool(body), before: before ?? was, after };
  await enact({ ...desk, by }, act, () => desk.store.put(made));
  return { override: after, before: before ?? null };
};

/** The catalogue's verdict counts again, which may be the less dangerous one: recorded and stored first, too. */
export const clearOverride = async (
  desk: OverrideDesk,
  body: ClearOverrideBody,
): Promise<ClearedOverride> => {
  const reason = readReason(body.reason);
  const found = findOverride(desk, body);
  if (found === undefined) {
    throw new ControlRefusal("not_found", `Nothing was changed: ${whatIsThere(desk, body)}`);
  }
  const by = byWhom(desk, body.user);
  const cleared = viewOf(found);
  const act = {
    act: "tool.override.clear",
    subject: describeTool(body),
    before: cleared,
    after: { reason },
  };
  await enact({ ...desk, by }, act, () => void desk.store.remove(found.server, found.tool));
  return { cleared };
};

type Act = Parameters<typeof recordFirst>[1];

/** Recorded, then stored, then in force. What was recorded and could not be stored is taken back in the record. */
const enact = async (desk: OverrideDesk, act: Act, store: () => void): Promise<void> => {
  await recordFirst(desk, act);
  try {
    store();
  } catch {
    await recordOrKeep(desk, { ...act, act: `${act.act}.failed` });
    throw new ControlRefusal("unavailable", "The store cannot be written, so nothing was changed.");
  }
  desk.publish();
};

const checkServer = (desk: OverrideDesk, server: string): void => {
  const servers = desk.servers();
  if (!servers.includes(server)) {
    const sentence = `Nothing was changed: the configuration in force has no server ${named(server, servers)}`;
    throw new ControlRefusal("not_found", sentence);
  }
};

/** Clients are shown no tool with such a name (wire/tool-names.ts), so an override of it could only mislead. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{White_Space}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}]/u;

const checkTool = (tool: string): void => {
  const characters = Array.from(tool).length;
  if (characters === 0 || characters > LIMITS.override_tool_characters_max || UNSEEN.test(tool)) {
    const why = "no tool that clients are shown has such a name";
    throw new ControlRefusal("invalid", `Nothing was changed: ${why}.`);
  }
};

const readReason = (written: string): string => {
  const reason = written.trim();
  if (reason === "" || Array.from(reason).length > LIMITS.override_reason_characters_max) {
    const most = String(LIMITS.override_reason_characters_max);
    throw new ControlRefusal("invalid", `Nothing was changed: a reason has 1 to ${most} characters.`);
  }
  return reason.toWellFormed();
};

const checkRoom = (desk: OverrideDesk, body: OverrideBody): void => {
  if (desk.store.list().length >= LIMITS.overrides_max && findOverride(desk, body) === undefined) {
    const sentence = `Nothing was changed: there are ${String(LIMITS.overrides_max)} overrides already.`;
    throw new ControlRefusal("invalid", `${sentence} Clear some that are not needed.`);
  }
};

/** What is not overridden, and what was probably meant. */
const whatIsThere = ({ store }: OverrideDesk, { server, tool }: ClearOverrideBody): string => {
  const there = store.list();
  const tools = there.filter((each) => each.server === server).map((each) => each.tool);
  if (tools.length > 0) {
    return `of server ${server} there is no override of tool ${named(tool, tools)}`;
  }
  return there.length === 0
    ? "no verdict is overridden."
    : `there is no override of any tool of server ${named(
        server,
        there.map((each) => each.server),
      )}`;
};
