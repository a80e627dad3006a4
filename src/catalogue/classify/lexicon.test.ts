import { describe, expect, it } from "vitest";
import { phraseClass, verbForm } from "./lexicon.ts";
import { VERB_GROUPS } from "./verb-table.ts";
import { list } from "./words.ts";

describe("the table of verbs", () => {
  it("has no verb twice", () => {
    const verbs = VERB_GROUPS.flatMap((group) => list(group.verbs));
    expect(verbs.length).toBeGreaterThan(400);
    expect(verbs.filter((verb, at) => verbs.indexOf(verb) !== at)).toEqual([]);
  });

  it("knows forms, and what is written with a hyphen", () => {
    expect(verbForm("deletes")).toMatchObject({ verb: "delete", form: "s", class: "destructive" });
    expect(verbForm("stopped")).toMatchObject({ verb: "stop", form: "ed" });
    expect(verbForm("cherry-pick")).toMatchObject({ verb: "cherrypick", class: "write" });
    expect(verbForm("process")).toMatchObject({ verb: "process", form: "base" });
    expect(verbForm("zebra")).toBeUndefined();
    expect(verbForm("constructor")).toBeUndefined();
  });
});

describe("what a thing changes in a verb", () => {
  it.each([
    ["remove", "issue label", "write"],
    ["remove", "labels", "write"],
    ["remove", "user", undefined],
    ["send", "message", undefined],
    ["send", "money", "financial"],
    ["create", "payment link", "financial"],
    ["create", "payment method", "write"],
    ["create", "customer", undefined],
    ["close", "page", "execute"],
    ["close", "issue", undefined],
    ["transfer", "issue", "write"],
    ["capture", "screenshot", "read"],
    ["capture", "order", "financial"],
    ["wait", "whatever", "read"],
  ])("%s %s", (verb, thing, is) => {
    expect(phraseClass(verb, list(thing))).toBe(is);
  });
});
