import { describe, expect, it } from "vitest";
import { InFlight } from "./in-flight.ts";

describe("places in flight", () => {
  it("are as many for each grant as it may have, and are given back once", () => {
    const places = new InFlight(() => 2);
    const first = places.enter("a");
    const second = places.enter("a");
    expect([first, second, places.enter("b")].every((leave) => leave !== undefined)).toBe(true);
    expect(places.enter("a")).toBeUndefined();
    first?.();
    first?.();
    expect(places.enter("a")).toBeDefined();
    expect(places.enter("a")).toBeUndefined();
  });

  it("are over when all have left, however often one says so", async () => {
    const places = new InFlight(() => 2);
    const leave = places.enter("a");
    const other = places.enter("b");
    leave?.();
    leave?.();
    expect(places.idle).toBe(false);
    const drained = places.drained();
    other?.();
    await drained;
    expect(places.idle).toBe(true);
  });
});
