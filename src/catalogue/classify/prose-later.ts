import { verbForm, type VerbForm } from "./lexicon.ts";
import { negated } from "./prose-claims.ts";
import type { Clause } from "./prose-clauses.ts";
import { hasObject, signOf, TALK } from "./prose-done.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, type Form } from "./words.ts";

const SUBJECTS = setOf("this it tool operation action command which and also will");

/** What a later sentence admits to: "Deletes …", "This will remove …", "… are permanently deleted". */
export const laterSigns = (clause: Clause): readonly Sign[] => {
  for (let at = 0; at < clause.length; at += 1) {
    const form = verbForm(clause[at] ?? "");
    if (
      form !== undefined &&
      form.class !== "read" &&
      !TALK.has(form.verb) &&
      admits(clause, at, form) &&
      !negated(clause, at)
    ) {
      const sign = signOf(clause, at, form, WEIGHTS.weak);
      return sign.class === "read" ? [] : [{ ...sign, weight: WEIGHTS.weak }];
    }
  }
  return [];
};

const admits = (clause: Clause, at: number, form: VerbForm): boolean =>
  ADMISSIONS[form.form](clause, at, form);

const ADMISSIONS: Readonly<Record<Form, (clause: Clause, at: number, form: VerbForm) => boolean>> = {
  // "Stops after ten results" and "Expires in an hour" have no object.
  s: (clause, at, form) =>
    !form.noun && (at === 0 || SUBJECTS.has(clause[at - 1] ?? "")) && hasObject(clause[at + 1] ?? ""),
  base: (clause, at, form) => !form.noun && clause[at - 1] === "will" && SUBJECTS.has(clause[at - 2] ?? ""),
  ing: () => false,
  ed: (clause, at, form) => {
    const before = clause[at - 1] ?? "";
    const place = before.endsWith("ly") ? at - 2 : at - 1;
    return form.class === "destructive" && clause[place] === "be" && clause[place - 1] === "will";
  },
};
