import { statSync } from "node:fs";

const CHECK_MS = 300;

/**
 * Calls back when one of these files changed, was replaced, appeared or went away. Asks the file system rather than
 * being told: editors replace files, and a watch on a file that was replaced says nothing more.
 */
export const watchFiles = (
  files: () => readonly string[],
  onChange: () => void,
): { readonly close: () => void } => {
  let before = marksOf(files());
  const timer = setInterval(() => {
    const now = marksOf(files());
    if (now !== before) {
      before = now;
      onChange();
    }
  }, CHECK_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
};

const marksOf = (files: readonly string[]): string => files.map(markOf).join("\n");

const markOf = (file: string): string => {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${file} ${String(mtimeMs)} ${String(size)} ${String(ino)}`;
  } catch {
    return `${file} missing`;
  }
};
