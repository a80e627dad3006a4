import { open } from "node:fs/promises";

/** Brings a file, or the names in a directory, to stable storage, whoever wrote them. */
export const syncPath = async (path: string): Promise<void> => {
  await using file = await open(path, "r");
  await file.sync();
};
