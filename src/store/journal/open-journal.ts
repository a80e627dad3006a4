import { makeFolder } from "../make-folder.ts";
import { Journal } from "./journal.ts";
import type { JournalOptions } from "./journal-options.ts";
import { recover } from "./recover.ts";
import { dropDrafts } from "./segment-writer.ts";

/**
 * Opens a journal for its one writer: mends its end, and closes the calls that a crash left open.
 *
 * @throws JournalDamaged where its last record is not as it was written
 */
export const openJournal = (options: JournalOptions): Journal => {
  makeFolder(options.directory, 0o700);
  dropDrafts(options.directory);
  return new Journal(options, recover(options.directory, options.dropped?.through));
};
