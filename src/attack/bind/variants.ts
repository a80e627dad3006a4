import type { TriedPolicy } from "../../catalogue/attacks/result.ts";
import { admittedBy, choicesIn } from "./admitted.ts";
import { swapsFor } from "./constants.ts";
import { guisesFor } from "./guises.ts";
import { isRecord, type Plain } from "../plain.ts";
import type { Role } from "./roles.ts";
import type { StandsFor } from "../scenario.ts";
import { argumentsIn, saidIn, type Said } from "./words.ts";

/** Alternatives of a rule, and ways to disguise a value; where there are more, they are not tried. */
const CHOICES_MAX = 8;
const GUISES_MAX = 24;

/** A role in the words of the user's rule: what the attack is about, and what it is not. One for each way to say it. */
export const inTheirWords = (
  role: Role,
  wanted: StandsFor["arguments"],
  recommended: unknown,
  policy: Pick<TriedPolicy, "ruleOf">,
): readonly Role[] => {
  const own = policy.ruleOf(role.tool.profile.name)?.rule;
  const { inputSchema } = role.tool.definition;
  const known = isRecord(inputSchema) && isRecord(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const argumentOf = (argument: string): string | undefined =>
    role.arguments.get(argument)?.name ?? (Object.hasOwn(known, argument) ? argument : undefined);
  const about = new Set(argumentsIn(recommended).map(argumentOf));
  const said = saidIn(own?.["require"]);
  const ofThese = said.filter(({ argument }) => argument === "*" || about.has(argument));
  const count = Math.min(Math.max(1, ofThese.length, choicesIn(own?.["require"])), CHOICES_MAX);
  const plain = Array.from({ length: count }, (_, at): Role => ({
    ...role,
    swaps: swapsFor(recommended, turned(ofThese, at), argumentOf),
    admitted: admittedButFor(own, at, about),
  }));
  const [first = role] = plain;
  const disguised = guisesOf(role, wanted, said).slice(0, GUISES_MAX);
  return [...plain, ...disguised.map((guise): Role => Object.assign({}, first, { guise }))];
};

/** The same, with what is at a place first. */
const turned = (said: readonly Said[], at: number): readonly Said[] => [
  ...said.slice(at, at + 1),
  ...said.slice(0, at),
  ...said.slice(at + 1),
];

const admittedButFor = (
  own: Plain | undefined,
  choice: number,
  about: ReadonlySet<string | undefined>,
): ReadonlyMap<string, unknown> =>
  new Map([...admittedBy(own, choice)].filter(([argument]) => !about.has(argument)));

const guisesOf = (role: Role, wanted: StandsFor["arguments"] = {}, said: readonly Said[]) =>
  Object.entries(wanted).flatMap(([name, kind]) => {
    const to = role.arguments.get(name)?.name;
    return typeof kind === "string"
      ? guisesFor(
          name,
          kind,
          said.filter(({ argument }) => argument === "*" || argument === to),
        )
      : [];
  });
