import { pointerToken } from "../base/json-pointer.ts";

/** A pointer one step further down. */
export const below = (pointer: string, step: string | number): string =>
  typeof step === "number" ? `${pointer}/${step}` : `${pointer}/${pointerToken(step)}`;
