import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** A new token: `tg_` and 256 random bits in base64url. It is shown once; the store has its hash only. */
export const mintToken = (): string => `tg_${randomBytes(SECRET_BYTES).toString("base64url")}`;

/** SHA-256 of a token, lower-case hex. A token has too much chance in it for a slow hash to be of use. */
export const hashToken = (token: string): string => createHash("sha256").update(token, "utf8").digest("hex");
