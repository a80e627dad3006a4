import { isDeepStrictEqual } from "node:util";
import { isRecord, type Plain } from "./plain.ts";

/** Whether an object has these members; of an object in it, these members again. */
export const holds = (value: Plain, wanted: Plain): boolean =>
  Object.entries(wanted).every(([name, want]) => {
    const has = value[name];
    return isRecord(want) ? isRecord(has) && holds(has, want) : isDeepStrictEqual(has, want);
  });
