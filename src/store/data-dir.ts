import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KEY_BYTES = 32;
const WRITABLE_BY_OTHERS = 0o022;

/** A data directory that cannot be used; the message says why and what to do. */
export class DataDirectoryUnusable extends Error {
  override readonly name = "DataDirectoryUnusable";
}

/** Creates the data directory, mode 0700, or checks the one that is there: what others can write is not ours. */
export const prepareDataDirectory = (directory: string): void => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(directory);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new DataDirectoryUnusable(`The data directory ${directory} belongs to another user.`);
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new DataDirectoryUnusable(
      `Others may write to the data directory ${directory}. Run: chmod 700 ${directory}`,
    );
  }
  chmodSync(directory, 0o700);
};

/** The key of keyed hashes in the record: made at the first start, 0600. */
export const auditKey = (directory: string): Uint8Array => {
  const file = join(directory, "keys", "audit-hmac.key");
  mkdirSync(join(directory, "keys"), { recursive: true, mode: 0o700 });
  try {
    // `wx`: two first starts at once must not have two keys.
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      throw error;
    }
  }
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) {
    throw new DataDirectoryUnusable(`The key ${file} is damaged. Restore it from a backup.`);
  }
  return key;
};
