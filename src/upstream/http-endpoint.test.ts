import { describe, expect, it } from "vitest";
import { statusFailure } from "./http-endpoint.ts";
import { NotThere } from "./port.ts";

describe("an answer that says nothing but its status", () => {
  it.each([
    [500, "lost", false],
    [502, "lost", true],
    [503, "lost", true],
    [504, "lost", true],
    [429, "lost", false],
    [404, "nonsense", false],
  ] as const)("%i is %s, and of a server that is not there: %s", (status, kind, isNotThere) => {
    const failure = statusFailure(status);
    expect(failure).toMatchObject({
      kind,
      detail: `The server answered with HTTP status ${String(status)}.`,
    });
    expect(failure instanceof NotThere).toBe(isNotThere);
  });
});
