import { describe, expect, it } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { TaskBook } from "./books.ts";

describe("the book of tasks", () => {
  it("forgets a grant's oldest task where the grant has too many, and nobody else's", () => {
    const book = new TaskBook();
    book.put("quiet", "s", "kept", "tool");
    book.put("loud", "s", "first", "tool");
    for (let index = 0; index < LIMITS.tasks_max; index += 1) {
      book.put("loud", "s", String(index), "tool");
    }
    expect(book.toolOf("loud", "s", "first")).toBeUndefined();
    expect(book.toolOf("loud", "s", String(LIMITS.tasks_max - 1))).toBe("tool");
    expect(book.toolOf("quiet", "s", "kept")).toBe("tool");
  });

  it("knows a task by grant, server and id together", () => {
    const book = new TaskBook();
    book.put("a", "s", "1", "tool");
    expect(book.toolOf("a", "t", "1")).toBeUndefined();
    expect(book.toolOf("b", "s", "1")).toBeUndefined();
    expect(book.toolOf("a", "s", "2")).toBeUndefined();
  });
});
