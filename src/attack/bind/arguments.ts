import type { OwnTool } from "../../catalogue/attacks/result.ts";
import type { ArgumentFact } from "../../catalogue/verdict.ts";
import { memberOf } from "./entries.ts";
import { wordsOf } from "./name-words.ts";
import type { Plain } from "../plain.ts";
import type { StandsFor, WantedArgument } from "../scenario.ts";

/** Where a value of a scenario goes. */
export interface Placed {
  readonly name: string;
  /** It takes a list. */
  readonly list: boolean;
  /** What a member of the entries of its list is called. */
  readonly member?: { readonly from: string; readonly to: string };
}

/** Ways to place what an attack gives; where there are more, they are not tried. */
const WAYS_MAX = 6;

const TOP = /^args\.([A-Za-z_][\w-]*)(\[\*\])?$/u;

interface Top {
  readonly name: string;
  readonly fact: ArgumentFact;
  readonly list: boolean;
}

/** The ways to find an argument for each that is wanted, no two of them the same. */
export const argumentsOf = (
  own: OwnTool,
  rule: Plain | undefined,
  wanted: NonNullable<StandsFor["arguments"]>,
): readonly ReadonlyMap<string, Placed>[] => {
  const tops = new Map<string, Top>();
  for (const fact of own.profile.arguments) {
    const [, name, list] = TOP.exec(fact.path) ?? [];
    if (name !== undefined) {
      tops.set(name, { name, fact, list: list !== undefined || onlyList(fact) });
    }
  }
  let ways: readonly ReadonlyMap<string, Placed>[] = [new Map()];
  for (const [name, kind] of Object.entries(wanted)) {
    const fits = [...tops.values()]
      .flatMap((top) => placedAt(top, kind, own, rule) ?? [])
      .toSorted((one, other) => Number(other.name === name) - Number(one.name === name));
    ways = ways
      .flatMap((way) =>
        fits
          .filter(({ name: to }) => [...way.values()].every((taken) => taken.name !== to))
          .map((to) => new Map([...way, [name, to]])),
      )
      .slice(0, WAYS_MAX);
  }
  return ways;
};

const placedAt = (
  top: Top,
  wanted: WantedArgument,
  own: OwnTool,
  rule: Plain | undefined,
): Placed | undefined => {
  const { name, list } = top;
  const { entries, ...asked }: Exclude<WantedArgument, string> =
    typeof wanted === "string" ? (wanted === "text" ? {} : { kinds: [wanted] }) : wanted;
  if (entries !== undefined) {
    const member = list ? memberOf(own, name, entries, rule) : undefined;
    return member === undefined ? undefined : { name, list, member: { from: entries, to: member } };
  }
  const fits = wanted === "text" ? isPlainText(top) : isAsAsked(top, asked, own);
  return fits ? { name, list } : undefined;
};

const isPlainText = ({ fact }: Top): boolean => fact.kinds.length === 0 && takesText(fact, false);

const isAsAsked = (
  { name, fact, list }: Top,
  { kinds = [], words = [], list: listed = list }: Exclude<WantedArgument, string>,
  own: OwnTool,
): boolean => {
  const named = wordsOf(name).some((word) => words.includes(word));
  return (
    listed === list && (kinds.some((kind) => isOfKind(fact, kind, own)) || (named && takesText(fact, list)))
  );
};

const takesText = ({ types }: ArgumentFact, orList: boolean): boolean =>
  types.length === 0 || types.includes("string") || (orList && types.includes("array"));

const isOfKind = (fact: ArgumentFact, kind: ArgumentFact["kinds"][number], own: OwnTool): boolean =>
  fact.kinds.includes(kind) && !(kind === "path" && isOfAssets(fact, own));

/** A path within a project of an editor, which no file system knows: `/Game/Maps/Start`. */
const isOfAssets = ({ path }: ArgumentFact, { definition, profile }: OwnTool): boolean => {
  const words = wordsOf(TOP.exec(path)?.[1] ?? "");
  const said = JSON.stringify(definition["inputSchema"] ?? {});
  return (
    !words.some((word) => FILES.has(word)) &&
    (/\bassets?\b|"\/Game\b/iu.test(said) ||
      [...words, ...wordsOf(profile.name)].some((word) => ASSETS.has(word)))
  );
};

const FILES: ReadonlySet<string> = new Set(["file", "filename", "filepath"]);
const ASSETS: ReadonlySet<string> = new Set(["asset", "assets"]);

const onlyList = ({ types }: ArgumentFact): boolean => types.includes("array") && !types.includes("string");
