const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Randomness is asked for in one go for many ids: each request to the system costs more than the id. */
const POOL_BYTES = 4_096;
const ID_BYTES = 10;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

const randomByte = (): number => {
  const byte = pool[used] ?? 0;
  // What was used once is not kept where it could be read again.
  pool[used] = 0;
  used += 1;
  return byte;
};

const hex = (byte: number): string => HEX[byte] ?? "";

/** A UUID of version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 random bits. */
export const uuidv7 = (nowMs: number): string => {
  if (used + ID_BYTES > POOL_BYTES) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const ms = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, "0").slice(-12);
  const version = hex(0x70 | (randomByte() & 0x0f)) + hex(randomByte());
  const variant = hex(0x80 | (randomByte() & 0x3f)) + hex(randomByte());
  let rest = "";
  for (let count = 0; count < 6; count += 1) {
    rest += hex(randomByte());
  }
  return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}-${variant}-${rest}`;
};
