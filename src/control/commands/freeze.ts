import { uuidv7 } from "../../base/ids.ts";
import { LIMITS } from "../../base/limits.ts";
import { describeTarget, isSameTarget } from "../../grant/freeze.ts";
import type { FreezeTarget, StoredFreeze } from "../../grant/port.ts";
import { ControlRefusal, type FreezeBody, type MadeFreeze } from "../contract.ts";
import { recordOrKeep } from "./acts.ts";
import { byWhom, readTarget, viewOf, type FreezeDesk } from "./freeze-desk.ts";
import { named } from "./grant-desk.ts";

/**
 * Freezes something at once. Like a revocation it takes effect even where it cannot be recorded; in a running gateway
 * also where it cannot be stored.
 */
export const freeze = async (desk: FreezeDesk, body: FreezeBody): Promise<MadeFreeze> => {
  const target = readTarget(body.target);
  checkNames(desk, target);
  checkTool(target.tool);
  const reason = readReason(body.reason);
  checkEnd(desk, body.until);
  checkRoom(desk, target);
  const at = desk.clock.now();
  const by = byWhom(desk, body.user);
  const made: StoredFreeze = { ...target, id: uuidv7(at), reason, by, at, until: body.until };
  const stored = put(desk, made);
  desk.publish();
  const view = viewOf(made);
  const act = { act: "freeze", subject: view.what, before: undefined, after: view };
  const recorded = await recordOrKeep({ ...desk, by }, act);
  return { freeze: view, stored, recorded };
};

/** Everything can be frozen however many freezes there are. */
const checkRoom = ({ store }: FreezeDesk, target: FreezeTarget): void => {
  const all = store.list();
  const isLast = describeTarget(target) === "everything" && !all.some((each) => isSameTarget(each, target));
  if (all.length >= LIMITS.freezes_max && !isLast) {
    const sentence = `Nothing was frozen: there are ${String(LIMITS.freezes_max)} freezes already.`;
    throw new ControlRefusal("invalid", `${sentence} Lift some, or freeze everything.`);
  }
};

/** False where it is in force and would not outlive the gateway. */
const put = ({ store, holds }: FreezeDesk, made: StoredFreeze): boolean => {
  try {
    store.put(made);
    return true;
  } catch {
    if (holds) {
      return false;
    }
    throw new ControlRefusal("unavailable", "The store cannot be written, so nothing was frozen.");
  }
};

/** A name that is not there may be a slip, and then somebody would believe that something is frozen. */
const checkNames = (desk: FreezeDesk, target: FreezeTarget): void => {
  const names = desk.names();
  for (const kind of ["server", "grant", "identity"] as const) {
    const name = target[kind];
    if (name !== undefined && !names[kind].includes(name)) {
      const sentence = `Nothing was frozen: there is no ${kind} ${named(name, names[kind])}`;
      throw new ControlRefusal("not_found", [sentence, desk.unnamed ?? ""].join(" ").trimEnd());
    }
  }
};

const checkTool = (tool: string | undefined): void => {
  if (tool === undefined) {
    return;
  }
  const characters = Array.from(tool).length;
  if (characters === 0 || characters > LIMITS.pattern_characters_max) {
    const most = String(LIMITS.pattern_characters_max);
    throw new ControlRefusal("invalid", `Nothing was frozen: a tool pattern has 1 to ${most} characters.`);
  }
  if (!tool.isWellFormed() || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\s/u.test(tool)) {
    const why = "no tool that clients are shown has white space or hidden characters in its name";
    throw new ControlRefusal("invalid", `Nothing was frozen: ${why}, so the pattern would match none.`);
  }
};

const readReason = (written: string): string => {
  const reason = written.trim();
  if (reason === "" || Array.from(reason).length > LIMITS.freeze_reason_characters_max) {
    const most = String(LIMITS.freeze_reason_characters_max);
    throw new ControlRefusal("invalid", `Nothing was frozen: a reason has 1 to ${most} characters.`);
  }
  return reason.toWellFormed();
};

const checkEnd = ({ clock }: FreezeDesk, until: number | undefined): void => {
  if (until !== undefined && until <= clock.now()) {
    throw new ControlRefusal("invalid", "Nothing was frozen: the freeze would have ended already.");
  }
};
