import { describe, expect, it } from "vitest";
import { clausesOf } from "./prose-clauses.ts";
import { readProse } from "./prose-signs.ts";

const first = (text: string) => readProse(text).first.map((sign) => sign.class);
const later = (text: string) => readProse(text).later.map((sign) => sign.class);

describe("clauses", () => {
  it("have no words of quotes, parentheses and names of other things", () => {
    expect(clausesOf("Gets `delete` (and removes) things. Use delete_file!")).toEqual([
      ["gets", "_", "things"],
      ["use", "_"],
    ]);
  });

  it("end where arguments are described", () => {
    expect(clausesOf("Gets it.\nArgs:\n deletes: drop all")).toEqual([["gets", "it"]]);
  });
});

describe("the first sentence", () => {
  it.each([
    ["Deletes a file.", ["destructive"]],
    ["This tool allows you to permanently delete a file.", ["destructive"]],
    ["Use this to get a list of deleted users.", ["read"]],
    ["Removes one or more labels from an issue.", ["write"]],
    ["List, update or delete notes.", ["read", "write", "destructive"]],
    ["Fetches a page and saves it to disk.", ["read", "write"]],
    ["Gets notifications, updates, and alerts.", ["read"]],
    ["Finds rows without deleting them.", ["read"]],
    ["[Careful] Erase everything.", ["destructive"]],
    ["Retrieve, then permanently erase, a record.", ["read", "destructive"]],
    ["Search and book flights.", ["read", "financial"]],
    ["Performs a deletion.", ["destructive"]],
    ["Start authenticating this machine.", ["write"]],
    ["Make a GET request.", ["read"]],
    ["Tests whether it can be reached.", ["read"]],
    ["Shop | Refund an order", ["financial"]],
    ["Take a screenshot of the page.", ["read"]],
    ["Weather of a place.", ["read"]],
    ["Frobnicates.", []],
    ["", []],
  ])("%s", (text, classes) => {
    expect(first(text)).toEqual(classes);
  });

  it("is the second where the first says nothing", () => {
    expect(first("This is the public interface of the shop. Deletes an order.")).toEqual(["destructive"]);
  });
});

describe("later sentences", () => {
  it.each([
    ["Gets a message. Deletes it afterwards.", ["destructive"]],
    ["Moves a page. This will remove its comments.", ["destructive"]],
    ["Gets a page. It will be permanently deleted.", ["destructive"]],
    ["Gets a page. It never deletes anything.", []],
    ["Gets a page. To delete one use delete_page.", []],
    ["Gets log lines. Stops after ten of them.", []],
    ["Gets a link. Expires in an hour.", []],
    ["Lists pages. Returns an error if the page was deleted.", []],
  ])("%s", (text, classes) => {
    expect(later(text)).toEqual(classes);
  });
});

describe("a claim to read only", () => {
  it.each([
    ["Read-only.", true],
    ["Runs a query. Does not modify data.", true],
    ["Modifies data.", false],
    ["Gets data.", false],
  ])("%s", (text, claims) => {
    expect(readProse(text).claimsReadOnly).toBe(claims);
  });
});
