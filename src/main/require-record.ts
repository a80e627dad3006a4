import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { CommandFailure } from "../cli/command.ts";
import { segmentsIn } from "../store/journal/segments.ts";

/** Says what to write where the data directory has no journal. */
export const requireRecord = (data: string, journal: string): void => {
  if (existsSync(journal)) {
    return;
  }
  throw new CommandFailure(
    isJournal(data)
      ? `${data} is a journal itself. Name the directory that it lies in, as "journal": --data ${dirname(data)}.`
      : `There is no record in ${data}. Choose the data directory with --data.`,
  );
};

const isJournal = (directory: string): boolean => {
  try {
    return segmentsIn(directory).length > 0;
  } catch {
    return false;
  }
};
