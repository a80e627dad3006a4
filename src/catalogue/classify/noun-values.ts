import type { Argument } from "./argument-walk.ts";
import { nameWords, setOf, singular } from "./words.ts";

/** Values that name what is looked for: a search for `text`, `file` or `commit` commits nothing. */

/** Things that are no verbs, or hardly ever. */
const THINGS =
  setOf(`text file issue message folder directory repository repo user code image video person people page article
  wiki topic discussion comment content title body metadata author email contact company table column field`);
/** Words that are verbs as often. */
const EITHER =
  setOf(`commit branch tag note post patch release label link record document review report request pull project schedule
  task event map query order trade transfer call list group thread channel word phrase regex symbol function class`);

/** Whether all values of an argument are things, and one of them is nothing else. */
export const namesThings = ({ values }: Argument): boolean => {
  const heads = values.map((value) => nameWords(value.slice(0, 100)).map(singular));
  return (
    heads.some((words) => words.every((word) => THINGS.has(word))) &&
    heads.every((words) => words.length > 0 && words.every((word) => THINGS.has(word) || EITHER.has(word)))
  );
};
