import { describe, expect, it } from "vitest";
import { uuidv7 } from "./ids.ts";

describe("uuidv7", () => {
  it("is a UUID of version 7 and variant 10 that begins with the time", () => {
    const id = uuidv7(0x0123456789ab);
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  });

  it("never repeats, over more ids than one pool of randomness lasts for", () => {
    const ids = new Set(Array.from({ length: 20_000 }, () => uuidv7(1)));
    expect(ids.size).toBe(20_000);
  });

  it("sorts by time", () => {
    expect(uuidv7(1_000) < uuidv7(2_000)).toBe(true);
  });
});
