import { LIMITS } from "../../base/limits.ts";

/** Text of servers inside sentences and documents of ours: escaped where it would hide or turn what stands around it. */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

/** A JSON string that shows every character that it has, and stays on its line. */
export const quoted = (text: string): string => JSON.stringify(text).replaceAll(HIDDEN, escaped);

const NAMES_SHOWN = 20;

const cut = (name: string): string => {
  const letters = Array.from(name);
  const most = LIMITS.recommended_name_characters_max;
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : name;
};

/** Names in a sentence: as they are where they are plain, else in quotes. */
const shown = (name: string): string => (/^[\w./:-]{1,60}$/.test(name) ? name : quoted(cut(name)));

export const listed = (names: readonly string[]): string => {
  const first = names.slice(0, NAMES_SHOWN).map(shown).join(", ");
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${first} and ${String(more)} more` : first;
};

/** `1 tool needs`, `3 tools need`. */
export const tools = (names: readonly string[], one: string, several: string): string =>
  names.length === 1 ? `1 tool ${one}` : `${String(names.length)} tools ${several}`;
