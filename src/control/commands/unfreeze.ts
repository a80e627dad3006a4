import { describeTarget, isSameTarget } from "../../grant/freeze.ts";
import type { StoredFreeze } from "../../grant/port.ts";
import { ControlRefusal, type LiftedFreezes, type UnfreezeBody } from "../contract.ts";
import { recordFirst } from "./acts.ts";
import { byWhom, freezesNow, readTarget, viewOf, type FreezeDesk } from "./freeze-desk.ts";

/** Lifts the freeze of this id, or all of this very target. Recorded first or not done: it lets calls pass. */
export const unfreeze = async (desk: FreezeDesk, body: UnfreezeBody): Promise<LiftedFreezes> => {
  const meant = find(desk, body);
  const by = byWhom(desk, body.user);
  for (const each of meant) {
    const view = viewOf(each);
    await recordFirst(
      { ...desk, by },
      { act: "unfreeze", subject: view.what, before: view, after: undefined },
    );
    remove(desk, each);
    desk.publish();
  }
  return { lifted: meant.map(viewOf), left: freezesNow(desk).map(viewOf) };
};

const remove = ({ store }: FreezeDesk, { id }: StoredFreeze): void => {
  try {
    store.remove(id);
  } catch {
    throw new ControlRefusal("unavailable", "The store cannot be written, so it is still frozen.");
  }
};

const find = (desk: FreezeDesk, { id, target }: UnfreezeBody): readonly StoredFreeze[] => {
  if ((id === undefined) === (target === undefined)) {
    throw new ControlRefusal("invalid", "Name the id of a freeze, or its target.");
  }
  const wanted = target === undefined ? undefined : readTarget(target);
  const all = desk.store.list();
  const found = all.filter((each) => (wanted === undefined ? each.id === id : isSameTarget(each, wanted)));
  if (found.length === 0) {
    const what =
      wanted === undefined
        ? `There is no freeze ${String(id)}.`
        : `There is no freeze of ${describeTarget(wanted)}.`;
    throw new ControlRefusal("not_found", `${what} ${whatIs(desk)}`);
  }
  return found;
};

const NAMED_MAX = 10;

const whatIs = (desk: FreezeDesk): string => {
  const all = [...new Set(freezesNow(desk).map(describeTarget))];
  if (all.length === 0) {
    return "Nothing is frozen.";
  }
  const more = all.length > NAMED_MAX ? ` and ${String(all.length - NAMED_MAX)} more` : "";
  return `Frozen: ${all.slice(0, NAMED_MAX).join(", ")}${more}.`;
};
