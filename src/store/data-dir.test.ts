import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "./conformance/temporary.ts";
import { auditKeyIn, DataDirectoryUnusable, prepareDataDirectory } from "./data-dir.ts";

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("a data directory", () => {
  it("is made for its owner alone, whatever the umask, with those above it", () => {
    const before = process.umask(0o002);
    onTestFinished(() => void process.umask(before));
    const directory = join(temporaryDirectory(), "a", "b");
    prepareDataDirectory(directory);
    expect([modeOf(directory), modeOf(join(directory, ".."))]).toEqual([0o700, 0o700]);
    process.umask(0o777);
    const strict = join(temporaryDirectory(), "c");
    prepareDataDirectory(strict);
    expect(modeOf(strict)).toBe(0o700);
  });

  it("is taken as it is where only its owner may write", () => {
    for (const mode of [0o700, 0o755, 0o750]) {
      const directory = temporaryDirectory();
      chmodSync(directory, mode);
      prepareDataDirectory(directory);
      expect(modeOf(directory)).toBe(mode);
    }
  });

  it.each([0o770, 0o702, 0o777])("is refused where others may write (mode %o)", (mode) => {
    const directory = temporaryDirectory();
    chmodSync(directory, mode);
    expect(() => prepareDataDirectory(directory)).toThrow(DataDirectoryUnusable);
    expect(() => prepareDataDirectory(directory)).toThrow(`chmod go-w ${directory}`);
  });

  it("is no file", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => prepareDataDirectory(file)).toThrow("EEXIST");
  });
});

describe("the audit log's key", () => {
  it("is made once, of 32 bytes, for its owner alone", () => {
    const directory = temporaryDirectory();
    const key = auditKeyIn(directory);
    const file = join(directory, "keys", "audit-hmac.key");
    expect([modeOf(file), modeOf(join(directory, "keys"))]).toEqual([0o600, 0o700]);
    expect(key.symmetricKeySize).toBe(32);
    expect(key.export()).toEqual(readFileSync(file));
    expect(auditKeyIn(directory).equals(key)).toBe(true);
    expect(auditKeyIn(temporaryDirectory()).equals(key)).toBe(false);
  });

  it("is made also where a process was killed while making it", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "keys"), { mode: 0o700 });
    writeFileSync(join(directory, "keys", "audit-hmac.key.new"), "half", { mode: 0o600 });
    expect(auditKeyIn(directory).symmetricKeySize).toBe(32);
  });

  it("is not made anew where it is damaged: hashes of old records would mean nothing", () => {
    const directory = temporaryDirectory();
    auditKeyIn(directory);
    truncateSync(join(directory, "keys", "audit-hmac.key"), 31);
    expect(() => auditKeyIn(directory)).toThrow(DataDirectoryUnusable);
  });

  it("is refused where others may read it", () => {
    const directory = temporaryDirectory();
    auditKeyIn(directory);
    chmodSync(join(directory, "keys", "audit-hmac.key"), 0o640);
    expect(() => auditKeyIn(directory)).toThrow("chmod 600");
  });
});
