import type { Ledger, WaitingActs } from "../../audit/port.ts";
import type { AdminRecord } from "../../audit/record.ts";
import type { Clock } from "../../base/clock.ts";
import { uuidv7 } from "../../base/ids.ts";
import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { ControlRefusal } from "../contract.ts";

/** How acts get into the record. */
export interface ActDesk {
  readonly ledger: Pick<Ledger, "admin">;
  /** Where an act is kept that is done and cannot be recorded yet. */
  readonly waiting: WaitingActs;
  readonly clock: Clock;
  /** Who acts, for the record. */
  readonly by: string;
}

export interface Act {
  readonly act: string;
  readonly subject: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
}

export const actRecord = ({ clock, by }: Pick<ActDesk, "clock" | "by">, act: Act): AdminRecord => {
  const now = clock.now();
  return {
    v: 1,
    id: uuidv7(now),
    at: new Date(now).toISOString(),
    act: act.act,
    by,
    subject: act.subject,
    before: act.before === undefined ? null : plainObject(act.before),
    after: act.after === undefined ? null : plainObject(act.after),
  };
};

/** For acts that open something: where one cannot be recorded, nothing is done. */
export const recordFirst = async (desk: ActDesk, act: Act): Promise<void> => {
  try {
    await desk.ledger.admin(actRecord(desk, act));
  } catch {
    throw new ControlRefusal("unavailable", "The record cannot be written, so nothing was changed.");
  }
};

/**
 * For acts that close something, which are done already. One that cannot be recorded, or not soon, is kept until it can
 * be: false.
 */
export const recordOrKeep = async (desk: ActDesk, act: Act): Promise<boolean> => {
  const record = actRecord(desk, act);
  try {
    await soon(desk.ledger.admin(record));
    return true;
  } catch {
    keep(desk, record);
    return false;
  }
};

const keep = ({ waiting }: ActDesk, record: AdminRecord): void => {
  try {
    waiting.put(record);
  } catch {
    // Neither place takes it. The act itself holds, and whoever acts is told that it is not recorded.
  }
};

const soon = async (writing: void | Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the record takes its time")), LIMITS.act_record_ms_max);
  });
  try {
    await Promise.race([writing, late]);
  } finally {
    clearTimeout(timer);
  }
};

export const plainObject = (value: object): JsonObject => {
  const json = fromPlain(value);
  if (!isJsonObject(json)) {
    throw new TypeError("not an object");
  }
  return json;
};
