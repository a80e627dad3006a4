import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { nameWords } from "./words.ts";

/** What rules about single arguments have in common. */

/** What is known of a tool's doings, by its name and its first sentence. */
export interface Doing {
  readonly runs: boolean;
  readonly about: boolean;
  readonly silent: boolean;
}

export const squash = (name: string): string => nameWords(name).join("");

export const isFreeText = ({ types, values, kinds }: KnownArgument): boolean =>
  values.length === 0 &&
  (types.length === 0 || types.includes("string") || types.includes("array")) &&
  !kinds.includes("identifier");

export const isTop = ({ path }: KnownArgument): boolean =>
  path.lastIndexOf(".") === "args".length && !path.includes("[");

const NAME_OF =
  /^(?:the |an? |optional |full |exact |absolute |relative )*(?:names?|paths?|ids?|identifiers?|urls?|keys?|slugs?|arns?|files?|locations?|part)\b/i;

/** "Name of the script": it points at what is kept elsewhere. */
export const saysName = ({ description }: Pick<KnownArgument, "description">): boolean =>
  NAME_OF.test(description);

/** Whether a tool is said to read or to run, or says nothing: what it keeps is judged elsewhere. */
export const reading = ({ name, prose }: Known, { runs, silent }: Doing): boolean =>
  runs || silent || [...name.signs, ...prose.first].every((sign) => sign.class === "read");
