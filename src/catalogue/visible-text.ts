/** What is not seen, or turns the writing round, or ends a line. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escapeOf = (character: string): string => {
  let escape = "";
  for (let at = 0; at < character.length; at += 1) {
    escape += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return escape;
};

/** Text of others as it may stand on a page: hidden characters are shown as JSON would escape them. */
export const visibleText = (text: string): string =>
  SIMPLE.test(text) ? text : text.replaceAll(HIDDEN, escapeOf);

/** Plain ASCII hides nothing. */
const SIMPLE = /^[ -~]*$/u;

/** The same for a text of several lines. Escapes in a JSON document leave it the same document. */
export const visibleLines = (text: string): string =>
  text.replaceAll(HIDDEN, (character) => (character === "\n" ? character : escapeOf(character)));

/** At most so many characters of it. */
export const shortText = (text: string, characters: number): string => {
  if (text.length <= characters) {
    return visibleText(text);
  }
  const letters = Array.from(text.slice(0, characters * 2));
  return visibleText(letters.length <= characters ? text : `${letters.slice(0, characters - 1).join("")}…`);
};
