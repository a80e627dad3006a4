import { foldText } from "../../base/fold.ts";
import { isJsonArray } from "../../base/json-value.ts";
import { compileGlob } from "../pattern-match.ts";
import { compileRegex, flagsFault, lengthFault } from "../regex.ts";
import { compileEqual } from "./compare.ts";
import { MISFIT, type Test, truth, type Use } from "./operator.ts";

/** A test of strings, folded beforehand if the condition says so. */
const textTest = (fold: boolean, holds: (text: string) => boolean): Test =>
  fold
    ? (found) => (typeof found === "string" ? truth(holds(foldText(found))) : MISFIT)
    : (found) => (typeof found === "string" ? truth(holds(found)) : MISFIT);

const needsText = ({ wrong }: Use): undefined => {
  wrong("The value is a string.");
  return undefined;
};

export const compileRegexTest = (use: Use): Test | undefined => {
  const { value, flags, wrong, wrongFlags } = use;
  const badFlags = flagsFault(flags);
  if (badFlags !== undefined) {
    wrongFlags(badFlags);
  }
  if (typeof value !== "string") {
    return needsText(use);
  }
  const regex = compileRegex(value, badFlags === undefined ? flags : "");
  if ("invalid" in regex) {
    wrong(regex.invalid);
    return undefined;
  }
  return textTest(false, regex.test);
};

export const compileContains = ({ value, fold }: Use): Test => {
  const equal = compileEqual(value, fold);
  const text =
    typeof value === "string" ? textTest(fold, includes(fold ? foldText(value) : value)) : undefined;
  return (found) => {
    if (isJsonArray(found)) {
      return truth(found.some(equal));
    }
    return text === undefined ? MISFIT : text(found);
  };
};

const includes = (part: string) => (text: string) => text.includes(part);

export const compileStartsWith = (use: Use): Test | undefined => {
  const { value, fold } = use;
  if (typeof value !== "string") {
    return needsText(use);
  }
  const start = fold ? foldText(value) : value;
  return textTest(fold, (text) => text.startsWith(start));
};

export const compileEndsWith = (use: Use): Test | undefined => {
  const { value, fold } = use;
  if (typeof value !== "string") {
    return needsText(use);
  }
  const end = fold ? foldText(value) : value;
  return textTest(fold, (text) => text.endsWith(end));
};

export const compileGlobTest = (use: Use): Test | undefined => {
  const { value, fold, wrong } = use;
  if (typeof value !== "string") {
    return needsText(use);
  }
  const fault = lengthFault(value);
  if (fault !== undefined) {
    wrong(fault);
    return undefined;
  }
  return textTest(fold, compileGlob(value, fold ? foldText : undefined));
};
