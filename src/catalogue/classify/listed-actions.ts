import { verbForm } from "./lexicon.ts";
import { clausesOf, type Clause } from "./prose-clauses.ts";
import { CHAIN } from "./prose-things.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { setOf } from "./words.ts";

/** Verbs that leave it to a list what is done. */
const VAGUE = setOf("manage handle perform operate administer maintain control");

/** Words behind which such a list stands, at the beginning of a sentence or in one. */
const OPENS = setOf("supports operations actions supported including as");

/** "Manages tasks (create, update, delete)": a list in brackets, of the first sentence. */
const BRACKETS = /^[^.(\n]{0,200}\(([^()\n]{3,200})\)/;

/**
 * What a tool does that is only said to manage something, where its text lists it: in brackets, behind "such as", or
 * in a sentence of its own ("Supports creating and deleting tasks"). Nothing where less than two are listed.
 */
export const listedActions = (
  first: readonly Sign[],
  clauses: readonly Clause[],
  text: string,
): readonly Sign[] => {
  const [lead] = first;
  if (lead === undefined || !VAGUE.has(lead.found)) {
    return first;
  }
  const inside = BRACKETS.exec(text.trimStart())?.[1];
  const lists = [
    ...(inside === undefined ? [] : clausesOf(inside)),
    ...clauses.slice(0, 4).flatMap(behindOpener),
  ];
  const listed = lists.map(actionsIn).find((actions) => actions.length > 1) ?? [];
  return listed.length === 0 ? first : [...listed, ...first.slice(1)];
};

const behindOpener = (clause: Clause): readonly Clause[] => {
  const at = clause.findIndex((word) => OPENS.has(word));
  return at < 0 ? [] : [clause.slice(at + 1)];
};

/** The verbs of a list: each of them begins it, or stands behind a comma or the like. */
const actionsIn = (list: Clause): readonly Sign[] => {
  const words = list.filter((word) => word !== ":");
  return words.flatMap((word, at): readonly Sign[] => {
    const form = at === 0 || CHAIN.has(words[at - 1] ?? "") ? verbForm(word) : undefined;
    return form === undefined || form.form === "ed"
      ? []
      : [
          {
            class: form.class,
            weight: WEIGHTS.sure,
            from: "description",
            found: form.verb,
            says: `The description lists "${form.verb}" among what it does, so it ${DOES[form.class]}.`,
          },
        ];
  });
};
