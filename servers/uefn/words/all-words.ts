import type { ToolName } from "../tool-facts.generated.ts";
import type { Words } from "../tool.ts";
import { ARRANGE_WORDS } from "./arrange-words.ts";
import { CONTROL_WORDS, MAIN_WORDS } from "./main-words.ts";
import { DOCS_WORDS, PROJECT_WORDS } from "./project-words.ts";
import { SCENE_WORDS } from "./scene-words.ts";
import { VERSE_WORDS } from "./verse-words.ts";

/** Title, description and annotations of each tool. */
export const WORDS: Readonly<Record<ToolName, Words>> = {
  ...MAIN_WORDS,
  ...CONTROL_WORDS,
  ...SCENE_WORDS,
  ...ARRANGE_WORDS,
  ...PROJECT_WORDS,
  ...VERSE_WORDS,
  ...DOCS_WORDS,
};
