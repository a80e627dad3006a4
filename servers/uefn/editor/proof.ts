import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

// How a listener shows that it knows the secret, before it is told it. The port is in the proof, so that nobody on
// another port can pass on the question and the answer.

export const NONCE_HEADER = "X-Bridge-Nonce";
export const SECRET_HEADER = "X-Bridge-Secret";

const NONCE_BYTES = 24;

export const newNonce = (): string => randomBytes(NONCE_BYTES).toString("hex");

/** Hex HMAC-SHA256 over `nonce:port`. */
const proofOf = (secret: string, nonce: string, port: number): string =>
  createHmac("sha256", secret)
    .update(`${nonce}:${String(port)}`)
    .digest("hex");

export const proves = (proof: unknown, secret: string, nonce: string, port: number): boolean => {
  const wanted = Buffer.from(proofOf(secret, nonce, port));
  const given = Buffer.from(typeof proof === "string" ? proof : "");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
