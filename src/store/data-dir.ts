import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./make-folder.ts";

const KEY_BYTES = 32;
const WRITABLE_BY_OTHERS = 0o022;
const OPEN_TO_OTHERS = 0o077;

/** A data directory that cannot be used; the message says why and what to do. */
export class DataDirectoryUnusable extends Error {
  override readonly name = "DataDirectoryUnusable";
}

/** Makes the data directory, mode 0700, or checks the one that is there: what others can write is not ours. */
export const prepareDataDirectory = (directory: string): void => {
  makeDataDirectory(directory);
  const { mode, uid } = statSync(directory);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new DataDirectoryUnusable(
      `The data directory ${directory} belongs to another user. Choose another with --data.`,
    );
  }
  if (process.getuid !== undefined && (mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new DataDirectoryUnusable(
      `Others may write to the data directory ${directory}. Run: chmod go-w ${directory}`,
    );
  }
};

const makeDataDirectory = (directory: string): void => {
  try {
    if (makeFolder(directory, 0o700)) {
      chmodSync(directory, 0o700); // Not left to the umask.
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new DataDirectoryUnusable(
        `The data directory ${directory} cannot be made there. Choose another with --data.`,
      );
    }
    throw error;
  }
};

/** The key of keyed hashes in the record: made at the first start, mode 0600. */
export const auditKeyIn = (directory: string): KeyObject => {
  const file = keyFile(directory, "audit-hmac.key", () => randomBytes(KEY_BYTES));
  const bytes = readFileSync(file);
  if (bytes.length !== KEY_BYTES) {
    throw new DataDirectoryUnusable(
      `The key ${file} does not have ${String(KEY_BYTES)} bytes. Restore it from a backup.`,
    );
  }
  return createSecretKey(bytes);
};

/** The Ed25519 key that signs heads of the record, PKCS #8 PEM, mode 0600. Its public half stands beside it. */
export const signingKeyIn = (directory: string): KeyObject => {
  const file = keyFile(directory, "audit-sign.key", () =>
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
  );
  const key = privateKeyIn(file);
  const shown = publicKeyFile(directory);
  if (!existsSync(shown)) {
    writeWhole(shown, createPublicKey(key).export({ type: "spki", format: "pem" }));
  }
  return key;
};

/** SPKI PEM: what `audit verify` needs to believe a signed head. */
export const publicKeyFile = (directory: string): string => join(directory, "keys", "audit-sign.pub");

const privateKeyIn = (file: string): KeyObject => {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === "ed25519") {
      return key;
    }
  } catch {
    // Told below: the library's own message may quote the key.
  }
  throw new DataDirectoryUnusable(`The key ${file} is no Ed25519 key. Restore it from a backup.`);
};

/** Path of a key that only its owner may read, made where it is not there. */
const keyFile = (directory: string, name: string, make: () => string | Uint8Array): string => {
  const keys = join(directory, "keys");
  const file = join(keys, name);
  makeFolder(keys, 0o700);
  const there = statSync(file, { throwIfNoEntry: false });
  if (there === undefined) {
    writeWhole(file, make());
  } else if (process.getuid !== undefined && (there.mode & OPEN_TO_OTHERS) !== 0) {
    throw new DataDirectoryUnusable(`Others may read the key ${file}. Run: chmod 600 ${file}`);
  }
  return file;
};

/** Under its name the file is whole or not there: a process that is killed in between leaves no half of one. */
const writeWhole = (file: string, bytes: string | Uint8Array): void => {
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, bytes, { mode: 0o600, flag: "wx", flush: true });
  linkSync(draft, file);
  rmSync(draft);
};
