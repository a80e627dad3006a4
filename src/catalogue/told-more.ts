import { LIMITS } from "../base/limits.ts";
import type { KnownArgument } from "./classify/argument-kinds.ts";
import type { MetaTool } from "./verdict.ts";

/** Arguments by which a tool that runs the one it is told can be told of more. */

const FURTHER =
  /\b(?:next|then|afterwards?|after(?! +(?:which|this|that|so|\d))|as well|other|another|more|further|remaining|follow-up|fallback|all (?:the )?(?:tools|commands|functions|calls))\b/i;

const RUNNING =
  /\b(?:tools?|calls?|called|commands?|functions?|actions?|runs?|running|execut(?:e|es|ed|ing|ion)|invok(?:e|es|ed|ing))\b/i;

const isAbout = (path: string, carrier: string): boolean =>
  path === carrier || [`${path}.`, `${path}[`].some((outer) => carrier.startsWith(outer));

/** By what is said of them: "what to run next", whatever they are called, and whether text, number or switch. */
export const toldMore = (meta: MetaTool | undefined, args: readonly KnownArgument[]): ReadonlySet<string> => {
  if (meta?.runs !== "tools" || meta.arguments.length === 0) {
    return new Set();
  }
  const told = args.filter(({ path, description }) => {
    const text = description.slice(0, LIMITS.classified_description_characters_max);
    return (
      FURTHER.test(text) && RUNNING.test(text) && !meta.arguments.some((carrier) => isAbout(path, carrier))
    );
  });
  return new Set(told.map(({ path }) => path));
};
