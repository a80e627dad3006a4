import { foldText } from "../base/fold.ts";

/** Controls, white space, bidi and tag characters, and whatever else is not seen. */
const UNSAFE_IN_NAME = /[\p{Cc}\p{Cf}\p{White_Space}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}]/u;

/** Whether a name shows all it consists of. An empty one does not. */
export const nameIsSafe = (name: string): boolean => name !== "" && !UNSAFE_IN_NAME.test(name);

/**
 * Of one server's names those that fold alike, all of them: which one an agent means cannot be told. A name that
 * stands twice folds like itself.
 */
export const foldClashes = (names: Iterable<string>): Set<string> => {
  const first = new Map<string, string>();
  const clashes = new Set<string>();
  for (const name of names) {
    const folded = foldText(name);
    const other = first.get(folded);
    if (other === undefined) {
      first.set(folded, name);
    } else {
      clashes.add(other).add(name);
    }
  }
  return clashes;
};
