import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { maskArguments, type MaskTools, TOO_LONG } from "./mask-arguments.ts";
import type { KeptArgs } from "./record.ts";

/** The key of the audit log's hashes, from its 32 bytes. */
export const auditKey = (bytes: Uint8Array): KeyObject => {
  if (bytes.length !== 32) {
    throw new TypeError("the key of the audit log has 32 bytes");
  }
  return createSecretKey(bytes);
};

/**
 * HMAC-SHA256, hex. Keyed, because arguments and ids that can be guessed could be found from a bare hash
 * (docs/audit.md).
 */
export const keyedHash = (text: string, key: KeyObject | Uint8Array): string =>
  createHmac("sha256", key).update(text, "utf8").digest("hex");

/** Hides secrets that the gate itself holds: in no mode are they kept. */
export interface Known {
  readonly maskText: (text: string) => string;
  readonly maskJson: (value: Json) => Json;
}

interface RedactTools {
  readonly key: KeyObject | Uint8Array;
  /** What to hide in arguments whose RFC 8785 form this is. */
  readonly known: (text: string) => Known;
  /** Hides what is secret in a name (`maskName`). */
  readonly name: (text: string, known: Known) => string;
}

/** Arguments for the record: their names or all of them, and the keyed hash of their RFC 8785 form. */
export const keyedArgs = (args: JsonObject, mode: "keys" | "full", tools: RedactTools): KeptArgs => {
  const { known, sha256 } = readingOf(args, tools);
  if (mode === "full") {
    const full = known.maskJson(args);
    return { full: isJsonObject(full) ? full : {}, sha256 };
  }
  return { keys: keysOf(args, (name) => tools.name(name, known)), sha256 };
};

/** Arguments with secrets masked in their values, and the keyed hash of them all. Rejects where the finder does. */
export const maskedArgs = async (
  args: JsonObject,
  { find, secretNames, ...tools }: RedactTools & Pick<MaskTools, "find" | "secretNames">,
): Promise<KeptArgs> => {
  const { known, sha256 } = readingOf(args, tools);
  return { masked: await maskArguments(args, { known: known.maskText, find, secretNames }), sha256 };
};

const readingOf = (args: JsonObject, { key, known }: RedactTools) => {
  const text = canonicalJson(args);
  return { known: known(text), sha256: keyedHash(text, key) };
};

/** A name can be a secret too: whoever writes `{ "sk-…": true }` has put one there. */
const keysOf = (args: JsonObject, mask: (name: string) => string): readonly string[] => {
  const keys: string[] = [];
  let left: number = LIMITS.kept_arguments_characters_max;
  for (const name of Object.keys(args)) {
    left -= name.length + 1;
    if (left < 0) {
      keys.push(TOO_LONG);
      break;
    }
    keys.push(mask(name));
  }
  return keys;
};
