import { plainText } from "../../base/decimal.ts";
import { type Json, JsonNumber } from "../../base/json-value.ts";
import type { Three } from "../three.ts";
import { MISFIT, type Test } from "./operator.ts";

/** Says what a value that does not fit the operator counts as. */
export const settle =
  (test: Test, misfit: Three): ((value: Json) => Three) =>
  (value) => {
    const verdict = test(value);
    return verdict === MISFIT ? misfit : verdict;
  };

/** Under `.**` numbers and booleans are offered to string operators as text (docs/policy.md). */
export const offerText =
  (test: Test): Test =>
  (value) => {
    if (typeof value === "number" || value instanceof JsonNumber) {
      return test(plainText(value));
    }
    return test(typeof value === "boolean" ? String(value) : value);
  };
