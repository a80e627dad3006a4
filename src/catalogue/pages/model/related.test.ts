import { describe, expect, it } from "vitest";
import { serverOf, toolOf } from "../testing/entries.ts";
import { relatedFinder, similarIndex } from "./related.ts";
import { readName } from "./words.ts";

const names = (list: readonly { readonly tool: { readonly name: string } }[]): readonly string[] =>
  list.map(({ tool }) => tool.name);

describe("the reading of a name", () => {
  it.each([
    ["create_issue", "create", "issue"],
    ["createIssue", "create", "issue"],
    ["github-create-issue", "create", "issue"],
    ["getUserByID", "get", "user id"],
    ["list_issues", "list", "issue"],
    ["droplet-delete", "delete", "droplet"],
    ["delete", "delete", ""],
    ["", "", ""],
  ])("%s", (name, verb, object) => {
    expect(readName(name, "github")).toMatchObject({ verb, object });
  });
});

describe("related tools", () => {
  const one = serverOf(
    "one",
    ["create_issue", "delete_issue", "list_issues", "create_label", "ping"].map((name) => toolOf(name)),
  );
  const two = serverOf(
    "two",
    ["createIssue", "create_issues", "get_weather"].map((name) => toolOf(name)),
  );
  const find = relatedFinder(one, similarIndex([one, two]));

  it("are the one that undoes it, those on the same thing, those that do the same, and others' like it", () => {
    const { inverse, sameObject, sameVerb, elsewhere } = find(0);
    expect([inverse, sameObject, sameVerb, elsewhere].map(names)).toEqual([
      ["delete_issue"],
      ["list_issues"],
      ["create_label"],
      ["createIssue"],
    ]);
  });

  it("are not said to undo each other where one only reads", () => {
    const files = serverOf(
      "files",
      ["read_file", "write_file", "get_mode", "set_mode", "lock_file", "unlock_file"].map((name) =>
        toolOf(name),
      ),
    );
    const undone = relatedFinder(files, similarIndex([files]));
    expect(files.tools.map((_, at) => names(undone(at).inverse))).toEqual([
      [],
      [],
      [],
      [],
      ["unlock_file"],
      ["lock_file"],
    ]);
    expect(names(undone(1).sameObject)).toContain("read_file");
  });

  it("are none where nothing is near", () => {
    expect(Object.values(find(4)).flat()).toEqual([]);
  });

  it("are few, however many there are", () => {
    const many = serverOf(
      "many",
      Array.from({ length: 20_000 }, (_, at) => toolOf(`get_${"x".repeat(at % 7)}`)),
    );
    const related = relatedFinder(many, similarIndex([many, one]));
    let most = 0;
    for (let at = 0; at < many.tools.length; at += 1) {
      most = Object.values(related(at)).reduce((longest, list) => Math.max(longest, list.length), most);
    }
    expect(most).toBe(8);
  });
});
