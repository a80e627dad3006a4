import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";

/** What the record keeps of a call's arguments. */
export interface KeyedArgs {
  readonly keys?: readonly string[];
  readonly full?: JsonObject;
  readonly sha256: string;
}

/** The key of the audit log's hashes, from its 32 bytes. */
export const auditKey = (bytes: Uint8Array): KeyObject => {
  if (bytes.length !== 32) {
    throw new TypeError("the key of the audit log has 32 bytes");
  }
  return createSecretKey(bytes);
};

/**
 * HMAC-SHA256, hex. Keyed, because arguments and ids that can be guessed could be found from a bare hash
 * (contract.md section 4).
 */
export const keyedHash = (text: string, key: KeyObject | Uint8Array): string =>
  createHmac("sha256", key).update(text, "utf8").digest("hex");

/** Arguments for the record: their names or all of them, and the keyed hash of their RFC 8785 form. */
export const keyedArgs = (
  args: JsonObject,
  mode: "keys" | "full",
  key: KeyObject | Uint8Array,
): KeyedArgs => {
  const sha256 = keyedHash(canonicalJson(args), key);
  return mode === "full" ? { full: args, sha256 } : { keys: Object.keys(args), sha256 };
};
