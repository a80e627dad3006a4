import { describe, expect, it } from "vitest";
import { formsOf, nameWords, singular } from "./words.ts";

describe("the words of a name", () => {
  it.each([
    ["browser_takeScreenshot", "browser screenshot"],
    ["API-patch-page", "api patch page"],
    ["users.delete", "users delete"],
    ["mcp__git__reset_hard", "mcp git reset hard"],
    ["HTTPGetURL", "http get url"],
    ["ListS3Buckets2", "list s3 buckets2"],
    ["shut_down_server", "shutdown server"],
    ["logIn", "login"],
    ["über/Größe", "über größe"],
    ["__--__", ""],
  ])("of %s", (name, words) => {
    expect(nameWords(name).join(" ")).toBe(words);
  });
});

describe("forms", () => {
  it.each([
    ["delete", "delete deletes deleting deleted"],
    ["stop", "stop stops stoping stoped stopping stopped"],
    ["copy", "copy copies copying copied"],
    ["push", "push pushes pushing pushed"],
    ["free", "free frees freeing freeed"],
  ])("of %s", (verb, forms) => {
    expect(
      formsOf(verb)
        .map(([form]) => form)
        .join(" "),
    ).toBe(forms);
  });

  it.each([
    ["labels", "label"],
    ["entries", "entry"],
    ["boxes", "box"],
    ["address", "address"],
    ["status", "status"],
    ["ids", "ids"],
  ])("of %s in the singular", (noun, one) => {
    expect(singular(noun)).toBe(one === "ids" ? "ids" : one);
  });
});
