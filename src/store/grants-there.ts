import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DataDirectoryUnusable } from "./data-dir.ts";
import { codeOf } from "./journal/segments.ts";

/** An empty file of this name says that somebody knows what is gone. */
const ANEW = "grants.anew";

/**
 * A data directory with a record had grants. Where they are gone, what was revoked or frozen cannot be known, and a
 * grant of the configuration that was revoked would work again: that is for somebody to decide.
 *
 * @throws DataDirectoryUnusable
 */
export const requireGrants = (
  dataDirectory: string,
  places: { readonly grants: string; readonly journal: string },
): void => {
  const anew = join(dataDirectory, ANEW);
  const size = statSync(places.grants, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 && hasFiles(places.journal) && statSync(anew, { throwIfNoEntry: false }) === undefined) {
    throw new DataDirectoryUnusable(
      "There is a record in the data directory, but its grants.db is gone: what was revoked, frozen or overridden is not known. " +
        `Restore it from a backup; or make an empty file ${ANEW} beside it, and revoke, freeze and override anew.`,
    );
  }
  rmSync(anew, { force: true });
};

const hasFiles = (directory: string): boolean => {
  try {
    return readdirSync(directory).length > 0;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return false;
    }
    throw error;
  }
};
