import { FOLD_TABLE } from "./fold-table.generated.ts";

const FOLDS: ReadonlyMap<string, string> = new Map(FOLD_TABLE);
const FIRST_NOT_ASCII = 128;

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) >= FIRST_NOT_ASCII) {
      return false;
    }
  }
  return true;
};

/**
 * Text for comparisons that look past case and compatible spellings (docs/policy.md): NFKC, full case folding
 * (Unicode's CaseFolding.txt, statuses C and F, the same in every locale) and NFKC again.
 */
export const foldText = (text: string): string => {
  if (isAscii(text)) {
    return text.toLowerCase();
  }
  let folded = "";
  for (const character of text.normalize("NFKC")) {
    folded += FOLDS.get(character) ?? character;
  }
  return folded.normalize("NFKC");
};
