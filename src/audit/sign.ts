import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";

/** Statements about the record that only the gate's own key makes: signed heads, and what stands for dropped segments. */

/** First 16 hex digits of SHA-256 over the public key's SPKI form: tells keys apart, and proves nothing. */
export const keyIdOf = (key: KeyObject): string => {
  const shown = key.type === "public" ? key : createPublicKey(key);
  return createHash("sha256")
    .update(shown.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
};

/**
 * One line: the body with `key` (its id) and `signature`, which is Ed25519 (RFC 8032) over the RFC 8785 form of all the
 * rest, base64.
 */
export const signedLine = (body: JsonObject, key: KeyObject): string => {
  const said = { ...body, key: keyIdOf(key) };
  const signature = sign(null, Buffer.from(canonicalJson(said), "utf8"), key).toString("base64");
  return canonicalJson({ ...said, signature });
};

/** What a signed line says, or why it is not believed. Never throws. */
export const readSigned = (
  text: string,
  publicKey: KeyObject,
): { readonly ok: true; readonly body: JsonObject } | { readonly ok: false; readonly problem: string } => {
  const value = readStatement(text);
  const signature = value === undefined ? undefined : member(value, "signature");
  if (value === undefined || typeof signature !== "string") {
    return { ok: false, problem: "cannot be read" };
  }
  const { signature: _, ...said } = value;
  const bytes = Buffer.from(signature, "base64");
  // A lenient decoder takes other texts for the same bytes: one signature has one text.
  return bytes.toString("base64") === signature &&
    verify(null, Buffer.from(canonicalJson(said), "utf8"), publicKey, bytes)
    ? { ok: true, body: said }
    : { ok: false, problem: "is not signed by this gateway's key" };
};

/** A statement's members, whoever made it. */
export const readStatement = (text: string): JsonObject | undefined => {
  try {
    const value = readJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
